//! The outline of a file: documents, statements, containers, volumes.

use super::File;
use crate::host::value::{Object, Value};
use crate::host::{Document, DocumentKind};
use crate::model::{Statement, TaskDefinition};
use crate::text::{Span, listed};

#[derive(Debug, Clone, PartialEq)]
pub struct Symbol {
    pub name: String,
    pub detail: String,
    pub kind: SymbolKind,
    pub span: Span,
    /// What a click selects; within `span`.
    pub name_span: Span,
    pub children: Vec<Symbol>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    Document,
    Statement,
    Container,
    Volume,
}

pub fn symbols(file: &File<'_>) -> Vec<Symbol> {
    file.report.documents.iter().filter(|it| !it.is_variant).map(document).collect()
}

fn document(document: &Document) -> Symbol {
    let mut children: Vec<Symbol> = document
        .units
        .iter()
        .enumerate()
        .map(|(index, placed)| {
            let object = placed.unit.value.as_object();
            if document.kind.is_policy() {
                statement(object, placed.base, placed.span(), index)
            } else {
                container(object, placed.base, placed.span(), index)
            }
        })
        .collect();
    let head = document.object();
    for volume in head.map_or(&[][..], |head| head.items("volumes")).iter().filter_map(Value::as_object) {
        let mut symbol = named(volume, "name", SymbolKind::Volume, 0, volume.span, || "volume".to_string());
        symbol.detail = volume_kind(volume).to_string();
        children.push(symbol);
    }
    children.sort_by_key(|child| child.span.start);
    let name = match document.kind {
        DocumentKind::TaskDefinition => head.and_then(|head| head.string("family")),
        DocumentKind::Service => {
            head.and_then(|head| head.string("serviceName").or_else(|| head.string("service")))
        }
        _ => head.and_then(|head| head.string("Id")),
    };
    let title = launch_types(document).map_or_else(
        || document.kind.title().to_string(),
        |types| format!("{}, {types}", document.kind.title()),
    );
    let open = Span::new(document.span.start, document.span.start.saturating_add(1).min(document.span.end));
    match name.filter(|name| !name.text.is_empty()) {
        Some(name) => Symbol {
            name: name.text.to_string(),
            detail: title,
            kind: SymbolKind::Document,
            span: document.span,
            name_span: name.span,
            children,
        },
        // Of several in a template or module, each has its resource's name.
        None => Symbol {
            name: document.owner.as_ref().map_or_else(|| title.clone(), |owner| owner.name.to_string()),
            detail: document.owner.as_ref().map_or_else(String::new, |_| title),
            kind: SymbolKind::Document,
            span: document.span,
            name_span: open,
            children,
        },
    }
}

/// `FARGATE, EC2`; `None` where a task definition states none.
fn launch_types(document: &Document) -> Option<String> {
    let types = TaskDefinition::of(document)?.get("requiresCompatibilities")?;
    let names: Vec<&str> = types
        .one_or_many()
        .iter()
        .filter_map(|item| item.as_string().filter(|it| !it.has_unknown() && !it.text.is_empty()))
        .map(|item| &*item.text)
        .collect();
    (!names.is_empty()).then(|| listed(&names))
}

fn volume_kind(volume: &Object) -> &'static str {
    for (field, kind) in [
        ("efsVolumeConfiguration", "Amazon EFS"),
        ("s3filesVolumeConfiguration", "S3 Files"),
        ("fsxWindowsFileServerVolumeConfiguration", "Amazon FSx"),
        ("dockerVolumeConfiguration", "Docker"),
    ] {
        if volume.has(field) {
            return kind;
        }
    }
    if volume.get("configuredAtLaunch").and_then(Value::as_bool) == Some(true) {
        return "configured at launch";
    }
    if volume.object("host").is_some_and(|host| host.has("sourcePath")) {
        return "host";
    }
    ""
}

fn statement(object: Option<&Object>, base: u32, span: Span, index: usize) -> Symbol {
    let number = format!("statement {}", index + 1);
    let Some(object) = object else {
        return Symbol {
            name: number,
            detail: String::new(),
            kind: SymbolKind::Statement,
            span,
            name_span: Span::new(span.start, span.start),
            children: Vec::new(),
        };
    };
    let statement = Statement { object };
    let effect = object.string("Effect").map(|effect| effect.text.to_string()).unwrap_or_default();
    let mut actions = statement.actions();
    let first = actions.next();
    let more = actions.count();
    let summary = first.map(|first| {
        let but = if first.negated { "all but " } else { "" };
        match more {
            0 => format!("{but}{}", first.text()),
            more => format!("{but}{} + {more}", first.text()),
        }
    });
    let mut symbol = named(object, "Sid", SymbolKind::Statement, base, span, || {
        summary.clone().filter(|summary| !summary.is_empty()).unwrap_or(number)
    });
    symbol.detail = match summary {
        Some(summary) if symbol.name != summary => format!("{effect} {summary}").trim().to_string(),
        _ => effect,
    };
    symbol
}

fn container(object: Option<&Object>, base: u32, span: Span, index: usize) -> Symbol {
    let number = || format!("container {}", index + 1);
    let Some(object) = object else {
        return Symbol {
            name: number(),
            detail: String::new(),
            kind: SymbolKind::Container,
            span,
            name_span: Span::new(span.start, span.start),
            children: Vec::new(),
        };
    };
    let mut symbol = named(object, "name", SymbolKind::Container, base, span, number);
    symbol.detail = object.string("image").map(|image| image.text.to_string()).unwrap_or_default();
    symbol
}

/// A symbol named by a member, where that is there. `base` is added to the object's spans.
fn named(
    object: &Object,
    member: &str,
    kind: SymbolKind,
    base: u32,
    span: Span,
    otherwise: impl FnOnce() -> String,
) -> Symbol {
    let (name, name_span) = match object.string(member).filter(|name| !name.text.is_empty()) {
        Some(name) => (name.text.to_string(), name.span.shifted(base)),
        None => (otherwise(), object.open().shifted(base)),
    };
    Symbol { name, detail: String::new(), kind, span, name_span, children: Vec::new() }
}
