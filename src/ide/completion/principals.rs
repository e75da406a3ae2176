//! Principals: their types, service principals, and what else a principal can be.

use super::actions::squeezed;
use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind, arns, known, templates};
use crate::catalog;
use crate::host::DocumentKind;
use crate::text::listed;

pub(super) fn types(at: &At<'_>) -> Vec<Item> {
    let siblings = at.siblings();
    let is_trust = at.place.document.kind == DocumentKind::Trust;
    [
        ("Service", "AWS services, by their service principals.", if is_trust { 0 } else { 1 }),
        ("AWS", "Accounts, users, roles and role sessions.", if is_trust { 1 } else { 0 }),
        ("Federated", "Identity providers: OIDC, SAML, web identity.", 2),
        ("CanonicalUser", "An account by its canonical user id, in Amazon S3 policies.", 3),
    ]
    .into_iter()
    .filter(|(name, ..)| !siblings.contains(*name))
    .map(|(name, about, rank)| {
        let value = match name {
            "AWS" => Skeleton::Text(root(at).into()),
            _ => Skeleton::empty(),
        };
        let mut item = skeleton::member(at.writing, ItemKind::Key, name, "", &value, false);
        item.goes_on = item.is_snippet && name != "AWS";
        item.ranked(rank).about(Some(about))
    })
    .collect()
}

/// The account that the file speaks of, as a principal.
fn root(at: &At<'_>) -> String {
    let account = known::named(at).accounts.first().cloned();
    format!("arn:aws:iam::{}:root", account.as_deref().unwrap_or("111122223333"))
}

/// In place of the object.
pub(super) fn everyone(at: &At<'_>) -> Vec<Item> {
    let mut items = vec![at.writing.value(ItemKind::Value, "*", "everyone").ranked(9)];
    if !at.writing.typed.opened {
        for (kind, rank) in [("Service", 0), ("AWS", 1), ("Federated", 2)] {
            let value = Skeleton::Options(vec![(kind, Skeleton::empty())]);
            items.push(skeleton::whole(at.writing, ItemKind::Principal, kind, "", &value).ranked(rank));
        }
    }
    items
}

pub(super) fn values(at: &At<'_>, kind: &str) -> Vec<Item> {
    let typed = at.writing.typed.before.as_str();
    match kind {
        "Service" => services(at),
        "AWS" => {
            let formats = catalog::value_formats("principal").iter();
            let formats = formats.map(|(format, detail)| (*format, detail.to_string()));
            let mut items = known_principals(at);
            items.extend(templates::arns(at, &["iam"], &[]));
            items.extend(arns::items(at, formats, ""));
            if typed.is_empty() {
                items.push(at.writing.value(ItemKind::Value, "*", "everyone").ranked(60));
            }
            items
        }
        "Federated" => {
            let mut issuers: Vec<(String, String)> = Vec::new();
            let first = "token.actions.githubusercontent.com";
            let of = |issuer: &str, title: &str| {
                (format!("arn:${{Partition}}:iam::${{Account}}:oidc-provider/{issuer}"), title.to_string())
            };
            issuers.extend(catalog::oidc_provider(first).map(|it| of(it.issuer, it.title)));
            issuers.push(of("oidc.eks.${Region}.amazonaws.com/id/${ClusterId}", "a cluster of Amazon EKS"));
            issuers.push(of("${Provider}", "OpenID Connect provider"));
            issuers.push((
                "arn:${Partition}:iam::${Account}:saml-provider/${Provider}".into(),
                "SAML provider".into(),
            ));
            let shared = catalog::oidc_providers().iter().filter(|it| it.issuer != first);
            issuers.extend(shared.map(|it| of(it.issuer, it.title)));
            let formats = issuers.iter().map(|(format, title)| (format.as_str(), title.clone()));
            let mut items = arns::items(at, formats, "");
            if !typed.contains(':') {
                items.extend(
                    catalog::usual("identityProviders")
                        .iter()
                        .map(|name| at.writing.value(ItemKind::Value, *name, "web identity").ranked(50)),
                );
            }
            items
        }
        _ => Vec::new(),
    }
}

/// Principals that the file names elsewhere.
fn known_principals(at: &At<'_>) -> Vec<Item> {
    let named = known::named(at);
    let is_principal = |arn: &&String| {
        let rest = arn.splitn(6, ':').nth(5).unwrap_or_default();
        arn.contains(":iam::") && (rest == "root" || rest.starts_with("role/") || rest.starts_with("user/"))
    };
    let arns = named.arns.iter().filter(is_principal).take(20);
    arns.map(|arn| at.writing.value(ItemKind::Reference, arn.clone(), "named in this file").ranked(2))
        .collect()
}

/// Service principals; those of the roles around ECS first.
pub(super) fn services(at: &At<'_>) -> Vec<Item> {
    let typed = squeezed(&at.writing.typed.before);
    let by_name: Vec<String> = catalog::everyday_names()
        .iter()
        .filter(|(name, _)| typed.len() > 2 && squeezed(name).starts_with(&typed))
        .map(|(_, service)| format!("{service}.amazonaws.com"))
        .collect();
    catalog::service_principals()
        .iter()
        .map(|principal| {
            let kinds: Vec<&str> = catalog::role_kinds()
                .iter()
                .filter(|kind| kind.principal == *principal)
                .map(|kind| kind.name)
                .collect();
            let rank = match catalog::usual_place("principals", principal) {
                Some(place) => place as u16,
                None if !kinds.is_empty() => 50,
                None => 60,
            };
            let mut item = at.writing.value(ItemKind::Principal, *principal, listed(kinds));
            let is_called_so = by_name.iter().any(|it| it == principal) && !principal.starts_with(&typed);
            item.filter = is_called_so.then(|| at.writing.typed.before.clone());
            item.ranked(if is_called_so { 0 } else { rank })
        })
        .collect()
}
