//! `aws_ecs_task_definition` and `aws_ecs_service`.

use super::handed::{self, TaskAround};
use super::module::path_of_file;
use super::resolve::Resolver;
use super::task_fields::structure;
use super::{Place, go_json, links, module_containers, structures};
use crate::catalog;
use crate::host::value::{Array, Value};
use crate::host::{Assumed, ContainersAt, Document, DocumentKind, Form, Naming, Placed, Reference, embedded};
use crate::text::Span;
use std::sync::Arc;

pub(super) fn document(place: &Place<'_>) -> Document {
    let mut assumed = Vec::new();
    let value = place.resolver.evaluate(&Value::Object(place.block.body.clone()), &mut assumed);
    let body = match &value {
        Value::Object(body) => body,
        _ => &place.block.body,
    };
    let resolver = Resolver { is_of_containers: true, ..place.resolver };
    let mut head = structure(body, catalog::task_definition_shape());
    // What stands in locals is judged there.
    let mut elsewhere = Vec::new();
    let mut is_known = false;
    let written = place.block.body.members.iter().filter(|it| &*it.name.text == "container_definitions");
    for member in written {
        let value = resolver.evaluate(&member.value, &mut assumed);
        if is_known || matches!(value, Value::Unknown(_)) {
            continue;
        }
        is_known = true;
        elsewhere = in_locals(&member.value, &value, place.resolver.text);
        if let Some(known) = head.members.iter_mut().find(|it| &*it.name.text == "containerDefinitions") {
            known.value = value;
        }
    }
    let mut document = Document {
        naming: Naming::TerraformTask,
        references: references(
            place,
            &[("execution_role_arn", "executionRoleArn"), ("task_role_arn", "taskRoleArn")],
        ),
        assumed,
        elsewhere: elsewhere.into(),
        ..Document::of(
            DocumentKind::TaskDefinition,
            "it is `aws_ecs_task_definition`",
            Value::Object(head),
            "containerDefinitions",
        )
    };
    containers(&mut document);
    document.is_open |= !document.units.iter().all(|placed| placed.unit.value.as_object().is_some());
    go_json::containers(&mut document);
    if document.units_span.is_none() {
        let written = place.block.body.get("container_definitions").map(Value::span);
        document.containers_at = written.and_then(|span| containers_at(place.resolver.source(span), place));
    }
    document
}

/// The file that holds the containers: `file("web.json")`, also by a local, a template or one side of a condition.
fn containers_at(expression: &str, place: &Place<'_>) -> Option<ContainersAt> {
    if let Some(path) = path_of_file(expression) {
        return Some(ContainersAt(path));
    }
    let named = |name: &str| place.resolver.module.file(name).map(Into::into);
    let rendered = expression.trim().strip_prefix("\"${").and_then(|it| it.strip_suffix("}\""));
    let rendered = rendered.unwrap_or(expression).trim();
    if rendered.starts_with("data.template_file.") {
        let name = rendered.split(".rendered").next()?.split('[').next()?;
        return named(name).map(ContainersAt);
    }
    let mut found = handed::references_in(expression).into_iter().filter_map(|name| named(&name));
    found.next().map(ContainersAt)
}

/// Which of the containers are the whole of a local: `[local.web, { … }]`.
fn in_locals(written: &Value, value: &Value, text: &str) -> Vec<u32> {
    let Value::Array(containers) = value else { return Vec::new() };
    let locals: Vec<Span> = match written {
        Value::Array(array) => &array.items[..],
        single => std::slice::from_ref(single),
    }
    .iter()
    .filter(|item| structures::local(item, text).is_some())
    .map(Value::span)
    .collect();
    let is_in = |item: &Value| locals.contains(&item.span());
    (0..).zip(&containers.items).filter(|(_, item)| is_in(item)).map(|(index, _)| index).collect()
}

/// The containers that a local holds, judged as those of the task definition that has them.
pub(super) fn containers_of_local(
    place: &Place<'_>,
    value: &Value,
    around: Option<&TaskAround>,
) -> Vec<Document> {
    const REASON: &str = "a task definition has its containers from here";
    let resolver = Resolver { is_of_containers: true, ..place.resolver };
    let mut assumed = Vec::new();
    let value = resolver.evaluate(value, &mut assumed);
    let mut found = match value {
        Value::String(text) if text.is_written() => {
            embedded::json(&text, Some(DocumentKind::ContainerDefinitions), REASON)
        }
        Value::Array(_) => vec![Document::of(DocumentKind::ContainerDefinitions, REASON, value, "")],
        Value::Object(object) => {
            let array = Value::Array(Array { span: object.span, items: vec![Value::Object(object)] });
            vec![Document::of(DocumentKind::ContainerDefinitions, REASON, array, "")]
        }
        _ => Vec::new(),
    };
    for document in &mut found {
        document.naming = Naming::TerraformTask;
        document.assumed.clone_from(&assumed);
        document.around = around.map(|around| Arc::new(around.head.clone()));
        if &*place.block.keyword == "module" {
            for placed in &mut document.units {
                let mut value = placed.unit.value.clone();
                module_containers::convert(&mut value);
                *placed = Placed { base: placed.base, ..Placed::unmoved(value) };
            }
        }
        if around.is_none_or(|around| !around.is_whole) {
            leave_open(document);
        }
        document.is_open |= !document.units.iter().all(|it| it.unit.value.as_object().is_some());
    }
    found
}

/// Says of containers that others may stand beside them.
pub(super) fn leave_open(containers: &mut Document) {
    let end = containers.span.end;
    containers.units.push(Placed::unmoved(Value::Unknown(Span::new(end.saturating_sub(1), end))));
    containers.is_open = true;
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
    if let Value::Object(head) = Arc::make_mut(&mut document.head)
        && let Some(member) =
            head.members.iter_mut().find(|member| &*member.name.text == "containerDefinitions")
    {
        member.value = value;
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
