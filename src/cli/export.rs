//! `passrole export`.

use super::args::ExportArguments;
use super::{Outcome, inputs, terminal};
use crate::workspace::disk::{self, Disk};
use crate::workspace::{Configurations, Wishes, Workspace};
use std::io::Write;
use std::sync::Arc;

pub(super) fn run(arguments: &ExportArguments) -> Outcome {
    match export(arguments) {
        Ok(()) => Outcome::Clean,
        Err(message) => {
            terminal::error(message);
            Outcome::Failed
        }
    }
}

fn export(arguments: &ExportArguments) -> Result<(), String> {
    let folder = std::path::absolute(&arguments.folder)
        .map_err(|error| format!("{}: {error}", arguments.folder.display()))?;
    if !folder.is_dir() {
        return Err(format!("{}: there is no such folder", arguments.folder.display()));
    }
    if arguments.name.as_deref().is_some_and(|name| name.is_empty() || name.contains(['/', ':'])) {
        return Err("a repository's name holds no `/` and no `:`".to_string());
    }
    let configurations = Configurations::new(Arc::new(Disk), Wishes::default(), arguments.config.as_deref())?;
    let paths = [arguments.folder.clone()];
    let workspace = Workspace::new(Arc::new(Disk), configurations, inputs::roots(&paths));
    let told = workspace.export(&folder, arguments.name.as_deref());
    for notice in workspace.take_notices() {
        if notice.is_error { terminal::error(notice.words) } else { terminal::warning(notice.words) }
    }
    if told["files"].as_array().is_none_or(Vec::is_empty) {
        terminal::warning(format!("{}: no roles were found", arguments.folder.display()));
    }
    let mut text = serde_json::to_string_pretty(&told).map_err(|error| error.to_string())?;
    text.push('\n');
    match &arguments.output {
        Some(path) => disk::put(path, &text).map_err(|reason| format!("{}: {reason}", path.display())),
        None => match std::io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(format!("standard output: {error}"))
            }
            _ => Ok(()),
        },
    }
}
