//! Completion: what may be written at a cursor. The place decides; one file for each kind of place.

mod actions;
mod commas;
mod condition_keys;
mod condition_values;
mod elements;
mod managed_policies;
mod operators;
mod principals;
mod resources;
mod skeleton;
mod task_fields;
mod task_skeletons;
mod task_values;

use super::File;
use super::place::{self, Notation, Place, Slot, TypedText};
use crate::host::{self, DocumentKind, Naming};
use crate::model::Statement;
use crate::syntax::encode;
use crate::text::{Source, Span};
use std::borrow::Cow;
use std::collections::HashSet;

/// Sizes and types in words, for hovers, too.
pub(super) mod sizes {
    pub(crate) use super::task_fields::type_name;
    pub(crate) use super::task_values::range;
}

/// What the client can take.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Texts with places to jump to.
    pub snippets: bool,
}

/// What may be written, and what it replaces.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    pub replace: Span,
    /// Where a comma is written, too: the neighbour before has none behind it.
    pub comma: Option<u32>,
    /// No two have the same label.
    pub items: Vec<Item>,
    /// Whether more typed text asks for another list, not only for fewer items.
    pub is_incomplete: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What the list shows, and what typed text is compared with.
    pub label: Cow<'static, str>,
    pub kind: ItemKind,
    /// Beside the label: the access level, the type.
    pub detail: Cow<'static, str>,
    /// What is written in place of [`List::replace`].
    pub insert: String,
    /// Whether `insert` has places to jump to, in the notation of snippets.
    pub is_snippet: bool,
    /// Lists are ordered by this, then by label.
    pub rank: u8,
    /// Whether more can be completed right behind it.
    pub goes_on: bool,
    /// In Markdown; `None` where there is nothing to say, or [`about`] says it later.
    pub about: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    Service,
    Action,
    Wildcard,
    Key,
    Field,
    Value,
    Reference,
    Principal,
    Operator,
    Format,
    /// Several lines with places to fill in.
    Snippet,
}

/// The completions at an offset; `None` where nothing is known to fit, and in files that are none of
/// ours.
pub fn complete(file: &File<'_>, offset: u32, options: Options) -> Option<List> {
    let place = place::place(file, offset, true)?;
    let writing = Writing::at(file, &place, options);
    let at = At { file, place: &place, offset, writing: &writing };
    let mut items = match place.document.kind {
        DocumentKind::Attachments => managed_policies::complete(&at),
        kind if kind.is_policy() => policy(&at),
        _ => task(&at),
    };
    let mut seen = HashSet::with_capacity(items.len());
    let first: Vec<bool> = items.iter().map(|item| seen.insert(&*item.label)).collect();
    let mut first = first.into_iter();
    items.retain(|_| first.next() == Some(true));
    // Behind a colon there are other things than before.
    let is_incomplete = items.iter().any(|item| matches!(item.kind, ItemKind::Service | ItemKind::Format));
    let commas = commas::around(file, &place, &writing.typed);
    if commas.behind {
        // A name whose value is still to be written is not done.
        let is_whole = |item: &&mut Item| !item.insert.trim_end().ends_with(['=', ':']);
        items.iter_mut().filter(is_whole).for_each(|item| item.insert.push(','));
    }
    let list = List { replace: writing.typed.replace, comma: commas.before, items, is_incomplete };
    (!list.items.is_empty()).then_some(list)
}

/// What to show beside an item once it is chosen, by its label.
pub fn about(label: &str) -> Option<String> {
    let action = crate::catalog::action(label)?;
    Some(super::hover::action::one(action))
}

fn policy(at: &At<'_>) -> Vec<Item> {
    let names = at.place.names();
    match (&names[..], at.place.slot) {
        ([], Slot::Name { .. }) => elements::of_policy(at),
        (["Version"], Slot::Value) => elements::versions(at),
        (["Statement"], Slot::Name { .. }) => elements::of_statement(at),
        (["Statement", "Effect"], Slot::Value) => elements::effects(at),
        (["Statement", "Action" | "NotAction"], Slot::Value) => actions::complete(at.writing),
        (["Statement", "Resource" | "NotResource"], Slot::Value) => resources::complete(at),
        (["Statement", "Principal" | "NotPrincipal"], Slot::Name { .. }) => principals::types(at),
        (["Statement", "Principal" | "NotPrincipal"], Slot::Value) => principals::everyone(at),
        (["Statement", "Principal" | "NotPrincipal", kind], Slot::Value) => principals::values(at, kind),
        (["Statement", "Condition"], Slot::Name { .. }) => operators::complete(at),
        (["Statement", "Condition", operator], Slot::Name { .. }) => condition_keys::complete(at, operator),
        (["Statement", "Condition", operator, key], Slot::Value) => {
            condition_values::complete(at, operator, key)
        }
        _ => Vec::new(),
    }
}

