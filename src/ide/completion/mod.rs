//! Completion: what may be written at a cursor. The place decides; one file for each kind of place.

mod actions;

use super::File;
use super::place::{self, Place, Slot, Typed};
use crate::syntax::encode;
use crate::text::Span;
use std::borrow::Cow;

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
    pub items: Vec<Item>,
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
}

/// How to write what is chosen.
struct Writing {
    typed: Typed,
    options: Options,
}

/// The completions at an offset; `None` where nothing is known to fit, and in files that are none of
/// ours.
pub fn complete(file: &File<'_>, offset: u32, options: Options) -> Option<List> {
    let place = place::place(file, offset)?;
    let typed = place::typed(file, place.token(), offset);
    let writing = Writing { typed, options };
    let items = if place.document.kind.is_policy() { policy(&place, &writing) } else { Vec::new() };
    (!items.is_empty()).then_some(List { replace: writing.typed.replace, items })
}

fn policy(place: &Place<'_>, writing: &Writing) -> Vec<Item> {
    let names = place.names();
    match (&names[..], place.slot) {
        (["Statement", "Action" | "NotAction"], Slot::Value { .. }) => actions::complete(writing),
        _ => Vec::new(),
    }
}

impl Writing {
    /// A string in a value's place.
    fn string(&self, text: &str) -> String {
        let quote = |missing: bool| if missing { "\"" } else { "" };
        let mut written = String::with_capacity(text.len() + 2);
        written.push_str(quote(!self.typed.opened));
        if text.contains(['"', '\\']) {
            written.push_str(&encode(text));
        } else {
            written.push_str(text);
        }
        written.push_str(quote(!self.typed.closed));
        written
    }
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
        }
    }

    fn ranked(mut self, rank: u8) -> Item {
        self.rank = rank;
        self
    }
}

/// What to show beside an item once it is chosen, by its label.
pub fn about(label: &str) -> Option<String> {
    let action = crate::catalog::action(label)?;
    Some(super::hover::action::one(action))
}
