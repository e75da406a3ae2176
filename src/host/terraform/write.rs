//! Semantic edits written out as HCL: arguments, blocks, objects and lists.

use super::containers::HclContainer;
use super::literal::{assignments, escape, flow, is_identifier, key, quoted};
use super::{TerraformFile, policy_blocks};
use crate::host::edit::referred;
use crate::host::write::{
    Brackets, Comments, Container, Group, Layout, Model, Models, New, PartList, Separator, Text, combined,
    embedded, groups, plan,
};
use crate::host::{Edit, Naming, NewValue};
use crate::syntax::encode;
use crate::text::{Span, TextEdit};

impl TerraformFile {
    /// The text edits that make `edits`; all or none.
    pub(in crate::host) fn text_edits(
        &self,
        text: &str,
        models: &Models<'_>,
        edits: &[Edit],
    ) -> Option<Vec<TextEdit>> {
        let layout = Layout { text, whole: text, comments: Comments::Hcl };
        let mut written = Vec::new();
        for Group { model, string, edits } in groups(models, edits)? {
            written.extend(match string {
                Some(string) => {
                    let edits: Vec<Edit> = edits.into_iter().map(in_text).collect();
                    let escaped = |text: &str| escape(text).replace(OPENS, "${");
                    embedded(&layout, string, model, &edits, &escaped)?
                }
                None => Writer { file: self, layout, model }.write(&edits)?,
            });
        }
        combined(written)
    }
}

/// Stands for what begins a reference in a text until the rest of it is escaped.
const OPENS: &str = "\u{F8FF}";

/// The same edit where references stand in a text.
fn in_text(edit: Edit) -> Edit {
    fn told(value: NewValue) -> NewValue {
        if let Some((path, behind)) = referred(&value) {
            return NewValue::String(format!("{OPENS}{path}}}{behind}"));
        }
        match value {
            NewValue::Array(items) => items.into_iter().map(told).collect(),
            NewValue::Object(members) => {
                NewValue::Object(members.into_iter().map(|(name, value)| (name, told(value))).collect())
            }
            other => other,
        }
    }
    match edit {
        Edit::InsertItem { array, value } => Edit::InsertItem { array, value: told(value) },
        other => other,
    }
}

struct Writer<'a, 'd> {
    file: &'a TerraformFile,
    layout: Layout<'a>,
    model: &'a Model<'d>,
}

impl Writer<'_, '_> {
    fn write(&self, edits: &[Edit]) -> Option<Vec<TextEdit>> {
        let mut out = Vec::new();
        let mut others = Vec::new();
        for edit in edits {
            if self.model.document.naming == Naming::TerraformPolicy {
                match policy_blocks::write(&self.layout, self.model, edit) {
                    policy_blocks::Written::Here(edit) => out.push(edit?),
                    policy_blocks::Written::AsAnyOther => others.push(edit.clone()),
                }
            } else {
                others.push(edit.clone());
            }
        }
        let changes = plan(self.model, &others)?;
        for text in &changes.texts {
            out.push(self.text(text)?);
            out.extend(self.twins(text)?);
        }
        for (span, value) in changes.values {
            out.push(self.value(span, value)?);
        }
        for container in &changes.containers {
            out.extend(self.container(container)?);
        }
        Some(out)
    }

    fn text(&self, edit: &Text<'_>) -> Option<TextEdit> {
        let Text { span, text, string } = edit;
        let source = self.layout.slice(span.start, span.end);
        let whole = self.layout.rest(string.span.start);
        let is_whole = *span == string.span;
        // A name that the host spells otherwise may be exchanged whole, a reference may not.
        let is_reference = source.contains(['$', '.', '(', '[', '{']);
        if !string.is_written() && (!is_whole || is_reference) {
            return None;
        }
        let text = if whole.starts_with("<<") {
            escape(text)
        } else if whole.starts_with('"') && !is_whole {
            escape(&encode(text))
        } else if is_whole {
            if is_identifier(text) && !whole.starts_with('"') { text.to_string() } else { quoted(text) }
        } else {
            return None;
        };
        Some(TextEdit { span: *span, text })
    }

