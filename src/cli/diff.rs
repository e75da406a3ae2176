//! `passrole diff`.

use super::Outcome;
use super::answers::{failed, print_json, print_lines, print_own_lines, read_policy};
use super::args::{DiffArguments, DiffFormat};
use crate::query::{Difference, NoAnswer};

pub(super) fn run(arguments: &DiffArguments) -> Outcome {
    let difference = match compare(arguments) {
        Ok(difference) => difference,
        Err(why) => return failed(&why),
    };
    let printed = match arguments.format {
        DiffFormat::Text => print_lines(&difference.text()),
        DiffFormat::Json => print_json(&difference.json()),
        DiffFormat::Markdown => print_lines(&difference.markdown()),
        DiffFormat::Github => print_own_lines(&difference.github()),
    };
    let fails = arguments.fail_on_new_access && difference.has_new_access(arguments.allow_undecided);
    match printed {
        Outcome::Clean if fails => Outcome::Findings,
        other => other,
    }
}

fn compare(arguments: &DiffArguments) -> Result<Difference, NoAnswer> {
    match &arguments.paths[..] {
        [old, new] => {
            let (old, new) = (read_policy(old, None)?, read_policy(new, None)?);
            Ok(Difference::of(&old, &new))
        }
        _ => Err(NoAnswer("name two policies: the old one and the new one".to_string())),
    }
}
