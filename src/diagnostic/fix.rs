//! Fixes as semantic edits: what is to change. The host writes them out in its own syntax.

use crate::text::Span;
use serde_json::Value as NewValue;

/// A repair that can be applied without asking further.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// In the imperative, as an editor's menu shows it: ``Replace with `ecs:RunTask` ``.
    pub title: Box<str>,
    pub safety: Safety,
    /// All or none.
    pub edits: Vec<Edit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safety {
    /// What the document means stays, or becomes what was plainly meant.
    Safe,
    /// The meaning may change: applied only when asked for.
    Unsafe,
}

/// One semantic edit. Spans are those of the values concerned.
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
}

impl Fix {
    pub fn safe(title: impl Into<Box<str>>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety: Safety::Safe, edits }
    }

    pub fn unsafe_(title: impl Into<Box<str>>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety: Safety::Unsafe, edits }
    }

    /// The commonest repair: another word for a misspelt one.
    pub fn replace_text(span: Span, text: &str) -> Fix {
        Fix::safe(format!("Replace with `{text}`"), vec![Edit::ReplaceText { span, text: text.into() }])
    }

    pub fn shift(&mut self, base: u32) {
        for edit in &mut self.edits {
            let span = match edit {
                Edit::ReplaceText { span, .. }
                | Edit::ReplaceValue { span, .. }
                | Edit::RemoveMember { span }
                | Edit::RemoveItem { span }
                | Edit::InsertMember { object: span, .. }
                | Edit::InsertItem { array: span, .. } => span,
            };
            *span = span.shifted(base);
        }
    }
}
