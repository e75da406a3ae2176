use super::elements;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a statement without `Effect`.
    ///
    /// There is no default: AWS refuses a policy with a statement that says neither `Allow` nor `Deny`.
    ///
    /// ```json
    /// { "Action": "ecs:RunTask", "Resource": "*" }
    /// ```
    ///
    /// Write `"Effect": "Allow"` or `"Effect": "Deny"`.
    ///
    /// AWS: "IAM JSON policy elements: Effect" in the IAM user guide.
    pub MissingEffect {
        id: "missing-effect",
        group: Policy,
        reads: [Statement],
        templates: Silent,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a statement does not say whether it allows or denies",
        sources: [
            "access-analyzer/MISSING_EFFECT",
            "parliament/MALFORMED",
            "iam-policy-validator/missing_effect",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-effect-required",
            "aws-iam-language-server/MISSING_EFFECT",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Missing required field Effect"],
    }
}

impl Rule for MissingEffect {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let effect = acc.name("Effect");
        if !elements::has_or_means(statement.object, &["Effect"], &Statement::ELEMENTS) {
            acc.report(statement.object.open(), format!("the statement has no `{effect}`"))
                .note("AWS refuses the policy. Add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`.");
        }
    }
}
