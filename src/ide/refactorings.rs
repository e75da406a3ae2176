//! Other ways to write the same policy: each keeps what it allows.

use super::File;
use crate::access::is_star;
use crate::catalog::{self, Action};
use crate::host::value::{Object, Value};
use crate::host::{Document, Edit, Naming, NewValue, Placed};
use crate::query::{expand, shrink};
use crate::text::{Source, Span, TextEdit};
use serde_json::json;
use std::collections::BTreeSet;

/// Another way to write something, ready to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refactoring {
    /// In the imperative, as an editor's menu shows it.
    pub title: String,
    /// In the order of the text; none collide.
    pub edits: Vec<TextEdit>,
}

/// Larger texts are not rewritten: it would take too long to be offered at every step of the cursor.
pub(super) const LARGEST: u32 = 256 * 1024;

/// A wildcard of more actions is not written out.
const EXPANDED: usize = 80;

/// Elements that are a text or a list of texts.
const LISTS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// One way, before it is written in the file's syntax.
type Planned = (String, Vec<Edit>);

/// What can be written otherwise at a place.
pub fn refactorings(file: &File<'_>, span: Span) -> Vec<Refactoring> {
    let Some((document, index)) = statement_at(file, span) else { return Vec::new() };
    let placed = &document.units[index];
    let Some(object) = placed.unit.value.as_object() else { return Vec::new() };
    let mut planned: Vec<Planned> = Vec::new();
    let here = span.shifted(0u32.wrapping_sub(placed.base));
    for name in LISTS {
        if let Some(member) = object.member(name).filter(|member| member.span().covers(here)) {
            list(document, placed, name, &member.value, here, file, &mut planned);
        }
    }
    planned.extend(split(document, placed, object));
    planned.extend(merge(document, index));
    planned.into_iter().filter_map(|(title, edits)| written(file, title, &edits)).collect()
}

/// The policy around a place, and which of its statements is there.
pub(super) fn statement_at<'a>(file: &File<'a>, span: Span) -> Option<(&'a Document, usize)> {
    if Source::len(file.text) > LARGEST {
        return None;
    }
    let is_here = |it: &&Document| it.kind.is_policy() && it.span.covers(span);
    let document = file.report.documents.iter().find(is_here)?;
    Some((document, document.unit_at(span)?))
}

pub(super) fn written(file: &File<'_>, title: String, edits: &[Edit]) -> Option<Refactoring> {
    let mut edits = file.report.writer(&file.text.to_string()).text_edits(edits)?;
    edits.sort_by_key(|edit| edit.span);
    Some(Refactoring { title, edits })
}

/// The texts of a value, where all of them are known.
fn texts(value: &Value) -> Option<Vec<String>> {
    value
        .one_or_many()
        .iter()
        .map(|item| item.as_string().filter(|text| !text.has_unknown()).map(|text| text.text.to_string()))
        .collect()
}

fn list(
    document: &Document,
    placed: &Placed,
    name: &str,
    value: &Value,
    here: Span,
    file: &File<'_>,
    planned: &mut Vec<Planned>,
) {
    let Some(all) = texts(value) else { return };
    let span = value.span().shifted(placed.base);
    let replace = |title: String, value: NewValue| (title, vec![Edit::ReplaceValue { span, value }]);
    // In blocks of Terraform these are lists, always.
    let is_free = document.naming != Naming::TerraformPolicy;
    match (value, &all[..]) {
        (Value::String(_), [only]) if is_free => {
            planned.push(replace(format!("Write `{name}` as a list"), json!([only])));
        }
        (Value::Array(_), [only]) if is_free => {
            planned.push(replace(format!("Write `{name}` as a single value"), json!(only)));
        }
        _ => {}
    }
    // A comment between the entries would be lost.
    let source = file.text.slice(span).to_string();
    if ["//", "/*", "#"].iter().any(|mark| source.replace("://", "").contains(mark)) {
        return;
    }
    let sorted: Vec<String> = all.iter().cloned().collect::<BTreeSet<String>>().into_iter().collect();
    if matches!(value, Value::Array(_)) && sorted != all {
        planned.push(replace(format!("Sort `{name}`, each once"), json!(sorted)));
    }
    if !name.ends_with("Action") {
        return;
    }
    let entry = value.one_or_many().iter().find(|item| item.span().covers(here)).and_then(Value::as_string);
    if let Some(pattern) = entry.filter(|it| catalog::is_wildcard(&it.text) && !is_star(&it.text)) {
        let actions: Vec<String> = catalog::expand(&pattern.text).map(|action| action.to_string()).collect();
        if (1..=EXPANDED).contains(&actions.len()) {
            let mut new: Vec<String> = Vec::new();
            for text in &all {
                let items = if *text == *pattern.text { actions.clone() } else { vec![text.clone()] };
                new.extend(items.into_iter().filter(|item| !new.contains(item)).collect::<Vec<_>>());
            }
            let count = match actions.len() {
                1 => "the action".to_string(),
                many => format!("the {many} actions"),
            };
            planned.push(replace(
                format!("Expand `{}` to {count} that it stands for", pattern.text),
                json!(new),
            ));
        }
    }
    planned.extend(
        shorter(&all).map(|short| replace("Write these actions with wildcards".to_string(), json!(short))),
    );
}

