//! Condition keys: those that requests for the statement's actions carry, then the global ones.

use super::{At, Item, ItemKind};
use crate::catalog::{self, ConditionKey, Family, ValueType};
use crate::ide::prose;
use crate::model::ActionPattern;
use std::collections::BTreeMap;

/// Above this many actions the keys are those of the services, not of each action.
const MANY: usize = 400;

pub(super) fn complete(at: &At<'_>, operator: &str) -> Vec<Item> {
    let operator = catalog::parse_operator(operator);
    let siblings = at.siblings();
    let mut keys: BTreeMap<&str, (ConditionKey, u8)> = BTreeMap::new();
    for pattern in at.statement().iter().flat_map(|statement| statement.actions()) {
        for key in keys_of(pattern) {
            keys.entry(key.name()).or_insert((key, 0));
        }
    }
    let global = catalog::global_keys().filter_map(|key| catalog::condition_key(key.name));
    for key in global {
        keys.entry(key.name()).or_insert((key, 1));
    }
    keys.into_values()
        .filter(|(key, _)| !siblings.contains(key.name()))
        .map(|(key, rank)| {
            let null = operator.is_some_and(|operator| operator.base.family == Family::Null);
            let value = match key.value_type() {
                _ if null => "\"${1|true,false|}\"",
                ValueType::Bool => "\"${1|true,false|}\"",
                _ if key.is_multivalued() => "[\"$1\"]",
                _ => "\"$1\"",
            };
            let many = if key.is_multivalued() { ", many values" } else { "" };
            let detail = format!("{}{many}", key.value_type().name());
            // Keys that the operator cannot compare come last.
            let fits = operator.is_none_or(|operator| family_fits(operator.base.family, key.value_type()));
            at.writing
                .member(ItemKind::Key, key.name(), detail, value)
                .ranked(if fits { rank } else { rank + 2 })
                .about(prose::condition_key(key.name()))
        })
        .collect()
}

fn keys_of(pattern: ActionPattern<'_>) -> Vec<ConditionKey> {
    if pattern.is_everything() || pattern.service.contains(['*', '?']) {
        return Vec::new();
    }
    let actions: Vec<_> = catalog::expand(pattern.text()).take(MANY + 1).collect();
    if actions.len() > MANY || actions.is_empty() {
        return catalog::service(pattern.service)
            .map(|service| service.condition_keys().collect())
            .unwrap_or_default();
    }
    actions.into_iter().flat_map(|action| action.condition_keys()).collect()
}

fn family_fits(family: Family, value_type: ValueType) -> bool {
    match value_type {
        ValueType::String => matches!(family, Family::String | Family::Null),
        ValueType::Arn => matches!(family, Family::Arn | Family::String | Family::Null),
        ValueType::Bool => matches!(family, Family::Bool | Family::String | Family::Null),
        ValueType::Numeric => matches!(family, Family::Numeric | Family::Null),
        ValueType::Date => matches!(family, Family::Date | Family::Numeric | Family::Null),
        ValueType::IpAddress => matches!(family, Family::IpAddress | Family::Null),
        ValueType::Binary => matches!(family, Family::Binary | Family::Null),
    }
}
