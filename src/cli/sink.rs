//! Where what a command has to say goes.

use crate::workspace::disk;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Where a text goes.
pub(super) enum Sink<'a> {
    File(&'a Path),
    StandardOutput,
    StandardError,
}

impl Sink<'_> {
    pub fn is_terminal(&self) -> bool {
        match self {
            Sink::File(_) => false,
            Sink::StandardOutput => std::io::stdout().is_terminal(),
            Sink::StandardError => std::io::stderr().is_terminal(),
        }
    }

    pub fn write(&self, text: &str) -> Result<(), String> {
        let (name, result) = match self {
            Sink::File(path) => {
                return disk::put(path, text).map_err(|reason| format!("{}: {reason}", path.display()));
            }
            Sink::StandardOutput => ("standard output", std::io::stdout().write_all(text.as_bytes())),
            Sink::StandardError => ("standard error", std::io::stderr().write_all(text.as_bytes())),
        };
        match result {
            // A reader that has seen enough (`| head`) is no failure.
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("{name}: {error}")),
            _ => Ok(()),
        }
    }
}
