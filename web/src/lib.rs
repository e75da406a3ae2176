//! passrole in a browser: one session of the language server, files in memory, messages in and out.
//!
//! The page and the VS Code extension for the web run it in a worker. A panic ends the module; whoever owns the
//! worker starts a new one.

use passrole::lsp::Conversation;
use passrole::workspace::{Files, Kind, Memory, Unreadable};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasm_bindgen::prelude::wasm_bindgen;

/// A session of the language server.
#[wasm_bindgen]
pub struct Session {
    conversation: Conversation,
    files: Arc<Shared>,
    sent: Arc<Mutex<Vec<String>>>,
}

#[wasm_bindgen]
impl Session {
    /// A session over no files.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript knows constructors only")]
    pub fn new() -> Session {
        let files = Arc::new(Shared::default());
        let sent = Arc::new(Mutex::default());
        let conversation = Conversation::alone(Box::new(Sent(sent.clone())), files.clone());
        Session { conversation, files, sent }
    }

    /// Puts a file, or its new text, where the server finds it. `path` is absolute, with slashes. The server is told by
    /// `workspace/didChangeWatchedFiles`.
    pub fn put(&self, path: &str, text: String) {
        self.files.lock().put(path, text);
    }

    /// Takes a file away.
    pub fn remove(&self, path: &str) {
        self.files.lock().remove(Path::new(path));
    }

    /// Hands a message to the server, as JSON, and returns those that it sends because of it. `last`: no further message
    /// waits, so what edits have changed is told now.
    pub fn receive(&mut self, message: &str, last: bool) -> Vec<String> {
        let _ = self.conversation.receive(message.as_bytes());
        if last {
            self.conversation.settle();
        }
        std::mem::take(&mut *lock(&self.sent))
    }
}

/// Files that the page adds to while the server reads them.
#[derive(Default)]
struct Shared(Mutex<Memory>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Memory> {
        lock(&self.0)
    }
}

impl Files for Shared {
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable> {
        self.lock().read(path, limit)
    }

    fn list(&self, folder: &Path) -> Vec<(OsString, Kind)> {
        self.lock().list(folder)
    }

    fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
        self.lock().walk(folder, limit)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.lock().kind(path)
    }

    fn is_private(&self, folder: &Path) -> bool {
        self.lock().is_private(folder)
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }
}

/// Takes each message without its header.
struct Sent(Arc<Mutex<Vec<String>>>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let body = bytes.windows(4).position(|it| it == b"\r\n\r\n").map_or(0, |at| at + 4);
        lock(&self.0).push(String::from_utf8_lossy(&bytes[body..]).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
