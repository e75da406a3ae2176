//! Semantic edits written out as JSON: escapes, commas and indentation as the text around has them.

use crate::host::{Edit, NewValue};
use crate::syntax::{Kind, MemberRef, Tree, ValueRef, encode};
use crate::text::{Source, Span, TextEdit};

/// An edit whose place is not in the text any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EditProblem;

/// The text edits that make `edits`; all or none.
pub fn text_edits(
    tree: &Tree,
    source: &(impl Source + ?Sized),
    edits: &[Edit],
) -> Result<Vec<TextEdit>, EditProblem> {
    let writer = Writer { tree, source };
    let mut written: Vec<TextEdit> = Vec::new();
    // What goes from one container goes together: neighbours share the commas between them.
    let mut removals: Vec<(ValueRef<'_>, Vec<Span>, Vec<Span>)> = Vec::new();
    for edit in edits {
        let (container, parts, gone) = match edit {
            Edit::RemoveMember { span } => {
                let (object, member) = writer.member(*span).ok_or(EditProblem)?;
                (object, object.members().map(MemberRef::span).collect(), member.span())
            }
            Edit::RemoveItem { span } => {
                let Some(Around::Array(array)) = writer.around(*span) else { return Err(EditProblem) };
                (array, array.items().map(ValueRef::span).collect(), *span)
            }
            other => {
                written.push(writer.write(other)?);
                continue;
            }
        };
        match removals.iter_mut().find(|(known, ..)| known.span() == container.span()) {
            Some((_, _, all)) => all.push(gone),
            None => removals.push((container, parts, vec![gone])),
        }
    }
    for (container, parts, gone) in removals {
        writer.remove(container, &parts, &gone, &mut written)?;
    }
    Ok(written)
}

struct Writer<'s, S: ?Sized> {
    tree: &'s Tree,
    source: &'s S,
}

