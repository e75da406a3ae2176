//! The members of policies and statements, `Version` and `Effect`.

use super::{At, Item, ItemKind};
use crate::ide::prose;
use crate::model::{Policy, Statement};

pub(super) fn of_policy(at: &At<'_>) -> Vec<Item> {
    members(at, &Policy::ELEMENTS, |name| match name {
        "Version" => ("\"${1:2012-10-17}\"", 0),
        "Statement" => (
            "[\n\t{\n\t\t\"Effect\": \"${1|Allow,Deny|}\",\n\t\t\"Action\": [\"$2\"],\n\t\t\"Resource\": \"$3\"\n\t}\n]",
            0,
        ),
        _ => ("\"$1\"", 1),
    })
}

pub(super) fn of_statement(at: &At<'_>) -> Vec<Item> {
    let takes_principal = at.place.document.kind.takes_principal();
    members(at, &Statement::ELEMENTS, |name| match name {
        "Effect" => ("\"${1|Allow,Deny|}\"", 0),
        "Action" => ("[\"$1\"]", 0),
        "Resource" => ("\"$1\"", 0),
        "Principal" => ("{ \"${1|AWS,Service,Federated|}\": \"$2\" }", if takes_principal { 0 } else { 1 }),
        "Sid" => ("\"$1\"", 0),
        "Condition" => ("{\n\t\"${1:StringEquals}\": { \"$2\": \"$3\" }\n}", 0),
        "NotPrincipal" => ("{ \"${1|AWS,Federated|}\": \"$2\" }", 2),
        _ => ("[\"$1\"]", 2),
    })
}

fn members(at: &At<'_>, names: &[&'static str], value: impl Fn(&str) -> (&'static str, u8)) -> Vec<Item> {
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
            at.writing.member(ItemKind::Field, *name, "", value).ranked(rank).about(prose::element(name))
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
