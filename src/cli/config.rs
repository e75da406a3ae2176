//! `passrole config`: what holds for a file, and where it comes from.

use super::answers::{print_json, print_lines};
use super::args::{AnswerFormat, ConfigArguments};
use super::{Outcome, terminal};
use crate::workspace::disk::Disk;
use crate::workspace::{Configurations, Described, Wishes};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;

pub(super) fn run(arguments: &ConfigArguments) -> Outcome {
    let place = std::path::absolute(&arguments.file).unwrap_or_else(|_| arguments.file.clone());
    let configurations = Configurations::new(Arc::new(Disk), Wishes::default(), arguments.config.as_deref());
    let configurations = match configurations {
        Ok(configurations) => configurations,
        Err(message) => {
            terminal::error(message);
            return Outcome::Failed;
        }
    };
    let described = configurations.describe(&place);
    for notice in configurations.take_notices() {
        if notice.is_error { terminal::error(notice.words) } else { terminal::warning(notice.words) }
    }
    let Ok(described) = described else { return Outcome::Failed };
    match arguments.format {
        AnswerFormat::Text => print_lines(&text(&arguments.file.display().to_string(), &described)),
        AnswerFormat::Json => {
            print_json(&machine_readable(&arguments.file.display().to_string(), &described))
        }
    }
}

fn text(file: &str, described: &Described) -> String {
    let mut out = match &described.configuration {
        Some(path) => format!("{file}: configured by {}, {} rules run\n", path.display(), described.rules),
        None => format!("{file}: no configuration, {} rules run\n", described.rules),
    };
    for held in &described.held {
        let _ = writeln!(out, "  {:<12} {}  ({})", held.setting, held.value, held.place);
    }
    out
}

fn machine_readable(file: &str, described: &Described) -> Value {
    let held: Vec<Value> = described
        .held
        .iter()
        .map(|held| json!({ "setting": held.setting, "value": held.value, "place": held.place }))
        .collect();
    json!({
        "schema": 1,
        "file": file,
        "configuration": described.configuration.as_ref().map(|path| path.display().to_string()),
        "rules": described.rules,
        "settings": held,
    })
}
