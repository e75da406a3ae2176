//! What policies in templates and modules sit on.

use super::tables;

/// A type of resource that holds a policy.
#[derive(Debug, PartialEq, Eq)]
pub struct PolicyOwner {
    /// `AWS::S3::BucketPolicy`, `aws_s3_bucket_policy`.
    pub resource_type: &'static str,
    /// As a sentence names it: `a bucket`.
    pub what: &'static str,
    /// Whose actions and ARNs the policy may name; empty where any will do, or it is not a resource policy.
    pub services: &'static [&'static str],
    /// The name of its limit in [`super::policy_limit`]; empty where none is known.
    pub limit: &'static str,
    /// Whether the service refuses actions and ARNs of others.
    pub refuses: bool,
    /// Whether the service refuses ARNs as principals, and takes accounts and services alone.
    pub refuses_arn_principals: bool,
}

pub fn policy_owner(resource_type: &str) -> Option<&'static PolicyOwner> {
    let at = tables::POLICY_OWNERS.binary_search_by(|owner| owner.resource_type.cmp(resource_type)).ok()?;
    Some(&tables::POLICY_OWNERS[at])
}

/// What a resource policy sits on that names actions of that service only.
pub fn policy_owner_of_service(prefix: &str) -> Option<&'static PolicyOwner> {
    let at = tables::OWNERS_BY_SERVICE.binary_search_by(|(service, _)| (*service).cmp(prefix)).ok()?;
    policy_owner(tables::OWNERS_BY_SERVICE[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_known_by_type_and_by_service() {
        assert_eq!(policy_owner("aws_sqs_queue_policy").map(|it| it.services), Some(&["sqs"][..]));
        assert_eq!(policy_owner_of_service("s3").map(|it| it.limit), Some("bucket"));
        assert!(policy_owner("AWS::EC2::VPCEndpoint").is_some_and(|it| it.services.is_empty()));
        assert!(policy_owner("AWS::EC2::Instance").is_none());
    }
}
