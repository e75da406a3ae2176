//! Arguments and blocks of `aws_iam_policy_document`, each written as what it is.

use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind};
use crate::catalog;
use crate::host::DocumentKind;
use crate::ide::prose;

/// Of the document itself.
pub(super) fn of_document(at: &At<'_>) -> Vec<Item> {
    let items = catalog::usual("documentArguments").iter().zip(0..).filter(|(name, _)| {
        // There may be many statements.
        let is_there = |it: &String| it == *name || element(name) == Some(it);
        // The version stands for itself where none is written.
        let is_written = |element: &str| {
            let member = at.place.document.object().and_then(|head| head.member(element));
            member.is_some_and(|it| it.value.as_string().is_none_or(|text| text.is_written()))
        };
        **name == "statement"
            || !at.place.siblings.iter().any(is_there)
            || element(name).is_some_and(|it| !is_written(it))
    });
    items
        .map(|(name, rank)| {
            let item = match *name {
                "statement" => {
                    let value = Skeleton::Options(vec![
                        ("effect", Skeleton::Choice(&["Allow", "Deny"])),
                        ("actions", Skeleton::List(vec![Skeleton::empty()])),
                        ("resources", Skeleton::List(vec![Skeleton::empty()])),
                    ]);
                    skeleton::member(at.writing, ItemKind::Field, *name, "block", &value, true)
                }
                name if name.ends_with("documents") => {
                    let value = Skeleton::List(vec![]);
                    skeleton::member(at.writing, ItemKind::Field, name, "list", &value, false)
                }
                name => skeleton::member(at.writing, ItemKind::Field, name, "", &Skeleton::empty(), false),
            };
            item.ranked(rank)
        })
        .chain(super::statements::blocks(at))
        .collect()
}

/// Of a statement.
pub(super) fn of_statement(at: &At<'_>) -> Vec<Item> {
    let siblings = at.siblings();
    let is_trust = at.place.document.kind == DocumentKind::Trust;
    let is_there = |name: &str| {
        let positive = name.strip_prefix("not_").unwrap_or(name);
        // Blocks may stand several times; `effect` is allowed unless it is written.
        let is_block = matches!(name, "principals" | "condition");
        !is_block
            && [positive.to_string(), format!("not_{positive}")]
                .iter()
                .any(|name| element(name).is_some_and(|it| siblings.contains(it)) && !is_default(at, name))
    };
    let items = catalog::usual("statementArguments").iter().zip(0u16..).filter(|(name, _)| !is_there(name));
    items
        .map(|(name, rank)| {
            let writing = at.writing;
            let list = || Skeleton::List(vec![Skeleton::empty()]);
            let item = match *name {
                "effect" => {
                    let value = Skeleton::Choice(&["Allow", "Deny"]);
                    skeleton::member(writing, ItemKind::Field, *name, "", &value, false)
                }
                "sid" => skeleton::member(writing, ItemKind::Field, *name, "", &Skeleton::empty(), false),
                "principals" | "not_principals" => {
                    let kind = Skeleton::Choice(&["Service", "AWS", "Federated"]);
                    let value = Skeleton::Options(vec![("type", kind), ("identifiers", list())]);
                    skeleton::member(writing, ItemKind::Field, *name, "block", &value, true)
                }
                "condition" => {
                    let value = Skeleton::Options(vec![
                        ("test", Skeleton::Text("StringEquals".into())),
                        ("variable", Skeleton::empty()),
                        ("values", list()),
                    ]);
                    skeleton::member(writing, ItemKind::Field, *name, "block", &value, true)
                }
                name => {
                    let mut item = skeleton::member(writing, ItemKind::Field, name, "list", &list(), false);
                    item.goes_on = item.is_snippet;
                    item
                }
            };
            let rank = match *name {
                "principals" if is_trust => 0,
                "resources" if is_trust => 20,
                _ => rank + 1,
            };
            item.ranked(rank).about(element(name).and_then(prose::element))
        })
        .collect()
}

/// Of one of its blocks: `condition`, `principals`.
pub(super) fn of_block(at: &At<'_>, block: &str) -> Vec<Item> {
    let list = if block == "condition" { "conditionArguments" } else { "principalArguments" };
    let arguments =
        catalog::usual(list).iter().filter(|name| !at.place.siblings.iter().any(|it| it == *name));
    arguments
        .zip(0..)
        .map(|(name, rank)| {
            let value = match *name {
                "values" | "identifiers" => Skeleton::List(vec![Skeleton::empty()]),
                "type" => Skeleton::Choice(&["Service", "AWS", "Federated"]),
                _ => Skeleton::empty(),
            };
            let mut item = skeleton::member(at.writing, ItemKind::Field, *name, "", &value, false);
            item.goes_on = item.is_snippet && *name != "type";
            item.ranked(rank).about(crate::ide::prose::block_argument(name))
        })
        .collect()
}

/// The element of a policy that an argument is.
fn element(name: &str) -> Option<&'static str> {
    catalog::policy_element(name)
}

/// Whether an element stands there only because the provider puts it in.
fn is_default(at: &At<'_>, name: &str) -> bool {
    let Some(statement) = at.statement().filter(|_| name == "effect") else { return false };
    statement
        .object
        .member("Effect")
        .is_some_and(|member| member.value.as_string().is_some_and(|it| !it.is_written()))
}
