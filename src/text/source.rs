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

    /// The nearest border of a character at or before a byte.
    fn floor(&self, offset: u32) -> u32;
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

    fn floor(&self, offset: u32) -> u32 {
        self.floor_char_boundary(offset as usize) as u32
    }
}
