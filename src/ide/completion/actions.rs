//! Actions: services first, by their names in everyday use, too; then the service's actions with their access
//! levels, and wildcards.

use super::{At, Item, ItemKind, known};
use crate::catalog::{self, Service};
use crate::host::DocumentKind;

/// Where services stand that are not among the usual ones.
const OTHERS: u16 = 500;

/// How many actions are shown that some service has of a name.
const OF_NAME: usize = 60;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let before = at.writing.typed.before.as_str();
    if at.place.document.kind == DocumentKind::Trust {
        return of_trust(at);
    }
    match before.split_once(':') {
        None => {
            let mut items = services(at);
            items.extend(of_name(at, before));
            items
        }
        Some((prefix, name)) => {
            catalog::service(prefix).map_or_else(Vec::new, |service| actions(at, service, name))
        }
    }
}

/// Only these let somebody assume a role.
fn of_trust(at: &At<'_>) -> Vec<Item> {
    let federated = at.statement().is_some_and(|statement| {
        statement
            .principals()
            .any(|principal| principal.member.value.as_object().is_some_and(|object| object.has("Federated")))
    });
    let usual = catalog::usual_actions("sts");
    usual
        .iter()
        .filter_map(|name| catalog::service("sts")?.action(name))
        .filter(|action| action.name() != "GetCallerIdentity")
        .zip(1u16..)
        .map(|(action, rank)| {
            let is_first = federated == action.name().contains("With") && action.name().starts_with("Assume");
            let label = action.to_string();
            let insert = at.writing.string(&label);
            Item::new(ItemKind::Action, label, action.access_level().name(), insert).ranked(if is_first {
                rank
            } else {
                rank + 10
            })
        })
        .collect()
}

/// Without what people leave out: `step functions`, `step-functions`, `StepFunctions`.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

fn services(at: &At<'_>) -> Vec<Item> {
    let writing = at.writing;
    let typed = squeezed(&writing.typed.before);
    let used: Vec<String> = at.statement().map_or_else(Vec::new, |statement| {
        statement.actions().map(|pattern| pattern.service.to_ascii_lowercase()).collect()
    });
    let named = known::named(at).services;
    let by_name: Vec<&str> = catalog::everyday_names()
        .iter()
        .filter(|(name, _)| typed.len() > 1 && squeezed(name).starts_with(&typed))
        .map(|(_, service)| *service)
        .collect();
    catalog::services()
        .map(|service| {
            let prefix = service.prefix();
            let label = format!("{prefix}:");
            // The action's name goes before the closing quote.
            let place = writing.options.snippets && !writing.typed.closed;
            let insert = if place { writing.string(&format!("{label}$1")) } else { writing.string(&label) };
            let mut item = Item::new(ItemKind::Service, label, service.title(), insert);
            item.is_snippet = place;
            item.goes_on = place || writing.typed.closed;
            item.rank = if prefix == typed {
                0
            } else if used.iter().any(|it| it == prefix) {
                1
            } else if by_name.contains(&prefix) {
                2
            } else if let Some(place) = catalog::usual_place("services", prefix) {
                10 + place as u16
            } else if named.iter().any(|it| it == prefix) {
                200
            } else {
                OTHERS
            };
            let is_found = |text: &str| text.find(&typed).map(|at| text[at..].to_string());
            item.filter = if typed.len() < 2 || squeezed(prefix).starts_with(&typed) {
                None
            } else if by_name.contains(&prefix) {
                Some(writing.typed.before.clone())
            } else {
                // The words of its title, written as they are typed.
                is_found(&squeezed(service.title())).filter(|_| typed.len() > 3)
            };
            item
        })
        .collect()
}

