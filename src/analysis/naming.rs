//! Findings in the words of the file: names as the host spells them, and what is only assumed.

use crate::catalog;
use crate::diagnostic::{Finding, Fix, Severity};
use crate::host::{self, Assumed, Edit, Naming, NewValue, position_around};
use crate::text::Span;

/// A field or an element as the file spells it.
pub(super) fn field(naming: Naming, name: &str) -> String {
    host::spelt(naming, name).unwrap_or_else(|| name.to_string())
}

/// Spells the names in a finding's words and fixes as the file does.
pub(super) fn spell(finding: &mut Finding, naming: Naming) {
    if naming == Naming::Aws {
        return;
    }
    finding.message = words(&finding.message, naming);
    finding.note = words(&finding.note, naming);
    for related in &mut finding.related {
        related.message = words(&related.message, naming);
    }
    if let Some(fix) = &mut finding.fix {
        fix.title = words(&fix.title, naming);
        edits(fix, naming);
    }
}

/// Names stand between backticks, alone or as a path.
fn words(text: &str, naming: Naming) -> Box<str> {
    if !text.contains('`') {
        return text.into();
    }
    text.split('`')
        .enumerate()
        .map(|(index, part)| {
            if index % 2 == 1 && part.split('.').all(is_name) {
                part.split('.').map(|name| field(naming, name)).collect::<Vec<_>>().join(".")
            } else {
                part.to_string()
            }
        })
        .collect::<Vec<_>>()
        .join("`")
        .into()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn edits(fix: &mut Fix, naming: Naming) {
    for edit in &mut fix.edits {
        match edit {
            Edit::ReplaceText { text, .. } => *text = field(naming, text).into(),
            Edit::ReplaceValue { value, .. }
            | Edit::InsertItem { value, .. }
            | Edit::InsertSibling { value, .. } => values(value, naming),
            Edit::InsertMember { name, value, .. } => {
                // What stands in a map is no field.
                if !is_map(name) {
                    values(value, naming);
                }
                *name = field(naming, name).into();
            }
            Edit::RemoveMember { .. } | Edit::RemoveItem { .. } => {}
        }
    }
}

fn values(value: &mut NewValue, naming: Naming) {
    match value {
        NewValue::Object(members) => {
            let spelt = std::mem::take(members)
                .into_iter()
                .map(|(name, mut value)| {
                    if !is_map(&name) {
                        values(&mut value, naming);
                    }
                    (field(naming, &name), value)
                })
                .collect();
            *members = spelt;
        }
        NewValue::Array(items) => items.iter_mut().for_each(|item| values(item, naming)),
        _ => {}
    }
}

fn is_map(field: &str) -> bool {
    catalog::shapes_with_field(field)
        .filter_map(|shape| shape.field(field))
        .any(|field| field.field_type == catalog::FieldType::Map)
}

/// Says less of a finding that rests on a default: another value may be given. `assumed` is in the order of the text.
pub(super) fn temper(finding: &mut Finding, assumed: &[Assumed]) {
    let rests_on = |span: Span| {
        let within = assumed.partition_point(|it| it.span.start < span.start);
        let first = assumed.get(within).filter(|it| span.covers(it.span));
        first.or_else(|| position_around(assumed, |it| it.span, span).map(|index| &assumed[index]))
    };
    let found = rests_on(finding.span).or_else(|| finding.related.iter().find_map(|it| rests_on(it.span)));
    let Some(assumed) = found else { return };
    finding.severity = finding.severity.min(Severity::Warning);
    // The place is a reference; what it refers to is not ours to change.
    finding.fix = None;
    let more = format!("This holds for the default of `{}`; another value may be given.", assumed.name);
    finding.note =
        if finding.note.is_empty() { more.into() } else { format!("{} {more}", finding.note).into() };
}
