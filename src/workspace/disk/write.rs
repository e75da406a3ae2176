//! Writing: a file is never half written. A new file is made beside the old one, flushed, given the old
//! one's mode, owner and attributes, and put in its place.
//!
//! * What somebody else changed since it was read is left alone.
//! * A link is written through where its target lies in the given folders, else it is left alone.
//! * Of a file with several names (hard links), the name that was given gets the new text; the others keep
//!   the old one, and that is told.
//! * A file that its mode forbids to write is not replaced, though its folder would allow it.
//! * Who is killed leaves the old file or the new one, and perhaps a `.passrole-….tmp` beside it, which the
//!   next writing in that folder takes away. A lock tells such a leftover from the file of another process.

use super::kind::plain;
use super::read::{LARGEST, bytes, open, what};
use std::collections::HashSet;
use std::fs::{File, Metadata, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use tempfile::NamedTempFile;

/// How names of files begin and end that are not yet, or never became, what they were made for.
const BEGIN: &str = ".passrole-";
const END: &str = ".tmp";

/// The folders that may be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders(Vec<PathBuf>);

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// How many other names of the file keep the old text.
    pub other_names: u64,
}

impl Folders {
    /// The folders among the paths, and those that hold the others.
    pub fn of(paths: &[PathBuf]) -> Folders {
        let real = |path: &PathBuf| {
            let folder = if path.is_dir() { path } else { path.parent()? };
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            std::fs::canonicalize(folder).ok()
        };
        Folders(paths.iter().filter_map(real).collect())
    }

    fn hold(&self, path: &Path) -> bool {
        self.0.iter().any(|folder| path.starts_with(folder))
    }
}

/// Puts a text in place of that which was read from a file.
pub fn replace(path: &Path, read: &str, text: &str, folders: &Folders) -> Result<Replaced, String> {
    let place = place_of(path, folders)?;
    install(&place, Some(read), text)
}

/// Writes a text to where the user asked for it: a file is made or replaced, whatever it held; what is no
/// regular file (a terminal, a pipe) takes the text as it comes.
pub fn put(path: &Path, text: &str) -> Result<(), String> {
    let is_stream = std::fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir());
    // Standard output may be a file that others hold open: it is written to, not replaced.
    let is_open = ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc"].iter().any(|it| path.starts_with(it));
    if is_stream || is_open {
        let mut stream = OpenOptions::new().write(true).open(path).map_err(|error| plain(&error))?;
        return stream.write_all(text.as_bytes()).map_err(|error| plain(&error));
    }
    let place = place_of(path, &Folders::of(&[path.to_path_buf()]))?;
    install(&place, None, text).map(drop)
}

/// The file that a path means, links followed.
fn place_of(path: &Path, folders: &Folders) -> Result<PathBuf, String> {
    if std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        let target = std::fs::canonicalize(path).map_err(|_| "a link that leads nowhere".to_string())?;
        if !folders.hold(&target) {
            return Err("a link that leads out of the given folders is not written through".to_string());
        }
        return Ok(target);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or("not the name of a file")?;
    let folder = std::fs::canonicalize(folder).map_err(|error| plain(&error))?;
    Ok(folder.join(name))
}

fn install(place: &Path, read: Option<&str>, text: &str) -> Result<Replaced, String> {
    let fail = |error: std::io::Error| plain(&error);
    let old = match std::fs::metadata(place) {
        Ok(metadata) if metadata.is_file() => {
            let old = open(place, OpenOptions::new().read(true).write(true))?;
            let metadata = old.metadata().map_err(fail)?;
            Some((old, metadata))
        }
        Ok(metadata) => return Err(format!("{}, not a regular file", what(&metadata))),
        Err(error) if read.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(plain(&error)),
    };
    let folder = place.parent().ok_or("not the name of a file")?;
    take_leftovers_away(folder);
    let mut new = beside(folder, old.is_some()).map_err(fail)?;
    new.write_all(text.as_bytes()).map_err(fail)?;
    if let Some((old, metadata)) = &old {
        keep_attributes(old, metadata, new.as_file())?;
    }
    new.as_file().sync_all().map_err(fail)?;
    let mut replaced = Replaced { other_names: 0 };
    if let Some(read) = read {
        let now = bytes(place, LARGEST)?;
        if now == text.as_bytes() {
            return Ok(replaced);
        }
        if now != read.as_bytes() {
            return Err("changed by somebody else meanwhile: left as it is".to_string());
        }
        replaced.other_names = old.as_ref().map_or(0, |(_, metadata)| other_names(metadata));
    }
    new.persist(place).map_err(|error| plain(&error.error))?;
    Ok(replaced)
}

