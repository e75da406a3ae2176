use super::elements;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a statement with neither `Action` nor `NotAction`.
    ///
    /// AWS refuses the policy: a statement must say what it allows or denies.
    ///
    /// ```json
    /// { "Effect": "Allow", "Resource": "*" }
    /// ```
    ///
    /// Add `Action` with the actions that are meant.
    ///
    /// AWS: "IAM JSON policy elements: Action" in the IAM user guide.
    pub MissingAction {
        id: "missing-action",
        group: Policy,
        reads: [Statement],
        templates: Silent,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a statement names no action",
        sources: [
            "access-analyzer/MISSING_ACTION",
            "parliament/MALFORMED",
            "iam-policy-validator/missing_action",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-action-required",
            "aws-iam-language-server/MISSING_ACTION",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Policy statement must contain actions", "Missing required field Action"],
    }
}

impl Rule for MissingAction {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let [action, not_action] = acc.names(["Action", "NotAction"]);
        if !elements::has_or_means(statement.object, &["Action", "NotAction"], &Statement::ELEMENTS) {
            acc.report(statement.object.open(), format!("the statement has neither `{action}` nor `{not_action}`"))
                .note(format!("AWS refuses the policy. Add `{action}` with what the statement is about, such as `\"ecs:RunTask\"`."));
        }
    }
}
