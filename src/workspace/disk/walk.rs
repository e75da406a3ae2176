//! Which files the paths of a command line mean.

use super::confined::is_open;
use super::kind::{kind_of, plain};
use super::read::what;
use crate::config::Config;
use crate::host::is_ours_by_name;
use crate::workspace::files::{Kind, Unreadable};
use ignore::WalkBuilder;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A file to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As given, or below the folder given.
    pub path: PathBuf,
    /// Whether it was named itself, not only a folder above it.
    pub is_named: bool,
}

/// What cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub what: Unreadable,
    pub is_named: bool,
}

/// The files that paths mean, each once however often and in whatever spelling it was given, and what cannot be
/// looked at: both by name, in whatever order the paths come. Configurations are not documents.
pub fn find(paths: &[PathBuf]) -> (Vec<Found>, Vec<Problem>) {
    find_by_name(paths, is_ours_by_name)
}

/// The same, of other names: what is wanted of folders is told by the names of files.
pub fn find_by_name(paths: &[PathBuf], is_wanted: fn(&str) -> bool) -> (Vec<Found>, Vec<Problem>) {
    let mut walk = Walk { is_wanted, ..Walk::default() };
    for path in paths {
        let fail = |reason| Problem { what: Unreadable { path: path.clone(), reason }, is_named: true };
        match std::fs::metadata(path) {
            Ok(metadata) => match kind_of(&metadata) {
                Kind::Folder => walk.folder(path),
                Kind::File => walk.add(path.clone(), true),
                Kind::Other => {
                    let hint = "pass what it gives with `-`";
                    walk.problems.push(fail(format!("{}, not a regular file: {hint}", what(&metadata))));
                }
            },
            Err(_) if std::fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) => {
                walk.problems.push(fail("a link that leads nowhere".to_string()));
            }
            Err(error) => walk.problems.push(fail(plain(&error))),
        }
    }
    walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    walk.problems.sort_by(|a, b| (&a.what.path, &a.what.reason).cmp(&(&b.what.path, &b.what.reason)));
    walk.problems.dedup();
    (walk.files, walk.problems)
}

/// The files below a folder; `None` where there are more than `limit`, or far more that are none of ours.
pub(super) fn below(folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
    let mut walk = Walk { limit: Some(limit), ..Walk::default() };
    walk.folder(folder);
    (walk.files.len() <= limit && walk.seen <= limit * OTHERS)
        .then(|| walk.files.into_iter().map(|found| found.path).collect())
}

/// How many files there may be for each of ours.
const OTHERS: usize = 20;

struct Walk {
    /// Whether a name in a folder is that of a file to look at.
    is_wanted: fn(&str) -> bool,
    /// The most files that are wanted.
    limit: Option<usize>,
    /// How many entries were seen.
    seen: usize,
    files: Vec<Found>,
    problems: Vec<Problem>,
    /// Index into `files`, by the real folder and the name.
    known: HashMap<PathBuf, usize>,
    real_folders: HashMap<PathBuf, PathBuf>,
}

impl Default for Walk {
    fn default() -> Walk {
        Walk {
            is_wanted: is_ours_by_name,
            limit: None,
            seen: 0,
            files: Vec::new(),
            problems: Vec::new(),
            known: HashMap::new(),
            real_folders: HashMap::new(),
        }
    }
}

impl Walk {
    fn add(&mut self, path: PathBuf, is_named: bool) {
        let name = path.file_name().unwrap_or_default();
        if name == Config::FILE_NAME || !is_open(&path) {
            return;
        }
        // The last link is not followed: through it, a document lies in another folder.
        let folder = path.parent().unwrap_or(Path::new(""));
        let real = self.real_folders.entry(folder.to_path_buf()).or_insert_with(|| {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf())
        });
        let key = real.join(name);
        match self.known.get(&key) {
            Some(known) => self.files[*known].is_named |= is_named,
            None => {
                self.known.insert(key, self.files.len());
                self.files.push(Found { path, is_named });
            }
        }
    }

    fn fail(&mut self, path: PathBuf, reason: String) {
        self.problems.push(Problem { what: Unreadable { path, reason }, is_named: false });
    }

    fn folder(&mut self, folder: &Path) {
        if let Some(odd) = odd_ignore_file(folder) {
            self.leave_out(odd);
            return;
        }
        let above = std::path::absolute(folder).ok();
        let odd_above = above.iter().flat_map(|folder| folder.ancestors().skip(1)).find_map(odd_ignore_file);
        // Hidden folders such as `.aws` and `.github` hold task definitions; git's own does not.
        let odd = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let left_out = odd.clone();
        let walker = WalkBuilder::new(folder)
            .hidden(false)
            .require_git(false)
            .parents(odd_above.is_none())
            .filter_entry(move |entry| {
                if entry.file_name() == ".git" || entry.file_name() == "node_modules" {
                    return false;
                }
                if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                    return true;
                }
                let odd = odd_ignore_file(entry.path());
                let is_sound = odd.is_none();
                if let Ok(mut left_out) = left_out.lock() {
                    left_out.extend(odd);
                }
                is_sound
            })
            .sort_by_file_name(std::cmp::Ord::cmp)
            .build();
        for entry in walker {
            self.seen += 1;
            if self.limit.is_some_and(|limit| self.files.len() > limit || self.seen > limit * OTHERS) {
                break;
            }
            match entry {
                Ok(entry) => self.entry(entry),
                Err(error) => {
                    let path = path_of(&error).unwrap_or_else(|| folder.to_path_buf());
                    let reason = error.io_error().map_or_else(|| reason_of(&error), plain);
                    self.fail(path, reason);
                }
            }
        }
        let odd = odd.lock().map(|mut odd| std::mem::take(&mut *odd)).unwrap_or_default();
        odd.into_iter().for_each(|odd| self.leave_out(odd));
    }

    fn leave_out(&mut self, ignore_file: PathBuf) {
        self.fail(ignore_file, "not a regular file: its folder is left out".to_string());
    }

    fn entry(&mut self, entry: ignore::DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        let name = entry.file_name();
        if kind.is_dir() || name == Config::FILE_NAME || !(self.is_wanted)(&name.to_string_lossy()) {
            return;
        }
        let path = entry.into_path();
        if kind.is_file() {
            return self.add(path, false);
        }
        match std::fs::metadata(&path) {
            Ok(metadata) => match kind_of(&metadata) {
                Kind::File => self.add(path, false),
                Kind::Folder => {}
                Kind::Other => self.fail(path, format!("{}, not a regular file", what(&metadata))),
            },
            Err(error) => self.fail(path, format!("a link that leads nowhere ({})", plain(&error))),
        }
    }
}

/// A file that says what to ignore and cannot be read without waiting: the walker would open it.
fn odd_ignore_file(folder: &Path) -> Option<PathBuf> {
    [".gitignore", ".ignore", ".git", ".git/info/exclude"]
        .iter()
        .map(|name| folder.join(name))
        .find(|path| std::fs::metadata(path).is_ok_and(|metadata| kind_of(&metadata) == Kind::Other))
}

/// Without the path, which stands before it.
fn reason_of(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => reason_of(err),
        ignore::Error::WithLineNumber { line, err } => format!("line {line}: {}", reason_of(err)),
        ignore::Error::Partial(errors) => errors.iter().map(reason_of).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}
