//! Semantic edits written out as JSON: escapes, commas, indentation and line ends as the text around has
//! them.

use crate::host::write::{Brackets, Comments, Layout, New, PartList, Separator, WrittenPart, combined};
use crate::host::{Edit, NewValue};
use crate::syntax::{Kind, MemberRef, Tree, ValueRef, decode, encode};
use crate::text::{Span, TextEdit};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Writes one edit after another into a text; each container that it comes through is read once.
pub struct JsonWriter<'t> {
    tree: &'t Tree,
    layout: Layout<'t>,
    opened: RefCell<HashMap<Span, Rc<Container<'t>>>>,
    is_broken: OnceCell<bool>,
}

/// An object or an array with what is in it, in the order of the text.
struct Container<'t> {
    value: ValueRef<'t>,
    /// Of an object.
    members: Vec<MemberRef<'t>>,
    /// Members, or items.
    parts: Vec<WrittenPart>,
    /// The values of members, or the items.
    values: Vec<ValueRef<'t>>,
    /// Which members have a name.
    by_name: OnceCell<HashMap<String, Vec<usize>>>,
}

/// What goes from a container and what comes in.
struct Change<'t, 'e> {
    container: Rc<Container<'t>>,
    gone: Vec<usize>,
    new: Vec<(Option<&'e str>, &'e NewValue)>,
}

fn of<'c, 't, 'e>(
    changes: &'c mut Vec<Change<'t, 'e>>,
    container: Rc<Container<'t>>,
) -> &'c mut Change<'t, 'e> {
    let known = changes.iter().position(|change| change.container.span() == container.span());
    let index = known.unwrap_or_else(|| {
        changes.push(Change { container, gone: Vec::new(), new: Vec::new() });
        changes.len() - 1
    });
    &mut changes[index]
}

impl<'t> Container<'t> {
    fn of(value: ValueRef<'t>) -> Container<'t> {
        let members: Vec<MemberRef<'_>> = value.members().collect();
        let (parts, values) = if value.kind() == Kind::Object {
            let part = |member: &MemberRef<'_>| WrittenPart {
                name: member.name().map(|name| name.span().start),
                span: member.span(),
            };
            (members.iter().map(part).collect(), members.iter().filter_map(|it| it.value()).collect())
        } else {
            let items: Vec<ValueRef<'_>> = value.items().collect();
            (items.iter().map(|item| WrittenPart { name: None, span: item.span() }).collect(), items)
        };
        Container { value, members, parts, values, by_name: OnceCell::new() }
    }

    fn span(&self) -> Span {
        self.value.span()
    }

    /// The value in it that a place lies in.
    fn inner(&self, place: Span) -> Option<ValueRef<'t>> {
        let index = self.values.partition_point(|value| value.span().end < place.end);
        self.values.get(index).copied().filter(|value| value.span().covers(place))
    }

    /// The index of the member that a place lies in.
    fn member(&self, place: Span) -> Option<usize> {
        let index = self.parts.partition_point(|part| part.span.end < place.end);
        self.parts.get(index)?.span.covers(place).then_some(index)
    }

    fn item(&self, place: Span) -> Option<usize> {
        self.parts.binary_search_by_key(&place, |part| part.span).ok()
    }

    fn named(&self, layout: &Layout<'_>, name: &str) -> &[usize] {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, member) in self.members.iter().enumerate() {
                if let Some(span) = member.name().map(ValueRef::span) {
                    by_name.entry(decode(layout.slice(span.start, span.end)).text).or_default().push(index);
                }
            }
            by_name
        });
        by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