/// A container around a place, or a member of it.
enum Around<'t> {
    Object(ValueRef<'t>),
    Array(ValueRef<'t>),
}

impl<S: Source + ?Sized> Writer<'_, S> {
    fn write(&self, edit: &Edit) -> Result<TextEdit, EditProblem> {
        match edit {
            Edit::ReplaceText { span, text } => Ok(TextEdit { span: *span, text: encode(text) }),
            Edit::ReplaceValue { span, value } => {
                let indent = self.indent_at(span.start);
                Ok(TextEdit { span: *span, text: self.print(value, &indent, self.is_on_one_line(*span)) })
            }
            Edit::RemoveMember { .. } | Edit::RemoveItem { .. } => Err(EditProblem),
            Edit::InsertMember { object, name, value } => {
                let found = self.value_at(*object, Kind::Object).ok_or(EditProblem)?;
                let last = found.members().last().map(MemberRef::span);
                self.insert(found, last, |print| format!("\"{}\": {}", encode(name), print(value)))
            }
            Edit::InsertSibling { item, value } => {
                let Some(Around::Array(array)) = self.around(*item) else { return Err(EditProblem) };
                let last = array.items().last().map(ValueRef::span);
                self.insert(array, last, |print| print(value))
            }
            Edit::InsertItem { array, value } => {
                let found = self.value_at(*array, Kind::Array).ok_or(EditProblem)?;
                let last = found.items().last().map(ValueRef::span);
                self.insert(found, last, |print| print(value))
            }
        }
    }

    /// Takes parts out of a container with the comma before each run of them, so that the lines of the
    /// others stay as they are; the first ones go with the comma behind.
    fn remove(
        &self,
        container: ValueRef<'_>,
        parts: &[Span],
        gone: &[Span],
        written: &mut Vec<TextEdit>,
    ) -> Result<(), EditProblem> {
        if gone.iter().any(|span| !parts.contains(span)) {
            return Err(EditProblem);
        }
        let mut index = 0;
        while index < parts.len() {
            let run = parts[index..].iter().take_while(|part| gone.contains(part)).count();
            if run == 0 {
                index += 1;
                continue;
            }
            let last = parts[index + run - 1];
            let span = if let Some(before) = index.checked_sub(1).and_then(|index| parts.get(index)) {
                Span::new(before.end, last.end)
            } else if let Some(next) = parts.get(run) {
                Span::new(parts[0].start, next.start)
            } else {
                let inside = container.span();
                let end = if self.is_closed(container) { inside.end - 1 } else { last.end };
                Span::new(inside.start + 1, end)
            };
            written.push(TextEdit { span, text: String::new() });
            index += run;
        }
        Ok(())
    }

    fn insert(
        &self,
        container: ValueRef<'_>,
        last: Option<Span>,
        write: impl FnOnce(&dyn Fn(&NewValue) -> String) -> String,
    ) -> Result<TextEdit, EditProblem> {
        if !self.is_closed(container) {
            return Err(EditProblem);
        }
        let span = container.span();
        let outer = self.indent_at(span.start);
        let step = self.indent_step();
        Ok(match last {
            Some(last) if self.is_on_one_line(Span::new(span.start, last.end)) => {
                let text = write(&|value| self.print(value, &outer, true));
                TextEdit { span: Span::new(last.end, last.end), text: format!(", {text}") }
            }
            Some(last) => {
                let indent = self.indent_at(last.start);
                let text = write(&|value| self.print(value, &indent, false));
                TextEdit { span: Span::new(last.end, last.end), text: format!(",\n{indent}{text}") }
            }
            None => {
                let indent = format!("{outer}{step}");
                let text = write(&|value| self.print(value, &indent, false));
                TextEdit {
                    span: Span::new(span.start + 1, span.end - 1),
                    text: format!("\n{indent}{text}\n{outer}"),
                }
            }
        })
    }

    fn is_closed(&self, container: ValueRef<'_>) -> bool {
        container.children().last().is_some_and(|(child, _)| child.kind().is_closer())
    }

    fn is_on_one_line(&self, span: Span) -> bool {
        !self.source.slice(span).contains(['\n', '\r'])
    }

    /// The white space that the line of that byte starts with.
    fn indent_at(&self, offset: u32) -> String {
        let before = self.source.slice(Span::new(0, offset));
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        before[line..].chars().take_while(|char| matches!(char, ' ' | '\t')).collect()
    }

    /// What one level of the text is indented by: that of its first indented line.
    fn indent_step(&self) -> String {
        let text = self.source.slice(Span::new(0, self.source.len().min(4096)));
        text.lines()
            .map(|line| line.chars().take_while(|char| matches!(char, ' ' | '\t')).collect::<String>())
            .find(|indent| !indent.is_empty())
            .unwrap_or_else(|| "  ".to_string())
    }

    fn print(&self, value: &NewValue, indent: &str, on_one_line: bool) -> String {
        let mut out = String::new();
        let step = self.indent_step();
        print(value, indent, &step, on_one_line, &mut out);
        out
    }

    fn value_at(&self, span: Span, kind: Kind) -> Option<ValueRef<'_>> {
        let mut value = self.tree.value()?;
        loop {
            if value.span() == span && value.kind() == kind {
                return Some(value);
            }
            let inner = value
                .members()
                .filter_map(MemberRef::value)
                .chain(value.items())
                .find(|inner| inner.span().covers(span))?;
            value = inner;
        }
    }

    /// The innermost container strictly around a place.
    fn around(&self, span: Span) -> Option<Around<'_>> {
        let mut value = self.tree.value()?;
        let mut found = None;
        loop {
            if value.span() == span || !value.span().covers(span) {
                return found;
            }
            found = match value.kind() {
                Kind::Object => Some(Around::Object(value)),
                Kind::Array => Some(Around::Array(value)),
                _ => return found,
            };
            let Some(inner) = value
                .members()
                .filter_map(MemberRef::value)
                .chain(value.items())
                .find(|inner| inner.span().covers(span))
            else {
                return found;
            };
            value = inner;
        }
    }

    fn member(&self, span: Span) -> Option<(ValueRef<'_>, MemberRef<'_>)> {
        let Some(Around::Object(object)) = self.around(span) else { return None };
        let member = object.members().find(|member| member.span().covers(span))?;
        Some((object, member))
    }
}

fn print(value: &NewValue, indent: &str, step: &str, on_one_line: bool, out: &mut String) {
    let (open, close, parts): (char, char, Vec<(Option<&str>, &NewValue)>) = match value {
        NewValue::Object(members) => {
            ('{', '}', members.iter().map(|(name, value)| (Some(name.as_str()), value)).collect())
        }
        NewValue::Array(items) => ('[', ']', items.iter().map(|value| (None, value)).collect()),
        NewValue::String(text) => {
            out.push('"');
            out.push_str(&encode(text));
            out.push('"');
            return;
        }
        other => {
            out.push_str(&other.to_string());
            return;
        }
    };
    let short =
        on_one_line || parts.is_empty() || (open == '[' && parts.len() == 1 && !parts[0].1.is_object());
    let inner = format!("{indent}{step}");
    out.push(open);
    for (index, (name, value)) in parts.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match (short, index, open) {
            (true, 0, '[') => {}
            (true, ..) => out.push(' '),
            (false, ..) => {
                out.push('\n');
                out.push_str(&inner);
            }
        }
        if let Some(name) = name {
            out.push('"');
            out.push_str(&encode(name));
            out.push_str("\": ");
        }
        print(value, &inner, step, on_one_line, out);
    }
    match (short, open, parts.is_empty()) {
        (_, _, true) | (true, '[', _) => {}
        (true, ..) => out.push(' '),
        (false, ..) => {
            out.push('\n');
            out.push_str(indent);
        }
    }
    out.push(close);
}
