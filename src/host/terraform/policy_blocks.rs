//! Edits of `aws_iam_policy_document`: a statement is a block, and so are its principals and conditions.

use super::literal::{assignments, flow, quoted};
use super::parse::Block;
use crate::catalog;
use crate::host::value::{Member, StringValue, Value};
use crate::host::write::Layout;
use crate::host::{Document, Edit, NewValue, OwnerKind};
use crate::text::{Span, TextEdit};
use serde_json::json;

/// Who writes an edit.
pub(super) enum Written {
    /// `None` where it has no place: what conditions and principals are in the model, they are not in
    /// the file.
    Here(Option<TextEdit>),
    /// A text, a value, an argument or an item is written as in any other block.
    AsAnyOther,
}

pub(super) fn write(layout: &Layout<'_>, document: &Document, edit: &Edit) -> Written {
    let is_of_blocks = document.owner.as_ref().is_some_and(|owner| {
        // One that is used elsewhere has the type of what it sits on.
        owner.kind == OwnerKind::Lookup
            || matches!(&*owner.resource_type, "aws_iam_policy_document" | "statement")
    });
    if !is_of_blocks {
        return in_objects(document, edit);
    }
    match edit {
        Edit::RemoveItem { span } if document.units.iter().any(|unit| unit.span() == *span) => {
            Written::Here(remove(layout, *span))
        }
        Edit::InsertItem { array, value } if document.units_span == Some(*array) => {
            Written::Here(insert(layout, document, value))
        }
        Edit::InsertSibling { item, value } if document.units.iter().any(|unit| unit.span() == *item) => {
            Written::Here(insert(layout, document, value))
        }
        Edit::InsertMember { object, name, value } => {
            let is_statement = document.units.iter().any(|unit| unit.span() == *object);
            Written::Here(if is_statement {
                insert_member(layout, *object, name.text(), value)
            } else {
                condition(document, *object, name.text(), value).and_then(|(statement, condition)| {
                    insert_member(layout, statement, "condition", &condition)
                })
            })
        }
        Edit::ReplaceValue { value, .. } if value.is_object() => Written::Here(None),
        Edit::RemoveMember { span } if !is_argument(document, *span) => Written::Here(None),
        _ => Written::AsAnyOther,
    }
}

/// The same where a statement is an object, as modules take them: an element that is a list or a text is a
/// member of it, the others are none.
fn in_objects(document: &Document, edit: &Edit) -> Written {
    let is_unit = |span: &Span| document.units.iter().any(|unit| unit.span() == *span);
    let is_written = match edit {
        Edit::InsertMember { object, name, value } => {
            is_unit(object) && catalog::policy_element(name.text()).is_some() && !value.is_object()
        }
        Edit::RemoveMember { span } | Edit::RemoveItem { span } | Edit::ReplaceValue { span, .. } => {
            is_argument(document, *span)
        }
        Edit::InsertItem { array: span, .. } | Edit::InsertSibling { item: span, .. } => {
            is_argument(document, *span)
        }
        Edit::ReplaceText { .. } | Edit::RenameField { .. } => true,
    };
    if is_written { Written::AsAnyOther } else { Written::Here(None) }
}

/// Where else the name at a place is written: several `condition` blocks of one test are one operator of the
/// model, and so are those of one variable under it, and `principals` of one type. Spans are those of the
/// block. `None` where it is not certain which blocks those are.
pub(super) fn twins(block: &Block, name: Span) -> Option<Vec<&StringValue>> {
    let statements = block.body.members.iter().filter(|it| &*it.name.text == "statement");
    let mut statements = statements.filter_map(|it| it.value.as_object()).filter(|it| it.span.covers(name));
    let statement = statements.next().unwrap_or(&block.body);
    let is_around = |member: &&Member| member.value.as_object().is_some_and(|it| it.span.covers(name));
    let Some(own) = statement.members.iter().find(is_around) else { return Some(Vec::new()) };
    let is_split = matches!(&*own.name.text, "condition" | "principals" | "not_principals");
    let arguments = own.value.as_object().filter(|_| is_split).map(|it| &it.members[..]).unwrap_or_default();
    let Some(argument) = arguments.iter().find(|it| it.value.span().covers(name)) else {
        return Some(Vec::new());
    };
    let told_by: &[&str] = match &*argument.name.text {
        "test" => &["test"],
        "variable" => &["variable", "test"],
        "type" => &["type"],
        _ => return Some(Vec::new()),
    };
    let mut twins = Vec::new();
    let others = statement.members.iter().filter(|it| it.name.text == own.name.text);
    for other in others.filter(|it| it.name.span != own.name.span) {
        let mut is_twin = true;
        for name in told_by {
            let both = [own, other].map(|it| it.value.as_object().and_then(|it| it.get(name)));
            match both {
                [Some(Value::String(own)), Some(Value::String(other))]
                    if !own.has_unknown() && !other.has_unknown() =>
                {
                    is_twin &= own.text == other.text;
                }
                // It is being typed, and not looked at.
                [_, None] => is_twin = false,
                _ => return None,
            }
        }
        twins.extend(other.value.as_object().filter(|_| is_twin).and_then(|it| it.string(told_by[0])));
    }
    Some(twins)
}

