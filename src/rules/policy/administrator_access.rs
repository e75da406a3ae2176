use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::Attachments;
use crate::rules::Rule;

declare_rule! {
    /// Finds roles, users, groups and permission sets that get `AdministratorAccess`, and those that get
    /// `IAMFullAccess` or `PowerUserAccess`.
    ///
    /// ```yaml
    /// ManagedPolicyArns:
    ///   - arn:aws:iam::aws:policy/AdministratorAccess
    /// ```
    ///
    /// `AdministratorAccess` allows everything, and whoever has `IAMFullAccess` can give it to themselves.
    /// `PowerUserAccess` is everything but IAM and AWS Organizations. Attach what the work needs; keep
    /// administrators to roles that people assume for a task. Permissions boundaries grant nothing, and are
    /// left alone.
    ///
    /// AWS: "AWS managed policies for job functions" in the IAM User Guide.
    pub AdministratorAccess {
        id: "administrator-access",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        cases: ["administrator", "elevated"],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "a managed policy that allows everything, or nearly so, is attached",
        sources: [
            "checkov/CKV_AWS_274",
            "checkov/CKV_AWS_275",
            "cfn-guard/IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE",
            "cfn-guard/IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE",
            "cfn_nag/W43",
            "cfn_nag/W44",
            "prowler/iam_aws_attached_policy_no_administrative_privileges",
            "prowler/iam_role_administratoraccess_policy",
        ],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for AdministratorAccess {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        let takes_names = attachments.takes_names();
        for attached in attachments.policies().filter(|attached| !attached.is_boundary) {
            let Some(policy) = attached.aws_policy() else { continue };
            if !takes_names && !attached.is_arn() {
                continue;
            }
            if !catalog::is_elevated_managed_policy(policy.path) {
                continue;
            }
            let (case, note) = match &*policy.path.to_ascii_lowercase() {
                "administratoraccess" => ("administrator", "It allows every action on everything."),
                "iamfullaccess" => ("elevated", "Whoever has it can give themselves every other permission."),
                _ => ("elevated", "It allows nearly everything."),
            };
            let what = if attachments.is_lookup() { "looked up" } else { "attached" };
            acc.report(policy.span, format!("`{}` is {what} here", policy.path))
                .case(case)
                .note(format!("{note} Attach what the work needs."));
        }
    }
}