/// Fewer patterns for the same actions, where there are some; what nobody knows stays.
fn shorter(all: &[String]) -> Option<Vec<String>> {
    let (known, other): (Vec<&String>, Vec<&String>) = all.iter().partition(|text| {
        let service = text.split(':').next().unwrap_or_default();
        !catalog::is_wildcard(service) && catalog::expand(text).next().is_some()
    });
    if known.len() < 3 {
        return None;
    }
    let patterns: Vec<String> = known.iter().map(ToString::to_string).collect();
    let actions: Vec<Action> = expand(&patterns).ok()?.actions;
    let mut short = shrink(&actions);
    if short.len() >= known.len() {
        return None;
    }
    short.extend(other.into_iter().cloned());
    Some(short)
}

/// One statement for each service.
fn split(document: &Document, placed: &Placed, object: &Object) -> Option<Planned> {
    if document.units_span == Some(placed.span()) {
        return None;
    }
    let member = object.member("Action")?;
    let all = texts(&member.value)?;
    let mut services: Vec<(String, Vec<String>)> = Vec::new();
    for text in all {
        let service = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match services.iter_mut().find(|(known, _)| *known == service) {
            Some((_, list)) => list.push(text),
            None => services.push((service, vec![text])),
        }
    }
    if services.len() < 2 {
        return None;
    }
    let whole = Value::Object(object.clone()).to_new()?;
    let mut services = services.into_iter();
    let (_, first) = services.next()?;
    let span = member.value.span().shifted(placed.base);
    let mut edits = vec![Edit::ReplaceValue { span, value: one_or_many(&first, &member.value) }];
    let count = services.len() + 1;
    for (_, actions) in services {
        let mut statement = whole.clone();
        statement["Action"] = one_or_many(&actions, &member.value);
        // A Sid stands once.
        statement.as_object_mut()?.remove("Sid");
        edits.push(Edit::InsertSibling { item: placed.span(), value: statement });
    }
    Some((format!("Split into {count} statements, one for each service"), edits))
}

/// Several as a list, one as it was written.
fn one_or_many(texts: &[String], like: &Value) -> NewValue {
    match (texts, like) {
        ([only], Value::String(_)) => json!(only),
        (many, _) => json!(many),
    }
}

/// The statement and the next one as one, where they differ in their actions alone.
fn merge(document: &Document, index: usize) -> Option<Planned> {
    let (this, next) = (document.units.get(index)?, document.units.get(index + 1)?);
    let (own, other) = (this.unit.value.as_object()?, next.unit.value.as_object()?);
    let rest = |object: &Object| -> Option<NewValue> {
        let mut value = Value::Object(object.clone()).to_new()?;
        let members = value.as_object_mut()?;
        members.remove("Action");
        members.remove("Sid");
        Some(value)
    };
    if rest(own)? != rest(other)? {
        return None;
    }
    let member = own.member("Action")?;
    let mut all = texts(&member.value)?;
    let more = texts(other.get("Action")?)?;
    all.extend(more.into_iter().filter(|text| !all.contains(text)).collect::<Vec<_>>());
    let span = member.value.span().shifted(this.base);
    let edits = vec![Edit::ReplaceValue { span, value: json!(all) }, Edit::RemoveItem { span: next.span() }];
    Some(("Merge with the next statement".to_string(), edits))
}
