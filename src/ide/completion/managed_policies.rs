//! AWS managed policies where they are attached: by ARN, in SAM by name, too.

use super::{At, Item, ItemKind};
use crate::catalog;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let names = at.place.names();
    let is_list = match names[..] {
        ["managedPolicies"] => true,
        ["permissionsBoundary"] => false,
        _ => return Vec::new(),
    };
    let owner = at.place.document.owner.as_ref();
    let is_sam = owner.is_some_and(|owner| catalog::takes_policy_names(&owner.resource_type));
    let before = at.writing.typed.before.as_str();
    let by_name = is_sam && is_list && !before.starts_with("arn:");
    let partition = partition(before);
    catalog::managed_policies()
        .iter()
        // Those of service-linked roles can be attached to nothing.
        .filter(|path| !path.starts_with("aws-service-role/"))
        .map(|path| {
            if by_name {
                at.writing.value(ItemKind::Value, catalog::name_of_managed_policy(path), "")
            } else {
                at.writing.value(ItemKind::Value, format!("arn:{partition}:iam::aws:policy/{path}"), "")
            }
        })
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
