//! Reading: regular files alone, and no more bytes than were asked for.

use super::confined::is_open;
use super::kind::plain;
use crate::workspace::files::Unreadable;
use std::fs::{File, Metadata, OpenOptions};
use std::io::Read;
use std::path::Path;

/// The largest text that is looked at, in bytes. AWS takes none of a hundredth of that.
pub const LARGEST: u64 = 256 << 20;

/// The text of a file, which must be UTF-8, as AWS asks for.
pub fn read(path: &Path, limit: u64) -> Result<String, Unreadable> {
    bytes(path, limit).and_then(decode).map_err(|reason| Unreadable { path: path.to_path_buf(), reason })
}

/// The text of a stream, to its end.
pub fn read_all(stream: impl Read) -> Result<String, String> {
    limited(stream, LARGEST, 0).and_then(decode)
}

pub(super) fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let file = open(path, OpenOptions::new().read(true))?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    limited(&file, limit, length)
}

/// Counts what is read: what a file says of its length need not be true.
fn limited(stream: impl Read, limit: u64, expected: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    if expected <= limit {
        bytes.reserve_exact(expected as usize + 1);
        stream.take(limit + 1).read_to_end(&mut bytes).map_err(|error| plain(&error))?;
    }
    if expected > limit || bytes.len() as u64 > limit {
        return Err(format!("larger than {}", size(limit)));
    }
    Ok(bytes)
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{} MiB", bytes >> 20) } else { format!("{} KiB", bytes >> 10) }
}

/// Opens a regular file. Nothing else is opened, since that may wait for ever or do something; what was
/// looked at may have been replaced meanwhile, so it is opened without waiting and looked at again.
pub(super) fn open(path: &Path, options: &mut OpenOptions) -> Result<File, String> {
    let fail = |error: std::io::Error| plain(&error);
    regular(&std::fs::metadata(path).map_err(fail)?)?;
    if !is_open(path) {
        return Err("outside of the folders that may be read".to_string());
    }
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32);
    }
    let file = options.open(path).map_err(fail)?;
    regular(&file.metadata().map_err(fail)?)?;
    Ok(file)
}

fn regular(metadata: &Metadata) -> Result<(), String> {
    if metadata.is_file() { Ok(()) } else { Err(format!("{}, not a regular file", what(metadata))) }
}

/// What stands there instead of a regular file.
pub(super) fn what(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a FIFO";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if metadata.is_dir() { "a folder" } else { "something else" }
}

/// Text from bytes as a file or standard input holds them.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf_8_is_told_apart() {
        assert_eq!(decode(b"{}".to_vec()), Ok("{}".to_string()));
        assert!(decode(b"\xff\xfe{\0".to_vec()).is_err_and(|reason| reason.contains("UTF-16")));
        assert!(decode(b"{\n\"\xe9\"}".to_vec()).is_err_and(|reason| reason.contains("line 2, byte 3")));
    }

    #[test]
    fn a_limit_counts_what_is_read() {
        assert_eq!(limited(&b"12345"[..], 5, 0), Ok(b"12345".to_vec()));
        let endless = std::io::repeat(b'x');
        assert_eq!(limited(endless, 2 << 20, 0), Err("larger than 2 MiB".to_string()));
        assert_eq!(limited(&b""[..], 4 << 10, 5 << 10), Err("larger than 4 KiB".to_string()));
    }
}