/// What comes into a statement's conditions as a condition of its own, and that statement.
fn condition(document: &Document, object: Span, name: &str, value: &NewValue) -> Option<(Span, NewValue)> {
    document.units.iter().find_map(|unit| {
        let conditions = unit.unit.value.as_object()?.object("Condition")?;
        if conditions.span.shifted(unit.base) == object {
            return Some((unit.span(), json!({ name: value })));
        }
        let operator = conditions.members.iter().find(|operator| {
            operator.value.as_object().is_some_and(|keys| keys.span.shifted(unit.base) == object)
        })?;
        Some((unit.span(), json!({ &*operator.name.text: { name: value } })))
    })
}

/// Whether a place lies in an argument of a statement.
fn is_argument(document: &Document, span: Span) -> bool {
    document.units.iter().filter_map(|unit| Some((unit.base, unit.unit.value.as_object()?))).any(
        |(base, statement)| {
            statement.members.iter().any(|member| {
                let is_block = matches!(&*member.name.text, "Principal" | "NotPrincipal" | "Condition");
                !is_block && member.span().shifted(base).covers(span)
            })
        },
    )
}

/// A further statement, behind the last.
fn insert(layout: &Layout<'_>, document: &Document, statement: &NewValue) -> Option<TextEdit> {
    let last = document.units.last()?.span();
    // Behind the content of a `dynamic` block is none of the document.
    if layout.before(last.start).trim() != "statement" {
        return None;
    }
    let at = layout.line_end(last.end)?;
    let (line, indent, step) = (layout.line_break(), layout.indent(last.start), layout.step());
    let inner = format!("{indent}{step}");
    let parts = statement.as_object()?.iter().flat_map(|(name, value)| member(layout, name, value, &inner));
    let arguments = assignments(parts.collect(), &format!("{line}{inner}"));
    let text = format!("{line}{line}{indent}statement {{{arguments}{line}{indent}}}");
    Some(TextEdit { span: Span::new(at, at), text })
}

/// The lines of a block, from its word on; one that shares them with something else stays.
fn remove(layout: &Layout<'_>, body: Span) -> Option<TextEdit> {
    let end = layout.line_end(body.end)?;
    if layout.before(body.start).trim() != "statement" {
        return None;
    }
    let start = layout.with_comments_above(layout.line_start(body.start));
    // Of two empty lines around it, one goes as well.
    let end = layout.behind_line_break(end);
    let is_empty = |from: u32, to: u32| from < to && layout.is_blank(from, to);
    let above = layout.end_of_line_above(start).map_or(start, |end| layout.line_start(end));
    let start = if is_empty(above, start) { above } else { start };
    Some(TextEdit { span: Span::new(start, end), text: String::new() })
}

/// An argument or a block, as the last of a statement.
fn insert_member(layout: &Layout<'_>, statement: Span, name: &str, value: &NewValue) -> Option<TextEdit> {
    let close = statement.end.checked_sub(1)?;
    let outer = layout.indent(close);
    let indent = format!("{outer}{}", layout.step());
    let line = layout.line_break();
    let text = assignments(member(layout, name, value, &indent), &format!("{line}{indent}"));
    let above = layout.end_of_line_above(layout.line_start(close));
    match above.filter(|above| *above > statement.start && layout.begins_line(close)) {
        Some(above) => Some(TextEdit { span: Span::new(above, above), text }),
        // On one line stands one argument at most.
        None if layout.is_blank(statement.start + 1, close) => Some(TextEdit {
            span: Span::new(statement.start + 1, close),
            text: format!("{text}{line}{outer}"),
        }),
        None => None,
    }
}

/// An element of a statement as arguments and blocks: names with values, and blocks without a name.
fn member(layout: &Layout<'_>, name: &str, value: &NewValue, indent: &str) -> Vec<(Option<String>, String)> {
    let line = layout.line_break();
    let inner = format!("{line}{indent}{}", layout.step());
    let list = |value: &NewValue| match value {
        NewValue::Array(_) => flow(value),
        single => format!("[{}]", flow(single)),
    };
    let block = |arguments: &[(&str, String)]| {
        let named = |(name, value): &(&str, String)| (Some((*name).to_string()), value.clone());
        let lines = assignments(arguments.iter().map(named).collect(), &inner);
        (None, format!("{name} {{{lines}{line}{indent}}}"))
    };
    let members = |value: &NewValue| value.as_object().cloned().unwrap_or_default();
    match name {
        "condition" => members(value)
            .iter()
            .flat_map(|(test, keys)| {
                let of = |(variable, values): (&String, &NewValue)| {
                    let arguments =
                        [("test", quoted(test)), ("variable", quoted(variable)), ("values", list(values))];
                    block(&arguments)
                };
                members(keys).iter().map(of).collect::<Vec<_>>()
            })
            .collect(),
        "principals" | "not_principals" if value.is_string() => {
            vec![block(&[("type", quoted("*")), ("identifiers", list(value))])]
        }
        "principals" | "not_principals" => members(value)
            .iter()
            .map(|(kind, names)| block(&[("type", quoted(kind)), ("identifiers", list(names))]))
            .collect(),
        "sid" | "effect" => vec![(Some(name.to_string()), flow(value))],
        _ => vec![(Some(name.to_string()), list(value))],
    }
}
