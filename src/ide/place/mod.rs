//! Where in a document a cursor is: the way down to it, and what is being written there.

mod find;
mod tree;
mod values;

pub use crate::host::Notation;
pub use find::{begun, place};
pub(in crate::ide) use tree::outside;

use crate::host::{Document, Placed};
use crate::text::Span;
use std::borrow::Cow;

/// A place in a document.
pub struct Place<'a> {
    pub document: Cow<'a, Document>,
    /// From the document's root down.
    pub path: Vec<Step>,
    pub slot: Slot,
    /// What stands there, as IAM or ECS reads it; `None` where nothing does.
    pub token: Option<TokenText>,
    pub typed: TypedText,
    /// The names that the object around a name has already, the one being typed left out.
    pub siblings: Vec<String>,
    pub notation: Notation,
    /// Whether a value would do in place of a name: at the start of a line of YAML.
    pub or_value: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of the member of that name.
    Member(String),
    /// An item of an array.
    Item,
}

/// What stands, or may be written, at a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A member's name.
    Name { has_colon: bool },
    /// A value, or an item of an array.
    Value,
}

/// A string or a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenText {
    pub text: String,
    /// Of the content, quotes excluded.
    pub span: Span,
}

/// What has been typed at a place, and how to put something else there.
#[derive(Debug, Clone)]
pub struct TypedText {
    /// What to replace: the content of the string, or the bare word.
    pub replace: Span,
    /// From the start of that to the cursor.
    pub before: String,
    /// Whether an opening quote stands before it.
    pub opened: bool,
    /// Whether a closing quote stands behind it.
    pub closed: bool,
    /// Whether it is known to need a comma behind it.
    pub lacks_comma: bool,
    /// Where one is missing behind the neighbour before.
    pub comma_before: Option<u32>,
    /// What has to be written before it: a blank behind a colon.
    pub lead: &'static str,
    /// Whether it starts with a single quote, which is none in JSON; `before` is without it.
    pub stray_quote: bool,
    /// The quote that closes what is written.
    pub quote: char,
    /// Whether it stands between brackets, where no line can be begun.
    pub in_brackets: bool,
    /// Whether it stands in a text that a template fills in.
    pub filled_in: bool,
}

impl TypedText {
    /// Nothing, at an offset.
    pub fn at(offset: u32) -> TypedText {
        TypedText {
            replace: Span::new(offset, offset),
            before: String::new(),
            opened: false,
            closed: false,
            lacks_comma: false,
            comma_before: None,
            lead: "",
            stray_quote: false,
            quote: '"',
            in_brackets: false,
            filled_in: false,
        }
    }
}

impl Place<'_> {
    /// The path in names, items left out: `["Statement", "Action"]`.
    pub fn names(&self) -> Vec<&str> {
        self.path
            .iter()
            .filter_map(|step| match step {
                Step::Member(name) => Some(name.as_str()),
                Step::Item => None,
            })
            .collect()
    }

    /// The statement or container definition around that place.
    pub fn unit(&self, offset: u32) -> Option<&Placed> {
        // An unclosed unit ends before the cursor.
        self.document.units.iter().rev().find(|unit| unit.span().start <= offset)
    }
}

/// The log driver of the container around a place.
pub(in crate::ide) fn log_driver(place: &Place<'_>, offset: u32) -> Option<String> {
    let container = place.unit(offset)?.unit.value.as_object()?;
    let driver = container.object("logConfiguration")?.string("logDriver")?;
    Some(driver.text.to_string())
}
