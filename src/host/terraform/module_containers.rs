//! Containers that modules take: a map of them by name (`container_definitions = { web = { image = … } }`), or
//! the fields of one as arguments (`container_image = …`).

use super::open::open_member;
use super::{Place, names, task_fields};
use crate::catalog::{self, FieldType, Shape};
use crate::host::value::{Array, Member, Object, StringValue, Value};
use crate::host::{Document, DocumentKind, Naming, coerce};
use crate::text::Span;
use std::sync::Arc;

/// What arguments that are fields of one container begin with, where they do not have the field's own name.
const PREFIX: &str = "container_";

pub(super) fn find(place: &Place<'_>, within: &str) -> Vec<Document> {
    let body = &place.block.body;
    let Some(shape) = catalog::shape("ContainerDefinition") else { return Vec::new() };
    let mut assumed = Vec::new();
    let mut containers = Vec::new();
    let has = |name: &str| body.has(&format!("{PREFIX}{name}"));
    if &*place.block.keyword == "module" && has("name") && has("image") {
        let value = place.resolver.evaluate(&Value::Object(body.clone()), &mut assumed);
        containers.extend(value.as_object().map(|body| container(body, None, shape)));
    } else {
        for member in body.members.iter().filter(|it| it.name.text.contains("container")) {
            let Value::Object(written) = &member.value else { continue };
            if !written.members.iter().any(|it| it.value.as_object().is_some_and(is_container)) {
                continue;
            }
            let Value::Object(map) = place.resolver.evaluate(&member.value, &mut assumed) else { continue };
            for entry in &map.members {
                let Some(object) = entry.value.as_object().filter(|it| is_container(it)) else { continue };
                containers.push(container(object, Some(&entry.name), shape));
            }
        }
    }
    let Some(span) = containers.iter().map(|it| it.span).reduce(Span::to) else { return Vec::new() };
    let items = containers.into_iter().map(Value::Object).collect();
    let reason = format!("an object with `image` is a container definition, {within}");
    let value = Value::Array(Array { span, items });
    // What calls the module may say which task definition has the container that it makes.
    let task = (&*place.block.keyword == "module")
        .then(|| place.resolver.module.task_around_call(place.label(0)))
        .flatten();
    let head = task.map_or_else(|| Value::Object(task_fields::head(body)), |task| task.head);
    vec![Document {
        naming: Naming::Fields,
        assumed,
        // What the module adds is not known.
        is_open: true,
        around: Some(Arc::new(head)),
        ..Document::of(DocumentKind::ContainerDefinitions, reason, value, "")
    }]
}

/// Whether an object without a name is a container all the same.
fn is_container(object: &Object) -> bool {
    const BESIDE: [&str; 12] = [
        "port_mappings",
        "portMappings",
        "essential",
        "environment",
        "log_configuration",
        "logConfiguration",
        "secrets",
        "mount_points",
        "mountPoints",
        "memory_reservation",
        "readonly_root_filesystem",
        "command",
    ];
    object.has("image") && BESIDE.iter().any(|name| object.has(name))
}

/// Arguments with the names of fields. Others are the module's own.
fn container(object: &Object, name: Option<&StringValue>, shape: &Shape) -> Object {
    let mut members: Vec<Member> = Vec::new();
    for member in &object.members {
        let written = member.name.text.strip_prefix(PREFIX).unwrap_or(&member.name.text);
        let Some(field) = shape.fields.iter().find(|field| is_called(shape, field.name, written)) else {
            continue;
        };
        // An argument that is `null`, or empty, is not there.
        let is_nothing = matches!(&member.value, Value::Null(_))
            || member.value.as_array().is_some_and(|it| it.items.is_empty());
        if is_nothing || members.iter().any(|known| &*known.name.text == field.name) {
            continue;
        }
        let mut value = member.value.clone();
        conform(&mut value, &field.field_type);
        // What has the name of a field and none of its values is the module's own: `environment = "prod"`.
        let is_scalar = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(..));
        if is_scalar
            && matches!(field.field_type, FieldType::List(_) | FieldType::Structure(_) | FieldType::Map)
        {
            continue;
        }
        members.push(Member { name: named(&member.name, field.name), value });
    }
    if let Some(name) = name.filter(|_| !object.has("name")) {
        let value = Value::String(name.clone());
        members.push(Member { name: StringValue::standing_for("name", name.span), value });
    }
    members.push(open_member(Span::new(object.span.end, object.span.end)));
    Object { span: object.span, members }
}

/// A container as a module gets it whose variable says which types its fields have: Terraform converts scalars.
pub(super) fn convert(container: &mut Value) {
    convert_to(container, &FieldType::Structure("ContainerDefinition"));
}

fn convert_to(value: &mut Value, field_type: &FieldType) {
    match (field_type, value) {
        (FieldType::Structure(name), Value::Object(object)) => {
            let Some(shape) = catalog::shape(name) else { return };
            for member in &mut object.members {
                if let Some(field) = shape.field(&member.name.text) {
                    convert_to(&mut member.value, &field.field_type);
                }
            }
        }
        (FieldType::List(inner), Value::Array(array)) => {
            array.items.iter_mut().for_each(|item| convert_to(item, inner));
        }
        (field_type, value) => coerce::to_type(value, field_type),
    }
}

fn conform(value: &mut Value, field_type: &FieldType) {
    match (field_type, value) {
        (FieldType::Structure(name), Value::Object(object)) => {
            let Some(shape) = catalog::shape(name) else { return };
            for member in &mut object.members {
                let field = shape.fields.iter().find(|it| is_called(shape, it.name, &member.name.text));
                if let Some(field) = field {
                    member.name = named(&member.name, field.name);
                    conform(&mut member.value, &field.field_type);
                }
            }
        }
        (FieldType::List(inner), Value::Array(array)) => {
            array.items.iter_mut().for_each(|item| conform(item, inner));
        }
        // A map in place of a list is the module's own form.
        (FieldType::List(_), value @ Value::Object(_)) => *value = Value::Unknown(value.span()),
        (field_type, value) => coerce::to_type(value, field_type),
    }
}

fn is_called(shape: &Shape, field: &str, written: &str) -> bool {
    field == written || names::snake(shape.name, field) == written || field.eq_ignore_ascii_case(written)
}

fn named(name: &StringValue, field: &str) -> StringValue {
    if *name.text == *field { name.clone() } else { StringValue::standing_for(field, name.span) }
}
