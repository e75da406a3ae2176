use super::elements;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds a policy without `Statement`, or with an empty one.
    ///
    /// A policy says nothing but by its statements, and AWS refuses one that has none.
    ///
    /// ```json
    /// { "Version": "2012-10-17", "Statement": [] }
    /// ```
    ///
    /// Write at least one statement. Where nothing is to be allowed, attach no policy.
    ///
    /// AWS: "IAM JSON policy elements: Statement" in the IAM user guide.
    pub MissingStatement {
        id: "missing-statement",
        group: Policy,
        reads: [Policy],
        templates: Silent,
        cases: ["absent", "empty"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the policy has no statement",
        sources: [
            "access-analyzer/MISSING_STATEMENT",
            "iam-policy-validator/missing_statement",
            "iam-policy-validator/empty_statement",
            "parliament/MALFORMED",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-statement-required",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Missing required field Statement", "Statement is empty"],
    }
}

impl Rule for MissingStatement {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let [statement, effect, action] = acc.names(["Statement", "Effect", "Action"]);
        if !elements::has_or_means(policy.head, &["Statement"], &Policy::ELEMENTS) {
            acc.report(policy.head.open(), format!("the policy has no `{statement}`")).case("absent").note(
                format!("AWS refuses it. Add `{statement}`, a list with at least one object that has `{effect}` and `{action}`."),
            );
            return;
        }
        let Some(span) = policy.document.units_span else { return };
        let is_empty_list =
            policy.units().is_empty() && matches!(policy.head.get("Statement"), Some(Value::Apart(_)));
        if is_empty_list {
            acc.report(Span::new(span.start, span.end), format!("`{statement}` is empty"))
                .case("empty")
                .note("AWS refuses a policy without statements. Write one, or attach no policy at all.");
        }
    }
}
