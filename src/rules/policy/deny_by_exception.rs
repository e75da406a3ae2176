use crate::access::is_star;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Points at `NotAction` and `NotResource` in statements that deny.
    ///
    /// Such a statement closes everything but what it lists, that of services to come included. It is the
    /// usual way to limit Regions or networks, and worth a second look: an action that is missing in the list
    /// stops working, often far from here.
    ///
    /// ```json
    /// { "Effect": "Deny", "NotAction": "s3:*", "Resource": "*" }
    /// ```
    ///
    /// Read the list again. Global services (IAM, Organizations, CloudFront, Route 53, Support) belong in it
    /// where Regions are limited.
    ///
    /// See "IAM JSON policy elements: NotAction" in the IAM User Guide.
    pub DenyByException {
        id: "deny-by-exception",
        group: Policy,
        reads: [Statement],
        cases: ["not-action", "not-resource"],
        severity: Hint,
        confidence: High,
        level: Pedantic,
        summary: "a statement denies everything but some things",
        sources: [
            "iam-policy-validator/not_action_deny_review",
            "iam-policy-validator/not_resource_deny_review",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for DenyByException {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        if statement.effect() != Some(Effect::Deny) {
            return;
        }
        if let Some(member) = statement.member("NotAction")
            && statement.listed_resources().any(|resource| is_star(&resource.text))
        {
            acc.report(member.name.content_span(), "this denies every action but those listed")
                .case("not-action")
                .note("Actions of services to come are denied too. See that the list is complete.");
        }
        if let Some(member) = statement.member("NotResource") {
            acc.report(member.name.content_span(), "this denies every resource but those listed")
                .case("not-resource")
                .note("Actions that know no resource are denied too. See that this is meant.");
        }
    }
}
