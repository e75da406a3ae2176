//! Semantic edits written out as JSON: escapes, commas, indentation and line ends as the text around has
//! them.

use crate::host::write::{Brackets, Comments, Layout, New, Separator, combined};
use crate::host::{Edit, NewValue};
use crate::syntax::{Kind, MemberRef, Tree, ValueRef, decode, encode};
use crate::text::{Source, Span, TextEdit};

/// The text edits that make `edits`; all or none. Nothing goes into or out of a container of a text that
/// is broken anywhere: where it ends is a guess.
pub fn text_edits(tree: &Tree, source: &(impl Source + ?Sized), edits: &[Edit]) -> Option<Vec<TextEdit>> {
    let text = source.slice(Span::new(0, source.len()));
    let layout = Layout { text: &text, whole: &text, comments: Comments::Slashes };
    let writer = Writer { tree, layout };
    let mut written: Vec<TextEdit> = Vec::new();
    let mut changes: Vec<Change<'_, '_>> = Vec::new();
    for edit in edits {
        match edit {
            Edit::ReplaceText { span, text } | Edit::RenameField { span, field: text } => {
                if writer.has_sibling(*span, text) {
                    return None;
                }
                written.push(TextEdit { span: *span, text: encode(text) });
            }
            Edit::ReplaceValue { span, value } => {
                let is_on_one_line = !layout.has_line_break(span.start, span.end);
                let text = print(value, layout.indent(span.start), &layout, is_on_one_line);
                written.push(TextEdit { span: *span, text });
            }
            Edit::RemoveMember { span } => {
                let (object, index) = writer.member(*span)?;
                let change = of(&mut changes, object);
                change.gone.extend((!change.gone.contains(&index)).then_some(index));
            }
            Edit::RemoveItem { span } => {
                let array = writer.array_around(*span)?;
                let index = array.items().position(|item| item.span() == *span)?;
                let change = of(&mut changes, array);
                change.gone.extend((!change.gone.contains(&index)).then_some(index));
            }
            Edit::InsertMember { object, name, value } => {
                let object = writer.value_at(*object, Kind::Object)?;
                of(&mut changes, object).new.push((Some(name.text()), value));
            }
            // Its list was looked for before.
            Edit::InsertStatement { .. } => return None,
            Edit::InsertItem { array, value } => {
                let array = writer.value_at(*array, Kind::Array)?;
                of(&mut changes, array).new.push((None, value));
            }
            Edit::InsertSibling { item, value } => {
                let array = writer.array_around(*item)?;
                of(&mut changes, array).new.push((None, value));
            }
        }
    }
    if !changes.is_empty() && writer.is_broken(source) {
        return None;
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.container.span().start));
    for change in &changes {
        written.extend(writer.change(change)?);
    }
    combined(written)
}

struct Writer<'t> {
    tree: &'t Tree,
    layout: Layout<'t>,
}

/// What goes from a container and what comes in.
struct Change<'t, 'e> {
    container: ValueRef<'t>,
    gone: Vec<usize>,
    new: Vec<(Option<&'e str>, &'e NewValue)>,
}

fn of<'c, 't, 'e>(changes: &'c mut Vec<Change<'t, 'e>>, container: ValueRef<'t>) -> &'c mut Change<'t, 'e> {
    let known = changes.iter().position(|change| change.container.span() == container.span());
    let index = known.unwrap_or_else(|| {
        changes.push(Change { container, gone: Vec::new(), new: Vec::new() });
        changes.len() - 1
    });
    &mut changes[index]
}

impl<'t> Writer<'t> {
    fn is_broken(&self, source: &(impl Source + ?Sized)) -> bool {
        !self.tree.is_strict_json() && self.tree.errors(source).iter().any(|error| !error.kind.is_jsonc())
    }

