//! Suppressions in the metadata of a CloudFormation template, or of a resource of it.

use super::{Cover, Fault, FaultKind, Origin, Suppression, Suppressions};
use crate::host::Metadata;
use crate::host::value::{Object, StringValue, Value};
use crate::text::Span;
use jiff::civil::Date;
use std::sync::Arc;

/// The name under `Metadata` that is ours.
pub const KEY: &str = "passrole";

/// What `Metadata: { passrole: { ignore: [{ rule, reason, until, owner }] } }` suppresses.
pub fn in_metadata(metadata: &[Metadata]) -> Suppressions {
    let mut found = Suppressions::default();
    for it in metadata {
        let cover = it.about.map_or(Cover::File, Cover::Within);
        let fault = |span: Span, expected| Fault { span, kind: FaultKind::Metadata(expected) };
        let Some(object) = it.value.as_object() else {
            found.faults.push(fault(it.value.span(), "an object with `ignore`"));
            continue;
        };
        for member in object.members.iter().filter(|member| &*member.name.text != "ignore") {
            found.faults.push(fault(member.name.span, "`ignore`"));
        }
        let Some(list) = object.get("ignore") else { continue };
        let Some(list) = list.as_array() else {
            found.faults.push(fault(list.span(), "a list"));
            continue;
        };
        for row in &list.items {
            match row.as_object() {
                Some(row) => found.list.extend(suppression(row, cover, &mut found.faults).map(Arc::new)),
                None => found.faults.push(fault(row.span(), "an object with `rule` and `reason`")),
            }
        }
    }
    found.list.sort_by_key(|it| it.span);
    found.faults.sort_by_key(|it| it.span);
    found
}

fn suppression(row: &Object, cover: Cover, faults: &mut Vec<Fault>) -> Option<Suppression> {
    let mut fault = |span, kind| faults.push(Fault { span, kind });
    let (mut rules, mut reason, mut until, mut owner) = (Vec::new(), None, None, None);
    for member in &row.members {
        let (value, span) = (&member.value, member.value.span());
        match &*member.name.text {
            "rule" | "rules" => {
                for value in value.one_or_many() {
                    match value.as_string() {
                        Some(name) => rules.push((name.text.clone(), name.span)),
                        None => fault(value.span(), FaultKind::Metadata("the name of a rule")),
                    }
                }
            }
            "reason" => reason = words(value),
            "owner" => owner = words(value),
            "until" => {
                let text = value.as_string().map(|it| it.text.clone()).unwrap_or_default();
                until = text.parse::<Date>().ok().filter(|_| text.len() == "2027-03-01".len());
                if until.is_none() {
                    fault(span, FaultKind::Date(text));
                }
            }
            _ => {
                fault(member.name.span, FaultKind::Metadata("`rule`, `rules`, `reason`, `until` or `owner`"))
            }
        }
    }
    if rules.is_empty() {
        fault(row.span, FaultKind::Metadata("a `rule`"));
        return None;
    }
    if reason.is_none() {
        fault(row.span, FaultKind::NoReason);
    }
    let reason = reason.map(|it| it.text.trim().into()).unwrap_or_default();
    let owner = owner.map(|it| it.text.trim().into());
    Some(Suppression { span: row.span, rules, until, reason, owner, cover, origin: Origin::Metadata })
}

/// A text that says something.
fn words(value: &Value) -> Option<&StringValue> {
    value.as_string().filter(|it| !it.text.trim().is_empty())
}
