//! Values of condition keys, where only some make sense.

use super::{At, Item, ItemKind, principals};
use crate::catalog::{self, Family, ValueType};

pub(super) fn complete(at: &At<'_>, operator: &str, key: &str) -> Vec<Item> {
    let family = catalog::parse_operator(operator).map(|operator| operator.base.family);
    let known = catalog::condition_key(key);
    if matches!(family, Some(Family::Bool | Family::Null))
        || known.is_some_and(|known| known.value_type() == ValueType::Bool)
    {
        return ["true", "false"].map(|value| at.writing.value(ItemKind::Value, value, "")).into();
    }
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    if ["iam:PassedToService", "iam:AWSServiceName", "aws:CalledVia", "aws:CalledViaFirst"]
        .into_iter()
        .chain(["aws:CalledViaLast", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"])
        .any(is)
    {
        return principals::services(at);
    }
    if is("aws:RequestedRegion") {
        return regions(at);
    }
    let values = known.and_then(|known| known.as_global()).map_or(&[][..], |global| global.values);
    values.iter().map(|value| at.writing.value(ItemKind::Value, *value, "")).collect()
}

pub(super) fn regions(at: &At<'_>) -> Vec<Item> {
    catalog::partitions()
        .iter()
        .flat_map(|(partition, regions)| regions.iter().map(move |region| (*partition, *region)))
        .map(|(partition, region)| {
            let rank = if partition == "aws" { 0 } else { 1 };
            at.writing.value(ItemKind::Value, region, partition).ranked(rank)
        })
        .collect()
}
