use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::{DocumentKind, Edit};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `Principal` or `NotPrincipal` in a policy that is attached to the one it is about.
    ///
    /// An identity policy, a permissions boundary, a session policy and a service control policy are
    /// about whoever they are attached to. AWS refuses them with a principal.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" }
    /// ```
    ///
    /// Leave the element out, or attach the policy to the resource.
    ///
    /// AWS: "AWS JSON policy elements: Principal" in the IAM user guide.
    pub PrincipalInIdentityPolicy {
        id: "principal-in-identity-policy",
        group: Policy,
        reads: [Statement],
        on: [Identity, Scp, Boundary, Session],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a policy attached to an identity says who",
        sources: [
            "access-analyzer/UNSUPPORTED_PRINCIPAL",
            "access-analyzer/SCP_SYNTAX_ERROR_PRINCIPAL",
            "parliament/MALFORMED",
            "iam-policy-validator/unexpected_principal",
            "cfn-lint/E3510",
            "cdk-preflight/pf-iam-identity-policy-no-principal",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Policy document should not specify a principal"],
    }
}

impl Rule for PrincipalInIdentityPolicy {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let kind = policy.kind.title();
        let article = if kind.starts_with('i') { "an" } else { "a" };
        for principal in statement.principals() {
            let name = &principal.member.name;
            let note = match policy.kind {
                DocumentKind::Scp => {
                    "AWS Organizations refuses it. The policy is about every principal of the accounts it is \
                                      attached to; use a condition on `aws:PrincipalArn` to name some."
                }
                _ => {
                    "AWS refuses the policy: it is about whoever it is attached to. Leave the element out, or attach \
                      the policy to the resource instead."
                }
            };
            let element = acc.name(&name.text);
            acc.report(name.span, format!("`{element}` does not belong in {article} {kind}")).note(note).fix(
                Fix::unsafe_(format!("Remove `{element}`"), vec![Edit::RemoveMember { span: name.span }]),
            );
        }
    }
}
