//! Actions: services first, then the service's actions with their access levels, then wildcards.

use super::{Item, ItemKind, Writing};
use crate::catalog::{self, Service};

pub(super) fn complete(writing: &Writing) -> Vec<Item> {
    match writing.typed.before.split_once(':') {
        None => services(writing),
        Some((prefix, _)) => catalog::service(prefix).map_or_else(Vec::new, |it| actions(it, writing)),
    }
}

fn services(writing: &Writing) -> Vec<Item> {
    catalog::services()
        .map(|service| {
            let label = format!("{}:", service.prefix());
            // The action's name goes before the closing quote.
            let place = writing.options.snippets && !writing.typed.closed;
            let insert = if place { writing.string(&format!("{label}$1")) } else { writing.string(&label) };
            let mut item = Item::new(ItemKind::Service, label, service.title(), insert);
            item.is_snippet = place;
            item.goes_on = place || writing.typed.closed;
            item
        })
        .collect()
}

fn actions(service: Service, writing: &Writing) -> Vec<Item> {
    let mut items: Vec<Item> = service
        .actions()
        .map(|action| {
            let label = format!("{}:{}", service.prefix(), action.name());
            let insert = writing.string(&label);
            Item::new(ItemKind::Action, label, action.access_level().name(), insert)
        })
        .collect();
    let wildcard = |start: &str, count: usize| {
        let label = format!("{}:{start}*", service.prefix());
        let insert = writing.string(&label);
        Item::new(ItemKind::Wildcard, label, format!("{count} actions"), insert).ranked(1)
    };
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
        items.push(wildcard("", all));
    }
    // A wildcard covers every name that starts so: `Get*` those that start with `GetAll`, too.
    items.extend(
        verbs
            .iter()
            .filter(|(_, count)| (2..all).contains(count))
            .map(|(verb, _)| wildcard(verb, service.actions_starting_with(verb).count())),
    );
    items
}

/// `Describe` of `DescribeTasks`.
fn first_word(name: &str) -> &str {
    let end = name.char_indices().skip(1).find(|(_, char)| char.is_uppercase()).map(|(at, _)| at);
    &name[..end.unwrap_or(name.len())]
}
