//! Where the process may read, where somebody has said so: the server for assistants sees nothing outside of its roots, whatever
//! configurations name and links lead to.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// With every link followed; `None` where everything may be read.
static FOLDERS: RwLock<Option<Arc<[PathBuf]>>> = RwLock::new(None);

/// From now on nothing is read but what is below these folders, whose links were followed.
pub fn confine(folders: &[PathBuf]) {
    *FOLDERS.write().unwrap_or_else(PoisonError::into_inner) = Some(folders.into());
}

/// Whether a path may be looked at.
pub(super) fn is_open(path: &Path) -> bool {
    let folders = FOLDERS.read().unwrap_or_else(PoisonError::into_inner).clone();
    folders.is_none_or(|folders| {
        std::fs::canonicalize(path).is_ok_and(|real| folders.iter().any(|folder| real.starts_with(folder)))
    })
}
