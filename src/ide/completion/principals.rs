//! Principals: their types, service principals, and what else a principal can be.

use super::{At, Item, ItemKind};
use crate::catalog;
use crate::text::listed;

pub(super) fn types(at: &At<'_>) -> Vec<Item> {
    let siblings = at.siblings();
    [
        ("AWS", "\"arn:aws:iam::${1:111122223333}:root\"", "Accounts, users, roles and role sessions.", 0),
        ("Service", "\"$1\"", "AWS services, by their service principals.", 0),
        ("Federated", "\"$1\"", "Identity providers: OIDC, SAML, web identity.", 0),
        ("CanonicalUser", "\"$1\"", "An account by its canonical user id, in Amazon S3 policies.", 1),
    ]
    .into_iter()
    .filter(|(name, ..)| !siblings.contains(*name))
    .map(|(name, value, about, rank)| {
        at.writing.member(ItemKind::Key, name, "", value).ranked(rank).about(Some(about))
    })
    .collect()
}

/// In place of the object.
pub(super) fn everyone(at: &At<'_>) -> Vec<Item> {
    let mut items = vec![at.writing.value(ItemKind::Value, "*", "everyone")];
    if !at.writing.typed.opened {
        for kind in ["AWS", "Service", "Federated"] {
            let mut item = Item::new(
                ItemKind::Principal,
                kind,
                "",
                if at.writing.options.snippets {
                    format!("{{ \"{kind}\": \"$1\" }}")
                } else {
                    format!("{{ \"{kind}\": \"\" }}")
                },
            );
            item.is_snippet = at.writing.options.snippets;
            items.push(item);
        }
    }
    items
}

pub(super) fn values(at: &At<'_>, kind: &str) -> Vec<Item> {
    let pattern = |pattern: &'static str, detail: &'static str| {
        at.writing.pattern(ItemKind::Format, pattern, detail, "")
    };
    match kind {
        "Service" => services(at),
        "AWS" => vec![
            pattern("arn:aws:iam::${Account}:root", "account: whoever it lets"),
            pattern("arn:aws:iam::${Account}:role/${Role}", "role"),
            pattern("arn:aws:iam::${Account}:user/${User}", "user"),
            pattern("arn:aws:sts::${Account}:assumed-role/${Role}/${Session}", "role session"),
            at.writing.value(ItemKind::Value, "*", "everyone").ranked(1),
        ],
        "Federated" => vec![
            pattern(
                "arn:aws:iam::${Account}:oidc-provider/token.actions.githubusercontent.com",
                "GitHub Actions",
            ),
            pattern("arn:aws:iam::${Account}:oidc-provider/${Provider}", "OpenID Connect provider"),
            pattern("arn:aws:iam::${Account}:saml-provider/${Provider}", "SAML provider"),
            pattern("cognito-identity.amazonaws.com", "Amazon Cognito"),
            pattern("accounts.google.com", "Google"),
            pattern("graph.facebook.com", "Facebook"),
            pattern("www.amazon.com", "Login with Amazon"),
        ],
        _ => Vec::new(),
    }
}

/// Service principals; those of the roles around ECS first.
pub(super) fn services(at: &At<'_>) -> Vec<Item> {
    catalog::service_principals()
        .iter()
        .map(|principal| {
            let kinds: Vec<&str> = catalog::role_kinds()
                .iter()
                .filter(|kind| kind.principal == *principal)
                .map(|kind| kind.name)
                .collect();
            let rank = if kinds.is_empty() { 1 } else { 0 };
            at.writing.value(ItemKind::Principal, *principal, listed(kinds)).ranked(rank)
        })
        .collect()
}
