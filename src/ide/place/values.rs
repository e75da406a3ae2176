//! Places in documents of other hosts than JSON, and in templates: found among the values.
//!
//! Where something is to be written, the text may not be whole, and what is to be completed is not there
//! yet. So a word that nobody writes is put at the cursor, in the ways in which it could make sense there,
//! until the host reads it as a name or as a value.

use super::{Notation, Place, Slot, Step, TokenText, TypedText};
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Document, PROBE, Parsed};
use crate::ide::File;
use crate::text::{Source, Span};
use std::borrow::Cow;

/// The ways to put it there: what goes before it and behind it. A name is followed by its mark and a
/// value; strings may need a quote, or one that closes what is open.
const WAYS: [(&str, &str); 10] = [
    ("", ""),
    ("", ":"),
    ("\"", "\""),
    ("\"", "\","),
    ("", " = 0"),
    ("\"", "\": 0"),
    ("\"", "\": 0,"),
    ("", "\""),
    ("", "\"]"),
    ("", "\"}"),
];

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
        let typed = TypedText {
            replace: token.span,
            before: String::new(),
            opened: true,
            closed: true,
            lacks_comma: false,
        };
        Some(Place {
            document: Cow::Borrowed(document),
            path: found.path,
            slot,
            token: Some(token),
            typed,
            siblings: found.siblings,
            notation: notation(file, document, offset),
        })
    })
}

/// The place at an offset where something is to be written.
pub(super) fn to_write<'a>(file: &File<'a>, offset: u32) -> Option<Place<'a>> {
    // Without a document near, no word makes one.
    if file.report.documents.is_empty() {
        return None;
    }
    let text = file.text.slice(Span::new(0, Source::len(file.text)));
    let (before, behind) = text.split_at_checked(offset as usize)?;
    let in_string = file.report.parsed.json_value().is_some() && is_in_string(before, behind);
    // A quote within a string would end it.
    WAYS.iter().filter(|(open, _)| !in_string || open.is_empty()).find_map(|(open, close)| {
        let inserted = format!("{open}{PROBE}{close}");
        let after = format!("{before}{inserted}{behind}");
        let len = inserted.len() as u32;
        let documents = file.report.documents_after(&after, Span::new(offset, offset), len);
        documents.into_iter().find_map(|document| {
            let found = find(&document, &|string| string.is_written() && string.text.contains(PROBE))?;
            place(file, &text, offset, len, close, document, found)
        })
    })
}

/// Whether a string of JSON begins before and ends behind a place, on its line.
fn is_in_string(before: &str, behind: &str) -> bool {
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let mut inside = false;
    let mut escaped = false;
    for byte in line.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = inside,
            b'"' => inside = !inside,
            _ => {}
        }
    }
    inside && behind.split(['\n', '\r']).next().is_some_and(|rest| rest.contains('"'))
}

fn place<'a>(
    file: &File<'a>,
    text: &str,
    offset: u32,
    inserted: u32,
    close: &str,
    document: Document,
    found: Found,
) -> Option<Place<'a>> {
    let probe = found.string.text.find(PROBE)?;
    let content = found.string.content_span();
    // From the text with the word to the text without.
    let start = content.start.min(offset);
    let end = if content.end >= offset + inserted { content.end - inserted } else { offset };
    // The content of a string that nothing closes may end where the text does.
    let replace = Span::new(start, end.max(offset).min(text.len() as u32));
    let quote = text[..start as usize].chars().next_back().filter(|char| matches!(char, '"' | '\''));
    let is_open = quote.is_some() && content.start <= offset && found.string.span.start < content.start;
    let is_closed = is_open && quote == text[replace.end as usize..].chars().next();
    let is_wordless = probe == 0 && replace.is_empty();
    let names_it = close.contains(':') || close.contains('=');
    let notation = notation(file, &document, offset);
    let is_plain = notation == Notation::Yaml && !is_open;
    // A word that begins behind the cursor, or a mark of a list, is not what is written at it.
    if is_plain && text[offset as usize..replace.end as usize].starts_with([' ', '-']) {
        return None;
    }
    // Right behind a name's colon, the name is not what is being written.
    if is_plain && text[start as usize..offset as usize].ends_with(':') {
        return None;
    }
    // What is there already must not become the value of a name, or a second value.
    let is_value = is_wordless && !is_open && text[..offset as usize].trim_end().ends_with([':', '=']);
    if goes_on(text, offset as usize, notation) && (is_value || names_it && is_plain) {
        return None;
    }
    // Nor is there room for a word between a name and its colon.
    if is_wordless && !is_open && text[offset as usize..].trim_start().starts_with(':') {
        return None;
    }
    // The tolerant reader of JSON takes a name without a colon, too.
    let is_marked = || {
        let behind = text[replace.end as usize..].trim_start_matches('"');
        notation != Notation::Json || behind.trim_start().starts_with(':')
    };
    let slot = if found.is_name { Slot::Name { has_colon: !names_it && is_marked() } } else { Slot::Value };
    let before = if is_wordless { String::new() } else { found.string.text[..probe].to_string() };
    Some(Place {
        notation,
        document: Cow::Owned(document),
        path: found.path,
        slot,
        token: None,
        typed: TypedText {
            replace,
            before,
            opened: is_open,
            closed: is_closed,
            lacks_comma: close.ends_with(','),
        },
        siblings: found.siblings,
    })
}

/// Whether a value follows.
fn goes_on(text: &str, offset: usize, notation: Notation) -> bool {
    let (before, behind) = text.split_at(offset);
    let is_there = |rest: &str| !rest.is_empty() && !rest.starts_with(['}', ']', ')', ',', '#']);
    if notation == Notation::Json {
        let rest = behind.trim_start();
        // A string with a colon behind it is the next member's name.
        let is_name = rest.strip_prefix('"').and_then(|it| it.split_once('"'));
        return is_there(rest) && !is_name.is_some_and(|(_, behind)| behind.trim_start().starts_with(':'));
    }
    let (line, below) = behind.split_once('\n').unwrap_or((behind, ""));
    if !line.trim().is_empty() || notation == Notation::Hcl {
        return is_there(line.trim());
    }
    // Lines further in than the name, or a list where the name is.
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let own = before.rsplit('\n').next().unwrap_or_default();
    let marks = own.len() - own.trim_start_matches([' ', '-']).len();
    below.lines().find(|line| !line.trim().is_empty()).is_some_and(|next| {
        let is_list = next.trim_start().starts_with("- ") && spaces(next) == marks;
        spaces(next) > marks || is_list
    })
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
        let string = StringValue { span: string.span.shifted(base), ..string.clone() };
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
