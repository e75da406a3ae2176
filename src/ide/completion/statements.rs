//! Whole statements to begin with, in the syntax at hand.

use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind, elements, known};
use crate::catalog::{self, PolicyPurpose};
use crate::host::DocumentKind;
use serde_json::Value;
use std::borrow::Cow;

/// Where a statement may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// In the list.
    List,
    /// In place of the list.
    Member,
}

pub(super) fn complete(at: &At<'_>, within: Within) -> Vec<Item> {
    if at.writing.typed.opened {
        return Vec::new();
    }
    let kind = at.place.document.kind;
    let named = known::named(at);
    let fill = |text: &str| {
        let account = named.accounts.first().map_or("111122223333", String::as_str);
        let region = named.regions.first().map_or("eu-west-1", String::as_str);
        text.replace("${Partition}", "aws").replace("${Region}", region).replace("${Account}", account)
    };
    let mut items = Vec::new();
    let mut push = |title: &'static str, about: &'static str, statement: Skeleton, rank: u16| {
        let value = match within {
            Within::List => statement,
            Within::Member => Skeleton::Items(vec![statement]),
        };
        let item = skeleton::whole(at.writing, ItemKind::Snippet, title, "", &value);
        items.push(item.ranked(rank).about(Some(about)));
    };
    push("statement", "Effect, actions, resources.", elements::statement(at), 0);
    for (snippet, rank) in catalog::statement_snippets().iter().zip(1..) {
        let fits = match snippet.within {
            PolicyPurpose::Trust => kind == DocumentKind::Trust,
            PolicyPurpose::Resource => kind == DocumentKind::Resource,
            PolicyPurpose::Identity => !kind.takes_principal() && kind != DocumentKind::Trust,
        };
        if let Ok(statement) = serde_json::from_str::<Value>(snippet.json).as_ref()
            && fits
        {
            push(snippet.title, snippet.about, of_value(statement, &fill), rank);
        }
    }
    items
}

/// A value as something to fill in.
fn of_value(value: &Value, fill: &dyn Fn(&str) -> String) -> Skeleton {
    match value {
        Value::Object(members) => Skeleton::Members(
            members.iter().map(|(name, value)| (fill(name), of_value(value, fill))).collect(),
        ),
        Value::Array(items) => Skeleton::Items(items.iter().map(|item| of_value(item, fill)).collect()),
        Value::String(text) => Skeleton::Pattern(fill(text)),
        other => Skeleton::Text(Cow::Owned(other.to_string())),
    }
}

/// The blocks `statement` of Terraform's policy documents.
pub(super) fn blocks(at: &At<'_>) -> Vec<Item> {
    let kind = at.place.document.kind;
    let (account, region) = ("111122223333", "eu-west-1");
    let fill = |text: &str| {
        text.replace("${Partition}", "aws").replace("${Region}", region).replace("${Account}", account)
    };
    let snippets = catalog::statement_snippets().iter().skip(1).zip(10..);
    snippets
        .filter_map(|(snippet, rank)| {
            let statement: Value = serde_json::from_str(snippet.json).ok()?;
            let is_trust = snippet.within == PolicyPurpose::Trust;
            let value = as_block(&statement, &fill)?;
            let mut item =
                skeleton::member(at.writing, ItemKind::Snippet, "statement", "block", &value, true);
            item.label = snippet.title.into();
            item.kind = ItemKind::Snippet;
            let rank = if is_trust == (kind == DocumentKind::Trust) { rank } else { rank + 40 };
            Some(item.ranked(rank).about(Some(snippet.about)))
        })
        .collect()
}

/// A statement as arguments and blocks.
fn as_block(statement: &Value, fill: &dyn Fn(&str) -> String) -> Option<Skeleton> {
    let list = |value: &Value| match value {
        Value::Array(_) => of_value(value, fill),
        other => Skeleton::Items(vec![of_value(other, fill)]),
    };
    let mut members: Vec<(&'static str, Skeleton)> = Vec::new();
    for (name, value) in statement.as_object()? {
        let argument = catalog::policy_argument(name)?;
        match name.as_str() {
            "Principal" => match value {
                Value::Object(types) => {
                    for (kind, identifiers) in types {
                        let kind = Skeleton::Pattern(kind.clone());
                        members.push((
                            argument,
                            Skeleton::Block(vec![("type", kind), ("identifiers", list(identifiers))]),
                        ));
                    }
                }
                other => {
                    let kind = Skeleton::Fixed("*");
                    members.push((
                        argument,
                        Skeleton::Block(vec![("type", kind), ("identifiers", list(other))]),
                    ));
                }
            },
            "Condition" => {
                for (test, keys) in value.as_object()? {
                    for (variable, values) in keys.as_object()? {
                        members.push((
                            argument,
                            Skeleton::Block(vec![
                                ("test", Skeleton::Pattern(test.clone())),
                                ("variable", Skeleton::Pattern(fill(variable))),
                                ("values", list(values)),
                            ]),
                        ));
                    }
                }
            }
            "Effect" | "Sid" => members.push((argument, of_value(value, fill))),
            _ => members.push((argument, list(value))),
        }
    }
    Some(Skeleton::Block(members))
}
