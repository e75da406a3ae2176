//! The text of an open document: cheap to clone, cheap to edit. The only file that names ropey.

use super::{Source, Span};
use ropey::Rope;
use std::borrow::Cow;

/// A text kept in pieces. Cloning costs nothing, an edit costs what it touches. Lines end at LF, CR
/// and CRLF only, as in the Language Server Protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    rope: Rope,
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text { rope: Rope::from_str(text) }
    }
}

impl From<&Text> for String {
    /// In one allocation.
    fn from(text: &Text) -> String {
        let mut whole = String::with_capacity(text.rope.len_bytes());
        text.rope.chunks().for_each(|chunk| whole.push_str(chunk));
        whole
    }
}

impl Text {
    /// Replaces that range; borders inside a character move to the nearest before.
    pub fn replace(&mut self, span: Span, by: &str) {
        let start = self.rope.byte_to_char(self.clamp(span.start));
        let end = self.rope.byte_to_char(self.clamp(span.end)).max(start);
        self.rope.remove(start..end);
        self.rope.insert(start, by);
    }

    /// The number of lines; a line end at the very end opens one more.
    pub fn line_count(&self) -> u32 {
        self.rope.len_lines() as u32
    }

    /// The start of a line, and the pieces of its text, its end among them. Lines count from 0; beyond the last: the end
    /// of the text.
    pub(super) fn line_chunks(&self, line: u32) -> (u32, impl Iterator<Item = &str>) {
        let is_there = line < self.line_count();
        let start = if is_there { self.rope.line_to_byte(line as usize) as u32 } else { Source::len(self) };
        let text = is_there.then(|| self.rope.line(line as usize));
        (start, text.into_iter().flat_map(|text| text.chunks()))
    }

    /// The line's bytes without its end. Lines count from 0; beyond the last: empty, at the end.
    pub fn line_span(&self, line: u32) -> Span {
        if line >= self.line_count() {
            return Span::new(Source::len(self), Source::len(self));
        }
        let start = self.rope.line_to_byte(line as usize) as u32;
        let next = self.rope.line_to_byte(line as usize + 1) as u32;
        // The break is at most two bytes; a line may be a megabyte.
        let end = self.slice(Span::new(next.saturating_sub(2).max(start), next));
        Span::new(start, next - (end.len() - end.trim_end_matches(['\r', '\n']).len()) as u32)
    }

    /// How many bytes, UTF-16 code units and characters stand between the start of a line and a byte of it,
    /// however long the line is.
    pub(super) fn column(&self, line: u32, offset: u32) -> [u32; 3] {
        let start = self.rope.line_to_char(line as usize);
        let at = self.rope.byte_to_char(self.clamp(offset)).max(start);
        let bytes = self.rope.char_to_byte(at) - self.rope.char_to_byte(start);
        let utf16 = self.rope.char_to_utf16_cu(at) - self.rope.char_to_utf16_cu(start);
        [bytes as u32, utf16 as u32, (at - start) as u32]
    }

    /// The line that byte is on, from 0.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.rope.byte_to_line(self.clamp(offset)) as u32
    }

    fn clamp(&self, offset: u32) -> usize {
        (offset as usize).min(self.rope.len_bytes())
    }
}

impl Source for Text {
    fn len(&self) -> u32 {
        self.rope.len_bytes() as u32
    }

    fn slice(&self, span: Span) -> Cow<'_, str> {
        // `byte_to_char` gives the character that holds the byte: borders move to its start.
        let start = self.rope.byte_to_char(self.clamp(span.start));
        let end = self.rope.byte_to_char(self.clamp(span.end)).max(start);
        self.rope.slice(start..end).into()
    }

    fn floor(&self, offset: u32) -> u32 {
        self.rope.char_to_byte(self.rope.byte_to_char(self.clamp(offset))) as u32
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.rope.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}
