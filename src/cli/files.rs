//! Which files to look at, and what they say.

use crate::host::is_ours_by_name;
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};

/// Offsets are 32 bits wide.
const LARGEST: u64 = u32::MAX as u64;

/// Why a path could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub path: PathBuf,
    pub reason: String,
}

/// The files that the arguments name, in order, each once; and what cannot be read.
pub(super) fn find(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Unreadable>) {
    let mut files = Vec::new();
    let mut unreadable = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, &mut files, &mut unreadable),
            Ok(_) => files.push(path.clone()),
            Err(error) => unreadable.push(Unreadable { path: path.clone(), reason: plain(&error) }),
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.clone()));
    (files, unreadable)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, unreadable: &mut Vec<Unreadable>) {
    // Hidden folders such as `.aws` and `.github` hold task definitions; git's own does not.
    let walker = WalkBuilder::new(folder)
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git" && entry.file_name() != "node_modules")
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    for entry in walker {
        match entry {
            Ok(entry) => {
                let wanted = entry.file_name().to_str().is_some_and(is_ours_by_name);
                let kind = entry.file_type();
                if !wanted || kind.is_some_and(|kind| kind.is_dir()) {
                    continue;
                }
                if kind.is_some_and(|kind| kind.is_symlink()) {
                    match std::fs::metadata(entry.path()) {
                        Ok(metadata) if metadata.is_dir() => continue,
                        Ok(_) => {}
                        Err(error) => {
                            let reason = format!("a link that leads nowhere ({})", plain(&error));
                            unreadable.push(Unreadable { path: entry.into_path(), reason });
                            continue;
                        }
                    }
                }
                files.push(entry.into_path());
            }
            Err(error) => {
                let path = path_of(&error).unwrap_or_else(|| folder.to_path_buf());
                let reason = error.io_error().map_or_else(|| error.to_string(), plain);
                unreadable.push(Unreadable { path, reason });
            }
        }
    }
}

/// Whether a file is a part of a module.
pub(super) fn is_of_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tf" || extension == "tofu")
}

/// The files of a module; those that cannot be read are reported where they are looked at.
pub(super) fn of_module(folder: &Path) -> Vec<(PathBuf, String)> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_of_module(path))
        .collect();
    paths.sort();
    paths.into_iter().filter_map(|path| read(&path).ok().map(|text| (path, text))).collect()
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// The text of a file, which must be UTF-8, as AWS asks for.
pub(super) fn read(path: &Path) -> Result<String, Unreadable> {
    let fail = |reason: String| Unreadable { path: path.to_path_buf(), reason };
    let metadata = std::fs::metadata(path).map_err(|error| fail(plain(&error)))?;
    if metadata.len() > LARGEST {
        return Err(fail("larger than 4 GiB".into()));
    }
    let bytes = std::fs::read(path).map_err(|error| fail(plain(&error)))?;
    decode(bytes).map_err(fail)
}

/// Text from bytes as a file or standard input holds them.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Err("UTF-16, which AWS does not take: save it as UTF-8".to_string())
        }
        _ => String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            format!("not UTF-8 (line {line}, byte {at} of the file)")
        }),
    }
}

/// The reason alone, without the operating system's number.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf_8_is_told_apart() {
        assert_eq!(decode(b"{}".to_vec()), Ok("{}".to_string()));
        assert!(decode(b"\xff\xfe{\0".to_vec()).is_err_and(|reason| reason.contains("UTF-16")));
        assert!(decode(b"{\n\"\xe9\"}".to_vec()).is_err_and(|reason| reason.contains("line 2, byte 3")));
    }
}
