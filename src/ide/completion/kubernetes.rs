//! The ConfigMap `aws-auth`, and annotations of service accounts.

use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind, known};
use crate::catalog;
use crate::host::DocumentKind;
use crate::ide::place::Slot;
use crate::ide::prose;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let names = at.place.names();
    match (at.place.document.kind, &names[..], at.place.slot) {
        (DocumentKind::AwsAuth, [], Slot::Name { .. }) => fields(at, "authLists", "", |_| Skeleton::empty()),
        (DocumentKind::AwsAuth, [list @ ("mapRoles" | "mapUsers")], Slot::Name { .. }) => {
            fields(at, list, "", |name| match name {
                "groups" => Skeleton::Items(vec![Skeleton::empty()]),
                _ => Skeleton::empty(),
            })
        }
        (DocumentKind::AwsAuth, [_, field], Slot::Value) => values(at, field),
        (DocumentKind::ServiceAccount, [], Slot::Name { .. }) => {
            fields(at, "annotations", "eks.amazonaws.com/", |name| match name {
                "sts-regional-endpoints" => Skeleton::Fixed("true"),
                "audience" => Skeleton::Text("sts.amazonaws.com".into()),
                _ => Skeleton::empty(),
            })
        }
        (DocumentKind::ServiceAccount, [annotation], Slot::Value) => {
            if annotation.ends_with("role-arn") {
                roles(at)
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

fn fields(at: &At<'_>, list: &str, prefix: &str, value: impl Fn(&str) -> Skeleton) -> Vec<Item> {
    let siblings = at.siblings();
    let names = catalog::eks_names(list).iter().zip(0..);
    names
        .map(|(name, rank)| (format!("{prefix}{name}"), value(name), rank))
        .filter(|(name, ..)| !siblings.contains(name))
        .map(|(name, value, rank)| {
            let about = prose::other(&name);
            skeleton::member(at.writing, ItemKind::Field, name, "", &value, false).ranked(rank).about(about)
        })
        .collect()
}

fn values(at: &At<'_>, field: &str) -> Vec<Item> {
    let words = |words: &[&'static str]| -> Vec<Item> {
        let words = words.iter().zip(0..);
        words.map(|(word, rank)| at.writing.value(ItemKind::Value, *word, "").ranked(rank)).collect()
    };
    match field {
        "groups" => words(&["system:bootstrappers", "system:nodes", "system:masters"]),
        "username" => words(&["system:node:{{EC2PrivateDNSName}}", "admin"]),
        "rolearn" => roles(at),
        "userarn" => super::arns::items(
            at,
            [("arn:${Partition}:iam::${Account}:user/${User}", String::new())].into_iter(),
            "",
        ),
        _ => Vec::new(),
    }
}

fn roles(at: &At<'_>) -> Vec<Item> {
    let named = known::named(at);
    let known = named.arns.iter().filter(|arn| arn.contains(":role/"));
    let mut items: Vec<Item> =
        known.map(|arn| at.writing.value(ItemKind::Reference, arn.clone(), "named in this file")).collect();
    let format = [("arn:${Partition}:iam::${Account}:role/${Role}", "role".to_string())];
    items.extend(super::arns::items(at, format.into_iter(), ""));
    items
}
