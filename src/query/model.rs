//! What passrole reads of a file, for other programs: `passrole model`.

use crate::analysis::Report;
use crate::host::value::Value as Spanned;
use crate::host::{Document, DocumentKind};
use crate::text::{LineIndex, Span};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The documents of one file.
pub struct FileModel<'r> {
    path: &'r str,
    text: &'r str,
    report: &'r Report,
}

/// What stands for a value, or a part of a text, that is filled in later.
const OPEN: &str = "$open";

impl<'r> FileModel<'r> {
    pub fn of(path: &'r str, text: &'r str, report: &'r Report) -> FileModel<'r> {
        FileModel { path, text, report }
    }

    pub fn json(&self) -> Value {
        let index = LineIndex::new(self.text);
        let documents: Vec<Value> = self.report.documents.iter().map(|it| document(it, &index)).collect();
        json!({ "schema": 1, "path": self.path, "documents": documents })
    }

    /// One line for each document.
    pub fn text(&self) -> String {
        let index = LineIndex::new(self.text);
        let mut out = String::new();
        if self.report.documents.is_empty() {
            let _ = writeln!(out, "{}: nothing of ours", self.path);
        }
        for document in &self.report.documents {
            let at = index.scalars(document.span.start);
            let owner =
                document.owner.as_ref().map_or(String::new(), |owner| format!(" of `{}`", owner.name));
            let what = if document.kind.is_policy() { "statements" } else { "containers" };
            let count = match document.units.len() {
                0 => String::new(),
                count => format!(", {count} {what}"),
            };
            let _ = writeln!(
                out,
                "{}:{}:{}: {}{owner}{count} ({})",
                self.path,
                at.line,
                at.column,
                document.kind.title(),
                document.reason
            );
        }
        out
    }
}

fn document(document: &Document, index: &LineIndex<'_>) -> Value {
    let place = |span: Span| {
        let point = |offset| {
            let at = index.scalars(offset);
            json!({ "line": at.line, "column": at.column })
        };
        json!({ "start": point(span.start), "end": point(span.end) })
    };
    let owner = document
        .owner
        .as_ref()
        .map(|owner| json!({ "name": owner.name, "type": owner.resource_type, "roleName": owner.role_name }));
    let assumed: Vec<&str> = document.assumed.iter().map(|it| &*it.name).collect();
    let units: Vec<Value> = document.units.iter().map(|unit| place(unit.span())).collect();
    json!({
        "kind": document.kind.name(),
        "reason": document.reason,
        "range": place(document.span),
        "owner": owner,
        "whole": document.is_whole(),
        "assumed": assumed,
        "units": units,
        "document": whole(document),
    })
}

/// The document in one piece, with names as AWS spells them.
fn whole(document: &Document) -> Value {
    let units = || -> Vec<Value> { document.units.iter().map(|unit| value(&unit.unit.value)).collect() };
    let Some(head) = document.object() else {
        return if matches!(*document.head, Spanned::Apart(_))
            || document.kind == DocumentKind::ContainerDefinitions
        {
            Value::Array(units())
        } else {
            value(&document.head)
        };
    };
    let is_single = document.units.first().is_some_and(|only| Some(only.span()) == document.units_span);
    let members = head.members.iter().map(|member| {
        let inside = match &member.value {
            Spanned::Apart(_) if is_single => units().into_iter().next().unwrap_or_default(),
            Spanned::Apart(_) => Value::Array(units()),
            other => value(other),
        };
        (member.name.text.to_string(), inside)
    });
    Value::Object(members.collect())
}

/// A value as JSON; what is filled in later as an object that says so.
fn value(spanned: &Spanned) -> Value {
    match spanned {
        Spanned::Object(object) => {
            let members = object.members.iter().map(|it| (it.name.text.to_string(), value(&it.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Spanned::Array(array) => Value::Array(array.items.iter().map(value).collect()),
        Spanned::String(text) if text.has_unknown() => json!({ OPEN: text.text }),
        Spanned::String(text) => json!(text.text),
        Spanned::Number(number) => number.text.parse().map_or_else(|_| json!(number.text), Value::Number),
        Spanned::Bool(it, _) => json!(it),
        Spanned::Null(_) => Value::Null,
        Spanned::Unknown(_) | Spanned::Missing(_) | Spanned::Apart(_) => json!({ OPEN: null }),
    }
}
