//! Lists and objects in brackets, as JSON, YAML and HCL have them: what goes, and what comes in.

use super::containers::WrittenPart;
use super::layout::Layout;
use crate::host::NewValue;
use crate::text::{Span, TextEdit, listed};

/// A container in brackets.
pub(in crate::host) struct Brackets<'a> {
    pub layout: Layout<'a>,
    /// From the opening to the closing bracket.
    pub span: Span,
    /// Its members or items, in order.
    pub parts: PartList<'a>,
    pub separator: Separator,
    /// Whether the first part of an empty container gets a line of its own.
    pub opens_lines: bool,
}

/// The parts of a container by index.
#[derive(Clone, Copy)]
pub(in crate::host) struct PartList<'a> {
    pub written: &'a [WrittenPart],
    /// Where the text starts that they are counted from.
    pub base: u32,
}

impl PartList<'_> {
    pub fn len(&self) -> usize {
        self.written.len()
    }

    pub fn get(&self, index: usize) -> Option<Span> {
        self.written.get(index).map(|part| part.span.shifted(self.base))
    }

    /// The last of those that stay, and its index; `gone` is in ascending order.
    pub fn last_but(&self, gone: &[usize]) -> Option<(usize, Span)> {
        let index = (0..self.len()).rev().find(|index| gone.binary_search(index).is_err())?;
        Some((index, self.get(index)?))
    }

    /// What goes as runs that stand side by side: the indices of the first and the last of each.
    pub fn runs(gone: &[usize]) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for index in gone {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == *index => *last = *index,
                _ => runs.push((*index, *index)),
            }
        }
        runs
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::host) enum Separator {
    /// A comma between any two parts.
    Comma,
    /// A comma, or a line break: objects of HCL.
    CommaOrLine,
}

/// New parts, and how a container writes one: its name, its value, and the white space that its line starts
/// with; `None` stands for one line with what is around.
#[derive(Clone, Copy)]
pub(in crate::host) struct New<'a> {
    pub parts: &'a [(Option<&'a str>, &'a NewValue)],
    pub write: &'a WritePart<'a>,
}

type WritePart<'a> = dyn Fn(Option<&str>, &NewValue, Option<&str>) -> String + 'a;

impl New<'_> {
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Each part as text.
    pub fn written(&self, indent: Option<&str>) -> impl Iterator<Item = String> {
        self.parts.iter().map(move |(name, value)| (self.write)(*name, value, indent))
    }
}

