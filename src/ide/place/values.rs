//! Places in documents of other hosts than JSON, and in templates: found among the values.
//!
//! Where something is to be written, the host reads the piece around it with a word in that place: see
//! [`crate::host::Gap`].

use super::tree::Outside;
use super::{Notation, Place, Slot, Step, TokenText, TypedText};
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Document, PROBE, Parsed, Taken};
use crate::ide::File;
use crate::text::{Source, Span};
use std::borrow::Cow;

/// A string of a document, with the way down to it.
struct Found {
    string: StringValue,
    is_name: bool,
    path: Vec<Step>,
    siblings: Vec<String>,
}

/// The name or string at an offset.
pub(super) fn at<'a>(file: &File<'a>, offset: u32) -> Option<Place<'a>> {
    file.report.documents.iter().filter(|document| document.span.touches(offset)).find_map(|document| {
        let found = find(document, &|string| string.content_span().touches(offset))?;
        let token = TokenText { text: found.string.text.to_string(), span: found.string.content_span() };
        let slot = if found.is_name { Slot::Name { has_colon: true } } else { Slot::Value };
        let typed =
            TypedText { replace: token.span, opened: true, closed: true, ..TypedText::at(token.span.start) };
        Some(Place {
            document: Cow::Borrowed(document),
            path: found.path,
            slot,
            token: Some(token),
            typed,
            siblings: found.siblings,
            notation: notation(file, document, offset),
            or_value: false,
        })
    })
}

/// The place at an offset where something is to be written.
pub(super) fn to_write<'a>(file: &File<'a>, offset: u32) -> Option<Place<'a>> {
    let hole = file.report.parsed.hole(file.text, offset)?;
    let (slot, or_value) = match hole.taken {
        Taken::Name { marked } => (Slot::Name { has_colon: marked }, false),
        Taken::Either => (Slot::Name { has_colon: false }, true),
        Taken::Value => (Slot::Value, false),
        Taken::Reference(_) => return None,
    };
    let typed = TypedText {
        replace: hole.replace,
        before: file.text.slice(Span::new(hole.replace.start, offset.max(hole.replace.start))).into_owned(),
        opened: hole.quote.is_some(),
        closed: hole.closed,
        lacks_comma: hole.lacks_comma,
        comma_before: hole.comma_before,
        lead: hole.lead,
        stray_quote: false,
        quote: hole.quote.unwrap_or('"'),
        in_brackets: hole.in_brackets,
        filled_in: hole.filled_in,
    };
    let found = file.report.documents_with(&hole).find_map(found)?;
    let notation = hole.notation;
    Some(of_found(found, slot, typed, notation, or_value))
}

/// The same in a template that is JSON; the tree has told what stands there.
pub(super) fn to_write_in_json<'a>(file: &File<'a>, outside: &Outside) -> Option<Place<'a>> {
    let word = match outside.slot {
        Slot::Name { has_colon: false } => format!("\"{PROBE}\": 0,"),
        _ => format!("\"{PROBE}\""),
    };
    let text = file.text.slice(Span::new(0, Source::len(file.text)));
    let token = outside.token;
    let after = format!("{}{word}{}", &text[..token.start as usize], &text[token.end as usize..]);
    let documents = file.report.documents_after(&after, token, word.len() as u32);
    let found = found(documents)?;
    Some(of_found(found, outside.slot, outside.typed.clone(), Notation::Json, false))
}

/// The document with the word in it, and the way to it.
fn found(documents: Vec<Document>) -> Option<(Document, Found)> {
    documents.into_iter().find_map(|document| {
        let found = find(&document, &|string| string.is_written() && string.text.contains(PROBE))?;
        Some((document, found))
    })
}

fn of_found<'a>(
    (document, found): (Document, Found),
    slot: Slot,
    typed: TypedText,
    notation: Notation,
    or_value: bool,
) -> Place<'a> {
    // What the file writes as a value may be a name to AWS: the operator of a condition in Terraform.
    let (slot, or_value) = match (slot, found.is_name) {
        (Slot::Value, true) => (Slot::Name { has_colon: true }, false),
        (Slot::Name { .. }, false) => (Slot::Value, false),
        (slot, _) => (slot, or_value),
    };
    Place {
        document: Cow::Owned(document),
        path: found.path,
        slot,
        token: None,
        typed,
        siblings: found.siblings,
        notation,
        or_value,
    }
}

fn notation(file: &File<'_>, document: &Document, offset: u32) -> Notation {
    // A string may hold a part of a document only: the containers of a task definition.
    let in_string = |string: &StringValue| string.span.touches(offset);
    match &file.report.parsed {
        _ if document.embedded.as_deref().is_some_and(in_string) => Notation::Json,
        Parsed::Json(_) => Notation::Json,
        Parsed::Terraform(_) => Notation::Hcl,
        _ => Notation::Yaml,
    }
}

/// The innermost string of a document that is wanted.
fn find(document: &Document, is_wanted: &dyn Fn(&StringValue) -> bool) -> Option<Found> {
    let mut finder = Finder { is_wanted, path: Vec::new() };
    // What lies in the units first: they are the larger part.
    let apart = document
        .object()
        .and_then(|object| object.members.iter().find(|member| matches!(member.value, Value::Apart(_))));
    finder.path.extend(apart.map(|member| Step::Member(member.name.text.to_string())));
    finder.path.push(Step::Item);
    for placed in &document.units {
        if let Some(found) = finder.value(&placed.unit.value, placed.base) {
            return Some(found);
        }
    }
    finder.path.clear();
    finder.value(&document.head, 0)
}

struct Finder<'f> {
    is_wanted: &'f dyn Fn(&StringValue) -> bool,
    path: Vec<Step>,
}

impl Finder<'_> {
    fn value(&mut self, value: &Value, base: u32) -> Option<Found> {
        match value {
            Value::Object(object) => self.object(object, base),
            Value::Array(array) => {
                self.path.push(Step::Item);
                for item in &array.items {
                    if let Some(found) = self.value(item, base) {
                        return Some(found);
                    }
                }
                self.path.pop();
                None
            }
            Value::String(string) => self.string(string, base, None),
            _ => None,
        }
    }

    fn object(&mut self, object: &Object, base: u32) -> Option<Found> {
        for member in &object.members {
            if let Some(found) = self.string(&member.name, base, Some(object)) {
                return Some(found);
            }
            self.path.push(Step::Member(member.name.text.to_string()));
            if let Some(found) = self.value(&member.value, base) {
                return Some(found);
            }
            self.path.pop();
        }
        None
    }

    fn string(&self, string: &StringValue, base: u32, object: Option<&Object>) -> Option<Found> {
        let string = string.clone().with_span(string.span.shifted(base));
        if !(self.is_wanted)(&string) {
            return None;
        }
        let siblings = object.map_or_else(Vec::new, |object| {
            let others = object.members.iter().filter(|member| member.name.span.shifted(base) != string.span);
            others.map(|member| member.name.text.to_string()).collect()
        });
        Some(Found { string, is_name: object.is_some(), path: self.path.clone(), siblings })
    }
}
