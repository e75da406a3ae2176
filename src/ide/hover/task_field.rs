//! Fields of task definitions and their values.

use super::list;
use crate::catalog::{self, Field, FieldType, Shape};
use crate::host::value::Value;
use crate::host::{self, DocumentKind};
use crate::ide::completion::sizes;
use crate::ide::place::Place;
use crate::ide::{prose, task_shape};
use std::fmt::Write;

/// About a field's name.
pub(super) fn name(place: &Place<'_>, name: &str) -> Option<String> {
    let here = task_shape::at(place)?;
    match here.field_type {
        FieldType::Structure(shape) => {
            let shape = catalog::shape(shape)?;
            match shape.field(name) {
                Some(field) => Some(about(place, shape, field)),
                None if catalog::READ_ONLY_FIELDS.contains(&name) => Some(format!(
                    "**{name}**\n\nWritten by ECS when it describes a task definition; registering one with it is refused."
                )),
                None => None,
            }
        }
        FieldType::Map => option(name),
        _ => None,
    }
}

/// About a field's value: the field.
pub(super) fn value(place: &Place<'_>, _: &str) -> Option<String> {
    let (shape, field) = task_shape::at(place)?.field?;
    Some(about(place, shape, field))
}

fn about(place: &Place<'_>, shape: &'static Shape, field: &'static Field) -> String {
    let spelt = host::spelt(place.document.naming, field.name);
    let name = spelt.as_deref().unwrap_or(field.name);
    let mut out = format!("**{name}** · {}", sizes::type_name(&field.field_type));
    if field.required {
        out.push_str(", required");
    }
    if let Some(prose) = prose::task_field(shape.name, field.name) {
        let _ = write!(out, "\n\n{prose}");
    }
    let mut item = &field.field_type;
    while let FieldType::List(inner) = item {
        item = inner;
    }
    if let FieldType::Enum(values) = item {
        out.push_str("\n\nValues: ");
        list(&mut out, values.iter().copied(), values.len());
    }
    let limits = field.limits;
    let range = match (limits.min, limits.max) {
        (Some(min), Some(max)) => Some(format!("From {min} to {max}")),
        (Some(min), None) => Some(format!("At least {min}")),
        (None, Some(max)) => Some(format!("At most {max}")),
        (None, None) => None,
    };
    match (range, limits.default) {
        (Some(range), Some(default)) => {
            let _ = write!(out, "\n\n{range}; absent means {default}.");
        }
        (Some(range), None) => {
            let _ = write!(out, "\n\n{range}.");
        }
        (None, Some(default)) => {
            let _ = write!(out, "\n\nAbsent means {default}.");
        }
        (None, None) => {}
    }
    if shape.name == "RegisterTaskDefinitionRequest" && matches!(field.name, "cpu" | "memory") {
        out.push_str(&fargate(place, field.name));
    }
    out
}

/// What goes with the size at hand on Fargate.
fn fargate(place: &Place<'_>, field: &str) -> String {
    if place.document.kind != DocumentKind::TaskDefinition {
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
    out.push_str("\n\nOn Fargate:\n");
    for size in catalog::fargate_sizes() {
        let _ = write!(out, "\n* {} CPU units: {}", size.cpu, sizes::range(size.memory));
    }
    out
}

/// About an option of a log driver.
fn option(name: &str) -> Option<String> {
    for driver in ["awslogs", "splunk"] {
        let Some(options) = catalog::log_options(driver) else { continue };
        if options.required.contains(&name) {
            return Some(format!("**{name}** · option of `{driver}`, required"));
        }
        if options.optional.contains(&name) && name.starts_with(driver) {
            return Some(format!("**{name}** · option of `{driver}`"));
        }
    }
    None
}
