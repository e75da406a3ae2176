//! AWS managed policies where they are attached: by ARN, in SAM by name, too.

use super::templates::{self, TakenFrom};
use super::{At, Item, ItemKind, Place, Slot, Step};
use crate::catalog;
use crate::host::DocumentKind;
use crate::model::Statement;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let names = at.place.names();
    let is_list = match names[..] {
        ["managedPolicies"] => true,
        ["permissionsBoundary"] => false,
        ["roles"] => return templates::yields(at, &[TakenFrom::Name("role")]),
        ["users"] => return templates::yields(at, &[TakenFrom::Name("user")]),
        ["groups"] => return templates::yields(at, &[TakenFrom::Name("group")]),
        ["policyTemplates", template] if matches!(at.place.slot, Slot::Name { .. }) => {
            return super::sam::parameters(at, template);
        }
        _ => return Vec::new(),
    };
    let owner = at.place.document.owner.as_ref();
    let is_sam = owner.is_some_and(|owner| catalog::takes_policy_names(&owner.resource_type));
    let before = at.writing.typed.before.as_str();
    let by_name = is_sam && is_list && !before.starts_with("arn:");
    let partition = partition(before);
    let of_roles = of_roles(at);
    let rank = |path: &str| {
        let of_role = of_roles.iter().position(|it| *it == path);
        let usual = || catalog::usual_place("managedPolicies", path).map_or(200, |it| it as u16 + 20);
        of_role.map_or_else(usual, |it| it as u16)
    };
    let mut items: Vec<Item> = catalog::managed_policies()
        .iter()
        // Those of service-linked roles can be attached to nothing.
        .filter(|path| !path.starts_with("aws-service-role/"))
        .map(|path| {
            let rank = rank(path);
            let mut item = if by_name {
                at.writing.value(ItemKind::Value, catalog::name_of_managed_policy(path), "")
            } else {
                at.writing.value(ItemKind::Value, format!("arn:{partition}:iam::aws:policy/{path}"), "")
            };
            if !by_name && !before.starts_with("arn") && !before.is_empty() {
                item.filter = Some(catalog::name_of_managed_policy(path).to_string());
            }
            item.ranked(rank)
        })
        .collect();
    if by_name && !at.writing.typed.opened {
        items.extend(super::sam::templates(at));
    }
    items
}

/// An item of SAM's that may become the name of a policy template may as well become that of a managed policy.
pub(super) fn or_template(place: &mut Place<'_>) {
    if place.or_value && place.names() == ["policyTemplates"] {
        place.path = vec![Step::Member("managedPolicies".to_string()), Step::Item];
        place.slot = Slot::Value;
        place.or_value = false;
    }
}

/// What fits those who may assume the role at hand.
fn of_roles(at: &At<'_>) -> Vec<&'static str> {
    let Some(owner) = &at.place.document.owner else { return Vec::new() };
    let trust = at.file.report.documents.iter().filter(|document| document.kind == DocumentKind::Trust);
    let own = trust.filter(|document| document.owner.as_ref().is_some_and(|it| it.name == owner.name));
    own.flat_map(|document| &document.units)
        .filter_map(|unit| unit.unit.value.as_object())
        .flat_map(|object| Statement { object }.principals())
        .filter_map(|principal| principal.member.value.as_object()?.get("Service"))
        .flat_map(|services| services.one_or_many())
        .filter_map(|service| service.as_string())
        .flat_map(|service| catalog::policies_of_roles(&service.text))
        .copied()
        .collect()
}

/// The partition that is written already, be it a reference; `aws` where none is.
fn partition(before: &str) -> &str {
    let Some(rest) = before.strip_prefix("arn:") else { return "aws" };
    let mut depth = 0usize;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' | b'<' => depth += 1,
            b'}' | b'>' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && at > 0 => return &rest[..at],
            _ => {}
        }
    }
    "aws"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_partition_stays() {
        for (before, expected) in [
            ("", "aws"),
            ("Amazon", "aws"),
            ("arn:", "aws"),
            ("arn::", "aws"),
            ("arn:aws-cn:iam", "aws-cn"),
            ("arn:${AWS::Partition}:iam::aws:policy/A", "${AWS::Partition}"),
            ("arn:${AWS::Par", "aws"),
        ] {
            assert_eq!(partition(before), expected, "{before}");
        }
    }
}
