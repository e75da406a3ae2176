//! Edits of a document put in order: what changes in which container.

use crate::host::document::Inside;
use crate::host::value::{Array, Object, StringValue, Value};
use crate::host::{Document, Edit, NewValue};
use crate::text::{Span, TextEdit};

/// What several edits of one document come to.
#[derive(Default)]
pub(in crate::host) struct Changes<'e> {
    pub texts: Vec<Text<'e>>,
    pub values: Vec<(Span, &'e NewValue)>,
    /// The innermost first: what is put at the end of two of them stands in the inner one first.
    pub containers: Vec<Container<'e>>,
}

/// Other text for a part of a string.
pub(in crate::host) struct Text<'e> {
    pub span: Span,
    pub text: &'e str,
    /// With its place in the file.
    pub string: StringValue,
}

/// What goes from a container and what comes in.
pub(in crate::host) struct Container<'e> {
    /// As the model has it.
    pub span: Span,
    pub is_object: bool,
    pub gone: Vec<Part>,
    /// Members with their names, items without.
    pub new: Vec<(Option<&'e str>, &'e NewValue)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::host) enum Part {
    /// The member whose name stands at that offset.
    Member(u32),
    /// The item of that index, of so many.
    Item(usize, usize),
}

/// The edits of one document.
pub(in crate::host) struct Group<'d> {
    pub document: &'d Document,
    /// The string that holds the document, where the edits lie in it, and that string as it was read.
    pub string: Option<(&'d StringValue, &'d Inside)>,
    pub edits: Vec<Edit>,
}

/// The innermost document around a place: what a role attaches may lie on both sides of its trust policy.
pub(in crate::host) fn around(documents: &[Document], place: Span) -> Option<&Document> {
    let around = documents.iter().filter(|document| document.span.covers(place));
    around.min_by_key(|document| document.span.len())
}

/// The edits by the document they are in.
pub(in crate::host) fn groups<'d>(documents: &'d [Document], edits: &[Edit]) -> Option<Vec<Group<'d>>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for edit in edits {
        let span = edit.span();
        let document = around(documents, span)?;
        let string = document.embedded.as_deref().zip(document.inside.as_deref());
        let string = string.filter(|(string, _)| string.span.covers(span));
        let known = groups
            .iter_mut()
            .find(|group| group.document.span == document.span && group.string.is_some() == string.is_some());
        match known {
            Some(group) => group.edits.push(edit.clone()),
            None => groups.push(Group { document, string, edits: vec![edit.clone()] }),
        }
    }
    Some(groups)
}

/// Whether another member of an object has the name that the one at `name` is to get.
pub(in crate::host) fn is_taken(document: &Document, name: Span, new: &str) -> bool {
    Model { document }.has_sibling(name, new)
}

/// `None` where one of the edits has no place in the document, or would give a name twice.
pub(in crate::host) fn plan<'e>(document: &Document, edits: &'e [Edit]) -> Option<Changes<'e>> {
    let model = Model { document };
    let mut changes = Changes::default();
    for edit in edits {
        match edit {
            Edit::ReplaceText { span, text } | Edit::RenameField { span, field: text } => {
                let string = model.string(*span)?;
                if model.has_sibling(*span, text) {
                    return None;
                }
                changes.texts.push(Text { span: *span, text, string });
            }
            Edit::ReplaceValue { span, value } => {
                // What stands elsewhere is not written there.
                if model.string(*span).is_some_and(|string| string.span == *span && !string.is_written()) {
                    return None;
                }
                changes.values.push((*span, value));
            }
            Edit::RemoveMember { span } => {
                let (object, name) = model.member(*span)?;
                let container = changes.container(object, true);
                let part = Part::Member(name.start);
                if !container.gone.contains(&part) {
                    container.gone.push(part);
                }
            }
            Edit::RemoveItem { span } => {
                let (array, index, count) = model.item(*span)?;
                let container = changes.container(array, false);
                let part = Part::Item(index, count);
                if !container.gone.contains(&part) {
                    container.gone.push(part);
                }
            }
            Edit::InsertMember { object, name, value } => {
                if !model.is_object(*object) {
                    return None;
                }
                changes.container(*object, true).new.push((Some(name.text()), value));
            }
            // Its list was looked for before.
            Edit::InsertStatement { .. } => return None,
            Edit::InsertItem { array, value } => changes.container(*array, false).new.push((None, value)),
            Edit::InsertSibling { item, value } => {
                let (array, ..) = model.item(*item)?;
                changes.container(array, false).new.push((None, value));
            }
        }
    }
    for container in changes.containers.iter().filter(|it| it.is_object) {
        let is_twice = container.new.iter().enumerate().any(|(index, (name, _))| {
            container.new[..index].iter().any(|(other, _)| other == name)
                || model.has_member(container.span, (*name).unwrap_or_default(), &container.gone)
        });
        if is_twice {
            return None;
        }
    }
    changes.containers.sort_by_key(|container| std::cmp::Reverse(container.span.start));
    Some(changes)
}

