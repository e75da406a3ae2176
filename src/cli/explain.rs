//! `passrole explain`.

use super::Outcome;
use super::answers::{failed, print, read};
use super::args::ExplainArguments;
use crate::query::explain;
use std::path::Path;

pub(super) fn run(arguments: &ExplainArguments) -> Outcome {
    let text = match arguments.message.as_deref() {
        None | Some("-") => match read(Path::new("-")) {
            Ok(text) => text,
            Err(why) => return failed(&why),
        },
        Some(message) => message.to_string(),
    };
    let explanation = explain(&text);
    print(arguments.format, || explanation.text(), || explanation.json())
}
