use super::elements;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::DocumentKind;
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a statement with neither `Resource` nor `NotResource`.
    ///
    /// AWS refuses an identity policy, a permissions boundary, a session policy and the policies of an
    /// organization without it. Policies on a resource mostly need it too; a few services, such as
    /// Amazon ECR, take the resource that the policy sits on, so there a statement is reported only
    /// where another one has it. A role trust policy must not have it.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "ecs:RunTask" }
    /// ```
    ///
    /// Add `Resource` with the ARNs that are meant, or `"*"` for actions that take none.
    ///
    /// AWS: "IAM JSON policy elements: Resource" in the IAM user guide.
    pub MissingResource {
        id: "missing-resource",
        group: Policy,
        reads: [Statement, Policy],
        templates: Silent,
        cases: ["resource-policy"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a statement names no resource",
        sources: [
            "access-analyzer/MISSING_RESOURCE",
            "parliament/MALFORMED",
            "iam-policy-validator/missing_resource",
            "iam-policy-validator/missing_rcp_resource",
            "cfn-lint/E3510",
            "cdk-preflight/pf-iam-policy-statement-resource-required",
            "aws-iam-language-server/MISSING_RESOURCE_OR_PRINCIPAL",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Policy statement must contain resources", "Missing required field Resource"],
    }
}

impl Rule for MissingResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let resource = acc.name("Resource");
        if matches!(policy.kind, DocumentKind::Trust | DocumentKind::Resource) || names_resource(statement) {
            return;
        }
        acc.report(statement.object.open(), message(acc)).note(
            format!("AWS refuses the policy. Add `{resource}` with the ARNs that are meant, or `\"*\"` for actions that take \
             none."),
        );
    }

    /// Whether the policy of a resource needs `Resource` depends on the service. A statement that has
    /// none beside others that have one is a slip in any of them.
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        let resource = acc.name("Resource");
        if context.kind != DocumentKind::Resource
            || !policy.statements().any(|(_, statement)| names_resource(statement))
        {
            return;
        }
        for (base, statement) in policy.statements().filter(|(_, statement)| !names_resource(*statement)) {
            acc.report(statement.object.open().shifted(base), message(acc))
                .severity(Severity::Warning)
                .case("resource-policy")
                .note(
                    format!("Other statements of this policy have one. Add `{resource}` with the ARN of what the policy sits on \
                     (`\"*\"` on a key or a secret)."),
                );
        }
    }
}

fn message(acc: &Findings) -> String {
    let [resource, not_resource] = acc.names(["Resource", "NotResource"]);
    format!("the statement has neither `{resource}` nor `{not_resource}`")
}

fn names_resource(statement: Statement<'_>) -> bool {
    elements::has_or_means(statement.object, &["Resource", "NotResource"], &Statement::ELEMENTS)
}
