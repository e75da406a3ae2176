use super::shape_walk::{self, Typed};
use crate::catalog::{self, Field, FieldType};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{Member, Object, Value};
use crate::host::{Edit, NewValue};
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::{Span, a_or_an, listed};
use serde_json::json;

declare_rule! {
    /// Finds values of the wrong JSON type.
    ///
    /// The trap of task definitions: `cpu` and `memory` of the **task** are strings, those of a **container**
    /// are numbers. Ports are numbers, values of environment variables are strings. The AWS CLI and every
    /// SDK refuse anything else: `Invalid type for parameter`.
    ///
    /// ```text
    /// "cpu": 256                                       in the task: refused, write "256"
    /// "environment": [{ "name": "N", "value": 1 }]     refused, write "1"
    /// ```
    ///
    /// See "RegisterTaskDefinition" in the Amazon ECS API Reference.
    pub WrongTaskFieldType {
        id: "wrong-task-field-type",
        group: Task,
        reads: [Container, Task],
        cases: ["null"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field's value has the wrong JSON type",
        sources: ["botocore/invalid-type"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Invalid type for parameter", "Parameter validation failed"],
    }
}

impl Rule for WrongTaskFieldType {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        for placed in &task.document.units {
            let value = &placed.unit.value;
            // The provider of Terraform takes null for a container without anything.
            let is_left_open = matches!(value, Value::Null(_)) && context.is_read_by_terraform();
            let Some(found) = value.type_name().filter(|it| *it != "object" && !is_left_open) else {
                continue;
            };
            if value.is_unknown() || value.as_string().is_some_and(|it| it.has_unknown()) {
                continue;
            }
            let found = if found == "null" { found.to_string() } else { a_or_an(found) };
            acc.report(placed.span(), format!("a container definition must be an object, not {found}"))
                .note("The AWS CLI and boto3 refuse the document: `Invalid type for parameter`.");
        }
        let Some(head) = task.head else { return };
        let mut nulls = Vec::new();
        let shape = shape_walk::task(context);
        shape_walk::values(head, shape, &mut |typed| check(typed, true, &mut nulls, acc));
        if context.described {
            // What the console writes with every field that is not set: one finding for all of them.
            for (base, container) in task.containers() {
                let mut inner = Vec::new();
                shape_walk::values(container.object, shape_walk::container(context), &mut |typed| {
                    inner.extend(Null::of(typed));
                });
                nulls.extend(inner.into_iter().map(|null| Null { span: null.span.shifted(base), ..null }));
            }
            nulls.sort_by_key(|null| null.span);
        }
        report_nulls(&nulls, true, context.described, acc);
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        // Of a whole task definition in its place, `cpu` and `memory` are right as they are.
        if container.object.has("containerDefinitions") {
            return;
        }
        let mut nulls = Vec::new();
        shape_walk::values(container.object, shape_walk::container(task), &mut |typed| {
            check(typed, task.whole, &mut nulls, acc);
        });
        if !task.described {
            report_nulls(&nulls, task.whole, false, acc);
        }
    }
}

/// A field that is null.
pub(in crate::rules) struct Null {
    span: Span,
    field: &'static Field,
    wanted: &'static str,
}

impl Null {
    /// `None` for other values, and for items of lists.
    fn of(typed: Typed<'_>) -> Option<Null> {
        let is_null = matches!(typed.value, Value::Null(_))
            && !is_item(typed)
            && *typed.field_type != FieldType::Document;
        is_null.then(|| Null {
            span: typed.value.span(),
            field: typed.field,
            wanted: typed.field_type.json_type(),
        })
    }
}

fn is_item(typed: Typed<'_>) -> bool {
    matches!(typed.field.field_type, FieldType::List(_)) && !matches!(typed.field_type, FieldType::List(_))
        || typed.key.is_some()
}

/// One finding for all of them.
pub(in crate::rules) fn report_nulls(
    nulls: &[Null],
    whole_document: bool,
    described: bool,
    acc: &mut Findings,
) {
    let Some(first) = nulls.first() else { return };
    let name = acc.name(first.field.name);
    let message = match nulls {
        [one] => format!("`{name}` must be {}, not null", a_or_an(one.wanted)),
        [_, _] => format!("`{name}` and 1 more field are null"),
        more => format!("`{name}` and {} more fields are null", more.len() - 1),
    };
    let finding = acc.report(first.span, message);
    finding
        .case("null")
        .severity(Severity::Warning)
        .note("The AWS CLI and boto3 refuse the document: `Invalid type for parameter`. Other tools leave such fields out.");
    if described {
        finding.note(
            "The console writes them; the AWS CLI and boto3 refuse them: `Invalid type for parameter`.",
        );
    } else if !whole_document {
        finding.severity(Severity::Info).note("Terraform leaves it out; the AWS CLI and boto3 refuse it.");
    }
    let title = match nulls {
        [_] => format!("Remove `{name}`"),
        _ => "Remove the fields that are null".to_string(),
    };
    let edits = nulls.iter().map(|null| Edit::RemoveMember { span: null.span }).collect();
    finding.fix(Fix::safe(title, edits));
}

/// `whole_document`: no bare array of container definitions. Fields that are null are put aside.
pub(in crate::rules) fn check(
    typed: Typed<'_>,
    whole_document: bool,
    nulls: &mut Vec<Null>,
    acc: &mut Findings,
) {
    if let Some(null) = Null::of(typed) {
        nulls.push(null);
        return;
    }
    let Typed { value, field_type, field, .. } = typed;
    if *field_type == FieldType::Document {
        return;
    }
    let wanted = field_type.json_type();
    let Some(found) = value.type_name().filter(|_| !value.is_unknown()) else { return };
    let whole = match (field_type, value) {
        (FieldType::Integer, Value::Number(number)) => number.as_f64().is_some_and(|it| it.fract() == 0.0),
        _ => true,
    };
    if found == wanted && whole {
        return;
    }
    // A placeholder in quotes where a number belongs: whoever fills it in takes the quotes away.
    if value.as_string().is_some_and(|string| string.has_unknown()) {
        return;
    }
    let name = field.name;
    let item = is_item(typed);
    let field = acc.name(name);
    let what = match typed.key {
        Some(key) => format!("`{}` of `{field}`", key.text),
        None if item => format!("an item of `{field}`"),
        None => format!("`{field}`"),
    };
    let wanted_word = if matches!(field_type, FieldType::Integer) {
        "whole number".to_string()
    } else {
        wanted.to_string()
    };
    let found_word = if found == "null" { "null".to_string() } else { a_or_an(found) };
    let finding =
        acc.report(value.span(), format!("{what} must be {}, not {found_word}", a_or_an(&wanted_word)));
    finding.note("The AWS CLI and boto3 refuse the document: `Invalid type for parameter`.");
    if found == "null" {
        if !whole_document {
            finding
                .severity(Severity::Info)
                .note("Terraform leaves it out; the AWS CLI and boto3 refuse it.");
        }
        return;
    }
    if let (FieldType::Enum(values), Value::Bool(it, _)) = (field_type, value)
        && let Some(word) = switch(values, *it)
    {
        finding.note(format!(
            "The AWS CLI and boto3 refuse the document: `Invalid type for parameter`. Write `{word}`."
        ));
    }
    finding.maybe_fix(repair(typed));
}

/// The same in the type that is wanted, where nothing is lost by it.
fn repair(typed: Typed<'_>) -> Option<Fix> {
    let Typed { value, field_type, field, .. } = typed;
    let with = |title: String, new: NewValue| {
        Some(Fix::safe(title, vec![Edit::ReplaceValue { span: value.span(), value: new }]))
    };
    match (field_type, value) {
        (FieldType::String, Value::Number(number)) => {
            with(format!("Write \"{}\"", number.text), json!(&*number.text))
        }
        (FieldType::String, Value::Bool(it, _)) => with(format!("Write \"{it}\""), json!(it.to_string())),
        (FieldType::Enum(values), Value::Bool(it, _)) => {
            let word = switch(values, *it)?;
            with(format!("Write \"{word}\""), json!(word))
        }
        (FieldType::Integer, Value::String(string)) => {
            let text = string.text.trim();
            let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text)?;
            with(format!("Write {number}"), json!(number))
        }
        (FieldType::Boolean, Value::String(string)) => {
            let word = string.text.parse::<bool>().ok()?;
            with(format!("Write {word}"), json!(word))
        }
        (FieldType::List(FieldType::String), Value::String(string))
            if matches!(field.name, "command" | "entryPoint") =>
        {
            let is_check = is_health_check(field);
            let words = words(&string.text, is_check)?;
            let edits = vec![Edit::ReplaceValue { span: value.span(), value: json!(words) }];
            Some(Fix::unsafe_(format!("Write [{}]", listed(words.iter().map(|word| json!(word)))), edits))
        }
        (FieldType::List(item), Value::String(string)) => {
            let is_one = match item {
                FieldType::String => !string.text.contains([',', ';']) && !string.is_prose(),
                FieldType::Enum(values) => values.contains(&&*string.text),
                _ => false,
            };
            is_one.then(|| with("Make it a list of one".into(), json!([&*string.text]))).flatten()
        }
        // As Compose files and most other formats have it.
        (FieldType::List(_), Value::Object(object)) if matches!(field.name, "environment" | "secrets") => {
            let pairs = pairs(object, if field.name == "secrets" { "valueFrom" } else { "value" })?;
            with("Make it a list of names and values".into(), pairs)
        }
        _ => None,
    }
}

