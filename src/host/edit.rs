//! Semantic edits: what is to change. Each host writes them out in its own syntax.

use crate::text::Span;

/// A value to be written: text, number, list or object, without a place.
pub use serde_json::Value as NewValue;

/// One change. Spans are those of the values concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Other text for a part of a string; the host escapes it. It is data: written as it is.
    ReplaceText { span: Span, text: Box<str> },
    /// Another field, or element, in place of the one whose name stands at `span`; the host spells it.
    RenameField { span: Span, field: Box<str> },
    /// Another value where one stands.
    ReplaceValue { span: Span, value: NewValue },
    /// The member whose name or value covers `span` goes, with its comma.
    RemoveMember { span: Span },
    /// The array item at `span` goes, with its comma.
    RemoveItem { span: Span },
    /// A new last member of the object at `object`.
    InsertMember { object: Span, name: Name, value: NewValue },
    /// A new last item of the array at `array`. An object put among the statements is a statement: its
    /// names are elements. In every other value names are data.
    InsertItem { array: Span, value: NewValue },
    /// A new last statement of the policy around `within`.
    InsertStatement { within: Span, value: NewValue },
    /// A new last item of the array that has the one at `item`.
    InsertSibling { item: Span, value: NewValue },
}

/// The name of a new member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// Of the model, as AWS spells it: the host spells it as the file does.
    Field(Box<str>),
    /// Data: the key of a map, written as it is.
    Key(Box<str>),
}

/// The name of the only member of a value that stands for a reference.
const REFERENCE: &str = "${}";

/// A value that stands for what a reference of a module of Terraform yields, with a text behind it.
pub fn reference(path: &str, behind: &str) -> NewValue {
    serde_json::json!({ REFERENCE: [path, behind] })
}

/// The path of a reference and the text behind it, where a value stands for one.
pub(super) fn referred(value: &NewValue) -> Option<(&str, &str)> {
    let parts = value.as_object().filter(|members| members.len() == 1)?.get(REFERENCE)?.as_array()?;
    match &parts[..] {
        [NewValue::String(path), NewValue::String(behind)] => Some((path, behind)),
        _ => None,
    }
}

/// Whether a reference stands in a value: only modules of Terraform can have it.
pub(super) fn refers(value: &NewValue) -> bool {
    referred(value).is_some()
        || match value {
            NewValue::Array(items) => items.iter().any(refers),
            NewValue::Object(members) => members.values().any(refers),
            _ => false,
        }
}

impl Name {
    pub fn field(name: impl Into<Box<str>>) -> Name {
        Name::Field(name.into())
    }

    pub fn key(name: impl Into<Box<str>>) -> Name {
        Name::Key(name.into())
    }

    pub fn text(&self) -> &str {
        let (Name::Field(text) | Name::Key(text)) = self;
        text
    }
}

impl Edit {
    /// What comes in.
    pub(super) fn new_value(&self) -> Option<&NewValue> {
        match self {
            Edit::ReplaceValue { value, .. }
            | Edit::InsertMember { value, .. }
            | Edit::InsertItem { value, .. }
            | Edit::InsertStatement { value, .. }
            | Edit::InsertSibling { value, .. } => Some(value),
            Edit::ReplaceText { .. }
            | Edit::RenameField { .. }
            | Edit::RemoveMember { .. }
            | Edit::RemoveItem { .. } => None,
        }
    }

    pub fn shift(&mut self, base: u32) {
        self.map_span(|span| span.shifted(base));
    }

    /// The place of the value or the container concerned.
    pub fn span(&self) -> Span {
        match self {
            Edit::ReplaceText { span, .. }
            | Edit::RenameField { span, .. }
            | Edit::ReplaceValue { span, .. }
            | Edit::RemoveMember { span }
            | Edit::RemoveItem { span }
            | Edit::InsertMember { object: span, .. }
            | Edit::InsertItem { array: span, .. }
            | Edit::InsertStatement { within: span, .. }
            | Edit::InsertSibling { item: span, .. } => *span,
        }
    }

    pub fn map_span(&mut self, map: impl FnOnce(Span) -> Span) {
        let span = match self {
            Edit::ReplaceText { span, .. }
            | Edit::RenameField { span, .. }
            | Edit::ReplaceValue { span, .. }
            | Edit::RemoveMember { span }
            | Edit::RemoveItem { span }
            | Edit::InsertMember { object: span, .. }
            | Edit::InsertItem { array: span, .. }
            | Edit::InsertStatement { within: span, .. }
            | Edit::InsertSibling { item: span, .. } => span,
        };
        *span = map(*span);
    }
}
