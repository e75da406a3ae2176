use super::breadth::gives;
use crate::access::{named_patterns, unrestricted};
use crate::catalog::{self, AccessLevel};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions that change who has access, allowed on every resource.
    ///
    /// The service authorization reference marks such actions with the access level "Permissions management":
    /// `s3:PutBucketPolicy`, `kms:PutKeyPolicy`, `lambda:AddPermission`, `iam:AttachRolePolicy`. On `*` they can open
    /// every resource of their type, to other accounts too.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "s3:PutBucketPolicy", "Resource": "*" }
    /// ```
    ///
    /// Name the resources.
    ///
    /// See "Understanding access level summaries within policy summaries" in the IAM User Guide.
    pub PermissionsManagement {
        id: "permissions-management",
        group: Policy,
        reads: [Statement],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "actions that change who has access are allowed on everything",
        sources: [
            "checkov/CKV_AWS_109",
            "checkov/CKV_AWS_289",
            "parliament/PERMISSIONS_MANAGEMENT_ACTIONS",
            "cloudsplaining/ResourceExposure",
            "iam-policy-validator/missing_condition",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for PermissionsManagement {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !gives(policy) {
            return;
        }
        let Some(resource) = unrestricted(statement, policy) else { return };
        for pattern in named_patterns(statement) {
            let managing = catalog::expand(pattern.text()).find(|action| {
                action.access_level() == AccessLevel::PermissionsManagement && !only_reads(action.name())
            });
            if let Some(action) = managing {
                acc.report(
                    pattern.string.content_span(),
                    format!("`{action}` changes who has access, on every resource"),
                )
                .related(resource.span, "on everything")
                .note("With it every resource of its type can be opened to others. Name the resources.");
                return;
            }
        }
    }
}

/// The reference gives that level to some actions that only look.
fn only_reads(name: &str) -> bool {
    ["Get", "List", "Describe"].iter().any(|start| name.starts_with(start))
}
