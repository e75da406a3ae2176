//! Completion: what may be written at a cursor. The place decides; one file for each kind of place.

mod actions;
mod agent;
mod arns;
mod blocks;
mod commas;
mod condition_keys;
mod condition_values;
mod configuration;
mod elements;
mod known;
mod loose;
mod kubernetes;
mod managed_policies;
mod operators;
mod pattern;
mod principals;
mod quotes;
mod resources;
mod sam;
mod skeleton;
mod statements;
mod task_fields;
mod task_skeletons;
mod task_values;
mod templates;
mod variables;

pub(super) use configuration::described;

use super::place::{self, Notation, Place, Slot, Step, TypedText};
use super::{Block, File};
use crate::host::value::Value;
use crate::host::{self, DocumentKind, Naming, PROBE, Parsed};
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
    pub rank: u16,
    /// What typed text is compared with, where that is not the label.
    pub filter: Option<String>,
    /// Whether it is no string, so that quotes around it go.
    is_bare: bool,
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
    if let Some(block) = Block::at(file, offset) {
        let mut list = complete(&block.file(), offset - block.start, options)?;
        list.replace = list.replace.shifted(block.start);
        list.comma = list.comma.map(|at| at + block.start);
        return Some(list);
    }
    if matches!(file.report.parsed, Parsed::AgentConfig(_)) {
        return agent::complete(file, offset);
    }
    if configuration::is_one(file.report.path()) {
        return configuration::complete(file, offset, options);
    }
    let first = quotes::in_single_quotes(file, offset, options);
    if let Some(list) = first.or_else(|| templates::names_in_json(file, offset)) {
        return Some(list);
    }
    let place = place::place(file, offset, true).or_else(|| place::begun(file, offset));
    let Some(mut place) = place else {
        return templates::names(file, offset).or_else(|| loose::complete(file, offset, options));
    };
    by_name(file, &mut place);
    managed_policies::or_template(&mut place);
    let writing = Writing::at(file, &place, options);
    let at = At { file, place: &place, offset, writing: &writing };
    if let Some(list) = variables::complete(&at) {
        return Some(list);
    }
    let mut items = of_place(&at);
    let commas = commas::around(file, &place, &writing.typed);
    let mut replace = writing.typed.replace;
    if place.or_value {
        place.slot = Slot::Value;
        let writing = Writing::at(file, &place, options);
        items.extend(of_place(&At { file, place: &place, offset, writing: &writing }));
    }
    let at = At { file, place: &place, offset, writing: &writing };
    let listed = at.listed();
    let mut seen = HashSet::with_capacity(items.len());
    let first: Vec<bool> =
        items.iter().map(|item| !listed.contains(&*item.label) && seen.insert(&*item.label)).collect();
    let mut first = first.into_iter();
    items.retain(|_| first.next() == Some(true));
    // Behind a colon there are other things than before.
    let is_incomplete = items.iter().any(|item| matches!(item.kind, ItemKind::Service | ItemKind::Format));
    if commas.behind {
        // A name whose value is still to be written is not done.
        let is_whole = |item: &&mut Item| !item.insert.trim_end().ends_with(['=', ':']);
        items.iter_mut().filter(is_whole).for_each(|item| item.insert.push(','));
    }
    let lead = writing.typed.lead;
    if !lead.is_empty() {
        items.iter_mut().for_each(|item| item.insert.insert_str(0, lead));
    }
    // A single quote that is no quote in JSON goes as well.
    if writing.typed.stray_quote {
        items.iter_mut().for_each(|item| item.filter = Some(format!("'{}", item.label)));
    }
    // What is written without quotes goes in place of those that were opened.
    if writing.typed.opened && items.iter().any(|item| item.is_bare) {
        replace = Span::new(replace.start - 1, replace.end + u32::from(writing.typed.closed));
        for item in &mut items {
            item.filter = Some(format!("\"{}", item.label));
        }
    }
    let list = List { replace, comma: commas.before, items, is_incomplete };
    (!list.items.is_empty()).then_some(list)
}

/// A policy that says little yet is for what its file's name says.
fn by_name(file: &File<'_>, place: &mut Place<'_>) {
    let named = || host::kind_by_name(file.report.path()) == Some(DocumentKind::Trust);
    let is_other = |document: &host::Document| {
        let statements = document.units.iter().filter_map(|unit| unit.unit.value.as_object());
        statements.into_iter().any(|object| object.has("Resource") || object.has("NotResource"))
    };
    let document = &place.document;
    if document.kind == DocumentKind::Identity && document.owner.is_none() && named() && !is_other(document) {
        place.document.to_mut().kind = DocumentKind::Trust;
    }
}

/// What to show beside an item once it is chosen, by its label.
pub fn about(label: &str) -> Option<String> {
    let action = crate::catalog::action(label)?;
    Some(super::hover::action::one(action))
}

fn of_place(at: &At<'_>) -> Vec<Item> {
    match at.place.document.kind {
        DocumentKind::Attachments => managed_policies::complete(at),
        DocumentKind::AwsAuth | DocumentKind::ServiceAccount => kubernetes::complete(at),
        kind if kind.is_policy() => policy(at),
        _ => task(at),
    }
}

