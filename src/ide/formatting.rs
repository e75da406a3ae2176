//! Laying out JSON anew: one member a line, lists of a few words on one.

use super::File;
use crate::syntax::{Kind, ValueRef};
use crate::text::{Source, Span, TextEdit};

/// How wide a line may get before a list is broken.
const WIDTH: usize = 100;

/// The edit that lays out a whole file; `None` where it is no strict JSON (comments have places of their own), none
/// of ours, or laid out so already.
pub fn format(file: &File<'_>, indent: &str) -> Option<TextEdit> {
    let report = file.report;
    if report.documents.is_empty() || !report.parsed.tree()?.is_strict_json() {
        return None;
    }
    let root = report.parsed.json_value()?;
    let whole = Span::new(0, Source::len(file.text));
    let before = file.text.slice(whole);
    let line = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let mut writer = Writer { text: &before, indent, line, out: String::with_capacity(before.len()) };
    writer.value(root, 0, 0);
    writer.out.push_str(line);
    (writer.out != *before).then_some(TextEdit { span: whole, text: writer.out })
}

struct Writer<'t> {
    text: &'t str,
    indent: &'t str,
    line: &'t str,
    out: String,
}

impl Writer<'_> {
    fn source(&self, span: Span) -> &str {
        self.text.get(span.as_usize()).unwrap_or_default()
    }

    fn begin_line(&mut self, depth: usize) {
        self.out.push_str(self.line);
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
                        let column = (depth + 1) * self.indent.len() + name.len() + 2;
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
                    self.value(item, depth + 1, (depth + 1) * self.indent.len());
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
