//! What a pull request cannot change: configurations, baselines and suppressions as they were where it began.

use super::git::Repository;
use crate::host::is_ours_by_name;
use crate::workspace::disk::{self, Disk};
use crate::workspace::paths;
use crate::workspace::{Files, Kind, Unreadable};
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A commit whose word counts.
pub(super) struct Trusted {
    repository: Repository,
    commit: String,
    /// As `--policy-from` names it.
    revision: String,
    names: HashSet<String>,
}

impl Trusted {
    /// The commit at which a revision and the current commit part, of the repository around the first path.
    pub fn of(revision: &str, paths: &[PathBuf]) -> Result<Arc<Trusted>, String> {
        let repository = Repository::around(&folder_of(paths))?;
        let commit = repository.merge_base(revision)?;
        let names = repository.files(&commit)?.into_iter().collect();
        Ok(Arc::new(Trusted { repository, commit, revision: revision.to_string(), names }))
    }

    /// The text of a file then; `None` where there was none.
    pub fn text(&self, path: &Path) -> Option<String> {
        let name = self.name_of(path).filter(|name| self.names.contains(name))?;
        self.repository.texts(&self.commit, &[name]).ok()?.pop().map(|(_, text)| text)
    }

    /// The texts of several files, by path.
    pub fn texts(&self, paths: &[PathBuf]) -> Result<HashMap<PathBuf, String>, String> {
        let named = paths.iter().filter_map(|path| Some((self.name_of(path)?, path)));
        let named: HashMap<String, &PathBuf> = named.filter(|(name, _)| self.names.contains(name)).collect();
        let names: Vec<String> = named.keys().cloned().collect();
        let texts = self.repository.texts(&self.commit, &names)?;
        Ok(texts.into_iter().filter_map(|(name, text)| Some(((*named.get(&name)?).clone(), text))).collect())
    }

    /// The files that git keeps below the paths, whatever an ignore file says now.
    pub fn tracked(&self, below: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
        let below: Vec<PathBuf> = below.iter().filter_map(|path| paths::absolute(path)).collect();
        let tracked = self.repository.tracked()?.into_iter().filter(|name| is_ours_by_name(name));
        let tracked = tracked.map(|name| self.repository.root.join(name));
        Ok(tracked.filter(|path| below.iter().any(|folder| path.starts_with(folder))).collect())
    }

    fn name_of(&self, path: &Path) -> Option<String> {
        paths::absolute(path).and_then(|path| self.repository.name_of(&path))
    }
}

/// The folder that a run is about.
pub(super) fn folder_of(paths: &[PathBuf]) -> PathBuf {
    let first = paths.iter().find(|path| path.as_os_str() != "-");
    let first = first.and_then(|path| paths::absolute(path)).unwrap_or_else(|| PathBuf::from("."));
    if first.is_dir() { first } else { first.parent().unwrap_or(Path::new(".")).to_path_buf() }
}

/// Inside of the repository the files of that commit, outside those of the disk. Only looked at for what is named; no
/// folder is listed.
impl Files for Trusted {
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable> {
        if self.name_of(path).is_none() {
            return Disk.read(path, limit);
        }
        let text = self.text(path).filter(|text| text.len() as u64 <= limit);
        text.ok_or_else(|| Unreadable {
            path: path.to_path_buf(),
            reason: format!("not in the commit that `--policy-from {}` leads to", self.revision),
        })
    }

    fn list(&self, _: &Path) -> Vec<(OsString, Kind)> {
        Vec::new()
    }

    fn walk(&self, _: &Path, _: usize) -> Option<Vec<PathBuf>> {
        None
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let Some(name) = self.name_of(path) else { return Disk.kind(path) };
        if self.names.contains(&name) {
            return Some(Kind::File);
        }
        let inside = format!("{name}/");
        self.names.iter().any(|it| it.starts_with(&inside)).then_some(Kind::Folder)
    }

    fn is_private(&self, folder: &Path) -> bool {
        Disk.is_private(folder)
    }

    fn is_repository(&self, folder: &Path) -> bool {
        disk::followed(folder).is_some_and(|folder| folder == self.repository.root)
            || Disk.is_repository(folder)
    }

    fn home(&self) -> Option<PathBuf> {
        Disk.home()
    }
}
