//! Growing selections: word, value, member, container, and so on out.

use super::File;
use crate::host::value::Value;
use crate::syntax::{Kind, ValueRef};
use crate::text::{Source, Span};

/// The ranges around an offset, the innermost first, each within the next.
pub fn around(file: &File<'_>, offset: u32) -> Vec<Span> {
    if file.report.parsed.tree().is_none() {
        return among_values(file, offset);
    }
    let mut spans = vec![Span::new(0, Source::len(file.text))];
    let mut next = file.report.parsed.json_value();
    let mut push = |span: Span| {
        if spans.last().is_none_or(|last| last.covers(span) && *last != span) {
            spans.push(span);
        }
    };
    while let Some(value) = next.take().filter(|value| value.span().touches(offset)) {
        push(value.span());
        if value.kind().is_container() {
            let span = value.span();
            let inside = Span::new(span.start + 1, span.end - u32::from(value.is_closed()));
            if inside.touches(offset) {
                push(inside);
            }
        }
        if let Some(member) = value.members().find(|member| member.span().touches(offset)) {
            push(member.span());
            next = member.name().filter(|name| name.span().touches(offset)).or(member.value());
        } else {
            next = value.items().find(|item| item.span().touches(offset));
        }
        if value.kind() == Kind::String
            && let Some(content) = content(value)
            && content.touches(offset)
        {
            push(content);
        }
    }
    spans.reverse();
    spans
}

fn content(string: ValueRef<'_>) -> Option<Span> {
    let span = string.span();
    (span.len() >= 2 && !string.is_malformed()).then(|| Span::new(span.start + 1, span.end - 1))
}

/// The values around an offset in a document of another syntax, with the lines that belong together.
fn among_values(file: &File<'_>, offset: u32) -> Vec<Span> {
    let mut spans = vec![Span::new(0, Source::len(file.text))];
    for document in file.report.documents.iter().filter(|document| document.span.touches(offset)) {
        spans.push(document.span);
        walk(&document.head, 0, offset, &mut spans);
        for unit in document.units.iter().filter(|unit| unit.span().touches(offset)) {
            walk(&unit.unit.value, unit.base, offset, &mut spans);
        }
    }
    let line = file.text.line_span(file.text.line_of(offset));
    let text = file.text.slice(line);
    let indent = text.len() - text.trim_start().len();
    let content =
        Span::new(line.start + indent as u32, line.start + text.trim_end().len().max(indent) as u32);
    if content.touches(offset) {
        spans.push(content);
    }
    spans.sort_by_key(|span| std::cmp::Reverse(span.len()));
    let mut nested: Vec<Span> = Vec::new();
    for span in spans {
        if nested.last().is_none_or(|last| last.covers(span) && *last != span) {
            nested.push(span);
        }
    }
    nested.reverse();
    nested
}

fn walk(value: &Value, base: u32, offset: u32, spans: &mut Vec<Span>) {
    let span = value.span().shifted(base);
    if !span.touches(offset) {
        return;
    }
    spans.push(span);
    match value {
        Value::Object(object) => {
            for member in &object.members {
                let span = member.span().shifted(base);
                if span.touches(offset) {
                    spans.push(span);
                    let name = member.name.span.shifted(base);
                    if name.touches(offset) {
                        spans.push(name);
                    }
                }
                walk(&member.value, base, offset, spans);
            }
        }
        Value::Array(array) => array.items.iter().for_each(|item| walk(item, base, offset, spans)),
        Value::String(string) if string.is_written() => spans.push(string.content_span().shifted(base)),
        _ => {}
    }
}
