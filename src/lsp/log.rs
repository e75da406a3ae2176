//! The server's own log.

/// A line on standard error, which editors keep as the server's log.
pub fn log(line: &str) {
    eprintln!("passrole: {line}");
}
