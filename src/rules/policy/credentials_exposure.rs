use super::breadth::report_unrestricted;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions whose answer is a credential, allowed on every resource.
    ///
    /// `iam:CreateAccessKey`, `sts:AssumeRole`, `redshift:GetClusterCredentials` and their like hand out what
    /// lets the caller, or whoever gets hold of the answer, act as somebody else.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*" }
    /// ```
    ///
    /// Name the users, roles or databases, or add a condition.
    ///
    /// See "Grant least privilege" in the IAM User Guide.
    pub CredentialsExposure {
        id: "credentials-exposure",
        group: Policy,
        reads: [Statement],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "actions that give out credentials are allowed on everything",
        sources: [
            "checkov/CKV_AWS_107",
            "checkov/CKV_AWS_287",
            "prowler/iam_no_custom_policy_permissive_role_assumption",
            "parliament/CREDENTIALS_EXPOSURE",
            "cloudsplaining/CredentialsExposure",
            "iam-policy-validator/missing_condition",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for CredentialsExposure {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        report_unrestricted(
            statement,
            policy,
            catalog::credential_actions(),
            acc,
            |action| format!("`{action}` gives out credentials, on every resource"),
            "Whoever gets hold of the answer acts with them.",
            "Name the resources, or add a condition.",
        );
    }
}
