//! Semantic edits written out as YAML: in blocks and in brackets, as what is around stands.

use super::containers::YamlContainer;
use super::scalar::{is_plain, quoted, written, written_in_flow};
use crate::host::write::{
    Brackets, Comments, Container, FoundContainer, Group, Layout, Models, New, PartList, Separator, Text,
    combined, embedded, groups, plan,
};
use crate::host::yaml_file::YamlFile;
use crate::host::{Edit, NewValue};
use crate::syntax::encode;
use crate::text::{Span, TextEdit, listed};
use std::fmt::Write as _;

impl YamlFile {
    /// The text edits that make `edits`; all or none.
    pub(in crate::host) fn text_edits(
        &self,
        text: &str,
        models: &Models<'_>,
        edits: &[Edit],
    ) -> Option<Vec<TextEdit>> {
        let layout = Layout { text, whole: text, comments: Comments::Yaml };
        let mut out = Vec::new();
        for Group { model, string, edits } in groups(models, edits)? {
            if let Some(string) = string {
                out.extend(embedded(&layout, string, model, &edits, &str::to_string)?);
                continue;
            }
            let writer = Writer { file: self, layout };
            let changes = plan(model, &edits)?;
            for text in &changes.texts {
                out.push(writer.text(text)?);
            }
            for (span, value) in changes.values {
                out.push(writer.value(span, value)?);
            }
            for container in &changes.containers {
                out.extend(writer.container(container)?);
            }
        }
        combined(out)
    }
}

struct Writer<'a> {
    file: &'a YamlFile,
    layout: Layout<'a>,
}

impl Writer<'_> {
    fn text(&self, edit: &Text<'_>) -> Option<TextEdit> {
        let Text { span, text, string } = edit;
        let whole = self.layout.slice(string.span.start, string.span.end);
        let is_whole = *span == string.span;
        if !string.is_written() {
            // A name that the host spells otherwise may be exchanged whole; a reference may not.
            let is_reference =
                whole.starts_with(['!', '*']) || whole.contains(['$', '.', '(', '[', '{', ':']);
            return (is_whole && !is_reference)
                .then(|| TextEdit { span: *span, text: written_in_flow(text) });
        }
        let start = self.layout.behind_function(string.span);
        let source = self.layout.slice(start, string.span.end);
        let before = self.layout.slice(start, span.start);
        // Of a text that a function joins, the part in quotes.
        let is_in =
            |quote: char| source.starts_with([quote, '[', '-']) && before.matches(quote).count() % 2 == 1;
        let is_one_line = !text.contains(['\n', '\r']);
        let text = if source.starts_with(['|', '>']) {
            // The lines of a block are as they are.
            (is_one_line && text.trim() == *text).then(|| text.to_string())?
        } else if is_whole {
            if start != string.span.start {
                return None;
            }
            written_in_flow(text)
        } else if is_in('"') {
            encode(text)
        } else if is_in('\'') {
            is_one_line.then(|| text.replace('\'', "''"))?
        } else {
            let new = format!("{before}{text}{}", self.layout.slice(span.end, string.span.end));
            if is_plain(&new) && !text.contains([',', '[', ']', '{', '}']) {
                text.to_string()
            } else if string.runs().is_none() && start == string.span.start {
                return Some(TextEdit { span: string.span, text: quoted(&new) });
            } else {
                return None;
            }
        };
        Some(TextEdit { span: *span, text })
    }

    fn value(&self, span: Span, value: &NewValue) -> Option<TextEdit> {
        if span.is_empty() {
            // Nothing stands there; the value goes behind the colon.
            let (layouts, block) = self.file.layouts(span.start)?;
            let at =
                layouts.empty.iter().find(|(seen, _)| *seen + block.start == span.start)?.1 + block.start;
            return Some(TextEdit { span: Span::new(at, at), text: format!(" {}", flow(value)) });
        }
        let source = self.layout.slice(span.start, span.end);
        // What a tag or a reference decides is not written there.
        let is_scalar = !value.is_object() && !value.is_array();
        if source.starts_with(['!', '*', '&']) || is_scalar && source.contains("${") {
            return None;
        }
        Some(TextEdit { span, text: flow(value) })
    }

    fn container(&self, change: &Container<'_>) -> Option<Vec<TextEdit>> {
        let (layouts, block) = self.file.layouts(change.span.start)?;
        let base = block.start;
        let found = layouts.containers.at(change.span.start.checked_sub(base)?, change.is_object)?;
        let gone = found.gone(change, base)?;
        let layout = Layout { text: &block.key.text, ..self.layout };
        let edits = match found.kind {
            YamlContainer::Flow => {
                let write = |name: Option<&str>, value: &NewValue, _: Option<&str>| match name {
                    Some(name) => format!("{}: {}", written_in_flow(name), flow(value)),
                    None => flow(value),
                };
                let brackets = Brackets {
                    layout,
                    span: found.span,
                    parts: PartList { written: &found.parts, base: 0 },
                    separator: Separator::Comma,
                    opens_lines: false,
                };
                brackets.change(&gone, New { parts: &change.new, write: &write })
            }
            YamlContainer::Block => Lines { layout, found }.change(&gone, change)?,
        };
        let shift = |edit: TextEdit| TextEdit { span: edit.span.shifted(base), ..edit };
        Some(edits.into_iter().map(shift).collect())
    }
}

/// A mapping or a sequence with a part a line.
struct Lines<'a> {
    layout: Layout<'a>,
    found: &'a FoundContainer<YamlContainer>,
}