    /// The same change wherever else the name is written that the model has once.
    fn twins(&self, edit: &Text<'_>) -> Option<Vec<TextEdit>> {
        let Text { span, text, string } = edit;
        let cut = self.file.blocks.at(span.start)?;
        let (Naming::TerraformPolicy, Some(block)) = (self.model.document.naming, &cut.parsed.block) else {
            return Some(Vec::new());
        };
        let own = Span::new(span.start - cut.start, span.end - cut.start);
        let source = self.layout.slice(string.span.start, string.span.end);
        let twins = policy_blocks::twins(block, own)?.into_iter().map(|twin| {
            let there = twin.span.shifted(cut.start);
            let same = there.len() == string.span.len()
                && self.layout.slice(there.start, there.end) == source
                && twin.is_written() == string.is_written();
            let start = there.start + (span.start - string.span.start);
            let string = twin.clone().with_span(there);
            let twin = Text { span: Span::new(start, start + span.len()), text, string };
            same.then(|| self.text(&twin)).flatten()
        });
        twins.collect()
    }

    fn value(&self, span: Span, value: &NewValue) -> Option<TextEdit> {
        let source = self.layout.slice(span.start, span.end);
        let is_scalar = !value.is_object() && !value.is_array();
        // What a reference decides is not written there, and a block is no value.
        let is_literal = source.starts_with(|first: char| first.is_ascii_digit())
            || source.starts_with(['"', '[', '{', '-'])
            || source.starts_with("<<")
            || matches!(source, "true" | "false" | "null");
        // Several lists of one name are one in the model.
        let is_one_literal = |is_object| {
            let (containers, base) = self.file.containers(span.start)?;
            let found = containers.at(span.start - base, is_object)?;
            Some(found.kind == HclContainer::Brackets && found.span.shifted(base) == span)
        };
        let is_one = match source.as_bytes().first() {
            Some(b'{') => is_one_literal(true).unwrap_or_default(),
            Some(b'[') => is_one_literal(false).unwrap_or_default(),
            _ => true,
        };
        if !is_literal || !is_one || is_scalar && source.contains("${") {
            return None;
        }
        Some(TextEdit { span, text: flow(value) })
    }

    fn container(&self, change: &Container<'_>) -> Option<Vec<TextEdit>> {
        let (containers, base) = self.file.containers(change.span.start)?;
        let found = containers.at(change.span.start - base, change.is_object)?;
        let gone = found.gone(change, base)?;
        let block = Layout { text: self.layout.rest(base), ..self.layout };
        let parts = PartList { written: &found.parts, base };
        let (kind, span) = (found.kind, found.span.shifted(base));
        // Blocks of one name may be several.
        let is_twice = change.new.iter().any(|(name, value)| {
            let may_be = kind == HclContainer::Body && is_block(value);
            name.is_some_and(|name| !may_be && found.has(&block, name, &gone))
        });
        if is_twice {
            return None;
        }
        // `terraform fmt` puts the signs of lines that follow each other below each other.
        let last = parts.last_but(&gone).map(|(_, last)| last);
        let above = last.map_or(0, |last| self.width(last));
        let widths = change.new.iter().filter_map(|(name, value)| {
            (!value.is_object()).then_some(*name)?.map(|name| key(name).chars().count())
        });
        let width = widths.fold(above, usize::max);
        let write = |name: Option<&str>, value: &NewValue, indent: Option<&str>| {
            let value_text = match indent {
                Some(indent) => lines(value, indent, &self.layout),
                None => flow(value),
            };
            match name {
                Some(name) if kind == HclContainer::Body && is_block(value) => {
                    self.blocks(name, value, indent)
                }
                Some(name) if indent.is_none() || value_text.contains('\n') => {
                    format!("{} = {value_text}", key(name))
                }
                Some(name) => format!("{:width$} = {value_text}", key(name)),
                None => value_text,
            }
        };
        let new = New { parts: &change.new, write: &write };
        match kind {
            HclContainer::Brackets => {
                let separator = if found.is_object { Separator::CommaOrLine } else { Separator::Comma };
                let brackets = Brackets { layout: self.layout, span, parts, separator, opens_lines: false };
                // A comma has no place behind the word that ends a heredoc.
                if !new.is_empty()
                    && brackets.has_commas()
                    && last.is_some_and(|last| self.ends_in_heredoc(last))
                {
                    return None;
                }
                Some(brackets.change(&gone, new))
            }
            HclContainer::Body => self.body(span, parts, &gone, new),
        }
    }

    /// How many characters the name of an argument on one line takes, with the spaces before its sign.
    fn width(&self, part: Span) -> usize {
        let source = self.layout.slice(part.start, part.end);
        let is_alone = self.layout.begins_line(part.start) && !source.contains(['\n', '\r']);
        let name = source.split_once('=').map_or("", |(name, _)| name);
        if is_alone { name.strip_suffix(' ').unwrap_or(name).chars().count() } else { 0 }
    }

    fn ends_in_heredoc(&self, part: Span) -> bool {
        let source = self.layout.slice(part.start, part.end);
        source.contains("<<") && source.lines().next_back().is_some_and(|line| is_identifier(line.trim()))
    }

