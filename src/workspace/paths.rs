//! Paths as text: nothing is looked up.

use std::path::{Component, Path, PathBuf};

/// An absolute path, `.` and `..` taken out by name.
pub fn absolute(path: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    for part in std::path::absolute(path).ok()?.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                found.pop();
            }
            other => found.push(other),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_taken_out() {
        assert_eq!(absolute(Path::new("/a/./b/../c")), Some(PathBuf::from("/a/c")));
        assert_eq!(absolute(Path::new("/../a")), Some(PathBuf::from("/a")));
    }
}
