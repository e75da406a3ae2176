use super::breadth::gives;
use crate::access::{named_patterns, unrestricted};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds policies that let a caller write the policy of buckets whose objects they may not touch.
    ///
    /// They can give themselves, or anybody else, what is left out here. That is often meant, for a role that sets up
    /// buckets, and it is worth knowing.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutBucketPolicy"], "Resource": "*" }
    /// ```
    ///
    /// Where it is not meant, take the action out, or name the buckets.
    ///
    /// See "Amazon S3 actions" in the service authorization reference.
    pub BucketPolicyWithoutDataAccess {
        id: "bucket-policy-without-data-access",
        group: Policy,
        reads: [Policy],
        templates: Silent,
        severity: Info,
        confidence: Medium,
        level: Pedantic,
        summary: "who may write a bucket policy can give themselves the objects",
        sources: [
            "parliament/RESOURCE_POLICY_PRIVILEGE_ESCALATION",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for BucketPolicyWithoutDataAccess {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if !gives(context) {
            return;
        }
        let may = |action: &str| policy.statements().any(|(_, statement)| statement.grants(action));
        for (setting, gives) in catalog::bucket_actions() {
            let allowed = policy.statements().find_map(|(base, statement)| {
                unrestricted(statement, context)?;
                let pattern = named_patterns(statement).find(|pattern| pattern.covers(setting))?;
                Some(pattern.string.content_span().shifted(base))
            });
            let Some(span) = allowed else { continue };
            let Some(action) = gives.iter().find(|action| !may(action)) else { continue };
            acc.report(span, format!("`{setting}` on every bucket is as good as `{action}`, which is not allowed"))
                .note("By a bucket's settings the caller, or a principal they let in, gets it after all. Name the buckets, or leave it out.");
            return;
        }
    }
}
