//! ARN formats of what the statement's actions act on.

use super::{At, Item, ItemKind};
use crate::catalog::{self, ResourceType};

/// Above this many actions the formats are all of their services'.
const MANY: usize = 400;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let mut items = vec![at.writing.value(ItemKind::Value, "*", "every resource").ranked(1)];
    let mut types: Vec<(ResourceType, usize)> = Vec::new();
    let mut add = |resource: ResourceType| match types.iter_mut().find(|(known, _)| *known == resource) {
        Some((_, count)) => *count += 1,
        None => types.push((resource, 1)),
    };
    for pattern in at.statement().iter().flat_map(|statement| statement.actions()) {
        if pattern.is_everything() || pattern.service.contains(['*', '?']) {
            continue;
        }
        let actions: Vec<_> = catalog::expand(pattern.text()).take(MANY + 1).collect();
        if actions.is_empty() || actions.len() > MANY {
            catalog::service(pattern.service).iter().for_each(|it| it.resource_types().for_each(&mut add));
        } else {
            actions.iter().flat_map(|action| action.resource_types()).for_each(|on| add(on.resource_type));
        }
    }
    for (resource, count) in types {
        for format in resource.arn_formats() {
            let pattern = as_typed(format, &at.writing.typed.before);
            let detail = match count {
                1 => resource.name().to_string(),
                count => format!("{}, {count} actions", resource.name()),
            };
            items.push(at.writing.pattern(ItemKind::Format, pattern, detail, "*"));
        }
    }
    items
}

/// The format with the parts that have been typed already; the partition is `aws` until told
/// otherwise.
fn as_typed(format: &str, typed: &str) -> String {
    let mut parts: Vec<&str> = format.splitn(6, ':').collect();
    if let Some(partition) = parts.get_mut(1)
        && *partition == "${Partition}"
    {
        *partition = "aws";
    }
    let typed: Vec<&str> = typed.splitn(6, ':').collect();
    // The last typed part may be half-written.
    for (index, part) in typed[..typed.len() - 1].iter().enumerate() {
        if let Some(known) = parts.get_mut(index)
            && known.starts_with("${")
        {
            *known = part;
        }
    }
    if typed.len() > 2 && !typed[1].is_empty() && parts.len() > 1 {
        parts[1] = typed[1];
    }
    parts.join(":")
}

#[cfg(test)]
mod tests {
    use super::as_typed;

    #[test]
    fn what_is_typed_stays() {
        let format = "arn:${Partition}:ecs:${Region}:${Account}:cluster/${ClusterName}";
        assert_eq!(as_typed(format, ""), "arn:aws:ecs:${Region}:${Account}:cluster/${ClusterName}");
        assert_eq!(
            as_typed(format, "arn:aws-cn:ecs:cn-north-1:1"),
            "arn:aws-cn:ecs:cn-north-1:${Account}:cluster/${ClusterName}"
        );
    }
}
