use super::escalation;
use crate::catalog::Escalation;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds permissions by which a caller can act with a role that is stronger than their own.
    ///
    /// With `iam:PassRole`, `ecs:RegisterTaskDefinition` and `ecs:RunTask` on everything they run a task of their own
    /// under the strongest role of the account that trusts ECS tasks. With `ecs:ExecuteCommand` they open a shell in
    /// any task that runs, with `lambda:UpdateFunctionCode` they run their code in any function.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": ["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"], "Resource": "*" }
    /// ```
    ///
    /// Name the roles in the statement on `iam:PassRole`: for tasks the task role and the task execution role. Name the
    /// clusters, functions or instances for the actions that need no role passed.
    ///
    /// The whole document counts: actions may stand in several statements, and what a statement denies on
    /// everything is left out. Statements with conditions are not looked at, but for `iam:PassedToService`.
    ///
    /// See "Grant a user permissions to pass a role to an AWS service" in the IAM User Guide.
    pub BorrowedRole {
        id: "borrowed-role",
        group: Policy,
        reads: [Policy],
        cases: ["alone", "ecs"],
        severity: Warning,
        confidence: Medium,
        level: Pedantic,
        summary: "the caller can act with the role of a service",
        sources: [
            "parliament/PRIVILEGE_ESCALATION",
            "cloudsplaining/PrivilegeEscalation",
            "iam-policy-validator/privilege_escalation",
            "checkov/CKV_AWS_110",
            "checkov/CKV_AWS_286",
            "prowler/iam_policy_allows_privilege_escalation",
            "prowler/iam_inline_policy_allows_privilege_escalation",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for BorrowedRole {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        escalation::report(policy, context, acc, Escalation::is_by_role);
    }
}