impl Lines<'_> {
    fn change(&self, gone: &[usize], change: &Container<'_>) -> Option<Vec<TextEdit>> {
        let parts = PartList { written: &self.found.parts, base: 0 };
        let layout = &self.layout;
        let line = layout.line_break();
        let Some((_, last)) = parts.last_but(gone) else {
            return Some(self.replace_all(change, &self.indent()?));
        };
        let mut out = Vec::new();
        self.remove(gone, &mut out)?;
        if !change.new.is_empty() {
            let indent = self.indent()?;
            let at = layout.line_end(last.end)?;
            let text: String =
                change.new.iter().map(|new| format!("{line}{indent}{}", self.part(new, &indent))).collect();
            out.push(TextEdit { span: Span::new(at, at), text });
        }
        Some(out)
    }

    /// What stands before each part: spaces as many as before the first, for which a dash or a name may
    /// stand. `None` where there are tabs.
    fn indent(&self) -> Option<String> {
        let columns = self.found.parts.iter().map(|part| self.layout.before(part.span.start));
        let free = columns.clone().find(|before| before.bytes().all(|byte| byte == b' '));
        let before = free.or_else(|| columns.clone().next())?;
        (!before.contains('\t')).then(|| " ".repeat(before.chars().count()))
    }

    fn part(&self, (name, value): &(Option<&str>, &NewValue), indent: &str) -> String {
        let line = self.layout.line_break();
        match name {
            Some(name) => {
                // Blocks read better where everything around is one.
                let is_short = indent.is_empty() && flow(value).len() <= 40;
                let mut out = format!("{}:", written(name));
                if is_short {
                    let _ = write!(out, " {}", flow(value));
                } else {
                    block(value, &format!("{line}{indent}  "), &mut out);
                }
                out
            }
            None => {
                let has_flow_items = self.found.parts.iter().any(|part| {
                    let item = self.layout.slice(part.span.start + 1, part.span.end);
                    item.trim_start().starts_with(['{', '['])
                });
                if has_flow_items {
                    return format!("- {}", flow(value));
                }
                let mut out = String::new();
                block(value, &format!("{line}{indent}  "), &mut out);
                format!("- {}", out.trim_start())
            }
        }
    }

    /// Other parts in place of all, or brackets with nothing in them: an empty block would be `null`.
    fn replace_all(&self, change: &Container<'_>, indent: &str) -> Vec<TextEdit> {
        let layout = &self.layout;
        let parts = &self.found.parts;
        let (first, last) = (parts[0].span.start, parts[parts.len() - 1].span.end);
        let span = Span::new(first, last);
        if change.new.is_empty() {
            let empty = if self.found.is_object { "{}" } else { "[]" };
            let before = layout.slice(0, first).trim_end_matches([' ', '\t', '\n', '\r']);
            let at = before.len() as u32;
            let is_behind_name = layout.begins_line(first) && before.ends_with(':');
            return match layout.line_end(last).filter(|_| is_behind_name) {
                Some(end) => vec![TextEdit { span: Span::new(at, end), text: format!(" {empty}") }],
                None => vec![TextEdit { span, text: empty.to_string() }],
            };
        }
        let line = layout.line_break();
        let parts: Vec<String> = change.new.iter().map(|new| self.part(new, indent)).collect();
        vec![TextEdit { span, text: parts.join(&format!("{line}{indent}")) }]
    }

    /// Takes the lines of parts out; some other part stays.
    fn remove(&self, gone: &[usize], out: &mut Vec<TextEdit>) -> Option<()> {
        let layout = &self.layout;
        let parts = &self.found.parts;
        let mut cut = |from: u32, to: u32| {
            out.push(TextEdit { span: Span::new(from, to), text: String::new() });
        };
        for (from, to) in PartList::runs(gone) {
            let (first, last) = (parts.get(from)?.span, parts.get(to)?.span);
            let next = parts.get(to + 1).map(|next| next.span);
            let end = layout.line_end(last.end)?;
            if layout.begins_line(first.start) {
                let start = layout.line_start(first.start);
                // What is said above the first of all may be said of all.
                let start = if from > 0 { layout.with_comments_above(start) } else { start };
                let start = start.max(from.checked_sub(1).map_or(0, |before| parts[before].span.end));
                let behind = layout.behind_line_break(end);
                // The last line of a text without a line break takes the one before with it.
                let start =
                    if behind == end { layout.end_of_line_above(start).unwrap_or(start) } else { start };
                cut(start, behind);
            } else {
                // The first part, behind a dash: the next one takes its place.
                let next = next?;
                if layout.is_blank(end, next.start) {
                    cut(first.start, next.start);
                } else {
                    let before = layout.before(first.start);
                    cut(first.start - (before.len() - before.trim_end().len()) as u32, end);
                }
            }
        }
        Some(())
    }
}

/// A value on one line.
fn flow(value: &NewValue) -> String {
    match value {
        NewValue::String(text) => written_in_flow(text),
        NewValue::Array(items) => format!("[{}]", listed(items.iter().map(flow))),
        NewValue::Object(members) if members.is_empty() => "{}".to_string(),
        NewValue::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", written_in_flow(name), flow(value)))
                .collect();
            format!("{{ {} }}", listed(members))
        }
        other => other.to_string(),
    }
}

/// A value behind a colon or a dash: a list or an object with a line for each part, `line` before each.
fn block(value: &NewValue, line: &str, out: &mut String) {
    match value {
        NewValue::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let _ = write!(out, "{line}{}:", written(name));
                block(value, &format!("{line}  "), out);
            }
        }
        NewValue::Array(items) if !items.is_empty() => {
            for item in items {
                let mut inner = String::new();
                block(item, &format!("{line}  "), &mut inner);
                let _ = write!(out, "{line}- {}", inner.trim_start());
            }
        }
        NewValue::String(text) => {
            let _ = write!(out, " {}", written(text));
        }
        other => {
            let _ = write!(out, " {other}");
        }
    }
}
