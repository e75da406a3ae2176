use super::elements;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::{DocumentKind, Edit, Name, NewValue};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a statement that does not say who, in a policy that must.
    ///
    /// A policy on a resource, a role's trust policy and a resource control policy say who in every
    /// statement; AWS refuses them otherwise.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// Add `Principal`: for a role that ECS tasks run with `{"Service": "ecs-tasks.amazonaws.com"}`.
    ///
    /// AWS: "AWS JSON policy elements: Principal" in the IAM user guide.
    pub MissingPrincipal {
        id: "missing-principal",
        group: Policy,
        reads: [Statement],
        templates: Silent,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a statement does not say who",
        sources: [
            "access-analyzer/MISSING_PRINCIPAL",
            "parliament/MALFORMED",
            "iam-policy-validator/missing_principal",
            "iam-policy-validator/missing_rcp_principal",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "aws-iam-language-server/MISSING_RESOURCE_OR_PRINCIPAL",
        ],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Missing required field Principal"],
    }
}

impl Rule for MissingPrincipal {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let principal = acc.name("Principal");
        let wanted = ["Principal", "NotPrincipal"];
        // Permissions in the place of a trust policy are one mistake, and another rule's.
        if !policy.kind.takes_principal()
            || elements::has_or_means(statement.object, &wanted, &Statement::ELEMENTS)
            || policy.kind == DocumentKind::Trust && elements::gives_permissions(statement)
        {
            return;
        }
        let finding = acc.report(
            statement.object.open(),
            format!("the statement of a {} has no `{principal}`", policy.kind.title()),
        );
        match policy.kind {
            DocumentKind::Trust => finding.note(
                "IAM refuses the policy. Say who may assume the role: `\"Principal\": {\"Service\": \
                 \"ecs-tasks.amazonaws.com\"}` for a role of ECS tasks.",
            ),
            DocumentKind::Rcp => finding
                .note("AWS Organizations refuses the policy. Add `\"Principal\": \"*\"`: it takes nothing else.")
                .fix(Fix::safe(
                    "Add `\"Principal\": \"*\"`",
                    vec![Edit::InsertMember {
                        object: statement.object.span,
                        name: Name::field("Principal"),
                        value: NewValue::String("*".into()),
                    }],
                )),
            _ => finding.note(
                "AWS refuses the policy. Say who the statement is about, such as `\"Principal\": {\"AWS\": \
                 \"arn:aws:iam::111122223333:role/deploy\"}`.",
            ),
        };
    }
}
