use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `NotPrincipal` in statements that deny.
    ///
    /// To except a role it takes the role **and** its account in the list, and for a session the session too; forget one
    /// and the role is locked out. AWS advises against it, and no resource control policy takes it.
    ///
    /// ```json
    /// { "Effect": "Deny", "NotPrincipal": { "AWS": "arn:aws:iam::111122223333:role/admin" }, "Action": "s3:*", "Resource": "*" }
    /// ```
    ///
    /// Write `"Principal": "*"` and except by a condition: `"ArnNotEquals": {"aws:PrincipalArn": "…"}`.
    ///
    /// AWS: "AWS JSON policy elements: NotPrincipal" in the IAM user guide.
    pub DenyWithNotPrincipal {
        id: "deny-with-not-principal",
        group: Trust,
        reads: [Statement],
        on: [Resource],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "everybody but some is denied",
        sources: [
            "iam-policy-validator/not_principal_usage",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for DenyWithNotPrincipal {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let not_principal_name = acc.name("NotPrincipal");
        if statement.effect() != Some(Effect::Deny) {
            return;
        }
        if let Some(principal) = statement.not_principal() {
            acc.report(principal.member.name.content_span(), format!("here `{not_principal_name}` excepts a role only with its account and session listed too"))
                .note("Write `\"Principal\": \"*\"` and except by a condition: `\"ArnNotEquals\": {\"aws:PrincipalArn\": \"…\"}`.");
        }
    }
}
