use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `NotPrincipal` in a role's trust policy.
    ///
    /// IAM refuses it there. A trust policy says who may assume the role, and everybody else may not.
    ///
    /// ```json
    /// { "Effect": "Deny", "NotPrincipal": { "AWS": "arn:aws:iam::111122223333:root" }, "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// Name the ones that may in `Principal`; to keep some of them out, deny them with a condition on
    /// `aws:PrincipalArn`.
    ///
    /// AWS: "AWS JSON policy elements: NotPrincipal" in the IAM user guide.
    pub TrustPolicyNotPrincipal {
        id: "trust-policy-not-principal",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a role trust policy has NotPrincipal",
        sources: ["access-analyzer/ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", "cfn-lint/E3530", "cfn_nag/F6", "cfn-guard/IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL"],
        fix: None,
        since: "0.1.0",
        service_messages: ["AssumeRolepolicy contained NotPrincipal", "Has prohibited field NotPrincipal"],
    }
}

impl Rule for TrustPolicyNotPrincipal {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let [not_principal_name, principal_name] = acc.names(["NotPrincipal", "Principal"]);
        if let Some(principal) = statement.not_principal() {
            acc.report(principal.member.name.span, format!("a role trust policy takes no `{not_principal_name}`")).note(
                format!("IAM refuses it. Name in `{principal_name}` who may assume the role; keep others out with a condition on \
                 `aws:PrincipalArn`."),
            );
        }
    }
}
