//! Arguments and blocks as the fields of a structure of the ECS API.

use super::{around, names};
use crate::catalog::{self, Field, FieldType, Shape};
use crate::host::value::{Array, Member, Object, StringValue, Value};
use crate::host::{PROBE, coerce};

/// The fields of a task definition, but for its containers.
pub(super) fn head(body: &Object) -> Object {
    let mut head = structure(body, catalog::task_definition_shape());
    head.members.retain(|member| &*member.name.text != "containerDefinitions");
    head
}

/// The arguments of a block that are fields of a structure, by the names of the ECS API. What Terraform
/// alone knows is left out: it looks after that itself.
pub(super) fn structure(body: &Object, shape: &Shape) -> Object {
    let mut members: Vec<Member> = Vec::new();
    for field in shape.fields {
        let argument = names::snake(shape.name, field.name);
        let found: Vec<&Member> =
            body.members.iter().filter(|it| *it.name.text == *argument && !is_left_out(it, field)).collect();
        let Some(first) = found.first() else { continue };
        let mut name = first.name.clone();
        if name.text.len() == field.name.len() {
            name.text = field.name.into();
        } else {
            name = StringValue::standing_for(field.name, name.span);
        }
        let value = match field.field_type {
            FieldType::List(FieldType::Structure(inner)) => blocks(&found, inner),
            FieldType::Structure(inner) => match &first.value {
                // Its arguments stand in the block itself.
                Value::Object(object) if object.is_open() => Value::Unknown(object.span),
                Value::Object(object) if inner == "NetworkConfiguration" => Value::Object(object.clone()),
                Value::Object(object) => block(object, inner),
                other => Value::Unknown(other.span()),
            },
            // Tags, and what a proxy is configured by, are maps in Terraform.
            FieldType::List(_) if matches!(first.value, Value::Object(_)) => {
                Value::Unknown(first.value.span())
            }
            // One or the other holds, not both.
            _ if first.value.as_array().is_some_and(Array::is_choice) => Value::Unknown(first.value.span()),
            field_type => {
                let mut value = first.value.clone();
                coerce::to_type(&mut value, &field_type);
                value
            }
        };
        members.push(Member { name, value });
    }
    // A volume's path on the host is an argument of its own.
    if shape.name == "Volume"
        && let Some(path) = body.member("host_path").filter(|path| !is_nothing(&path.value))
    {
        let name = StringValue::standing_for("sourcePath", path.name.span);
        let host = Object { span: path.span(), members: vec![Member { name, value: path.value.clone() }] };
        let name = StringValue::standing_for("host", path.name.span);
        members.push(Member { name, value: Value::Object(host) });
    }
    let completed = body.members.iter().filter(|member| member.name.text.contains(PROBE));
    members
        .extend(completed.map(|it| Member { name: it.name.clone(), value: Value::Unknown(it.value.span()) }));
    members.sort_by_key(|member| member.name.span.start);
    Object { span: body.span, members }
}

/// Whether the provider leaves an argument out of the request: `null`, and the zero of its type where that says
/// nothing.
fn is_left_out(member: &Member, field: &Field) -> bool {
    /// Numbers of which zero is one like others.
    const COUNTS: [&str; 10] = [
        "base",
        "bakeTimeInMinutes",
        "canaryBakeTimeInMinutes",
        "canaryPercent",
        "desiredCount",
        "maximumPercent",
        "minimumHealthyPercent",
        "stepBakeTimeInMinutes",
        "stepPercent",
        "weight",
    ];
    match field.field_type {
        FieldType::Integer if !field.required && !COUNTS.contains(&field.name) => {
            matches!(&member.value, Value::Null(_)) || member.value.whole_number() == Some(0)
        }
        FieldType::String if !field.required => is_nothing(&member.value),
        _ => matches!(&member.value, Value::Null(_)),
    }
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Null(_)) || value.as_string().is_some_and(|it| it.text.is_empty())
}

/// Blocks of one name, each an item.
fn blocks(found: &[&Member], shape: &str) -> Value {
    let span = around(found.iter().map(|member| member.span())).unwrap_or_default();
    if shape == "ContainerDefinition" {
        return found[0].value.clone();
    }
    let items = found.iter().map(|member| match &member.value {
        Value::Object(object) if !object.is_open() => block(object, shape),
        other => Value::Unknown(other.span()),
    });
    let items: Vec<Value> = items.collect();
    // What `dynamic` makes may be anything.
    if items.iter().any(|item| matches!(item, Value::Unknown(_))) {
        return Value::Unknown(span);
    }
    Value::Array(Array { span, items })
}

fn block(object: &Object, shape: &str) -> Value {
    match catalog::shape(shape) {
        Some(shape) => Value::Object(structure(object, shape)),
        None => Value::Unknown(object.span),
    }
}
