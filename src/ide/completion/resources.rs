//! What the statement's actions act on: ARN formats, ARNs that the file names already, resources of the same
//! template or module.

use super::{At, Item, ItemKind, arns, known, templates};
use crate::catalog::{self, ResourceType};
use crate::model::Arn;

/// Above this many actions the formats are all of their services'.
const MANY: usize = 400;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let mut types: Vec<(ResourceType, usize)> = Vec::new();
    let mut services: Vec<&'static str> = Vec::new();
    let mut add = |resource: ResourceType| match types.iter_mut().find(|(known, _)| *known == resource) {
        Some((_, count)) => *count += 1,
        None => types.push((resource, 1)),
    };
    for pattern in at.statement().iter().flat_map(|statement| statement.actions()) {
        if pattern.is_everything() || pattern.service.contains(['*', '?']) {
            continue;
        }
        services.extend(catalog::service(pattern.service).map(catalog::Service::prefix));
        let actions: Vec<_> = catalog::expand(pattern.text()).take(MANY + 1).collect();
        if actions.is_empty() || actions.len() > MANY {
            catalog::service(pattern.service).iter().for_each(|it| it.resource_types().for_each(&mut add));
        } else {
            actions.iter().flat_map(|action| action.resource_types()).for_each(|on| add(on.resource_type));
        }
    }
    types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut items = Vec::new();
    if at.writing.typed.before.is_empty() {
        let rank = if types.is_empty() { 0 } else { 44 };
        items.push(at.writing.value(ItemKind::Value, "*", "every resource").ranked(rank));
    }
    let formats: Vec<(&'static str, String)> = types
        .iter()
        .flat_map(|(resource, count)| {
            let detail = match count {
                1 => resource.name().to_string(),
                count => format!("{}, {count} actions", resource.name()),
            };
            resource.arn_formats().map(move |format| (format, detail.clone()))
        })
        .collect();
    items.extend(known_arns(at, &formats));
    items.extend(templates::arns(at, &services, &types));
    items.extend(arns::items(at, formats.iter().map(|(format, detail)| (*format, detail.clone())), "*"));
    items
}

/// ARNs that the file names elsewhere and that fit a format; of a bucket its objects, too.
fn known_arns(at: &At<'_>, formats: &[(&'static str, String)]) -> Vec<Item> {
    let mut items = Vec::new();
    for arn in known::named(at).arns.iter().take(60) {
        let Ok(parsed) = Arn::parse(arn) else { continue };
        let fits = formats.iter().any(|(format, _)| {
            let Ok(format) = Arn::parse(format) else { return false };
            let literal = format.resource.split("${").next().unwrap_or_default();
            format.service == parsed.service
                && parsed.resource.starts_with(literal)
                && format.resource.matches('/').count() <= parsed.resource.matches('/').count()
        });
        if fits {
            items.push(at.writing.value(ItemKind::Reference, arn.clone(), "named in this file"));
        }
        let is_bucket = parsed.service == "s3" && !parsed.resource.contains('/');
        if is_bucket && formats.iter().any(|(format, _)| format.ends_with("/${ObjectName}")) {
            let objects = format!("{arn}/*");
            items.push(at.writing.value(ItemKind::Reference, objects, "its objects").ranked(1));
        }
    }
    items
}
