//! Condition operators: those that fit the key first; plain, with `IfExists`, and for keys of many values.

use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind};
use crate::catalog::{self, Family, ValueType};
use crate::host::PROBE;
use crate::ide::prose;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let siblings = at.siblings();
    let value_type = key_type(at);
    let mut items = Vec::new();
    for operator in catalog::operators() {
        let about = prose::operator(operator.name);
        let value = match operator.family {
            Family::Bool | Family::Null => Skeleton::Named(Box::new(Skeleton::Choice(&["true", "false"]))),
            _ => Skeleton::Map,
        };
        let usual = catalog::usual_place("operators", operator.name).unwrap_or(40) as u16;
        let fits = value_type.is_none_or(|it| super::condition_keys::family_fits(operator.family, it));
        let is_own = value_type.is_none_or(|it| is_own(operator.family, it));
        let rank = usual
            + if !fits {
                200
            } else if !is_own {
                30
            } else {
                0
            };
        let mut push = |name: String, rank: u16| {
            if !siblings.contains(&name) {
                let item = skeleton::member(
                    at.writing,
                    ItemKind::Operator,
                    name,
                    operator.family.name(),
                    &value,
                    false,
                );
                items.push(item.ranked(rank).about(about));
            }
        };
        push(operator.name.to_string(), rank);
        if operator.family != Family::Null {
            push(format!("{}IfExists", operator.name), 60 + rank);
            push(format!("ForAnyValue:{}", operator.name), 120 + rank);
            push(format!("ForAllValues:{}", operator.name), 120 + rank);
        }
    }
    items
}

/// What the keys are that stand inside of the operator at the cursor already.
fn key_type(at: &At<'_>) -> Option<ValueType> {
    let unit = at.place.unit(at.offset)?;
    let conditions = unit.unit.value.as_object()?.object("Condition")?;
    let member = conditions.members.iter().find(|member| {
        member.name.text.contains(PROBE) || member.name.span.shifted(unit.base).touches(at.offset)
    })?;
    let key = member.value.as_object()?.members.first()?;
    catalog::condition_key(&key.name.text).map(catalog::ConditionKey::value_type)
}

/// Whether a family is made for a type.
fn is_own(family: Family, value_type: ValueType) -> bool {
    match value_type {
        ValueType::String => family == Family::String,
        ValueType::Arn => family == Family::Arn,
        ValueType::Bool => family == Family::Bool,
        ValueType::Numeric => family == Family::Numeric,
        ValueType::Date => family == Family::Date,
        ValueType::IpAddress => family == Family::IpAddress,
        ValueType::Binary => family == Family::Binary,
    }
}
