//! Our own explanations, from `schemas/prose/`. Every field, key, operator and element has one;
//! of actions and properties those that their names do not explain.

use crate::{members, read, text, texts};
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
    table(&mut out, "SERVICE_FIELDS", &service_fields());

    table(&mut out, "TASK_VALUES", &values(&task));
    table(&mut out, "LOG_OPTIONS", &log_options());

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
    table(&mut out, "ACTIONS", &map("actions.json"));
    table(&mut out, "PROPERTIES", &map("properties.json"));
    table(&mut out, "OTHERS", &map("others.json"));
    out
}

/// Fields of inputs that refer to a task definition, as far as those structures do. `Request` explains what the
/// operations share.
fn service_fields() -> BTreeMap<String, String> {
    let shapes = read("ecs/other-inputs.json")["shapes"].clone();
    let prose = read("prose/service-fields.json");
    let mut rows = BTreeMap::new();
    for (shape, fields) in members(&prose) {
        let known: Vec<String> = if shape == "Request" {
            let operations = ["CreateService", "UpdateService", "RunTask", "StartTask"];
            operations
                .iter()
                .flat_map(|operation| members(&shapes[format!("{operation}Request")]["members"]))
                .map(|(field, _)| field.clone())
                .collect()
        } else {
            members(&shapes[shape]["members"]).map(|(field, _)| field.clone()).collect()
        };
        same(&format!("service-fields.json, {shape}"), members(fields).map(|(field, _)| field), known.iter());
        rows.extend(
            members(fields).map(|(field, value)| (format!("{shape}.{field}"), text(value).to_string())),
        );
    }
    rows
}

/// Values by structure, field and value: `ContainerDependency.condition=START`.
fn values(task: &serde_json::Value) -> BTreeMap<String, String> {
    let prose = read("prose/task-values.json");
    let notes = read("ecs/field-notes.json");
    let lists = read("ecs/containers.json")["lists"].clone();
    let mut rows = BTreeMap::new();
    let mut explained = Vec::new();
    let mut add = |at: &str, group: &str, names: Vec<&str>| {
        let written: BTreeMap<String, String> =
            members(&prose[group]).map(|(name, value)| (name.clone(), text(value).to_string())).collect();
        let known: Vec<String> = names.iter().map(ToString::to_string).collect();
        same(&format!("task-values.json, {group}"), written.keys(), known.iter());
        rows.extend(written.into_iter().map(|(name, prose)| (format!("{at}={name}"), prose)));
        explained.push(group.to_string());
    };
    for (shape, value) in members(&task["shapes"]) {
        for (field, member) in members(&value["members"]) {
            let of_items = member.get("list").unwrap_or(member);
            if let Some(name) = of_items.get("enum").map(text) {
                add(&format!("{shape}.{field}"), name, texts(&task["enums"][name]));
            }
        }
    }
    for (at, group, names) in [
        ("KernelCapabilities.add", "KernelCapability", &lists["capabilities"]),
        ("KernelCapabilities.drop", "KernelCapability", &lists["capabilities"]),
        ("ProxyConfiguration.properties", "ProxyProperty", &notes["proxyProperties"]),
        ("FirelensConfiguration.options", "FirelensOption", &lists["firelensOptions"]),
    ] {
        add(at, group, texts(names));
    }
    let strange: Vec<_> = members(&prose).filter(|(group, _)| !explained.contains(group)).collect();
    assert!(strange.is_empty(), "schemas/prose/task-values.json: not known {strange:?}");
    rows
}

/// Options by driver and name; those of several drivers without a driver.
fn log_options() -> BTreeMap<String, String> {
    let prose = read("prose/log-options.json");
    members(&prose)
        .flat_map(|(driver, options)| {
            members(options)
                .map(move |(option, value)| (format!("{driver}/{option}"), text(value).to_string()))
        })
        .collect()
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
