//! Every notation of a place in a text, and the ways between them.
//!
//! | notation | line | column | used by |
//! |---|---|---|---|
//! | byte offset | – | UTF-8 bytes from the start of the text | everything inside |
//! | [`Position`] | from 0 | from 0, in the units of a [`PositionEncoding`] | the Language Server Protocol |
//! | [`LineColumn`] | from 1 | from 1, in Unicode scalar values | text and JSON output |
//! | [`LineColumn`] of [`LineIndex::utf16`] | from 1 | from 1, in UTF-16 code units | SARIF |
//!
//! Lines end at LF, CR and CRLF. A column behind the end of its line means the end of the line, one
//! inside a character means its start.

use super::{Source, Text};
use memchr::memchr2_iter;

/// The units in which an editor counts columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PositionEncoding {
    Utf8,
    Utf16,
    Utf32,
}

/// A place as an editor names it: line and column from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    pub line: u32,
    pub character: u32,
}

/// A place as a person names it: line and column from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

impl PositionEncoding {
    /// How many units a character takes.
    fn units(self, char: char) -> u32 {
        match self {
            PositionEncoding::Utf8 => char.len_utf8() as u32,
            PositionEncoding::Utf16 => char.len_utf16() as u32,
            PositionEncoding::Utf32 => 1,
        }
    }
}

impl Text {
    /// The byte offset of an editor's position. Never fails: what lies beyond is clamped.
    pub fn offset(&self, position: Position, encoding: PositionEncoding) -> u32 {
        let (start, chunks) = self.line_chunks(position.line);
        let mut at = start;
        let mut left = position.character;
        for char in chunks.flat_map(str::chars).take_while(|char| !matches!(char, '\r' | '\n')) {
            let Some(rest) = left.checked_sub(encoding.units(char)) else { break };
            left = rest;
            at += char.len_utf8() as u32;
        }
        at
    }

    pub fn position(&self, offset: u32, encoding: PositionEncoding) -> Position {
        let offset = offset.min(Source::len(self));
        let line = self.line_of(offset);
        let [bytes, utf16, scalars] = self.column(line, offset);
        let character = match encoding {
            PositionEncoding::Utf8 => bytes,
            PositionEncoding::Utf16 => utf16,
            PositionEncoding::Utf32 => scalars,
        };
        Position { line, character }
    }
}

/// The line starts of a text that does not change: what the checker needs and an editor does not.
///
/// A lookup costs the same wherever it is, however long the line: minified files are one line.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<u32>,
    /// How many units stand before each multiple of [`STRIDE`].
    passed: Vec<Passed>,
}

/// Bytes between two places whose units are known.
const STRIDE: usize = 512;

#[derive(Debug, Clone, Copy, Default)]
struct Passed {
    scalars: u32,
    utf16: u32,
}

