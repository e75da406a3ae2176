//! `passrole explain`.

use super::Outcome;
use super::answers::{failed, print, project_at, read};
use super::args::ExplainArguments;
use crate::query::{Explanation, ProjectView, explain};
use std::path::Path;

pub(super) fn run(arguments: &ExplainArguments) -> Outcome {
    let text = match arguments.message.as_deref() {
        None | Some("-") => match read(Path::new("-")) {
            Ok(text) => text,
            Err(why) => return failed(&why),
        },
        Some(message) => message.to_string(),
    };
    let explanation = answer(&text, Path::new("."));
    print(arguments.format, || explanation.text(), || explanation.json())
}

/// By the project that the folder is in, where the message asks for one.
pub(super) fn answer(text: &str, folder: &Path) -> Explanation {
    let mut explanation = explain(text);
    // Without a project the message alone is explained.
    if let Ok((workspace, folder)) = project_at(folder)
        && explanation.asks_for_the_project()
    {
        explanation.look_around(&ProjectView::around(&workspace, &folder));
    }
    explanation
}
