//! JSON inside of a string of another syntax.

use super::document::{Inside, InsideSyntax};
use super::value::{OpenPart, StringValue};
use super::{Document, DocumentKind, HostError, Placed, Unit, json};
use crate::syntax::{Tree, first_of_each_line};
use std::sync::Arc;

/// The documents of a text that is JSON, with the places that its characters have in the file.
/// `reason` is why the string is taken for a document; an empty one leaves that to the content.
pub(super) fn json(string: &StringValue, kind: Option<DocumentKind>, reason: &str) -> Vec<Document> {
    if !string.text.trim_start().starts_with(['{', '[']) {
        return Vec::new();
    }
    let text = masked(string);
    let tree = Tree::parse(&text);
    let host = Arc::new(string.clone());
    let mut errors = errors(&tree, &text, string);
    let is_partial = !errors.is_empty();
    let has_directives = string.text.contains("%{");
    let documents = json::documents(&tree, text.as_str(), "", kind, &[]);
    let inside = Arc::new(Inside { text, syntax: InsideSyntax::Json(tree) });
    documents
        .into_iter()
        .map(|mut document| {
            relocate(&mut document, &host);
            if !reason.is_empty() {
                document.reason = reason.into();
            }
            document.inside = Some(inside.clone());
            // They are told once for all documents of the string.
            document.errors = std::mem::take(&mut errors);
            document.is_partial = is_partial;
            // What a directive repeats or leaves out may be there or not, or several times.
            document.is_open |= has_directives;
            document
        })
        .collect()
}

/// Moves a document from the text of a string to where the string stands.
pub(super) fn relocate(document: &mut Document, host: &Arc<StringValue>) {
    document.span = host.part_at(document.span);
    document.units_span = document.units_span.map(|span| host.part_at(span));
    Arc::make_mut(&mut document.head).relocate(host);
    for placed in &mut document.units {
        let mut value = placed.unit.value.clone();
        value.shift(placed.base);
        value.relocate(host);
        *placed = Placed { base: 0, unit: Arc::new(Unit::new(value, None)) };
    }
    document.embedded = Some(host.clone());
}

/// What keeps the text from being JSON, leaving out what is filled in later.
fn errors(tree: &Tree, text: &str, string: &StringValue) -> Vec<HostError> {
    // What a template repeats or leaves out is not known.
    if tree.is_strict_json() || string.text.contains("%{") || string.text.contains("{{") {
        return Vec::new();
    }
    first_of_each_line(tree.errors(text), text)
        .into_iter()
        .filter(|error| {
            let around = error.span.start.saturating_sub(1) as usize..error.span.end as usize + 1;
            !string.is_unknown_in(around)
        })
        .map(|error| HostError {
            span: string.part_at(error.span),
            message: error.kind.message().into(),
            syntax: "JSON",
            is_refused: true,
        })
        .collect()
}

/// The text with what is filled in later made harmless to a JSON parser, at the same length: quotes
/// and line breaks inside of it are gone, and outside of strings it is one word.
pub(super) fn masked(string: &StringValue) -> String {
    if string.open_parts().is_empty() {
        return string.text.to_string();
    }
    let mut bytes = string.text.as_bytes().to_vec();
    let mut is_inside = false;
    let mut at = 0;
    let mut ranges = string.open_parts().iter().map(OpenPart::range).peekable();
    while at < bytes.len() {
        if let Some(range) = ranges.next_if(|range| range.start == at) {
            // A directive is no value: what is around it goes on.
            if !is_inside && bytes[range.clone()].starts_with(b"%{") {
                bytes[range.clone()].fill(b' ');
                at = range.end;
                continue;
            }
            // A word that the tree takes for a placeholder where it stands alone.
            let is_short = range.len() < 3;
            for (index, byte) in bytes[range.clone()].iter_mut().enumerate() {
                *byte = match index {
                    0 if !is_inside => b'$',
                    _ if !is_inside || is_short => b'x',
                    _ if matches!(*byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t') => b'_',
                    _ => *byte,
                };
            }
            at = range.end;
            continue;
        }
        match bytes[at] {
            b'\\' if is_inside => at += 1,
            b'"' => is_inside = !is_inside,
            b'\n' => is_inside = false,
            _ => {}
        }
        at += 1;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| string.text.to_string())
}
