use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `NotPrincipal` in statements that allow.
    ///
    /// It lets in everybody who is not listed: every account of AWS, and callers without any credentials. It keeps
    /// nobody out either, since what one statement does not allow another may.
    ///
    /// ```json
    /// { "Effect": "Allow", "NotPrincipal": { "AWS": "arn:aws:iam::111122223333:user/visitor" }, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*" }
    /// ```
    ///
    /// Name in `Principal` who is let in. To keep somebody out, deny them in a statement of its own.
    ///
    /// AWS: "AWS JSON policy elements: NotPrincipal" in the IAM user guide.
    pub AllowWithNotPrincipal {
        id: "allow-with-not-principal",
        group: Trust,
        reads: [Statement],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "everybody but some is allowed",
        sources: [
            "access-analyzer/ALLOW_WITH_NOT_PRINCIPAL",
            "parliament/NOTPRINCIPAL_WITH_ALLOW",
            "iam-policy-validator/not_principal_with_allow",
            "cfn_nag/F6",
            "cfn_nag/F7",
            "cfn_nag/F8",
            "cfn_nag/F9",
            "cfn-guard/S3_BUCKETPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
            "cfn-guard/SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
            "cfn-guard/IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for AllowWithNotPrincipal {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let [not_principal_name, principal_name] = acc.names(["NotPrincipal", "Principal"]);
        // A trust policy takes none at all, which is another rule's.
        if policy.kind != DocumentKind::Resource || !statement.allows() {
            return;
        }
        if let Some(principal) = statement.not_principal() {
            acc.report(principal.member.name.content_span(), format!("`{not_principal_name}` allows everybody except those listed"))
                .note(
                    format!("Every account of AWS, and callers without credentials. Name in `{principal_name}` who is let in; deny others in \
                     a statement of its own."),
                );
        }
    }
}