fn policy(at: &At<'_>) -> Vec<Item> {
    let names = at.place.names();
    let is_blocks = at.place.notation == Notation::Hcl && at.writing.naming == Naming::TerraformPolicy;
    match (&names[..], at.place.slot) {
        ([], Slot::Name { .. }) if is_blocks => blocks::of_document(at),
        (["Statement"], Slot::Name { .. }) if is_blocks => blocks::of_statement(at),
        ([], Slot::Name { .. }) => elements::of_policy(at),
        ([], Slot::Value) => elements::document(at),
        (["Version"], Slot::Value) => elements::versions(at),
        (["Statement"], Slot::Name { .. }) => elements::of_statement(at),
        (["Statement"], Slot::Value) if at.place.path.last() == Some(&Step::Item) => {
            statements::complete(at, statements::Within::List)
        }
        (["Statement"], Slot::Value) => statements::complete(at, statements::Within::Member),
        (["Statement", "Sid"], Slot::Value) => elements::sids(at),
        (["Statement", "Effect"], Slot::Value) => elements::effects(at),
        (["Statement", "Action" | "NotAction"], Slot::Value) => actions::complete(at),
        (["Statement", "Resource" | "NotResource"], Slot::Value) => resources::complete(at),
        (["Statement", "Resource" | "NotResource"], Slot::Name { .. }) => templates::functions(at),
        (["Statement", "Principal" | "NotPrincipal"], Slot::Name { .. }) => principals::types(at),
        (["Statement", "Principal" | "NotPrincipal"], Slot::Value) => principals::everyone(at),
        (["Statement", "Principal" | "NotPrincipal", kind], Slot::Value) => principals::values(at, kind),
        (["Statement", "Condition"], Slot::Name { .. }) => operators::complete(at),
        (["Statement", "Condition"], Slot::Value) => elements::conditions(at),
        (["Statement", "Condition", operator], Slot::Name { .. }) => condition_keys::complete(at, operator),
        (["Statement", "Condition", operator, key], Slot::Value) => {
            condition_values::complete(at, operator, key)
        }
        (["Statement", block @ ("condition" | "principals" | "not_principals")], Slot::Name { .. }) => {
            blocks::of_block(at, block)
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

    /// What stands between the cursor and the end of what is replaced.
    fn after(&self) -> Cow<'a, str> {
        let end = self.writing.typed.replace.end.max(self.offset);
        self.file.text.slice(Span::new(self.offset, end))
    }

    /// The strings that the list around a value holds already, the one being typed left out.
    fn listed(&self) -> HashSet<String> {
        let is_item = self.place.path.last() == Some(&Step::Item);
        self.list().filter(|_| is_item).unwrap_or_default()
    }

    fn list(&self) -> Option<HashSet<String>> {
        let document = &self.place.document;
        let (_, steps) = self.place.path.split_last()?;
        let is_unit = |step: &Step| matches!(step, Step::Item);
        // Lists below the items of other lists are no longer told apart.
        let within = steps.iter().position(is_unit).filter(|_| document.units_span.is_some());
        let (mut value, base, steps) = match within {
            Some(at) => {
                let unit = self.place.unit(self.offset)?;
                (&unit.unit.value, unit.base, &steps[at + 1..])
            }
            None => (&*document.head, 0, steps),
        };
        for step in steps {
            let Step::Member(name) = step else { return None };
            value = value.as_object()?.get(name)?;
        }
        let strings = value.as_array()?.items.iter().filter_map(Value::as_string);
        let others = strings.filter(|string| {
            let is_here = string.span.shifted(base).touches(self.offset);
            !is_here && !string.text.contains(PROBE)
        });
        Some(others.map(|string| string.text.to_string()).collect())
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
        self.push_content(&self.content(text), written);
    }

    /// The content of a string, with the quotes that are not there yet.
    fn push_content(&self, content: &str, written: &mut String) {
        // YAML needs quotes for few texts, and a template may be none of them.
        let is_bare = self.notation == Notation::Yaml && !self.typed.opened && host::is_plain_yaml(content);
        if !self.typed.opened && !is_bare {
            written.push('"');
        }
        written.push_str(content);
        if !self.typed.closed && !is_bare {
            written.push(self.typed.quote);
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

    /// Text as the content of a string there.
    fn content(&self, text: &str) -> String {
        let text = variables::written(self, text);
        if text.contains(['"', '\\']) { encode(&text) } else { text }
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
            filter: None,
            is_bare: false,
            goes_on: false,
            about: None,
        }
    }

    /// Whether it is a whole value without quotes, which a comma may end.
    pub fn stands_alone(&self) -> bool {
        self.is_bare && self.kind == ItemKind::Value && !self.insert.ends_with(',')
    }

    fn ranked(mut self, rank: u16) -> Item {
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
    fn snippets_are_numbered() {
        assert_eq!(numbered("arn:${Partition}:s3:::${Name}"), "arn:${1:Partition}:s3:::${2:Name}");
        assert_eq!(filled("arn:${Partition}:s3:::${Name}", "*"), "arn:*:s3:::*");
    }
}
