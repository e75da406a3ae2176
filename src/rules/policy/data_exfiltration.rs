use super::breadth::report_unrestricted;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions that read what is stored, allowed on every resource.
    ///
    /// `s3:GetObject`, `secretsmanager:GetSecretValue`, `ssm:GetParameters`, `dynamodb:Scan` and their like on `*`
    /// read every object, secret, parameter and table of the account.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*" }
    /// ```
    ///
    /// Name the buckets, secrets, parameters or tables.
    ///
    /// See "Grant least privilege" in the IAM User Guide.
    pub DataExfiltration {
        id: "data-exfiltration",
        group: Policy,
        reads: [Statement],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "actions that read stored data are allowed on everything",
        sources: [
            "checkov/CKV_AWS_108",
            "checkov/CKV_AWS_288",
            "cloudsplaining/DataExfiltration",
            "iam-policy-validator/missing_condition",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for DataExfiltration {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        report_unrestricted(
            statement,
            policy,
            catalog::data_actions(),
            acc,
            |action| format!("`{action}` reads the data of every resource"),
            "Whoever has this policy can take it all away.",
            "Name the resources that are to be read.",
        );
    }
}
