//! Sets apart the findings that a suppression keeps from being told.

use crate::diagnostic::{Finding, Group};
use crate::host::value::Value;
use crate::host::{Document, Placed, name_of, position_around};
use crate::suppression::{Cover, Row, Suppression};
use std::sync::Arc;

/// A finding that is not told, and what keeps it.
#[derive(Debug, Clone)]
pub struct Excepted {
    pub finding: Finding,
    pub by: Arc<Suppression>,
}

/// What became of the findings of one file.
pub(super) struct Sorted {
    pub told: Vec<Finding>,
    pub excepted: Vec<Excepted>,
    /// For each suppression of the file and each rule that it names, whether it kept something.
    pub used: Vec<Vec<bool>>,
}

/// `findings` are in the order of the text.
pub(super) fn set_apart(
    findings: Vec<Finding>,
    list: &[Arc<Suppression>],
    rows: &[Row],
    documents: &[Document],
) -> Sorted {
    let mut used: Vec<Vec<bool>> = list.iter().map(|it| vec![false; it.rules.len()]).collect();
    let mut waiting: Vec<(u32, usize)> = Vec::new();
    let mut active: Vec<usize> = Vec::new();
    for (index, suppression) in list.iter().enumerate() {
        match suppression.cover {
            Cover::File => active.push(index),
            Cover::Within(span) => waiting.push((span.start, index)),
        }
    }
    waiting.sort_unstable_by(|one, other| other.cmp(one));
    let mut told = Vec::with_capacity(findings.len());
    let mut excepted = Vec::new();
    for finding in findings {
        while let Some((_, index)) = waiting.pop_if(|(start, _)| *start <= finding.span.start) {
            active.push(index);
        }
        active.retain(|index| match list[*index].cover {
            Cover::File => true,
            Cover::Within(span) => finding.span.start < span.end,
        });
        let mut by = None;
        // What passrole says of itself, and of suppressions, is always told.
        if finding.rule.id != super::INTERNAL_ERROR.id && finding.rule.group != Group::Suppression {
            for index in &active {
                for (name, is_used) in list[*index].rules.iter().zip(&mut used[*index]) {
                    if Suppression::names(&name.0, &finding) {
                        *is_used = true;
                        by.get_or_insert_with(|| Arc::clone(&list[*index]));
                    }
                }
            }
            if by.is_none() {
                let is_about = |row: &&Row| {
                    row.suppression.rules.iter().any(|(name, _)| Suppression::names(name, &finding))
                        && row.anchor.as_ref().is_none_or(|anchor| is_at(&finding, anchor, documents))
                };
                by = rows.iter().find(is_about).map(|row| Arc::clone(&row.suppression));
            }
        }
        match by {
            Some(by) => excepted.push(Excepted { finding, by }),
            None => told.push(finding),
        }
    }
    Sorted { told, excepted, used }
}

/// Whether a finding lies in what bears that name, or stands at that JSON Pointer.
fn is_at(finding: &Finding, anchor: &str, documents: &[Document]) -> bool {
    let Some(index) = position_around(documents, |document| document.span, finding.span) else {
        return false;
    };
    let document = &documents[index];
    if anchor.starts_with('/') {
        let pointer = document.pointer(finding.span);
        return pointer.strip_prefix(anchor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    }
    document.owner.as_ref().is_some_and(|owner| *owner.name == *anchor)
        || document.name_at(finding.span).is_some_and(|name| name == anchor)
}

/// Whether a document, or something in it, bears that name, or has something at that JSON Pointer.
pub(super) fn bears(documents: &[Document], anchor: &str) -> bool {
    documents.iter().any(|document| {
        if anchor.starts_with('/') {
            return leads_somewhere(document, anchor);
        }
        let is_named = |unit: &Placed| unit.unit.value.as_object().and_then(name_of) == Some(anchor);
        document.owner.as_ref().is_some_and(|owner| *owner.name == *anchor)
            || document.units.iter().any(is_named)
    })
}

fn leads_somewhere(document: &Document, pointer: &str) -> bool {
    let units = &document.units;
    let is_one = units.first().is_some_and(|unit| document.units_span == Some(unit.span()));
    let mut value: &Value = &document.head;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if let (Value::Apart(_), true, Some(unit)) = (value, is_one, units.first()) {
            value = &unit.unit.value;
        }
        let index = || part.parse::<usize>().ok();
        let next = match value {
            Value::Object(object) => object.get(&part),
            Value::Array(array) => index().and_then(|index| array.items.get(index)),
            Value::Apart(_) => index().and_then(|index| units.get(index)).map(|unit| &unit.unit.value),
            // What comes to stand there is not known.
            Value::Unknown(_) | Value::Missing(_) => return true,
            _ => None,
        };
        let Some(next) = next else { return false };
        value = next;
    }
    true
}
