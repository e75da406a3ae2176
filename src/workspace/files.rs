//! Where files come from: the disk, the texts that are open in an editor, or memory.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What stands at a path, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    Folder,
    /// A FIFO, a socket, a device: never opened.
    Other,
}

/// Why a path could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub path: PathBuf,
    pub reason: String,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// The files that documents live among. Paths are absolute.
pub trait Files: Send + Sync {
    /// The text of a regular file; at most `limit` bytes of it, else a reason.
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable>;

    /// What a folder holds, in the order of names; nothing where it cannot be read.
    fn list(&self, folder: &Path) -> Vec<(OsString, Kind)>;

    /// `None` where there is nothing, or nothing that may be looked at.
    fn kind(&self, path: &Path) -> Option<Kind>;

    /// Whether nobody but the user, and who may do everything, can put files into a folder.
    fn is_private(&self, folder: &Path) -> bool;

    /// Whether a folder is the root of a git repository that was not put there by somebody else.
    fn is_repository(&self, folder: &Path) -> bool {
        self.kind(&folder.join(".git")).is_some()
    }

    /// The user's own folder.
    fn home(&self) -> Option<PathBuf>;
}

/// Files in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, String>,
}

impl Memory {
    /// Adds a file, or replaces its text.
    pub fn put(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &Path) {
        self.files.remove(path);
    }
}

impl Files for Memory {
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable> {
        let fail = |reason: &str| Unreadable { path: path.to_path_buf(), reason: reason.to_string() };
        let text = self.files.get(path).ok_or_else(|| fail("no such file or directory"))?;
        if text.len() as u64 > limit { Err(fail("too large")) } else { Ok(text.clone()) }
    }

    fn list(&self, folder: &Path) -> Vec<(OsString, Kind)> {
        let mut found: Vec<(OsString, Kind)> = Vec::new();
        for path in self.files.keys() {
            let Ok(rest) = path.strip_prefix(folder) else { continue };
            let mut parts = rest.components();
            let Some(name) = parts.next().map(|part| part.as_os_str().to_os_string()) else { continue };
            let kind = if parts.next().is_some() { Kind::Folder } else { Kind::File };
            if found.last().is_none_or(|(last, _)| *last != name) {
                found.push((name, kind));
            }
        }
        found
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        if self.files.contains_key(path) {
            return Some(Kind::File);
        }
        self.files.keys().any(|file| file.starts_with(path)).then_some(Kind::Folder)
    }

    fn is_private(&self, _: &Path) -> bool {
        true
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }
}