/// An empty file beside another, under a name that nobody can foresee; it vanishes unless it is put in that
/// file's place.
fn beside(folder: &Path, is_replacement: bool) -> std::io::Result<NamedTempFile> {
    loop {
        let mut builder = tempfile::Builder::new();
        builder.prefix(BEGIN).suffix(END).rand_bytes(12);
        #[cfg(unix)]
        if !is_replacement {
            use std::os::unix::fs::PermissionsExt;
            // As far as the user's mask allows.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder)?;
        // Where there are no locks, leftovers stay.
        let _ = file.as_file().lock();
        if !was_taken_away(file.as_file()) {
            return Ok(file);
        }
    }
}

/// Whether another process took the file for a leftover before it was locked.
#[cfg(unix)]
fn was_taken_away(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
}

#[cfg(not(unix))]
fn was_taken_away(_: &File) -> bool {
    false
}

#[cfg(unix)]
fn other_names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata).saturating_sub(1)
}

#[cfg(not(unix))]
fn other_names(_: &Metadata) -> u64 {
    0
}

/// Takes away what processes left that were killed while they wrote; once for each folder.
fn take_leftovers_away(folder: &Path) {
    static DONE: OnceLock<Mutex<HashSet<PathBuf>>> = OnceLock::new();
    let is_first = DONE.get_or_init(Mutex::default).lock().is_ok_and(|mut done| done.insert(folder.into()));
    if !is_first || cfg!(not(unix)) {
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(BEGIN) && name.ends_with(END));
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = open(&entry.path(), OpenOptions::new().read(true)) else { continue };
        if file.try_lock().is_ok() {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Gives the new file the old one's owner, attributes and mode. Who may do what with it must not change.
#[cfg(unix)]
fn keep_attributes(old: &File, metadata: &Metadata, new: &File) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    use xattr::FileExt;
    const ACCESS: &str = "system.posix_acl_access";
    let fail = |error: std::io::Error| plain(&error);
    let made = new.metadata().map_err(fail)?;
    if (made.uid(), made.gid()) != (metadata.uid(), metadata.gid()) {
        std::os::unix::fs::fchown(new, Some(metadata.uid()), Some(metadata.gid())).map_err(|error| {
            format!("it belongs to somebody else, which cannot be kept ({})", plain(&error))
        })?;
    }
    new.set_permissions(metadata.permissions()).map_err(fail)?;
    // A file system without attributes has none to keep.
    let names = |file: &File| file.list_xattr().into_iter().flatten().collect::<Vec<_>>();
    let kept = names(old);
    for name in names(new) {
        if !kept.contains(&name) {
            let _ = new.remove_xattr(&name);
        }
    }
    for name in kept {
        let Ok(Some(value)) = old.get_xattr(&name) else { continue };
        let is_set = new.get_xattr(&name).is_ok_and(|set| set.as_ref() == Some(&value));
        // The system's own labels may be out of the user's reach; who may do what is not.
        if !is_set
            && let Err(error) = new.set_xattr(&name, &value)
            && name == ACCESS
        {
            return Err(format!("its access list cannot be kept ({})", plain(&error)));
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_attributes(_: &File, metadata: &Metadata, new: &File) -> Result<(), String> {
    new.set_permissions(metadata.permissions()).map_err(|error| plain(&error))
}
