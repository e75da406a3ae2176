//! Reading a text, however it is kept.

use super::Span;
use std::borrow::Cow;

/// A text that hands out pieces of itself.
pub trait Source {
    /// In bytes.
    fn len(&self) -> u32;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of that range. Borders that lie beyond the end, or inside a character, move to the
    /// nearest border before.
    fn slice(&self, span: Span) -> Cow<'_, str>;
}

impl Source for str {
    fn len(&self) -> u32 {
        str::len(self) as u32
    }

    fn slice(&self, span: Span) -> Cow<'_, str> {
        let start = self.floor_char_boundary(span.start as usize);
        let end = self.floor_char_boundary(span.end as usize).max(start);
        Cow::Borrowed(&self[start..end])
    }
}