impl Brackets<'_> {
    /// Takes the parts with these indices (in ascending order) out and puts others in, behind the last.
    pub fn change(&self, gone: &[usize], new: New<'_>) -> Vec<TextEdit> {
        let mut out = Vec::new();
        match self.parts.last_but(gone) {
            Some((_, last)) => {
                self.remove(gone, &mut out);
                if !new.is_empty() {
                    self.append(last, new, &mut out);
                }
            }
            None => {
                let inside = Span::new(self.span.start + 1, self.span.end.saturating_sub(1));
                let is_blank = self.layout.is_blank(inside.start, inside.end);
                if !gone.is_empty() || is_blank {
                    out.push(TextEdit { span: inside, text: self.alone(new) });
                } else {
                    self.behind_comments(inside, new, &mut out);
                }
            }
        }
        out
    }

    fn is_object(&self) -> bool {
        self.layout.rest(self.span.start).starts_with('{')
    }

    /// The new parts of a container that has no other.
    fn alone(&self, new: New<'_>) -> String {
        if new.is_empty() {
            return String::new();
        }
        if self.opens_lines {
            let line = self.layout.line_break();
            let outer = self.layout.indent(self.span.start);
            let indent = format!("{line}{outer}{}", self.layout.step());
            let inner = &indent[line.len()..];
            let parts: Vec<String> = new.written(Some(inner)).map(|part| format!("{indent}{part}")).collect();
            return format!("{}{line}{outer}", parts.join(","));
        }
        let parts = listed(new.written(None));
        if self.is_object() { format!(" {parts} ") } else { parts }
    }

    /// New parts where nothing but comments stands in between the brackets.
    fn behind_comments(&self, inside: Span, new: New<'_>, out: &mut Vec<TextEdit>) {
        let line = self.layout.line_break();
        let outer = self.layout.indent(self.span.start).to_string();
        let indent = format!("{outer}{}", self.layout.step());
        let parts: Vec<String> =
            new.written(Some(&indent)).map(|part| format!("{line}{indent}{part}")).collect();
        let mut text = parts.join(",");
        let mut span = Span::new(inside.end, inside.end);
        let above = self.layout.end_of_line_above(self.layout.line_start(inside.end));
        match above.filter(|at| *at >= inside.start && self.layout.begins_line(inside.end)) {
            // Before the line of the closing bracket.
            Some(above) => span = Span::new(above, above),
            None => {
                let written = self.layout.slice(inside.start, inside.end).trim_end().len() as u32;
                span.start = inside.start + written;
                text = format!("{text}{line}{outer}");
            }
        }
        out.push(TextEdit { span, text });
    }

    fn append(&self, last: Span, new: New<'_>, out: &mut Vec<TextEdit>) {
        let insert = |at: u32, text: String| TextEdit { span: Span::new(at, at), text };
        let is_multiline = self.layout.has_line_break(self.span.start, last.end);
        if !is_multiline || !self.layout.begins_line(last.start) {
            // `[{ …` goes on as `}, {`.
            let indent = is_multiline.then(|| self.layout.indent(last.start));
            let text: String = new.written(indent).map(|part| format!(", {part}")).collect();
            out.push(insert(last.end, text));
            return;
        }
        let indent = self.layout.indent(last.start);
        let line = self.layout.line_break();
        let parts: Vec<String> =
            new.written(Some(indent)).map(|part| format!("{line}{indent}{part}")).collect();
        let is_inside = |at: &u32| *at < self.span.end;
        if let Some(comma) = self.layout.comma(last.end) {
            let at = self.layout.line_end(comma + 1).filter(is_inside).unwrap_or(comma + 1);
            out.push(insert(at, format!("{},", parts.join(","))));
            return;
        }
        let between = if self.has_commas() { "," } else { "" };
        match self.layout.line_end(last.end).filter(is_inside) {
            // The comment behind the last part stays with it.
            Some(at) if at > last.end => {
                out.push(insert(last.end, between.to_string()));
                out.push(insert(at, parts.join(between)));
            }
            _ => out.push(insert(last.end, format!("{between}{}", parts.join(between)))),
        }
    }

    /// Whether commas stand between parts on lines of their own.
    pub fn has_commas(&self) -> bool {
        self.separator == Separator::Comma
            || self.parts.get(0).zip(self.parts.get(1)).is_some_and(|(first, second)| {
                self.layout.comma(first.end).is_some_and(|comma| comma < second.start)
            })
    }

    /// Takes parts out, with the comma that each run of them has, and with their lines.
    fn remove(&self, gone: &[usize], out: &mut Vec<TextEdit>) {
        let mut cut = |from: u32, to: u32| {
            if from < to {
                out.push(TextEdit { span: Span::new(from, to), text: String::new() });
            }
        };
        let layout = &self.layout;
        for (from, to) in PartList::runs(gone) {
            let (Some(first), Some(last)) = (self.parts.get(from), self.parts.get(to)) else { continue };
            let before = from.checked_sub(1).and_then(|before| self.parts.get(before));
            let next = self.parts.get(to + 1);
            let comma = layout.comma(last.end);
            let comma_before = before.and_then(|before| layout.comma(before.end));
            let end = comma.map_or(last.end, |comma| comma + 1);
            let line_end = layout.line_end(end).filter(|at| *at < self.span.end);
            if let Some(line_end) = line_end
                && layout.begins_line(first.start)
            {
                // Whole lines. What is said above the first of all may be said of all.
                let start = layout.line_start(first.start);
                let start = if before.is_some() { layout.with_comments_above(start) } else { start };
                let start = start.max(before.map_or(0, |before| before.end));
                if next.is_none()
                    && comma.is_none()
                    && let Some(comma) = comma_before
                {
                    cut(comma, comma + 1);
                }
                cut(start, layout.behind_line_break(line_end));
                continue;
            }
            match (before, comma_before, next) {
                (Some(before), Some(comma_before), _)
                    if layout.is_blank(before.end, comma_before)
                        && layout.is_blank(comma_before + 1, first.start) =>
                {
                    cut(before.end, last.end);
                }
                (_, _, Some(next)) if comma.is_none_or(|comma| layout.is_blank(comma + 1, next.start)) => {
                    cut(first.start, next.start);
                }
                (_, Some(comma_before), None) => {
                    if comma.is_none() {
                        cut(comma_before, comma_before + 1);
                    }
                    cut(first.start, end);
                }
                _ => cut(first.start, end),
            }
        }
    }
}
