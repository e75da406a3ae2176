//! Semantic edits: what is to change. Each host writes them out in its own syntax.

use crate::text::Span;

/// A value to be written: text, number, list or object, without a place.
pub use serde_json::Value as NewValue;

/// One change. Spans are those of the values concerned.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Other text for a part of a string (or of a member's name); the host escapes it.
    ReplaceText { span: Span, text: Box<str> },
    /// Another value where one stands.
    ReplaceValue { span: Span, value: NewValue },
    /// The member whose name or value covers `span` goes, with its comma.
    RemoveMember { span: Span },
    /// The array item at `span` goes, with its comma.
    RemoveItem { span: Span },
    /// A new last member of the object at `object`.
    InsertMember { object: Span, name: Box<str>, value: NewValue },
    /// A new last item of the array at `array`.
    InsertItem { array: Span, value: NewValue },
    /// A new last item of the array that has the one at `item`.
    InsertSibling { item: Span, value: NewValue },
}

impl Edit {
    pub fn shift(&mut self, base: u32) {
        self.map_span(|span| span.shifted(base));
    }

    /// The place of the value or the container concerned.
    pub fn span(&self) -> Span {
        match self {
            Edit::ReplaceText { span, .. }
            | Edit::ReplaceValue { span, .. }
            | Edit::RemoveMember { span }
            | Edit::RemoveItem { span }
            | Edit::InsertMember { object: span, .. }
            | Edit::InsertItem { array: span, .. }
            | Edit::InsertSibling { item: span, .. } => *span,
        }
    }

    pub fn map_span(&mut self, map: impl FnOnce(Span) -> Span) {
        let span = match self {
            Edit::ReplaceText { span, .. }
            | Edit::ReplaceValue { span, .. }
            | Edit::RemoveMember { span }
            | Edit::RemoveItem { span }
            | Edit::InsertMember { object: span, .. }
            | Edit::InsertItem { array: span, .. }
            | Edit::InsertSibling { item: span, .. } => span,
        };
        *span = map(*span);
    }
}