    /// Arguments and blocks, each on a line of its own.
    fn body(&self, span: Span, parts: PartList<'_>, gone: &[usize], new: New<'_>) -> Option<Vec<TextEdit>> {
        let layout = &self.layout;
        let line = layout.line_break();
        let outer = layout.indent(span.start);
        let close = span.end.saturating_sub(1);
        let mut out = Vec::new();
        let cut = |from: u32, to: u32| TextEdit { span: Span::new(from, to), text: String::new() };
        let is_multiline = layout.has_line_break(span.start, span.end);
        for index in gone {
            let part = parts.get(*index)?;
            let end = layout.line_end(part.end).filter(|at| *at < close);
            match end {
                Some(end) if layout.begins_line(part.start) => {
                    let start = layout.line_start(part.start);
                    let start = if *index > 0 { layout.with_comments_above(start) } else { start };
                    let start = start.max(
                        index.checked_sub(1).and_then(|before| parts.get(before)).map_or(0, |it| it.end),
                    );
                    out.push(cut(start, layout.behind_line_break(end)));
                }
                _ if parts.len() == 1 && layout.is_blank(span.start + 1, part.start) => {
                    out.push(cut(span.start + 1, part.end));
                }
                _ => return None,
            }
        }
        if new.is_empty() {
            return Some(out);
        }
        let last = parts.last_but(gone).map(|(_, last)| last);
        if last.is_none() && !gone.is_empty() {
            return None;
        }
        let indent = match last {
            Some(last) if layout.begins_line(last.start) => layout.indent(last.start).to_string(),
            _ => format!("{outer}{}", layout.step()),
        };
        let text: String = new.written(Some(&indent)).map(|part| format!("{line}{indent}{part}")).collect();
        let insert = |at: u32, text: String| TextEdit { span: Span::new(at, at), text };
        let behind = last.map_or(span.start + 1, |last| last.end);
        if let (Some(last), Some(at)) = (last, layout.line_end(behind).filter(|at| *at < close))
            && is_multiline
            && layout.begins_line(last.start)
        {
            out.push(insert(at, text));
        } else if last.is_none()
            && let Some(above) = layout.end_of_line_above(layout.line_start(close))
            && above > span.start
            && layout.begins_line(close)
        {
            // Behind the comments that stand there.
            out.push(insert(above, text));
        } else {
            // A block on one line becomes one of lines.
            if let Some(last) = last {
                if parts.len() > 1 || !layout.is_blank(span.start + 1, last.start) {
                    return None;
                }
                out.push(TextEdit {
                    span: Span::new(span.start + 1, last.start),
                    text: format!("{line}{indent}"),
                });
            }
            if !layout.is_blank(behind, close) {
                return None;
            }
            out.push(TextEdit { span: Span::new(behind, close), text: format!("{text}{line}{outer}") });
        }
        Some(out)
    }

    /// A structure, or each of a list of them, as blocks.
    fn blocks(&self, name: &str, value: &NewValue, indent: Option<&str>) -> String {
        let line = self.layout.line_break();
        let indent = indent.unwrap_or_default();
        let inner = format!("{indent}{}", self.layout.step());
        let items: Vec<&NewValue> =
            value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
        items
            .into_iter()
            .map(|item| {
                let members = item.as_object().into_iter().flatten();
                let arguments = members.map(|(name, value)| match is_block(value) {
                    true => (None, self.blocks(name, value, Some(&inner))),
                    false => (Some(key(name)), lines(value, &inner, &self.layout)),
                });
                let arguments = assignments(arguments.collect(), &format!("{line}{inner}"));
                if arguments.is_empty() {
                    format!("{name} {{}}")
                } else {
                    format!("{name} {{{arguments}{line}{indent}}}")
                }
            })
            .collect::<Vec<_>>()
            .join(&format!("{line}{indent}"))
    }
}

/// Whether a block is what Terraform has for it.
fn is_block(value: &NewValue) -> bool {
    value.is_object()
        || value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(NewValue::is_object))
}

/// A value with each member of an object on a line of its own.
fn lines(value: &NewValue, indent: &str, layout: &Layout<'_>) -> String {
    match value {
        NewValue::Object(members) if members.len() > 1 => {
            let line = layout.line_break();
            let inner = format!("{indent}{}", layout.step());
            let members = members.iter().map(|(name, value)| (Some(key(name)), lines(value, &inner, layout)));
            format!("{{{}{line}{indent}}}", assignments(members.collect(), &format!("{line}{inner}")))
        }
        other => flow(other),
    }
}
