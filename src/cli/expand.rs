//! `passrole expand`.

use super::answers::{failed, print, print_lines};
use super::args::{AnswerFormat, ExpandArguments};
use super::{Outcome, terminal};
use crate::query::{expand, shrink};

pub(super) fn run(arguments: &ExpandArguments) -> Outcome {
    let found = match expand(&arguments.patterns) {
        Ok(found) => found,
        Err(why) => return failed(&why),
    };
    found.notes.iter().for_each(terminal::note);
    if arguments.shrink {
        let short = shrink(&found.actions);
        return match arguments.format {
            AnswerFormat::Text => print_lines(&short.join("\n")),
            AnswerFormat::Json => {
                super::answers::print_json(&serde_json::json!({ "schema": 1, "patterns": short }))
            }
        };
    }
    print(arguments.format, || found.text(arguments.services), || found.json())
}