impl<'t> LineIndex<'t> {
    pub fn new(text: &'t str) -> LineIndex<'t> {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        starts.extend(
            memchr2_iter(b'\n', b'\r', bytes)
                .filter(|at| !(bytes[*at] == b'\r' && bytes.get(at + 1) == Some(&b'\n')))
                .map(|at| at as u32 + 1),
        );
        let mut before = Passed::default();
        let passed = bytes
            .chunks(STRIDE)
            .map(|chunk| {
                let after = before.and(chunk);
                std::mem::replace(&mut before, after)
            })
            .collect();
        LineIndex { text, starts, passed }
    }

    /// In Unicode scalar values.
    pub fn scalars(&self, offset: u32) -> LineColumn {
        self.line_column(offset, |passed| passed.scalars)
    }

    /// In UTF-16 code units.
    pub fn utf16(&self, offset: u32) -> LineColumn {
        self.line_column(offset, |passed| passed.utf16)
    }

    fn line_column(&self, offset: u32, units: fn(Passed) -> u32) -> LineColumn {
        let offset = offset.min(self.text.len() as u32);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = units(self.before(offset)) - units(self.before(self.starts[line])) + 1;
        LineColumn { line: line as u32 + 1, column }
    }

    fn before(&self, offset: u32) -> Passed {
        let offset = self.text.floor_char_boundary(offset as usize);
        let known = offset / STRIDE;
        let passed = self.passed.get(known).or(self.passed.last()).copied().unwrap_or_default();
        let from = known.min(self.passed.len().saturating_sub(1)) * STRIDE;
        passed.and(&self.text.as_bytes()[from..offset])
    }
}

impl Passed {
    /// Counts first bytes only, so that a character which a border cuts in two is counted once.
    fn and(self, bytes: &[u8]) -> Passed {
        let first = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32;
        let pairs = bytes.iter().filter(|byte| **byte >= 0xf0).count() as u32;
        Passed { scalars: self.scalars + first, utf16: self.utf16 + first + pairs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use PositionEncoding::{Utf8, Utf16, Utf32};

    const TEXT: &str = "ab\r\nnaïve 😀!\rx\u{2028}y\n";

    #[test]
    fn positions_count_in_the_units_asked_for() {
        let text = Text::from(TEXT);
        let bang = TEXT.find('!').unwrap() as u32;
        for (encoding, character) in [(Utf8, 11), (Utf16, 8), (Utf32, 7)] {
            let position = Position { line: 1, character };
            assert_eq!(text.position(bang, encoding), position);
            assert_eq!(text.offset(position, encoding), bang);
        }
        assert_eq!(text.position(1, Utf16), Position { line: 0, character: 1 });
        assert_eq!(text.line_count(), 4);
        assert_eq!(text.position(TEXT.len() as u32, Utf16), Position { line: 3, character: 0 });
    }

    #[test]
    fn what_lies_beyond_is_clamped() {
        let text = Text::from(TEXT);
        assert_eq!(text.offset(Position { line: 0, character: 99 }, Utf16), 2);
        assert_eq!(text.offset(Position { line: 1, character: 99 }, Utf16), TEXT.find("\rx").unwrap() as u32);
        assert_eq!(text.offset(Position { line: 99, character: 0 }, Utf8), TEXT.len() as u32);
        // Between the halves of a surrogate pair, and inside a character's bytes.
        let smile = TEXT.find('😀').unwrap() as u32;
        assert_eq!(text.offset(Position { line: 1, character: 7 }, Utf16), smile);
        assert_eq!(text.offset(Position { line: 1, character: 9 }, Utf8), smile);
    }

    #[test]
    fn every_offset_there_and_back() {
        let text = Text::from(TEXT);
        let index = LineIndex::new(TEXT);
        for (offset, _) in TEXT.char_indices() {
            let offset = offset as u32;
            if TEXT[..offset as usize].ends_with('\r') && TEXT[offset as usize..].starts_with('\n') {
                continue;
            }
            for encoding in [Utf8, Utf16, Utf32] {
                assert_eq!(text.offset(text.position(offset, encoding), encoding), offset);
            }
            let position = text.position(offset, Utf32);
            let person = LineColumn { line: position.line + 1, column: position.character + 1 };
            assert_eq!(index.scalars(offset), person);
        }
        assert_eq!(index.utf16(TEXT.find('!').unwrap() as u32), LineColumn { line: 2, column: 9 });
    }

    #[test]
    fn long_lines_have_columns_everywhere() {
        let long = "ab😀é\u{2028}".repeat(400) + "\r\n" + &"é😀".repeat(300);
        let text = Text::from(long.as_str());
        let index = LineIndex::new(&long);
        for (offset, _) in long.char_indices().filter(|(_, char)| *char != '\n') {
            for encoding in [Utf16, Utf32] {
                let position = text.position(offset as u32, encoding);
                let person = LineColumn { line: position.line + 1, column: position.character + 1 };
                let found =
                    if encoding == Utf16 { index.utf16(offset as u32) } else { index.scalars(offset as u32) };
                assert_eq!(found, person, "{offset}");
            }
        }
        let end = index.scalars(long.len() as u32 + 9);
        assert_eq!(end, LineColumn { line: 2, column: 601 });
        assert_eq!(LineIndex::new("").scalars(0), LineColumn { line: 1, column: 1 });
    }

    #[test]
    fn edits_change_what_they_name() {
        let mut text = Text::from("naïve");
        text.replace(Span::new(2, 4), "i");
        assert_eq!(text.to_string(), "naive");
        text.replace(Span::new(5, 99), "té");
        assert_eq!(text.to_string(), "naiveté");
    }
}
