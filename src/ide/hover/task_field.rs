//! Fields of task definitions.

use super::list;
use crate::catalog::{self, Field, FieldType, Platforms, Shape};
use crate::host::value::Value;
use crate::host::{self, DocumentKind};
use crate::ide::completion::sizes;
use crate::ide::place::Place;
use crate::ide::task_shape::{self, At};
use crate::ide::{place, prose};
use crate::text::enumerated;
use std::fmt::Write;

/// About a field's name, or about a name in a map: the option of a log driver.
pub(super) fn name(place: &Place<'_>, name: &str, offset: u32) -> Option<String> {
    let here = task_shape::at(place)?;
    match here.field_type {
        FieldType::Structure(shape) => {
            let shape = catalog::shape(shape)?;
            match shape.field(name) {
                Some(field) => {
                    let not_on = here.not_on.and(catalog::field_notes(shape.name, field.name).not_on);
                    Some(about(place, shape, field, not_on))
                }
                None if catalog::READ_ONLY_FIELDS.contains(&name) => Some(format!(
                    "**{name}**\n\nWritten by ECS when it describes a task definition; registering one with it is refused."
                )),
                None => None,
            }
        }
        FieldType::Map => option(place, &here, name, offset),
        _ => None,
    }
}

/// About the field that a place is the value of.
pub(super) fn of_value(place: &Place<'_>, here: &At) -> Option<String> {
    let (shape, field) = here.field?;
    Some(about(place, shape, field, here.not_on))
}

/// The page of the API reference, at the field.
pub(super) fn page(shape: &str, field: &str) -> String {
    let (page, anchor) = match shape.strip_suffix("Request") {
        Some(operation) => (operation, format!("ECS-{operation}-request-{field}")),
        None => (shape, format!("ECS-Type-{shape}-{field}")),
    };
    format!(
        "[Amazon ECS API Reference](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_{page}.html#{anchor})"
    )
}

fn about(place: &Place<'_>, shape: &'static Shape, field: &'static Field, not_on: Platforms) -> String {
    let notes = catalog::field_notes(shape.name, field.name);
    let spelt = host::spelt_field(place.document.naming, shape.name, field.name);
    let name = spelt.as_deref().unwrap_or(field.name);
    let mut out = format!("**{name}** · {}", sizes::type_name(&field.field_type));
    if let Some(unit) = notes.unit {
        let _ = write!(out, ", {unit}");
    }
    if field.required || notes.needed_on.has(Platforms::EVERY_LAUNCH_TYPE) {
        out.push_str(", required");
    } else if notes.needed_on.has(Platforms::FARGATE) {
        out.push_str(", required on Fargate");
    }
    out.push_str("\n\n");
    out.push_str(&body(shape, field, not_on, fargate(place, shape, field.name)));
    out
}

/// Everything but the name and the type. `sizes`: what is to be said of Fargate.
fn body(shape: &Shape, field: &Field, not_on: Platforms, sizes: String) -> String {
    let notes = catalog::field_notes(shape.name, field.name);
    let mut out = prose::task_field(shape.name, field.name).unwrap_or_default().to_string();
    if out.is_empty() {
        out.push_str("A field of the ECS API.");
    }
    let mut item = &field.field_type;
    while let FieldType::List(inner) = item {
        item = inner;
    }
    if let FieldType::Enum(values) = item {
        out.push_str("\n\nValues: ");
        list(&mut out, values.iter().copied(), values.len());
    }
    limits(&mut out, field, &notes);
    out.push_str(&sizes);
    // Of services and tasks to run, all of it depends on the task definition.
    if catalog::is_task_shape(shape.name) || shape.name.contains("Daemon") {
        let _ = write!(out, "\n\nWhere: {}.", platforms(not_on));
    }
    let _ = write!(out, "\n\n{}", page(shape.name, field.name));
    out
}

/// Range, lengths and what absence means, in one line.
fn limits(out: &mut String, field: &Field, notes: &catalog::FieldNotes) {
    let limits = field.limits;
    let range = match (limits.min, limits.max) {
        (Some(min), Some(max)) => Some(format!("From {min} to {max}")),
        (Some(min), None) => Some(format!("At least {min}")),
        (None, Some(max)) => Some(format!("At most {max}")),
        (None, None) => limits
            .max_items
            .map(|items| format!("At most {items} item{}", if items == 1 { "" } else { "s" }))
            .or_else(|| limits.max_length.map(|length| format!("At most {length} characters"))),
    };
    let default = limits.default.map(|number| number.to_string());
    let default = default.as_deref().or(notes.default);
    match (range, default) {
        (Some(range), Some(default)) => {
            let _ = write!(out, "\n\n{range}; absent means `{default}`.");
        }
        (Some(range), None) => {
            let _ = write!(out, "\n\n{range}.");
        }
        (None, Some(default)) => {
            let _ = write!(out, "\n\nAbsent means `{default}`.");
        }
        (None, None) => {}
    }
}

