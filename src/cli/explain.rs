//! `passrole explain`.

use super::Outcome;
use super::answers::{failed, print, project_here, read};
use super::args::ExplainArguments;
use crate::query::{ProjectView, explain};
use std::path::Path;

pub(super) fn run(arguments: &ExplainArguments) -> Outcome {
    let text = match arguments.message.as_deref() {
        None | Some("-") => match read(Path::new("-")) {
            Ok(text) => text,
            Err(why) => return failed(&why),
        },
        Some(message) => message.to_string(),
    };
    let mut explanation = explain(&text);
    // Without a project the message alone is explained.
    if let Ok((workspace, folder)) = project_here()
        && explanation.asks_for_the_project()
    {
        explanation.look_around(&ProjectView::around(&workspace, &folder));
    }
    print(arguments.format, || explanation.text(), || explanation.json())
}