/// The same for a boolean that is written as a text.
pub(super) fn switch_named(values: &[&'static str], text: &str) -> Option<&'static str> {
    switch(values, text.trim().to_ascii_lowercase().parse().ok()?)
}

/// What a boolean means to a field that takes words.
fn switch(values: &[&'static str], is_on: bool) -> Option<&'static str> {
    let word = if is_on { "ENABLED" } else { "DISABLED" };
    values.contains(&word).then_some(word)
}

fn is_health_check(field: &'static Field) -> bool {
    let check = catalog::shape("HealthCheck").and_then(|check| check.field(field.name));
    check.is_some_and(|own| std::ptr::eq(own, field))
}

/// A line as a container takes it: its words, or the line itself for a shell where it has signs that
/// only a shell reads.
fn words(line: &str, is_health_check: bool) -> Option<Vec<&str>> {
    let line = line.trim();
    let first = line.split_whitespace().next()?;
    let for_shell = line.contains(|it: char| "&|;<>$`\"'\\*?(){}[]~#!\n".contains(it)) || first.contains('=');
    if is_health_check {
        return Some(match line.split_once(char::is_whitespace) {
            Some(("CMD-SHELL", rest)) => vec!["CMD-SHELL", rest.trim_start()],
            Some(("CMD", rest)) if !for_shell => {
                std::iter::once("CMD").chain(rest.split_whitespace()).collect()
            }
            Some(("CMD", _)) => return None,
            None if line == "NONE" => vec![line],
            _ => vec!["CMD-SHELL", line],
        });
    }
    Some(if for_shell { vec!["sh", "-c", line] } else { line.split_whitespace().collect() })
}

/// `{ "A": "b" }` as `[{ "name": "A", "value": "b" }]`; `None` where some value has no text.
fn pairs(object: &Object, value_field: &str) -> Option<serde_json::Value> {
    let pair = |member: &Member| {
        let text: String = match &member.value {
            Value::String(text) => text.text.to_string(),
            Value::Number(number) => number.text.to_string(),
            Value::Bool(value, _) => value.to_string(),
            _ => return None,
        };
        Some(json!({ "name": &*member.name.text, value_field: text }))
    };
    object.members.iter().map(pair).collect::<Option<Vec<_>>>().map(serde_json::Value::Array)
}
