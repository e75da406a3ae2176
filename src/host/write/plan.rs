//! Edits of a document put in order: what changes in which container.

use super::model::{Model, Models, Part};
use crate::host::value::StringValue;
use crate::host::{Edit, NewValue};
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
    /// In order.
    pub gone: Vec<Part>,
    /// Members with their names, items without.
    pub new: Vec<(Option<&'e str>, &'e NewValue)>,
}

/// The edits of one document.
pub(in crate::host) struct Group<'m, 'd> {
    pub model: &'m Model<'d>,
    /// The string that holds the document, where the edits lie in it.
    pub string: Option<&'d StringValue>,
    pub edits: Vec<Edit>,
}

/// The edits by the document they are in.
pub(in crate::host) fn groups<'m, 'd>(models: &'m Models<'d>, edits: &[Edit]) -> Option<Vec<Group<'m, 'd>>> {
    let mut groups: Vec<Group<'_, '_>> = Vec::new();
    for edit in edits {
        let span = edit.span();
        let model = models.around(span)?;
        let document = model.document;
        let string = document.embedded.as_deref().filter(|_| document.inside.is_some());
        let string = string.filter(|string| string.span.covers(span));
        let known = groups.iter_mut().find(|group| {
            group.model.document.span == document.span && group.string.is_some() == string.is_some()
        });
        match known {
            Some(group) => group.edits.push(edit.clone()),
            None => groups.push(Group { model, string, edits: vec![edit.clone()] }),
        }
    }
    Some(groups)
}

/// `None` where one of the edits has no place in the document, or would give a name twice.
pub(in crate::host) fn plan<'e>(model: &Model<'_>, edits: &'e [Edit]) -> Option<Changes<'e>> {
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
                container.gone.push(Part::Member(name.start));
            }
            Edit::RemoveItem { span } => {
                let (array, index, count) = model.item(*span)?;
                let container = changes.container(array, false);
                container.gone.push(Part::Item(index, count));
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
    for container in &mut changes.containers {
        container.gone.sort_unstable();
        container.gone.dedup();
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
