//! The file system. Nothing else in passrole touches it: reading, walking folders, and the one way in which
//! files are written.

mod cdk;
mod confined;
mod kind;
mod read;
mod walk;
mod write;

pub use cdk::templates as templates_of_assembly;
pub use confined::confine;
pub use read::{LARGEST, decode, read, read_all};
pub use walk::{Found, Problem, find, find_by_name};
pub use write::{Folders, Replaced, put, replace};

use super::files::{Files, Kind, Unreadable};
use kind::kind_of;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The path of a folder with every link in it followed; `None` where it is not there.
pub fn followed(folder: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(folder).ok()
}

/// The files of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable> {
        read::read(path, limit)
    }

    fn list(&self, folder: &Path) -> Vec<(OsString, Kind)> {
        if !confined::is_open(folder) {
            return Vec::new();
        }
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut found: Vec<(OsString, Kind)> = entries
            .filter_map(|entry| {
                let kind = match entry.file_type() {
                    Ok(file) if file.is_file() => Kind::File,
                    Ok(file) if file.is_dir() => Kind::Folder,
                    _ => self.kind(&entry.path())?,
                };
                Some((entry.file_name(), kind))
            })
            .collect();
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        found
    }

    fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
        walk::below(folder, limit)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let metadata = std::fs::metadata(path).ok().filter(|_| confined::is_open(path));
        metadata.map(|metadata| kind_of(&metadata))
    }

    #[cfg(unix)]
    fn is_private(&self, folder: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(folder)
            .is_ok_and(|metadata| metadata.mode() & 0o002 == 0 && is_mine_or_root_s(metadata.uid()))
    }

    #[cfg(not(unix))]
    fn is_private(&self, _: &Path) -> bool {
        true
    }

    /// In a folder where everybody may put something, somebody else's `.git` makes no repository.
    #[cfg(unix)]
    fn is_repository(&self, folder: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        let Ok(git) = std::fs::symlink_metadata(folder.join(".git")) else { return false };
        is_mine_or_root_s(git.uid())
            || std::fs::metadata(folder).is_ok_and(|metadata| metadata.uid() == git.uid())
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| home.is_absolute())
    }
}

/// Whether an open stream is the device that holds nothing.
#[cfg(unix)]
pub fn is_null_device(stream: impl std::os::fd::AsFd) -> bool {
    use std::os::unix::fs::MetadataExt;
    let open = stream.as_fd().try_clone_to_owned().and_then(|open| std::fs::File::from(open).metadata());
    let null = std::fs::metadata("/dev/null");
    matches!((open, null), (Ok(open), Ok(null)) if open.rdev() == null.rdev())
}

#[cfg(unix)]
fn is_mine_or_root_s(user: u32) -> bool {
    user == 0 || user == rustix::process::geteuid().as_raw()
}
