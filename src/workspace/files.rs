//! Where files come from: the disk, the texts that are open in an editor, or memory.

use super::lock::lock;
use crate::host::is_ours_by_name;
use crate::text::{Source, Text};
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

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

    /// The files below a folder whose names say that they may be ours, as far as nobody says to ignore them;
    /// `None` where there are more than `limit`.
    fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>>;

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

    fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
        let is_wanted =
            |path: &&PathBuf| path.starts_with(folder) && is_ours_by_name(&path.to_string_lossy());
        let found: Vec<PathBuf> = self.files.keys().filter(is_wanted).cloned().collect();
        (found.len() <= limit).then_some(found)
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

/// Texts that are open, over the files below them.
pub struct Overlay {
    below: Arc<dyn Files>,
    open: Mutex<HashMap<PathBuf, Text>>,
}

impl Overlay {
    pub fn over(below: Arc<dyn Files>) -> Overlay {
        Overlay { below, open: Mutex::default() }
    }

    /// A text that counts in place of what is saved.
    pub fn open(&self, path: PathBuf, text: Text) {
        lock(&self.open).insert(path, text);
    }

    pub fn close(&self, path: &Path) {
        lock(&self.open).remove(path);
    }

    pub fn is_open(&self, path: &Path) -> bool {
        lock(&self.open).contains_key(path)
    }

    /// The open texts below a folder that were never saved.
    fn unsaved(&self, folder: &Path) -> Vec<PathBuf> {
        let is_unsaved = |path: &&PathBuf| path.starts_with(folder) && self.below.kind(path).is_none();
        lock(&self.open).keys().filter(is_unsaved).cloned().collect()
    }
}

impl Files for Overlay {
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable> {
        let text = lock(&self.open).get(path).cloned();
        match text {
            Some(text) if u64::from(Source::len(&text)) <= limit => Ok(text.to_string()),
            Some(_) => Err(Unreadable { path: path.to_path_buf(), reason: "too large".to_string() }),
            None => self.below.read(path, limit),
        }
    }

    fn list(&self, folder: &Path) -> Vec<(OsString, Kind)> {
        let mut found = self.below.list(folder);
        let unsaved = self.unsaved(folder).into_iter().filter(|path| path.parent() == Some(folder));
        found.extend(unsaved.filter_map(|path| Some((path.file_name()?.to_os_string(), Kind::File))));
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        found
    }

    fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
        let mut found = self.below.walk(folder, limit)?;
        let is_ours = |path: &PathBuf| is_ours_by_name(&path.to_string_lossy());
        found.extend(self.unsaved(folder).into_iter().filter(is_ours));
        found.sort_unstable();
        Some(found)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        if self.is_open(path) { Some(Kind::File) } else { self.below.kind(path) }
    }

    fn is_private(&self, folder: &Path) -> bool {
        self.below.is_private(folder)
    }

    fn is_repository(&self, folder: &Path) -> bool {
        self.below.is_repository(folder)
    }

    fn home(&self) -> Option<PathBuf> {
        self.below.home()
    }
}
