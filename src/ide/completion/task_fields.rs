//! Fields of task definitions: those of the structure at hand that are not there yet.

use super::{At, Item, ItemKind};
use crate::catalog::{self, FieldType};
use crate::host::value::Object;
use crate::ide::{prose, task_shape};

/// Fields that nearly everybody writes, though the API does not ask for them.
const USUAL: [&str; 12] = [
    "name",
    "image",
    "cpu",
    "memory",
    "essential",
    "portMappings",
    "logConfiguration",
    "networkMode",
    "requiresCompatibilities",
    "executionRoleArn",
    "taskRoleArn",
    "value",
];

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let Some(here) = task_shape::at(at.place) else { return Vec::new() };
    let siblings = at.siblings();
    if here.field_type == FieldType::Map {
        return options(at).into_iter().filter(|item| !siblings.contains(&*item.label)).collect();
    }
    let FieldType::Structure(name) = here.field_type else { return Vec::new() };
    let Some(shape) = catalog::shape(name) else { return Vec::new() };
    shape
        .fields
        .iter()
        .filter(|field| !siblings.contains(field.name))
        .map(|field| {
            let type_name = type_name(&field.field_type);
            let detail = if field.required { format!("{type_name}, required") } else { type_name };
            let rank = match field.required {
                true => 0,
                false if USUAL.contains(&field.name) => 1,
                false => 2,
            };
            at.writing
                .member(ItemKind::Field, field.name, detail, &value(field.name, &field.field_type))
                .ranked(rank)
                .about(prose::task_field(name, field.name))
        })
        .collect()
}

/// The type in a few words.
pub(crate) fn type_name(field_type: &FieldType) -> String {
    match field_type {
        FieldType::List(item) => match **item {
            FieldType::Structure(_) => "list of objects".to_string(),
            FieldType::Integer | FieldType::Number => "list of numbers".to_string(),
            _ => "list of strings".to_string(),
        },
        FieldType::Map => "names to strings".to_string(),
        FieldType::Integer => "whole number".to_string(),
        other => other.json_type().to_string(),
    }
}

/// A value to be filled in, as a snippet.
fn value(name: &str, field_type: &FieldType) -> String {
    match field_type {
        FieldType::String => "\"$1\"".to_string(),
        // Few values are offered as a choice, many by completion.
        FieldType::Enum(values) if values.len() <= 8 => format!("\"${{1|{}|}}\"", values.join(",")),
        FieldType::Enum(_) => "\"$1\"".to_string(),
        FieldType::Integer | FieldType::Number => "${1:0}".to_string(),
        FieldType::Boolean => "${1|true,false|}".to_string(),
        FieldType::Map => "{ \"$1\": \"$2\" }".to_string(),
        FieldType::Structure("LogConfiguration") => {
            "{\n\t\"logDriver\": \"${1|awslogs,awsfirelens,splunk|}\",\n\t\"options\": { $2 }\n}".to_string()
        }
        FieldType::Structure(_) => "{ $1 }".to_string(),
        FieldType::List(item) => match (name, **item) {
            ("portMappings", _) => "[{ \"containerPort\": ${1:80} }]".to_string(),
            ("environment", _) => "[{ \"name\": \"$1\", \"value\": \"$2\" }]".to_string(),
            ("secrets", _) => "[{ \"name\": \"$1\", \"valueFrom\": \"$2\" }]".to_string(),
            (_, FieldType::Structure(_)) => "[{ $1 }]".to_string(),
            (_, FieldType::Integer | FieldType::Number) => "[${1:0}]".to_string(),
            _ => "[\"$1\"]".to_string(),
        },
    }
}

/// Options of a log driver.
fn options(at: &At<'_>) -> Vec<Item> {
    if at.place.names().last() != Some(&"options") {
        return Vec::new();
    }
    let Some(known) = log_configuration(at)
        .and_then(|log| log.string("logDriver"))
        .and_then(|driver| catalog::log_options(&driver.text))
    else {
        return Vec::new();
    };
    let option = |name: &&'static str, detail: &'static str, rank: u8| {
        at.writing.member(ItemKind::Field, *name, detail, option_value(name)).ranked(rank)
    };
    known
        .required
        .iter()
        .map(|name| option(name, "required", 0))
        .chain(known.optional.iter().map(|name| option(name, "", 1)))
        .collect()
}

fn option_value(name: &str) -> &'static str {
    match name {
        "mode" => "\"${1|non-blocking,blocking|}\"",
        "awslogs-create-group" => "\"${1|true,false|}\"",
        _ => "\"$1\"",
    }
}

/// The log configuration of the container around a place.
fn log_configuration<'a>(at: &At<'a>) -> Option<&'a Object> {
    at.place.unit(at.offset)?.unit.value.as_object()?.object("logConfiguration")
}