impl<'e> Changes<'e> {
    fn container(&mut self, span: Span, is_object: bool) -> &mut Container<'e> {
        let known = self.containers.iter().position(|it| it.span == span && it.is_object == is_object);
        let index = known.unwrap_or_else(|| {
            self.containers.push(Container { span, is_object, gone: Vec::new(), new: Vec::new() });
            self.containers.len() - 1
        });
        &mut self.containers[index]
    }
}

/// The values of a document with the places they have in the file.
struct Model<'d> {
    document: &'d Document,
}

impl Model<'_> {
    /// Calls back for every value that lies around a place, the outer ones first. What is put together
    /// from several places need not lie around its parts.
    fn around(&self, span: Span, visit: &mut dyn FnMut(&Value, u32)) {
        fn walk(value: &Value, base: u32, span: Span, visit: &mut dyn FnMut(&Value, u32)) {
            if value.span().shifted(base).covers(span) {
                visit(value, base);
            }
            match value {
                Value::Object(object) => {
                    object.members.iter().for_each(|member| walk(&member.value, base, span, visit));
                }
                Value::Array(array) => array.items.iter().for_each(|item| walk(item, base, span, visit)),
                _ => {}
            }
        }
        walk(&self.document.head, 0, span, visit);
        let units = self.document.units.iter().filter(|unit| unit.span().covers(span));
        units.for_each(|unit| walk(&unit.unit.value, unit.base, span, visit));
    }

    fn objects(&self, span: Span, visit: &mut dyn FnMut(&Object, u32)) {
        self.around(span, &mut |value, base| {
            if let Value::Object(object) = value {
                visit(object, base);
            }
        });
    }

    /// The smallest string around a place, names included.
    fn string(&self, span: Span) -> Option<StringValue> {
        let mut found: Option<StringValue> = None;
        let mut offer = |string: &StringValue, base: u32| {
            let own = string.span.shifted(base);
            if own.covers(span) && found.as_ref().is_none_or(|known| known.span.len() > own.len()) {
                found = Some(StringValue { span: own, ..string.clone() });
            }
        };
        self.around(span, &mut |value, base| match value {
            Value::String(string) => offer(string, base),
            Value::Object(object) => object.members.iter().for_each(|member| offer(&member.name, base)),
            _ => {}
        });
        found
    }

    /// Whether the name at a place would be that of another member of its object.
    fn has_sibling(&self, name: Span, new: &str) -> bool {
        let mut found = false;
        self.objects(name, &mut |object, base| {
            let is_name =
                object.members.iter().any(|member| member.name.content_span().shifted(base) == name);
            found |= is_name && object.has(new);
        });
        found
    }

    fn is_object(&self, span: Span) -> bool {
        let mut found = false;
        self.objects(span, &mut |object, base| found |= object.span.shifted(base) == span);
        found
    }

    fn has_member(&self, object: Span, name: &str, but: &[Part]) -> bool {
        let mut found = false;
        self.objects(object, &mut |it, base| {
            found |= it.span.shifted(base) == object
                && it.members.iter().any(|member| {
                    *member.name.text == *name
                        // What only stands for something that is not written may come.
                        && (member.name.is_written() || member.name.span.start != it.span.start)
                        && !but.contains(&Part::Member(member.name.span.shifted(base).start))
                });
        });
        found
    }

    /// The innermost member around a place: its object, and its name.
    fn member(&self, span: Span) -> Option<(Span, Span)> {
        let mut found: Option<(Span, Span)> = None;
        self.objects(span, &mut |object, base| {
            let member = object.members.iter().find(|member| member.span().shifted(base).covers(span));
            if let Some(member) = member {
                found = Some((object.span.shifted(base), member.name.span.shifted(base)));
            }
        });
        found
    }

    /// The array that has an item at a place: where it stands, the item's index, and how many there are.
    fn item(&self, span: Span) -> Option<(Span, usize, usize)> {
        let mut found = None;
        if let Some(units) = self.document.units_span
            && let Some(index) = self.document.units.iter().position(|unit| unit.span() == span)
        {
            found = Some((units, index, self.document.units.len()));
        }
        self.around(span, &mut |value, base| {
            if let Value::Array(Array { span: array, items }) = value
                && let Some(index) = items.iter().position(|item| item.span().shifted(base) == span)
            {
                found = Some((array.shifted(base), index, items.len()));
            }
        });
        found
    }
}

/// The text edits of several containers as one list that does not collide: what is put in at one place
/// stands there in the order given. `None` where they overlap.
pub(in crate::host) fn combined(mut edits: Vec<TextEdit>) -> Option<Vec<TextEdit>> {
    edits.sort_by_key(|edit| edit.span);
    let mut out: Vec<TextEdit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match out.last_mut() {
            Some(last) if last.span.start == edit.span.start => {
                if !last.span.is_empty() {
                    return None;
                }
                last.span = edit.span;
                last.text.push_str(&edit.text);
            }
            Some(last) if last.span.end > edit.span.start => return None,
            _ => out.push(edit),
        }
    }
    Some(out)
}