fn task(at: &At<'_>) -> Vec<Item> {
    match at.place.slot {
        Slot::Name { .. } => task_fields::complete(at),
        Slot::Value => task_values::complete(at),
    }
}

/// Everything known of the cursor.
struct At<'a> {
    file: &'a File<'a>,
    place: &'a Place<'a>,
    offset: u32,
    writing: &'a Writing,
}

impl<'a> At<'a> {
    fn statement(&self) -> Option<Statement<'a>> {
        Some(Statement { object: self.place.unit(self.offset)?.unit.value.as_object()? })
    }

    /// The names that the object around a name has already, the one being typed left out.
    fn siblings(&self) -> HashSet<String> {
        self.place.siblings.iter().cloned().collect()
    }
}

/// How to write what is chosen.
#[derive(Clone)]
struct Writing {
    typed: TypedText,
    options: Options,
    /// Whether a name is written whose colon and value are still to come.
    lacks_value: bool,
    notation: Notation,
    naming: Naming,
    /// In YAML: how far what is replaced stands behind its line's indentation, by marks of lists.
    dash: usize,
    /// In YAML: whether nothing but such marks stands before it.
    starts_line: bool,
}

impl Writing {
    fn at(file: &File<'_>, place: &Place<'_>, options: Options) -> Writing {
        let mut typed = place.typed.clone();
        let lacks_value = matches!(place.slot, Slot::Name { has_colon: false, .. });
        if lacks_value && typed.closed {
            // The closing quote is written anew, with what follows it.
            typed.replace.end += 1;
            typed.closed = false;
        }
        let (notation, naming) = (place.notation, place.document.naming);
        let (dash, starts_line) = match notation {
            Notation::Yaml => before_on_line(file, typed.replace.start),
            _ => (0, false),
        };
        Writing { typed, options, lacks_value, notation, naming, dash, starts_line }
    }

    /// A member's name.
    fn name(&self, name: &str) -> String {
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if self.notation == Notation::Hcl && is_word && !self.typed.opened {
            return name.to_string();
        }
        self.string(name)
    }

    /// A string in a value's place.
    fn string(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len() + 2);
        self.push_string(text, &mut written);
        written
    }

    fn push_string(&self, text: &str, written: &mut String) {
        // YAML needs quotes for few texts, and a template may be none of them.
        let is_bare = self.notation == Notation::Yaml && !self.typed.opened && host::is_plain_yaml(text);
        if !self.typed.opened && !is_bare {
            written.push('"');
        }
        if text.contains(['"', '\\']) {
            written.push_str(&encode(text));
        } else {
            written.push_str(text);
        }
        if !self.typed.closed && !is_bare {
            written.push('"');
        }
    }

    /// An item that writes a string.
    fn value(
        &self,
        kind: ItemKind,
        text: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Item {
        let text = text.into();
        let insert = self.string(&text);
        Item::new(kind, text, detail, insert)
    }

    /// An item that writes a string with places to fill in: `pattern` has them as `${Name}`.
    fn pattern(
        &self,
        kind: ItemKind,
        pattern: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
        otherwise: &str,
    ) -> Item {
        let pattern = pattern.into();
        let mut insert = String::new();
        let mut item = if self.options.snippets && pattern.contains("${") {
            self.push_string(&numbered(&pattern), &mut insert);
            Item::new(kind, pattern, detail, insert)
        } else {
            self.push_string(&filled(&pattern, otherwise), &mut insert);
            return Item::new(kind, pattern, detail, insert);
        };
        item.is_snippet = true;
        item
    }

    /// An item that writes a member's name, and its value where there is none yet: `value` in the
    /// notation of snippets.
    fn member(
        &self,
        kind: ItemKind,
        name: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
        value: &str,
    ) -> Item {
        let name: Cow<'static, str> = name.into();
        let name = match host::spelt(self.naming, &name) {
            Some(spelt) => Cow::Owned(spelt),
            None => name,
        };
        if self.notation != Notation::Json {
            return self.plain_member(kind, name, detail, value);
        }
        let mut insert = String::new();
        let is_snippet = self.options.snippets && self.lacks_value;
        // What a name fills in comes before what its value does.
        let places = name.matches("${").count();
        if is_snippet {
            self.push_string(&numbered(&name), &mut insert);
        } else {
            self.push_string(&filled(&name, ""), &mut insert);
        }
        if self.lacks_value {
            insert.push_str(": ");
            insert.push_str(&if is_snippet { renumbered(value, places) } else { without_places(value) });
        }
        let mut item = Item::new(kind, name, detail, insert);
        item.is_snippet = is_snippet;
        item
    }
}

