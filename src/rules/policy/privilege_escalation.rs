use super::escalation;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds permissions by which a caller can get rights that nobody gave them.
    ///
    /// Some actions change who may do what: with `iam:CreatePolicyVersion` on everything the caller
    /// rewrites the very policy that limits them, with `iam:AttachUserPolicy` they attach
    /// `AdministratorAccess` to themselves, with `iam:CreateAccessKey` they become another user.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "iam:AttachUserPolicy", "Resource": "*" }
    /// ```
    ///
    /// Name the roles, users or policies in `Resource`, or add a condition such as the one on
    /// `iam:PermissionsBoundary`.
    ///
    /// The whole document counts: what a statement denies on everything is left out, and statements
    /// with conditions are not looked at. Acting with the role of a service, as by `iam:PassRole` and
    /// `ecs:RunTask`, is the rule `borrowed-role`.
    ///
    /// See "Grant least privilege" in the IAM User Guide.
    pub PrivilegeEscalation {
        id: "privilege-escalation",
        group: Policy,
        reads: [Policy],
        cases: ["alone"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "the caller can give themselves more rights",
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

impl Rule for PrivilegeEscalation {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        escalation::report(policy, context, acc, |set| !set.is_by_role());
    }
}
