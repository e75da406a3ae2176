//! `passrole unused`.

use super::Outcome;
use super::answers::{failed, print, project_at, read};
use super::args::UnusedArguments;
use crate::query::{NoAnswer, ProjectView, Trimmed, read_report, trim};
use std::path::Path;

pub(super) fn run(arguments: &UnusedArguments) -> Outcome {
    match trimmed(arguments) {
        Ok(trimmed) => print(arguments.format, || trimmed.text(), || trimmed.json()),
        Err(why) => failed(&why),
    }
}

fn trimmed(arguments: &UnusedArguments) -> Result<Trimmed, NoAnswer> {
    let text = read(&arguments.report)?;
    let name = arguments.report.display();
    let reports = read_report(&text).map_err(|why| NoAnswer(format!("{name}: {why}")))?;
    let (workspace, folder) = project_at(Path::new("."))?;
    let view = ProjectView::around(&workspace, &folder);
    let trimmed = trim(&view, &reports, arguments.principal.as_deref())?;
    match (&trimmed.changes[..], &trimmed.notes[..]) {
        // Nobody whom the report is about is here.
        ([], [only]) if only.starts_with("the project has no role") => Err(NoAnswer(only.clone())),
        _ => Ok(trimmed),
    }
}