impl Writing {
    /// A member in YAML or HCL: its value is written next, in a form of its own.
    fn plain_member(
        &self,
        kind: ItemKind,
        name: Cow<'static, str>,
        detail: impl Into<Cow<'static, str>>,
        value: &str,
    ) -> Item {
        let mut insert = self.name(&filled(&name, ""));
        let mut is_snippet = false;
        if self.lacks_value {
            insert.push_str(if self.notation == Notation::Hcl { " = " } else { ": " });
            // Only what is one line in both.
            let is_short = !value.contains(['\n', '{']);
            if self.options.snippets && is_short && self.notation == Notation::Hcl {
                insert.push_str(value);
                is_snippet = true;
            }
        }
        let mut item = Item::new(kind, name, detail, insert);
        item.is_snippet = is_snippet;
        item
    }
}

/// How far an offset stands behind its line's indentation by marks of YAML's lists alone, and whether
/// nothing else stands before it.
fn before_on_line(file: &File<'_>, offset: u32) -> (usize, bool) {
    let start = file.text.line_span(file.text.line_of(offset)).start;
    let line = file.text.slice(Span::new(start, offset.max(start)));
    let mut rest = line.trim_start_matches(' ');
    let whole = rest.len();
    while let Some(behind) = rest.strip_prefix("- ") {
        rest = behind.trim_start_matches(' ');
    }
    (whole - rest.len(), rest.is_empty())
}

/// `${Name}` as the places of a snippet: `${1:Name}`.
fn numbered(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut number = 0;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}') else { break };
        number += 1;
        out.push_str(&rest[..at]);
        out.push_str(&format!("${{{number}:{}}}", &rest[at + 2..at + end]));
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

/// `${Name}` replaced.
fn filled(pattern: &str, by: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}') else { break };
        out.push_str(&rest[..at]);
        out.push_str(by);
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

/// A snippet whose places count from further on. Places have one digit.
fn renumbered(snippet: &str, by: usize) -> String {
    if by == 0 {
        return snippet.to_string();
    }
    let mut out = String::with_capacity(snippet.len());
    let mut place = false;
    for char in snippet.chars() {
        match char.to_digit(10) {
            Some(digit) if place => out.push_str(&(digit as usize + by).to_string()),
            _ => out.push(char),
        }
        place = char == '$' || (place && char == '{');
    }
    out
}

/// A snippet as plain text: places empty, of choices the first.
fn without_places(snippet: &str) -> String {
    let mut out = String::with_capacity(snippet.len());
    let mut rest = snippet;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(inside) = rest.strip_prefix('{') {
            let end = inside.find('}').unwrap_or(inside.len());
            let place = &inside[..end];
            if let Some((_, choices)) = place.split_once('|') {
                out.push_str(choices.trim_end_matches('|').split(',').next().unwrap_or_default());
            } else if let Some((_, default)) = place.split_once(':') {
                out.push_str(default);
            }
            rest = inside.get(end + 1..).unwrap_or_default();
        } else {
            rest = rest.trim_start_matches(|char: char| char.is_ascii_digit());
        }
    }
    out.push_str(rest);
    out.replace("{  }", "{}")
}

impl Item {
    fn new(
        kind: ItemKind,
        label: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
        insert: String,
    ) -> Item {
        Item {
            label: label.into(),
            kind,
            detail: detail.into(),
            insert,
            is_snippet: false,
            rank: 0,
            goes_on: false,
            about: None,
        }
    }

    fn ranked(mut self, rank: u8) -> Item {
        self.rank = rank;
        self
    }

    fn about(mut self, about: Option<&'static str>) -> Item {
        self.about = about;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_are_numbered_and_flattened() {
        assert_eq!(numbered("arn:${Partition}:s3:::${Name}"), "arn:${1:Partition}:s3:::${2:Name}");
        assert_eq!(filled("arn:${Partition}:s3:::${Name}", "*"), "arn:*:s3:::*");
        assert_eq!(renumbered("[\"$1\", ${2|a,b|}, ${3:10}]", 1), "[\"$2\", ${3|a,b|}, ${4:10}]");
        assert_eq!(without_places("{ \"$1\": ${2|true,false|}, ${3:0} }$0"), "{ \"\": true, 0 }");
    }
}
