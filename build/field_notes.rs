//! What `schemas/ecs/field-notes.json` and the limits of the shapes say of single fields.

use crate::tables::{list, table};
use crate::{members, read, text, texts};
use serde_json::Value;
use std::fmt::Write;

const ROOT: &str = "RegisterTaskDefinitionRequest";

pub fn build() -> String {
    let mut out = String::new();
    let shapes = read("ecs/task-definition.json");
    let notes = read("ecs/field-notes.json");
    let support = read("ecs/field-support.json");
    let mut rows = Vec::new();
    let mut known = Vec::new();
    for (shape, described) in members(&shapes["shapes"]) {
        for (field, _) in members(&described["members"]) {
            let key = if shape == ROOT { field.clone() } else { format!("{shape}.{field}") };
            known.push(key.clone());
            let name = format!("{shape}.{field}");
            if let Some(row) = row(&notes, refusing(&support["fields"][&name]), &key) {
                rows.push((name.clone(), format!("({name:?}, FieldNotes {{ {row} }})")));
            }
        }
    }
    for table in ["units", "defaults", "neededOn", "notOn", "otherwiseTaken"] {
        for (key, _) in members(&notes[table]) {
            assert!(known.contains(key), "schemas/ecs/field-notes.json: {table} names {key}");
        }
    }
    table(&mut out, "FIELD_NOTES", "(&str, FieldNotes)", rows);
    let rows = members(&notes["exclusive"])
        .map(|(shape, fields)| {
            let fields = texts(fields);
            for field in &fields {
                assert!(shapes["shapes"][shape]["members"][*field] != Value::Null, "{shape}.{field}");
            }
            (shape.clone(), format!("({shape:?}, {})", list(&fields)))
        })
        .collect();
    table(&mut out, "EXCLUSIVE_FIELDS", "(&str, &[&str])", rows);
    let properties = list(&texts(&notes["proxyProperties"]));
    writeln!(out, "pub(super) static PROXY_PROPERTIES: &[&str] = {properties};").unwrap();
    let rows = members(&read("ecs/log-drivers.json")["open"])
        .map(|(driver, options)| (driver.clone(), format!("({driver:?}, {})", list(&texts(options)))))
        .collect();
    table(&mut out, "OPEN_LOG_OPTIONS", "(&str, &[&str])", rows);
    out
}

/// `None` where nothing is known.
fn row(notes: &Value, refusing: u8, key: &str) -> Option<String> {
    let unit = notes["units"].get(key).map(text);
    // As JSON writes it, without the quotes of strings.
    let default = notes["defaults"].get(key).map(|default| match default {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let (needed_on, not_on) =
        (platforms(&notes["neededOn"][key]), platforms(&notes["notOn"][key]) | refusing);
    let is_empty = unit.is_none() && default.is_none() && needed_on == 0 && not_on == 0;
    (!is_empty).then(|| {
        format!(
            "unit: {unit:?}, default: {default:?}, needed_on: Platforms({needed_on}), not_on: Platforms({not_on})"
        )
    })
}

/// Where a field is not taken, whatever its value, and sources agree on that.
fn refusing(support: &Value) -> u8 {
    support
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, row)| row.get("only").is_none() && row.get("not").is_none() && row["severity"] != "info")
        .map(|(name, _)| platform(name))
        .sum()
}

/// The bits of `Platforms`.
fn platforms(names: &Value) -> u8 {
    texts(names).into_iter().map(platform).sum()
}

fn platform(name: &str) -> u8 {
    match name {
        "FARGATE" => 1,
        "EC2" => 2,
        "EXTERNAL" => 4,
        "MANAGED_INSTANCES" => 8,
        "ANY" => 15,
        "LINUX" => 16,
        "WINDOWS" => 32,
        other => panic!("the unknown platform {other}"),
    }
}
