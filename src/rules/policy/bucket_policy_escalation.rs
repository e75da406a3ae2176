use super::breadth::gives;
use crate::access::{is_any, named_patterns};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{ActionPattern, Effect, Policy, PolicyContext};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds policies that keep a caller from a bucket's objects and let them change the bucket's own policy.
    ///
    /// Whoever may write the policy or the access list of a bucket can let another principal in; whoever may write its
    /// lifecycle can have objects deleted. Denying `s3:GetObject` beside that keeps nobody out for long.
    ///
    /// ```json
    /// [
    ///   { "Effect": "Allow", "Action": "s3:Put*", "Resource": "*" },
    ///   { "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*" }
    /// ]
    /// ```
    ///
    /// Deny the settings too: `s3:PutBucketPolicy`, `s3:PutBucketAcl`, `s3:PutLifecycleConfiguration`.
    ///
    /// See "Amazon S3 actions" in the service authorization reference.
    pub BucketPolicyEscalation {
        id: "bucket-policy-escalation",
        group: Policy,
        reads: [Policy],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "denied access to a bucket can be had by its settings",
        sources: [
            "parliament/RESOURCE_POLICY_PRIVILEGE_ESCALATION",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for BucketPolicyEscalation {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if !gives(context) {
            return;
        }
        let denies = |action: &str| {
            policy
                .statements()
                .filter(|(_, statement)| {
                    statement.effect() == Some(Effect::Deny)
                        && statement.is_unconditional()
                        && statement.listed_resources().any(|resource| is_any(&resource.text))
                })
                .find_map(|(base, statement)| {
                    let pattern = statement.listed_actions().find(|pattern| pattern.covers(action))?;
                    Some(pattern.string.content_span().shifted(base))
                })
        };
        if !policy.statements().any(|(_, statement)| statement.effect() == Some(Effect::Deny)) {
            return;
        }
        for (setting, gives) in catalog::bucket_actions() {
            let Some((pattern, span)) = allowed(policy, setting) else { continue };
            if denies(setting).is_some() {
                continue;
            }
            let Some((action, denied)) = gives.iter().find_map(|action| Some((*action, denies(action)?)))
            else {
                continue;
            };
            let via = match pattern.text().eq_ignore_ascii_case(setting) {
                true => String::new(),
                false => format!(" (`{}` covers it)", pattern.text()),
            };
            acc.report(span, format!("`{setting}`{via} gives back what is denied: `{action}`"))
                .related(denied, "denied here")
                .note(format!("By the bucket's settings the caller, or a principal they let in, gets `{action}` after all. Deny `{setting}` too."));
            return;
        }
    }
}

/// The pattern that allows an action, less than everything, and its place.
fn allowed<'a>(policy: Policy<'a>, action: &str) -> Option<(ActionPattern<'a>, Span)> {
    policy.statements().filter(|(_, statement)| statement.allows()).find_map(|(base, statement)| {
        let pattern = named_patterns(statement).find(|pattern| pattern.covers(action))?;
        Some((pattern, pattern.string.content_span().shifted(base)))
    })
}
