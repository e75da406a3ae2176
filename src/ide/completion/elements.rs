//! The members of policies and statements, `Version`, `Effect` and `Sid`.

use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind};
use crate::host::DocumentKind;
use crate::ide::prose;
use crate::model::{Policy, Statement};

pub(super) fn of_policy(at: &At<'_>) -> Vec<Item> {
    members(at, &Policy::ELEMENTS, |name| match name {
        "Version" => (Skeleton::Text("2012-10-17".into()), 0),
        "Statement" => (Skeleton::Items(vec![statement(at)]), 1),
        _ => (Skeleton::empty(), 2),
    })
}

/// A whole policy.
pub(super) fn document(at: &At<'_>) -> Vec<Item> {
    if at.writing.typed.opened {
        return Vec::new();
    }
    let value = Skeleton::Options(vec![
        ("Version", Skeleton::Fixed("2012-10-17")),
        ("Statement", Skeleton::Items(vec![statement(at)])),
    ]);
    let title = if at.place.document.kind == DocumentKind::Trust { "trust policy" } else { "policy" };
    vec![skeleton::whole(at.writing, ItemKind::Snippet, title, "", &value)]
}

/// What a statement begins with.
pub(super) fn statement(at: &At<'_>) -> Skeleton {
    let mut members = vec![("Effect", Skeleton::Choice(&["Allow", "Deny"]))];
    match at.place.document.kind {
        DocumentKind::Trust => {
            members.push(("Principal", Skeleton::Options(vec![("Service", Skeleton::empty())])));
            members.push(("Action", Skeleton::Text("sts:AssumeRole".into())));
        }
        kind => {
            if kind.takes_principal() {
                members.push(("Principal", Skeleton::Options(vec![("AWS", Skeleton::empty())])));
            }
            members.push(("Action", Skeleton::Items(vec![Skeleton::empty()])));
            members.push(("Resource", Skeleton::empty()));
        }
    }
    Skeleton::Options(members)
}

pub(super) fn of_statement(at: &At<'_>) -> Vec<Item> {
    let kind = at.place.document.kind;
    let (is_trust, takes_principal) = (kind == DocumentKind::Trust, kind.takes_principal());
    let mut items = members(at, &Statement::ELEMENTS, |name| match name {
        "Effect" => (Skeleton::Choice(&["Allow", "Deny"]), 0),
        "Principal" => {
            let key = if is_trust { "Service" } else { "AWS" };
            (Skeleton::Options(vec![(key, Skeleton::empty())]), if takes_principal { 1 } else { 12 })
        }
        "Action" if is_trust => (Skeleton::Text("sts:AssumeRole".into()), 2),
        "Action" => (Skeleton::Items(vec![Skeleton::empty()]), 2),
        "Resource" => (Skeleton::empty(), if is_trust { 20 } else { 3 }),
        "Condition" => (Skeleton::Options(vec![("StringEquals", Skeleton::Map)]), 4),
        "Sid" => (Skeleton::empty(), 5),
        "NotPrincipal" => (Skeleton::Options(vec![("AWS", Skeleton::empty())]), 20),
        "NotAction" => (Skeleton::Items(vec![Skeleton::empty()]), if is_trust { 21 } else { 6 }),
        _ => (Skeleton::Items(vec![Skeleton::empty()]), if is_trust { 22 } else { 7 }),
    });
    // A trust policy's resource is the role that has it.
    items.retain(|item| !is_trust || !item.label.ends_with("Resource"));
    items.retain(|item| takes_principal || !item.label.ends_with("Principal") || item.rank < 30);
    items
}

fn members(at: &At<'_>, names: &[&'static str], value: impl Fn(&str) -> (Skeleton, u16)) -> Vec<Item> {
    let siblings = at.siblings();
    // Of an element and its negation only one can stand.
    let excluded = |name: &str| {
        siblings.contains(name)
            || siblings.contains(&format!("Not{name}"))
            || name.strip_prefix("Not").is_some_and(|name| siblings.contains(name))
    };
    names
        .iter()
        .filter(|name| !excluded(name))
        .map(|name| {
            let (value, rank) = value(name);
            let mut item = skeleton::member(at.writing, ItemKind::Field, *name, "", &value, false);
            item.goes_on =
                item.is_snippet && matches!(*name, "Action" | "NotAction" | "Resource" | "NotResource");
            item.ranked(rank).about(prose::element(name))
        })
        .collect()
}

pub(super) fn versions(at: &At<'_>) -> Vec<Item> {
    vec![
        at.writing.value(ItemKind::Value, "2012-10-17", "current"),
        at.writing.value(ItemKind::Value, "2008-10-17", "old: no policy variables").ranked(1),
    ]
}

pub(super) fn effects(at: &At<'_>) -> Vec<Item> {
    vec![
        at.writing.value(ItemKind::Value, "Allow", ""),
        at.writing.value(ItemKind::Value, "Deny", "wins over every Allow"),
    ]
}

/// Names for a statement, after what it does: `AllowS3GetObject`.
pub(super) fn sids(at: &At<'_>) -> Vec<Item> {
    let Some(statement) = at.statement() else { return Vec::new() };
    let effect = match statement.effect() {
        Some(crate::model::Effect::Deny) => "Deny",
        _ => "Allow",
    };
    let mut items: Vec<Item> = Vec::new();
    for pattern in statement.listed_actions().take(3) {
        let capital = |word: &str| -> String {
            let mut chars = word.chars().filter(char::is_ascii_alphanumeric);
            let first = chars.next().map(|char| char.to_ascii_uppercase());
            first.into_iter().chain(chars).collect()
        };
        let name = format!("{}{}", capital(pattern.service), capital(pattern.name.unwrap_or_default()));
        if name.is_empty() {
            continue;
        }
        items.push(at.writing.value(ItemKind::Value, format!("{effect}{name}"), ""));
        items.push(at.writing.value(ItemKind::Value, name, "").ranked(1));
    }
    items
}

/// The whole object of conditions, by its operator.
pub(super) fn conditions(at: &At<'_>) -> Vec<Item> {
    if at.writing.typed.opened {
        return Vec::new();
    }
    crate::catalog::usual("operators")
        .iter()
        .zip(0..)
        .take(12)
        .map(|(operator, rank)| {
            let value = Skeleton::Options(vec![(*operator, Skeleton::Map)]);
            let item = skeleton::whole(at.writing, ItemKind::Operator, *operator, "", &value);
            item.ranked(rank).about(prose::operator(operator))
        })
        .collect()
}