/// `EC2 and ECS Anywhere, with Linux only`.
fn platforms(not_on: Platforms) -> String {
    let all = Platforms::LAUNCH_TYPES.len();
    let holds: Vec<&str> = Platforms::LAUNCH_TYPES
        .iter()
        .filter(|(platform, _)| !not_on.has(*platform))
        .map(|(_, name)| *name)
        .collect();
    let mut out = match &holds[..] {
        [] => "nowhere, the field is retired".to_string(),
        names if names.len() == all => "every launch type".to_string(),
        [only] => format!("{only} only"),
        names => enumerated(names),
    };
    if not_on.has(Platforms::WINDOWS) {
        out.push_str(", with Linux only");
    } else if not_on.has(Platforms::LINUX) {
        out.push_str(", with Windows only");
    }
    out
}

/// What a field is for, in Markdown; `None` for one that the ECS API does not know.
pub(super) fn described(shape: &str, field: &str) -> Option<String> {
    let shape = catalog::shape(shape)?;
    let field = shape.field(field)?;
    let sizes = if is_size(shape, field.name) { all_sizes() } else { String::new() };
    Some(body(shape, field, catalog::field_notes(shape.name, field.name).not_on, sizes))
}

/// Whether it is half of a task's size.
fn is_size(shape: &Shape, field: &str) -> bool {
    shape.name == catalog::task_definition_shape().name && matches!(field, "cpu" | "memory")
}

fn all_sizes() -> String {
    let mut out = "\n\nOn Fargate:\n".to_string();
    for size in catalog::fargate_sizes() {
        let _ = write!(out, "\n* {} CPU units: {}", size.cpu, sizes::range(size.memory));
    }
    out
}

/// What goes with the size at hand on Fargate; nothing for other fields.
fn fargate(place: &Place<'_>, shape: &Shape, field: &str) -> String {
    if !is_size(shape, field) || place.document.kind != DocumentKind::TaskDefinition {
        return String::new();
    }
    let written = |name: &str| match place.document.object()?.get(name)? {
        Value::String(string) => Some(string.text.to_string()),
        Value::Number(number) => Some(number.text.to_string()),
        _ => None,
    };
    let cpu = written("cpu").and_then(|text| catalog::parse_cpu(&text));
    let memory = written("memory").and_then(|text| catalog::parse_memory(&text));
    let mut out = String::new();
    if field == "cpu"
        && let Some(size) = cpu.and_then(catalog::fargate_size)
    {
        let _ = write!(out, "\n\nOn Fargate, {} CPU units go with ", size.cpu);
        let memory: Vec<String> = size.memory.iter().map(u32::to_string).collect();
        list(&mut out, memory.iter().map(String::as_str), memory.len());
        let _ = write!(out, " MiB ({}).", sizes::range(size.memory));
        return out;
    }
    if field == "memory"
        && let Some(memory) = memory
    {
        let cpus: Vec<String> = catalog::fargate_sizes()
            .iter()
            .filter(|size| size.memory.contains(&memory))
            .map(|size| size.cpu.to_string())
            .collect();
        if cpus.is_empty() {
            let _ = write!(out, "\n\nNo size of Fargate has {memory} MiB.");
        } else {
            let _ = write!(out, "\n\nOn Fargate, {memory} MiB go with ");
            list(&mut out, cpus.iter().map(String::as_str), cpus.len());
            out.push_str(" CPU units.");
        }
        return out;
    }
    all_sizes()
}

/// About an option: of a log driver, of a log router.
pub(super) fn option(place: &Place<'_>, here: &At, name: &str, offset: u32) -> Option<String> {
    let (shape, field) = here.field?;
    match (shape.name, field.name) {
        ("LogConfiguration", "options") => {
            let driver = place::log_driver(place, offset)?;
            let prose = prose::log_option(&driver, name)?;
            let is_required =
                catalog::log_options(&driver).is_some_and(|options| options.required.contains(&name));
            let required = if is_required { ", required" } else { "" };
            Some(format!(
                "**{name}** · option of `{driver}`{required}\n\n{prose}\n\n{}",
                page(shape.name, field.name)
            ))
        }
        ("FirelensConfiguration", "options") => {
            let prose = prose::task_value(shape.name, field.name, name)?;
            Some(format!("**{name}** · option\n\n{prose}\n\n{}", page(shape.name, field.name)))
        }
        _ => None,
    }
}