impl<'t> JsonWriter<'t> {
    /// Of a tree and its text.
    pub fn new(tree: &'t Tree, text: &'t str) -> JsonWriter<'t> {
        let layout = Layout { text, whole: text, comments: Comments::Slashes };
        JsonWriter { tree, layout, opened: RefCell::default(), is_broken: OnceCell::new() }
    }

    /// The text edits that make `edits`; all or none. Nothing goes into or out of a container of a text that
    /// is broken anywhere: where it ends is a guess.
    pub fn text_edits(&self, edits: &[Edit]) -> Option<Vec<TextEdit>> {
        let mut written: Vec<TextEdit> = Vec::new();
        let mut changes: Vec<Change<'_, '_>> = Vec::new();
        for edit in edits {
            match edit {
                Edit::ReplaceText { span, text } | Edit::RenameField { span, field: text } => {
                    if self.has_sibling(*span, text) {
                        return None;
                    }
                    written.push(TextEdit { span: *span, text: encode(text) });
                }
                Edit::ReplaceValue { span, value } => {
                    let is_on_one_line = !self.layout.has_line_break(span.start, span.end);
                    let text = print(value, self.layout.indent(span.start), &self.layout, is_on_one_line);
                    written.push(TextEdit { span: *span, text });
                }
                Edit::RemoveMember { span } => {
                    let (object, index) = self.member(*span)?;
                    of(&mut changes, object).gone.push(index);
                }
                Edit::RemoveItem { span } => {
                    let array = self.array_around(*span)?;
                    let index = array.item(*span)?;
                    of(&mut changes, array).gone.push(index);
                }
                Edit::InsertMember { object, name, value } => {
                    let object = self.container_at(*object, Kind::Object)?;
                    of(&mut changes, object).new.push((Some(name.text()), value));
                }
                // Its list was looked for before.
                Edit::InsertStatement { .. } => return None,
                Edit::InsertItem { array, value } => {
                    let array = self.container_at(*array, Kind::Array)?;
                    of(&mut changes, array).new.push((None, value));
                }
                Edit::InsertSibling { item, value } => {
                    let array = self.array_around(*item)?;
                    of(&mut changes, array).new.push((None, value));
                }
            }
        }
        if !changes.is_empty() && self.is_broken() {
            return None;
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.container.span().start));
        for change in &mut changes {
            change.gone.sort_unstable();
            change.gone.dedup();
            written.extend(self.change(change)?);
        }
        combined(written)
    }

    fn is_broken(&self) -> bool {
        *self.is_broken.get_or_init(|| {
            !self.tree.is_strict_json()
                && self.tree.errors(self.layout.text).iter().any(|error| !error.kind.is_jsonc())
        })
    }

    fn change(&self, change: &Change<'t, '_>) -> Option<Vec<TextEdit>> {
        let container = &*change.container;
        // A name that is there, or comes twice.
        let is_twice = change.new.iter().enumerate().any(|(index, (name, _))| {
            name.is_some_and(|name| {
                change.new[..index].iter().any(|(other, _)| *other == Some(name))
                    || container
                        .named(&self.layout, name)
                        .iter()
                        .any(|index| change.gone.binary_search(index).is_err())
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
        let brackets = Brackets {
            layout: self.layout,
            span: container.span(),
            parts: PartList { written: &container.parts, base: 0 },
            separator: Separator::Comma,
            opens_lines: true,
        };
        Some(brackets.change(&change.gone, New { parts: &change.new, write: &write }))
    }

    /// Whether the name at a place would be that of another member of its object.
    fn has_sibling(&self, span: Span, new: &str) -> bool {
        let Some((object, index)) = self.member(span) else { return false };
        let is_whole_name = object.members[index].name().is_some_and(|name| {
            let name = name.span();
            name == span || Span::new(name.start + 1, name.end.saturating_sub(1)) == span
        });
        is_whole_name && !object.named(&self.layout, new).is_empty()
    }

    /// The content of a container.
    fn open(&self, value: ValueRef<'t>) -> Option<Rc<Container<'t>>> {
        if !matches!(value.kind(), Kind::Object | Kind::Array) {
            return None;
        }
        let mut opened = self.opened.borrow_mut();
        Some(opened.entry(value.span()).or_insert_with(|| Rc::new(Container::of(value))).clone())
    }

    fn container_at(&self, span: Span, kind: Kind) -> Option<Rc<Container<'t>>> {
        let mut value = self.tree.value()?;
        while value.span() != span || value.kind() != kind {
            value = self.open(value)?.inner(span)?;
        }
        self.open(value)
    }

    /// The innermost container strictly around a place.
    fn around(&self, span: Span) -> Option<Rc<Container<'t>>> {
        let mut value = self.tree.value().filter(|value| value.span().covers(span))?;
        let mut found = None;
        while value.span() != span {
            let Some(container) = self.open(value) else { break };
            let inner = container.inner(span);
            found = Some(container);
            match inner {
                Some(inner) => value = inner,
                None => break,
            }
        }
        found
    }

    fn array_around(&self, span: Span) -> Option<Rc<Container<'t>>> {
        self.around(span).filter(|container| container.value.kind() == Kind::Array)
    }

    /// The object of the member whose name or value is around a place, and the member's index.
    fn member(&self, span: Span) -> Option<(Rc<Container<'t>>, usize)> {
        let object = self.around(span).filter(|container| container.value.kind() == Kind::Object)?;
        let index = object.member(span)?;
        Some((object, index))
    }
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
