//! Strings put together from pieces that stand at different places of a file.

use super::value::{Holds, OpenPart, StringValue};
use crate::syntax::Run;
use crate::text::Span;
use std::ops::Range;

/// A string that is being put together; its pieces have to come in the order of the file.
pub(super) struct Composed {
    span: Span,
    text: String,
    runs: Vec<Run>,
    unknown: Vec<OpenPart>,
    /// The decoded and the source offset at which the last run goes on.
    next: Option<(u32, u32)>,
}

impl Composed {
    /// `span`: what the whole stands for.
    pub fn new(span: Span) -> Composed {
        Composed { span, text: String::new(), runs: Vec::new(), unknown: Vec::new(), next: None }
    }

    fn run(&mut self, source: u32) {
        let decoded = self.text.len() as u32;
        if self.next != Some((decoded, source)) {
            self.runs.push(Run { decoded, source: source.saturating_sub(self.span.start) });
        }
    }

    /// A part of a string that is written in the file, in bytes of its text.
    pub fn push(&mut self, string: &StringValue, range: Range<usize>) {
        if !string.is_written() {
            self.stand_in(&string.text[range], string.span, false);
            return;
        }
        for (at, char) in string.text[range.clone()].char_indices() {
            let source = string.part(range.start + at..range.start + at + char.len_utf8());
            self.run(source.start);
            self.text.push(char);
            let straight = source.len() as usize == char.len_utf8();
            self.next = straight.then_some((self.text.len() as u32, source.end));
        }
    }

    /// The same, of which nothing is known yet.
    pub fn push_unknown(&mut self, string: &StringValue, range: Range<usize>) {
        self.push_hole(string, range, Holds::Anything);
    }

    /// The same, of which no more is known than what it may hold.
    pub fn push_hole(&mut self, string: &StringValue, range: Range<usize>, holds: Holds) {
        let start = self.text.len();
        self.push(string, range);
        self.unknown.push(OpenPart::of(start, self.text.len(), holds));
    }

    /// All of a string, with its holes.
    pub fn push_all(&mut self, string: &StringValue) {
        let mut at = 0;
        for hole in string.open_parts() {
            self.push(string, at..hole.start as usize);
            self.push_hole(string, hole.range(), hole.holds);
            at = hole.end as usize;
        }
        self.push(string, at..string.text.len());
    }

    /// A text that stands for what is written at `span`.
    pub fn stand_in(&mut self, text: &str, span: Span, is_unknown: bool) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.run(span.start);
        self.text.push_str(text);
        self.next = None;
        if is_unknown {
            self.unknown.push(OpenPart::of(start, self.text.len(), Holds::Anything));
        }
    }

    pub fn finish(mut self) -> StringValue {
        self.unknown.extend(super::placeholder::find(&self.text));
        self.unknown.sort_by_key(|hole| hole.start);
        self.unknown.dedup_by(|later, earlier| {
            let overlaps = later.start < earlier.end;
            if overlaps && later.end > earlier.end {
                earlier.end = later.end;
                earlier.holds = Holds::Anything;
            }
            overlaps
        });
        if self.runs.is_empty() {
            self.runs.push(Run { decoded: 0, source: 0 });
        }
        StringValue::new(self.text, self.span, Some(self.runs.into()), self.unknown.into())
    }
}
