use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a condition on the source of a service's call in a policy for a role or a user.
    ///
    /// `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` and `aws:SourceOrgPaths` are in requests that a service
    /// makes as itself, for some resource. What a role or a user asks for has none of them, so a statement of their
    /// policy that demands one allows nothing.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
    ///   "Condition": { "ArnEquals": { "aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:orders" } } }
    /// ```
    ///
    /// The condition belongs into the policy of the resource that the service calls (the key, the queue, the topic), or
    /// into the trust policy of the role that the service assumes.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub SourceKeyInIdentityPolicy {
        id: "source-key-in-identity-policy",
        group: Policy,
        reads: [Statement],
        on: [Identity, Boundary, Session],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a role's or a user's policy asks for the source of a service's call",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for SourceKeyInIdentityPolicy {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() || statement.principals().next().is_some() {
            return;
        }
        for test in access::tests(statement) {
            if !catalog::source_keys().iter().any(|key| test.is_on(key)) || !test.holds_without_key().is_no()
            {
                continue;
            }
            acc.report(
                test.condition.key.content_span(),
                format!("no request of a role or a user has `{}`", test.key()),
            )
            .note(
                "Only services that call as themselves have it, so the statement allows nothing. Put the condition into the \
                 policy of the resource that the service calls, or into the trust policy of its role.",
            );
        }
    }
}
