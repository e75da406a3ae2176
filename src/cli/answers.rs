//! What the commands that answer questions share: reading policies, printing answers.

use super::args::AnswerFormat;
use super::{Outcome, inputs, terminal};
use crate::host::DocumentKind;
use crate::output;
use crate::query::{NoAnswer, PolicyFile};
use crate::workspace::disk::{self, Disk};
use crate::workspace::{Configurations, Wishes, Workspace};
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A text that is named; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<String, NoAnswer> {
    if path.as_os_str() == "-" {
        return disk::read_all(std::io::stdin().lock())
            .map_err(|reason| NoAnswer(format!("standard input: {reason}")));
    }
    disk::read(path, disk::LARGEST).map_err(|unreadable| NoAnswer(unreadable.to_string()))
}

pub(super) fn read_policy(path: &Path, kind: Option<DocumentKind>) -> Result<PolicyFile, NoAnswer> {
    PolicyFile::read(&path.display().to_string(), read(path)?, kind)
}

/// The project that a folder is in, and that folder.
pub(super) fn project_at(folder: &Path) -> Result<(Workspace, PathBuf), NoAnswer> {
    let folder =
        std::path::absolute(folder).map_err(|reason| NoAnswer(format!("{}: {reason}", folder.display())))?;
    let configurations = Configurations::new(Arc::new(Disk), Wishes::default(), None).map_err(NoAnswer)?;
    Ok((Workspace::new(Arc::new(Disk), configurations, inputs::roots(std::slice::from_ref(&folder))), folder))
}

/// Prints an answer in lines that command nothing.
pub(super) fn print(
    format: AnswerFormat,
    text: impl FnOnce() -> String,
    json: impl FnOnce() -> Value,
) -> Outcome {
    match format {
        AnswerFormat::Text => print_lines(&text()),
        AnswerFormat::Json => print_json(&json()),
    }
}

pub(super) fn print_lines(text: &str) -> Outcome {
    let mut clean = String::with_capacity(text.len());
    for line in text.lines() {
        clean.push_str(&output::line(line));
        clean.push('\n');
    }
    print_raw(&clean)
}

pub(super) fn print_json(value: &Value) -> Outcome {
    print_raw(&output::json_text(value))
}

/// Prints lines that are commands on purpose; what comes from documents was escaped in them.
pub(super) fn print_own_lines(text: &str) -> Outcome {
    print_raw(text)
}

fn print_raw(text: &str) -> Outcome {
    match std::io::stdout().write_all(text.as_bytes()) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            terminal::error(format!("standard output: {error}"));
            Outcome::Failed
        }
        _ => Outcome::Clean,
    }
}

/// What a question without an answer comes to.
pub(super) fn failed(why: &NoAnswer) -> Outcome {
    terminal::error(why);
    Outcome::Failed
}
