//! Condition operators: plain, with `IfExists`, and for keys of many values.

use super::{At, Item, ItemKind};
use crate::catalog::{self, Family};
use crate::ide::prose;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let siblings = at.siblings();
    let mut items = Vec::new();
    for operator in catalog::operators() {
        let about = prose::operator(operator.name);
        let value = match operator.family {
            Family::Bool | Family::Null => "{ \"$1\": \"${2|true,false|}\" }",
            _ => "{ \"$1\": \"$2\" }",
        };
        let mut push = |name: String, rank: u8| {
            if !siblings.contains(&name) {
                let item = at.writing.member(ItemKind::Operator, name, operator.family.name(), value);
                items.push(item.ranked(rank).about(about));
            }
        };
        push(operator.name.to_string(), 0);
        if operator.family != Family::Null {
            push(format!("{}IfExists", operator.name), 1);
            push(format!("ForAnyValue:{}", operator.name), 2);
            push(format!("ForAllValues:{}", operator.name), 2);
        }
    }
    items
}
