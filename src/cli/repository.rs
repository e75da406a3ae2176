//! What other tools call a file: its path below the root of its repository.

use crate::workspace::{disk, paths};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// The repositories' roots of the folders asked for so far.
#[derive(Debug, Default)]
pub(super) struct Repositories {
    /// Each folder's path below its root; `None` outside of repositories.
    below: HashMap<PathBuf, Option<PathBuf>>,
}

impl Repositories {
    /// The path below the root, with forward slashes; as given, without `./`, where there is none.
    pub(super) fn path(&mut self, path: &Path, given: &Path) -> String {
        let folder = path.parent().unwrap_or(Path::new(""));
        let below = match self.below.get(folder) {
            Some(known) => known,
            None => self.below.entry(folder.to_path_buf()).or_insert_with(|| below_root(folder)),
        };
        let whole = match (below, path.file_name()) {
            (Some(below), Some(name)) => below.join(name),
            // Without the `.` components, but for a leading one that iteration keeps.
            _ => given.components().filter(|it| *it != Component::CurDir).collect(),
        };
        let text = whole.to_string_lossy();
        if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
    }
}

fn below_root(folder: &Path) -> Option<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // A name for standard input may lie in a folder that is not there.
    let whole = disk::followed(folder).or_else(|| paths::absolute(folder))?;
    let root = whole.ancestors().find(|folder| folder.join(".git").exists())?;
    whole.strip_prefix(root).ok().map(Path::to_path_buf)
}
