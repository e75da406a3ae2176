//! `passrole model`.

use super::Outcome;
use super::answers::{failed, print, project_at, read};
use super::args::ModelArguments;
use crate::analysis::{RuleSet, check_file};
use crate::query::{FileModel, NoAnswer};
use std::path::Path;

pub(super) fn run(arguments: &ModelArguments) -> Outcome {
    match model(arguments) {
        Ok(outcome) => outcome,
        Err(why) => failed(&why),
    }
}

fn model(arguments: &ModelArguments) -> Result<Outcome, NoAnswer> {
    let name = arguments.file.display().to_string();
    let text = read(&arguments.file)?;
    let (workspace, folder) = project_at(Path::new("."))?;
    let file = std::path::absolute(&arguments.file).unwrap_or_else(|_| folder.join(Path::new(&name)));
    let (settings, _) = workspace.settings(&file);
    let kind = arguments.kind.or(settings.kind);
    let report = check_file(&text, &workspace.facts(&file), kind, &RuleSet::default());
    let model = FileModel::of(&name, &text, &report);
    Ok(print(arguments.format, || model.text(), || model.json()))
}
