//! `aws_ecs_task_definition` and `aws_ecs_service`.

use super::{Place, around, go_json, links, names};
use crate::catalog::{self, FieldType, Shape};
use crate::host::value::{Array, Member, Object, StringValue, Value};
use crate::host::{
    Assumed, ContainersAt, Document, DocumentKind, Form, Naming, PROBE, Reference, coerce, embedded,
};
use crate::text::Span;

pub(super) fn document(place: &Place<'_>) -> Document {
    let mut assumed = Vec::new();
    let value = place.resolver.evaluate(&Value::Object(place.block.body.clone()), &mut assumed);
    let body = match &value {
        Value::Object(body) => body,
        _ => &place.block.body,
    };
    let head = structure(body, catalog::task_definition_shape());
    let mut document = Document {
        naming: Naming::TerraformTask,
        references: references(
            place,
            &[("execution_role_arn", "executionRoleArn"), ("task_role_arn", "taskRoleArn")],
        ),
        assumed,
        ..Document::of(
            DocumentKind::TaskDefinition,
            "it is `aws_ecs_task_definition`",
            Value::Object(head),
            "containerDefinitions",
        )
    };
    containers(&mut document);
    go_json::containers(&mut document);
    if document.units_span.is_none() {
        let written = place.block.body.get("container_definitions").map(Value::span);
        document.containers_at = written.and_then(|span| containers_at(place.resolver.source(span)));
    }
    document
}

/// `local.web`, `jsonencode(local.web)`, `file("web.json")` and `templatefile("${path.module}/web.json.tpl", { … })`.
fn containers_at(expression: &str) -> Option<ContainersAt> {
    let expression = expression.trim();
    let called = |function: &str| {
        let arguments = expression.strip_prefix(function)?.trim_start().strip_prefix('(')?;
        Some(arguments.trim_end().strip_suffix(')')?.trim())
    };
    if let Some(arguments) = called("templatefile").or_else(|| called("file")) {
        let path = arguments.strip_prefix('"')?.split('"').next()?;
        let path = path.strip_prefix("${path.module}/").unwrap_or(path);
        return (!path.is_empty() && !path.contains("${")).then(|| ContainersAt::File(path.into()));
    }
    let local = called("jsonencode").unwrap_or(expression);
    let name = local.strip_prefix("local.")?;
    let is_name = name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'));
    is_name.then(|| ContainersAt::Local(local.into()))
}

/// Container definitions that are JSON in a string.
fn containers(document: &mut Document) {
    let Some(Value::String(text)) = document.object().and_then(|head| head.get("containerDefinitions"))
    else {
        return;
    };
    let text = text.clone();
    let found = text
        .is_written()
        .then(|| embedded::json(&text, Some(DocumentKind::ContainerDefinitions), "").into_iter().next())
        .flatten();
    let value = match found {
        Some(list) => {
            document.units = list.units;
            document.units_span = list.units_span;
            document.errors = list.errors;
            document.is_partial |= list.is_partial;
            document.embedded = list.embedded;
            document.inside = list.inside;
            Value::Apart(text.span)
        }
        None => Value::Unknown(text.span),
    };
    if let Value::Object(head) = &mut document.head
        && let Some(member) =
            head.members.iter_mut().find(|member| &*member.name.text == "containerDefinitions")
    {
        member.value = value;
    }
}

/// The arguments of a block that are fields of a structure, by the names of the ECS API. What Terraform
/// alone knows is left out: it looks after that itself.
fn structure(body: &Object, shape: &Shape) -> Object {
    let mut members: Vec<Member> = Vec::new();
    for field in shape.fields {
        let argument = names::snake(shape.name, field.name);
        let found: Vec<&Member> =
            body.members.iter().filter(|member| *member.name.text == *argument).collect();
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
                Value::Object(object) if inner == "NetworkConfiguration" => Value::Object(object.clone()),
                Value::Object(object) => block(object, inner),
                other => Value::Unknown(other.span()),
            },
            // Tags, and what a proxy is configured by, are maps in Terraform.
            FieldType::List(_) if matches!(first.value, Value::Object(_)) => {
                Value::Unknown(first.value.span())
            }
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
        && let Some(path) = body.member("host_path")
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

/// Blocks of one name, each an item.
fn blocks(found: &[&Member], shape: &str) -> Value {
    let span = around(found.iter().map(|member| member.span())).unwrap_or_default();
    if shape == "ContainerDefinition" {
        return found[0].value.clone();
    }
    let items = found.iter().map(|member| match &member.value {
        Value::Object(object) => block(object, shape),
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

/// What arguments refer to.
fn references(place: &Place<'_>, fields: &[(&str, &str)]) -> Vec<Reference> {
    fields
        .iter()
        .filter_map(|(argument, field)| {
            let value = place.block.body.get(argument)?;
            let target = links::target(value, place.resolver.text)?;
            Some(Reference { field: (*field).into(), target, span: value.span() })
        })
        .collect()
}

pub(super) fn service(place: &Place<'_>) -> Document {
    let mut assumed: Vec<Assumed> = Vec::new();
    let value = place.resolver.evaluate(&Value::Object(place.block.body.clone()), &mut assumed);
    let value = match (&value, catalog::input_shape("CreateService")) {
        (Value::Object(body), Some(shape)) => Value::Object(structure(body, shape)),
        _ => value,
    };
    let references = references(place, &[("task_definition", "taskDefinition")]);
    let document = Document::of(DocumentKind::Service, "it is `aws_ecs_service`", value, "");
    Document {
        naming: Naming::TerraformTask,
        form: Form::Plain,
        references,
        assumed,
        span: whole(place),
        ..document
    }
}

fn whole(place: &Place<'_>) -> Span {
    place.block.body.span
}
