//! Laying out JSON anew: one member a line, lists of a few words on one.

use super::File;
use crate::syntax::{Kind, ValueRef};
use crate::text::{Source, Span, TextEdit};

/// How wide a line may get before a list is broken.
const WIDTH: usize = 100;

/// The edit that lays out a whole file; `None` where it is no strict JSON (comments have places of their own), none
/// of ours, or laid out so already.
pub fn format(file: &File<'_>, indent: &str) -> Option<TextEdit> {
    let root = strict(file)?;
    let whole = Span::new(0, Source::len(file.text));
    laid_out(file, root, whole, indent)
}

/// The same for the smallest object or list around a range; what stands around that stays.
pub fn format_range(file: &File<'_>, range: Span, indent: &str) -> Option<TextEdit> {
    let mut value = strict(file)?;
    if value.span().start >= range.start && range.end >= value.span().end {
        return format(file, indent);
    }
    while let Some(inner) = value
        .members()
        .filter_map(|member| member.value())
        .chain(value.items())
        .find(|inner| inner.kind().is_container() && inner.span().covers(range))
    {
        value = inner;
    }
    laid_out(file, value, value.span(), indent)
}

/// The root of a file that can be laid out.
fn strict<'a>(file: &File<'a>) -> Option<ValueRef<'a>> {
    let report = file.report;
    if report.documents.is_empty() || !report.parsed.tree()?.is_strict_json() {
        return None;
    }
    report.parsed.json_value()
}

/// The edit that writes a value in place of a span: its own, or the whole file.
fn laid_out(file: &File<'_>, value: ValueRef<'_>, replaced: Span, indent: &str) -> Option<TextEdit> {
    let whole = Span::new(0, Source::len(file.text));
    let text = file.text.slice(whole);
    let line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let is_whole = replaced == whole;
    let start = text[..replaced.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[start..replaced.start as usize];
    let base = &before[..before.len() - before.trim_start_matches([' ', '\t']).len()];
    let base = if is_whole { "" } else { base };
    let out = String::with_capacity(replaced.len() as usize);
    let mut writer = Writer { text: &text, indent, base, line, out };
    writer.value(value, 0, before.len());
    if is_whole {
        writer.out.push_str(line);
    }
    let is_new = text.get(replaced.as_usize()) != Some(&*writer.out);
    is_new.then_some(TextEdit { span: replaced, text: writer.out })
}

struct Writer<'t> {
    text: &'t str,
    indent: &'t str,
    /// What every line begins with.
    base: &'t str,
    line: &'t str,
    out: String,
}

impl Writer<'_> {
    fn source(&self, span: Span) -> &str {
        self.text.get(span.as_usize()).unwrap_or_default()
    }

    fn begin_line(&mut self, depth: usize) {
        self.out.push_str(self.line);
        self.out.push_str(self.base);
        self.out.push_str(&self.indent.repeat(depth));
    }

    /// `column`: how much stands before it on its line.
    fn value(&mut self, value: ValueRef<'_>, depth: usize, column: usize) {
        match value.kind() {
            Kind::Object if value.members().next().is_none() => self.out.push_str("{}"),
            Kind::Array if value.items().next().is_none() => self.out.push_str("[]"),
            Kind::Object => {
                self.out.push('{');
                for (index, member) in value.members().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    self.begin_line(depth + 1);
                    let name =
                        member.name().map_or_else(String::new, |name| self.source(name.span()).to_string());
                    self.out.push_str(&name);
                    self.out.push_str(": ");
                    if let Some(value) = member.value() {
                        let column = self.base.len() + (depth + 1) * self.indent.len() + name.len() + 2;
                        self.value(value, depth + 1, column);
                    }
                }
                self.begin_line(depth);
                self.out.push('}');
            }
            Kind::Array => {
                let is_flat = value.items().all(|item| !item.kind().is_container());
                let width: usize = value.items().map(|item| item.span().len() as usize + 2).sum();
                let in_line = is_flat && column + width <= WIDTH;
                self.out.push('[');
                for (index, item) in value.items().enumerate() {
                    if index > 0 {
                        self.out.push_str(if in_line { ", " } else { "," });
                    }
                    if !in_line {
                        self.begin_line(depth + 1);
                    }
                    self.value(item, depth + 1, self.base.len() + (depth + 1) * self.indent.len());
                }
                if !in_line {
                    self.begin_line(depth);
                }
                self.out.push(']');
            }
            _ => {
                let text = self.source(value.span()).to_string();
                self.out.push_str(&text);
            }
        }
    }
}
