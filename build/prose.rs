//! Our own explanations, from `schemas/prose/`. Every field, key, operator and element has one, and
//! nothing else has.

use crate::{members, read, text};
use std::collections::BTreeMap;
use std::fmt::Write;

pub fn build() -> String {
    let mut out = String::new();
    let task = read("ecs/task-definition.json");
    let fields = read("prose/task-fields.json");
    let flat = |shapes: &serde_json::Value, below: Option<&str>| -> BTreeMap<String, String> {
        members(shapes)
            .flat_map(|(shape, value)| {
                let fields = below.map_or(value, |below| &value[below]);
                members(fields).map(move |(field, value)| {
                    (format!("{shape}.{field}"), value.as_str().unwrap_or_default().to_string())
                })
            })
            .collect()
    };
    let written = flat(&fields, None);
    same("task-fields.json", written.keys(), flat(&task["shapes"], Some("members")).keys());
    table(&mut out, "TASK_FIELDS", &written);

    let global = read("iam/global.json");
    for (name, file, facts) in [
        ("CONDITION_KEYS", "condition-keys.json", &global["globalKeys"]),
        ("OPERATORS", "operators.json", &global["operators"]),
    ] {
        let written = map(file);
        same(file, written.keys(), members(facts).map(|(name, _)| name).collect::<Vec<_>>());
        table(&mut out, name, &written);
    }
    table(&mut out, "ELEMENTS", &map("elements.json"));
    out
}

fn map(file: &str) -> BTreeMap<String, String> {
    let prose = read(&format!("prose/{file}"));
    members(&prose).map(|(name, value)| (name.clone(), text(value).to_string())).collect()
}

fn same<'n>(
    file: &str,
    written: impl IntoIterator<Item = &'n String>,
    known: impl IntoIterator<Item = &'n String>,
) {
    let written: std::collections::BTreeSet<_> = written.into_iter().collect();
    let known: std::collections::BTreeSet<_> = known.into_iter().collect();
    let missing: Vec<_> = known.difference(&written).collect();
    let strange: Vec<_> = written.difference(&known).collect();
    assert!(
        missing.is_empty() && strange.is_empty(),
        "schemas/prose/{file}: not explained {missing:?}, not known {strange:?}"
    );
}

fn table(out: &mut String, name: &str, rows: &BTreeMap<String, String>) {
    writeln!(out, "static {name}: &[(&str, &str)] = &[").unwrap();
    for (key, prose) in rows {
        writeln!(out, "    ({key:?}, {prose:?}),").unwrap();
    }
    writeln!(out, "];").unwrap();
}