    fn change(&self, change: &Change<'t, '_>) -> Option<Vec<TextEdit>> {
        let container = change.container;
        let members: Vec<MemberRef<'_>> = container.members().collect();
        let parts: Vec<Span> = if container.kind() == Kind::Object {
            members.iter().map(|member| member.span()).collect()
        } else {
            container.items().map(ValueRef::span).collect()
        };
        // A name that is there, or comes twice.
        let is_twice = change.new.iter().enumerate().any(|(index, (name, _))| {
            name.is_some_and(|name| {
                change.new[..index].iter().any(|(other, _)| *other == Some(name))
                    || members.iter().enumerate().any(|(index, member)| {
                        !change.gone.contains(&index) && self.name(*member).is_some_and(|it| it == name)
                    })
            })
        });
        if is_twice {
            return None;
        }
        let write = |name: Option<&str>, value: &NewValue, indent: Option<&str>| {
            let outer = self.layout.indent(container.span().start);
            let text = print(value, indent.unwrap_or(outer), &self.layout, indent.is_none());
            match name {
                Some(name) => format!("\"{}\": {text}", encode(name)),
                None => text,
            }
        };
        let mut gone = change.gone.clone();
        gone.sort_unstable();
        let brackets = Brackets {
            layout: self.layout,
            span: container.span(),
            parts: &parts,
            separator: Separator::Comma,
            opens_lines: true,
        };
        Some(brackets.change(&gone, New { parts: &change.new, write: &write }))
    }

    fn name(&self, member: MemberRef<'_>) -> Option<String> {
        let span = member.name()?.span();
        Some(decode(self.layout.slice(span.start, span.end)).text)
    }

    /// Whether the name at a place would be that of another member of its object.
    fn has_sibling(&self, span: Span, new: &str) -> bool {
        let Some((object, index)) = self.member(span) else { return false };
        let members: Vec<MemberRef<'_>> = object.members().collect();
        let is_whole_name = members[index].name().is_some_and(|name| {
            let name = name.span();
            name == span || Span::new(name.start + 1, name.end.saturating_sub(1)) == span
        });
        is_whole_name && members.iter().any(|member| self.name(*member).is_some_and(|name| name == new))
    }

    fn value_at(&self, span: Span, kind: Kind) -> Option<ValueRef<'t>> {
        let mut value = self.tree.value()?;
        while value.span() != span || value.kind() != kind {
            value = inner(value, span)?;
        }
        Some(value)
    }

    /// The innermost container strictly around a place.
    fn around(&self, span: Span) -> Option<ValueRef<'t>> {
        let mut value = self.tree.value().filter(|value| value.span().covers(span))?;
        let mut found = None;
        while value.span() != span && matches!(value.kind(), Kind::Object | Kind::Array) {
            found = Some(value);
            let Some(inner) = inner(value, span) else { break };
            value = inner;
        }
        found
    }

    fn array_around(&self, span: Span) -> Option<ValueRef<'t>> {
        self.around(span).filter(|value| value.kind() == Kind::Array)
    }

    /// The object of the member whose name or value is around a place, and the member's index.
    fn member(&self, span: Span) -> Option<(ValueRef<'t>, usize)> {
        let object = self.around(span).filter(|value| value.kind() == Kind::Object)?;
        let index = object.members().position(|member| member.span().covers(span))?;
        Some((object, index))
    }
}

fn inner(value: ValueRef<'_>, span: Span) -> Option<ValueRef<'_>> {
    value.members().filter_map(MemberRef::value).chain(value.items()).find(|inner| inner.span().covers(span))
}

/// A value as JSON, its lines ended and indented as those of the text.
fn print(value: &NewValue, indent: &str, layout: &Layout<'_>, on_one_line: bool) -> String {
    let mut out = String::new();
    write(value, indent, layout, on_one_line, &mut out);
    out
}

fn write(value: &NewValue, indent: &str, layout: &Layout<'_>, on_one_line: bool, out: &mut String) {
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
    let inner = format!("{indent}{}", layout.step());
    out.push(open);
    for (index, (name, value)) in parts.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match (short, index, open) {
            (true, 0, '[') => {}
            (true, ..) => out.push(' '),
            (false, ..) => {
                out.push_str(layout.line_break());
                out.push_str(&inner);
            }
        }
        if let Some(name) = name {
            out.push('"');
            out.push_str(&encode(name));
            out.push_str("\": ");
        }
        write(value, &inner, layout, on_one_line, out);
    }
    match (short, open, parts.is_empty()) {
        (_, _, true) | (true, '[', _) => {}
        (true, ..) => out.push(' '),
        (false, ..) => {
            out.push_str(layout.line_break());
            out.push_str(indent);
        }
    }
    out.push(close);
}
