use super::shape_walk::{self, Typed};
use crate::catalog::FieldType;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;
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
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field's value has the wrong JSON type",
        sources: ["botocore/invalid-type"],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Invalid type for parameter", "Parameter validation failed"],
    }
}

impl Rule for WrongTaskFieldType {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        if let Some(head) = task.head {
            shape_walk::values(head, shape_walk::task(), &mut |typed| check(typed, true, acc));
        }
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        shape_walk::values(container.object, shape_walk::container(), &mut |typed| {
            check(typed, task.whole, acc)
        });
    }
}

/// `whole`: a task definition, not a bare array of container definitions.
fn check(typed: Typed<'_>, whole_document: bool, acc: &mut Findings) {
    let Typed { value, field_type, field, .. } = typed;
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
    let item = matches!(field.field_type, FieldType::List(_)) && !matches!(field_type, FieldType::List(_));
    let what = if item { format!("an item of `{name}`") } else { format!("`{name}`") };
    let article = |word: &str| {
        if matches!(word, "array" | "object") { format!("an {word}") } else { format!("a {word}") }
    };
    let wanted_word = if matches!(field_type, FieldType::Integer) {
        "whole number".to_string()
    } else {
        wanted.to_string()
    };
    let found_word = if found == "null" { "null".to_string() } else { article(found) };
    let finding = acc.report(value.span(), format!("{what} is {}, not {found_word}", article(&wanted_word)));
    finding.note("AWS refuses the document: `Invalid type for parameter`.");
    if found == "null" {
        if !whole_document {
            finding
                .severity(Severity::Info)
                .note("Terraform leaves it out; the AWS CLI and the SDKs refuse it.");
        }
        if !item {
            finding
                .fix(Fix::safe(format!("Remove `{name}`"), vec![Edit::RemoveMember { span: value.span() }]));
        }
        return;
    }
    let repaired = match (wanted, value) {
        ("string", Value::Number(number)) => Some((json!(&*number.text), format!("\"{}\"", number.text))),
        ("string", Value::Bool(it, _)) => Some((json!(it.to_string()), format!("\"{it}\""))),
        ("number", Value::String(string)) => {
            string.text.trim().parse::<i64>().ok().map(|number| (json!(number), number.to_string()))
        }
        ("boolean", Value::String(string)) => match &*string.text {
            "true" => Some((json!(true), "true".into())),
            "false" => Some((json!(false), "false".into())),
            _ => None,
        },
        ("array", Value::String(string))
            if matches!(field_type, FieldType::List(FieldType::String | FieldType::Enum(_))) =>
        {
            Some((json!([&*string.text]), "a list of one".into()))
        }
        _ => None,
    };
    if let Some((value_written, shown)) = repaired {
        finding.fix(Fix::safe(
            if shown.starts_with("a list") { format!("Make it {shown}") } else { format!("Write {shown}") },
            vec![Edit::ReplaceValue { span: value.span(), value: value_written }],
        ));
    }
}