/// Actions of any service whose names start so: `PassRole`.
fn of_name(at: &At<'_>, start: &str) -> Vec<Item> {
    if start.len() < 3 || !start.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Vec::new();
    }
    let mut found: Vec<(u16, catalog::Action)> = Vec::new();
    for service in catalog::services() {
        let place = catalog::usual_place("services", service.prefix()).map_or(OTHERS, |it| it as u16);
        let usual = catalog::usual_actions(service.prefix());
        found.extend(service.actions_starting_with(start).map(|action| {
            let known = usual.iter().position(|it| *it == action.name());
            (known.map_or(100 + place, |known| known as u16 + place / 4), action)
        }));
    }
    found.sort_by_key(|(rank, action)| (*rank, action.name().len()));
    found
        .into_iter()
        .take(OF_NAME)
        .map(|(rank, action)| {
            let label = action.to_string();
            let insert = at.writing.string(&label);
            let mut item = Item::new(ItemKind::Action, label, action.access_level().name(), insert);
            item.filter = Some(action.name().to_string());
            item.ranked(3 + rank)
        })
        .collect()
}

fn actions(at: &At<'_>, service: Service, typed: &str) -> Vec<Item> {
    let writing = at.writing;
    let prefix = service.prefix();
    let usual = catalog::usual_actions(prefix);
    let is_pattern = typed.contains(['*', '?']);
    // `s3:*Obj` and `s3:Get?` are what they cover so far.
    let fits = |name: &str| !is_pattern || catalog::wildcard_matches(&format!("{typed}*"), name, true);
    let filter = is_pattern.then(|| writing.typed.before.clone());
    let mut items: Vec<Item> = service
        .actions()
        .filter(|action| fits(action.name()))
        .map(|action| {
            let label = format!("{prefix}:{}", action.name());
            let insert = writing.string(&label);
            let mut item = Item::new(ItemKind::Action, label, action.access_level().name(), insert);
            item.filter.clone_from(&filter);
            let known = usual.iter().position(|it| *it == action.name());
            item.ranked(known.map_or_else(|| 100 + verb_rank(action.name()), |it| it as u16 + 1))
        })
        .collect();
    let wildcard = |pattern: &str, count: usize, rank: u16| {
        let label = format!("{prefix}:{pattern}");
        let insert = writing.string(&label);
        let mut item = Item::new(ItemKind::Wildcard, label, format!("{count} actions"), insert).ranked(rank);
        item.filter.clone_from(&filter);
        item
    };
    if is_pattern {
        if !typed.ends_with('*') {
            items.push(wildcard(&format!("{typed}*"), items.len(), 0));
        }
        return items;
    }
    let mut verbs: Vec<(&str, usize)> = Vec::new();
    for action in service.actions() {
        let verb = first_word(action.name());
        match verbs.last_mut() {
            Some((last, count)) if *last == verb => *count += 1,
            _ => verbs.push((verb, 1)),
        }
    }
    let all = service.actions().len();
    if all > 1 {
        items.push(wildcard("*", all, 400));
    }
    // A wildcard covers every name that starts so: `Get*` those that start with `GetAll`, too.
    items.extend(verbs.iter().filter(|(_, count)| (2..all).contains(count)).map(|(verb, _)| {
        let is_typed = !typed.is_empty() && verb.len() <= typed.len();
        let rank = if is_typed { 90 } else { 300 };
        wildcard(&format!("{verb}*"), service.actions_starting_with(verb).count(), rank)
    }));
    items
}

/// What is done most comes first where nobody knows better.
fn verb_rank(name: &str) -> u16 {
    const VERBS: [&str; 12] = [
        "Get", "List", "Describe", "Create", "Put", "Update", "Delete", "Start", "Stop", "Invoke", "Send",
        "Batch",
    ];
    VERBS.iter().position(|verb| first_word(name) == *verb).unwrap_or(VERBS.len()) as u16
}

/// `Describe` of `DescribeTasks`.
pub(super) fn first_word(name: &str) -> &str {
    let end = name.char_indices().skip(1).find(|(_, char)| char.is_uppercase()).map(|(at, _)| at);
    &name[..end.unwrap_or(name.len())]
}
