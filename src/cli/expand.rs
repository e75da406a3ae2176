//! `passrole expand`.

use super::answers::{failed, print};
use super::args::ExpandArguments;
use super::{Outcome, terminal};
use crate::query::{expand, shrink};
use serde_json::{Value, json};

pub(super) fn run(arguments: &ExpandArguments) -> Outcome {
    let found = match expand(&arguments.patterns) {
        Ok(found) => found,
        Err(why) => return failed(&why),
    };
    found.notes.iter().for_each(terminal::note);
    if arguments.shrink {
        let short = shrink(&found.actions);
        return print(arguments.format, || short.join("\n"), || shrunk(&short));
    }
    print(arguments.format, || found.text(arguments.services), || found.json())
}

/// Short patterns as JSON.
pub(super) fn shrunk(patterns: &[String]) -> Value {
    json!({ "schema": 1, "patterns": patterns })
}
