//! Values of condition keys, where only some make sense, or have a form.

use super::condition_keys::Asker;
use super::known::{self, Mentioned};
use super::pattern::TextPiece;
use super::{At, Item, ItemKind, arns, principals};
use crate::catalog::{self, Family, FieldType, KeyFormat, ValueType};

pub(super) fn complete(at: &At<'_>, operator: &str, key: &str) -> Vec<Item> {
    let family = catalog::parse_operator(operator).map(|operator| operator.base.family);
    let known = catalog::condition_key(key);
    let value_type = known.map(catalog::ConditionKey::value_type);
    if matches!(family, Some(Family::Bool | Family::Null)) || value_type == Some(ValueType::Bool) {
        return ["true", "false"].map(|value| at.writing.value(ItemKind::Value, value, "")).into();
    }
    let named = known::named(at);
    let context = Asker::of(at);
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    if let Some((issuer, claim)) = key.rsplit_once(':').filter(|(issuer, _)| issuer.contains('.')) {
        return patterns(at, catalog::token_claim(issuer, claim), &named);
    }
    let format = catalog::key_traits(key).and_then(|traits| traits.format);
    if format == Some(KeyFormat::ServicePrincipal)
        || ["iam:PassedToService", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"]
            .into_iter()
            .any(is)
        || ["aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"].into_iter().any(is)
    {
        return principals::services(at);
    }
    if format == Some(KeyFormat::Region) || is("aws:RequestedRegion") || key.ends_with(":Region") {
        return regions(at);
    }
    if format == Some(KeyFormat::Account) {
        let accounts = named.accounts.iter();
        return accounts
            .map(|account| at.writing.value(ItemKind::Reference, account.clone(), "account"))
            .collect();
    }
    if is("aws:SourceArn") {
        let forms = context.services.iter().flat_map(|service| catalog::sources_of_service(service)).copied();
        let mut items = arns::items(at, forms.map(|form| (form, String::new())), "*");
        if items.is_empty() {
            items = arns::items(at, any_source(), "*");
        }
        return items;
    }
    let mut items = patterns(at, catalog::key_values(key), &named);
    let values = known.and_then(|known| known.as_global()).map_or(&[][..], |global| global.values);
    items.extend(values.iter().map(|value| at.writing.value(ItemKind::Value, *value, "")));
    if !items.is_empty() {
        return items;
    }
    match value_type {
        Some(ValueType::Date) => dates(at),
        _ if matches!(family, Some(Family::Date)) => dates(at),
        Some(ValueType::IpAddress) => ["203.0.113.0/24", "2001:db8::/32"]
            .map(|value| at.writing.value(ItemKind::Value, value, "a block of addresses"))
            .into(),
        Some(ValueType::Arn) | None | Some(ValueType::String) => {
            let items = arns_of(at, key, &named);
            if items.is_empty() { enumeration(at, key) } else { items }
        }
        _ => Vec::new(),
    }
}

fn any_source() -> impl Iterator<Item = (&'static str, String)> {
    let services = catalog::usual("principals").iter();
    services.flat_map(|service| {
        catalog::sources_of_service(service).iter().map(move |form| (*form, service.to_string()))
    })
}

fn patterns(at: &At<'_>, forms: &'static [&'static str], named: &Mentioned) -> Vec<Item> {
    let parts = arns::Parts::of(at, named);
    forms
        .iter()
        .zip(0..)
        .map(|(form, rank)| {
            let pieces = if form.contains("${Region}") || form.contains("${Account}") {
                parts.pieces(form)
            } else {
                super::pattern::pieces(form)
            };
            at.writing.pieces(ItemKind::Value, &pieces, "", "*").ranked(rank)
        })
        .collect()
}

/// ARNs of the resource type that a key is named after: `ecs:cluster`.
fn arns_of(at: &At<'_>, key: &str, named: &Mentioned) -> Vec<Item> {
    let Some((prefix, name)) = key.split_once(':') else { return Vec::new() };
    let Some(service) = catalog::service(prefix) else { return Vec::new() };
    let wanted = bare(name.trim_end_matches("Arn").trim_end_matches("ARN"));
    let wanted = wanted.trim_end_matches('s');
    let types = service.resource_types().filter(|it| bare(it.name()).trim_end_matches('s') == wanted);
    let formats: Vec<(&'static str, String)> =
        types.flat_map(|it| it.arn_formats().map(move |form| (form, it.name().to_string()))).collect();
    let mut items: Vec<Item> = Vec::new();
    for arn in &named.arns {
        let fits = formats.iter().any(|(format, _)| {
            let literal =
                format.splitn(6, ':').nth(5).and_then(|it| it.split("${").next()).unwrap_or_default();
            arn.contains(&format!(":{}:", service.prefix()))
                && arn.splitn(6, ':').nth(5).is_some_and(|it| it.starts_with(literal))
        });
        if fits {
            items.push(at.writing.value(ItemKind::Reference, arn.clone(), "named in this file"));
        }
    }
    items.extend(arns::items(at, formats.into_iter(), "*"));
    items
}

fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// Values of the field of the ECS API that a key is named after: `ecs:launch-type`.
fn enumeration(at: &At<'_>, key: &str) -> Vec<Item> {
    let Some((_, name)) = key.split_once(':').filter(|(prefix, _)| *prefix == "ecs") else {
        return Vec::new();
    };
    let wanted = bare(name);
    let field = catalog::shapes()
        .iter()
        .chain(catalog::other_shapes())
        .flat_map(|shape| shape.fields)
        .find(|field| matches!(field.field_type, FieldType::Enum(_)) && bare(field.name) == wanted);
    match field.map(|field| field.field_type) {
        Some(FieldType::Enum(values)) => values
            .iter()
            .map(|value| {
                let usual = catalog::usual_place("values", value).unwrap_or(40) as u16;
                at.writing.value(ItemKind::Value, *value, "").ranked(usual)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The end of the year that the facts are of: something to change.
fn dates(at: &At<'_>) -> Vec<Item> {
    let year = catalog::managed_policies_as_of().split('-').next().unwrap_or_default();
    ["12-31T00:00:00Z", "01-01T00:00:00Z"]
        .map(|rest| at.writing.value(ItemKind::Value, format!("{year}-{rest}"), "ISO 8601, UTC"))
        .into()
}

pub(super) fn regions(at: &At<'_>) -> Vec<Item> {
    let named = known::named(at);
    let mut items: Vec<Item> = known::usual_regions(&named)
        .map(|(region, rank)| {
            let partition = catalog::partition_of_region(region).unwrap_or_default();
            at.writing.value(ItemKind::Value, region, partition).ranked(rank)
        })
        .collect();
    if at.writing.typed.filled_in
        && at.place.document.owner.as_ref().is_some_and(|it| it.resource_type.contains("::"))
    {
        let region = [TextPiece::Fixed("${AWS::Region}".to_string())];
        items.push(at.writing.pieces(ItemKind::Reference, &region, "the Region of the stack", ""));
    }
    items
}
