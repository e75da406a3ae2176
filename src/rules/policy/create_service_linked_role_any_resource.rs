use super::breadth::{gives, shape};
use crate::access::{is_administrator, is_any};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds statements that allow `iam:CreateServiceLinkedRole` for every service.
    ///
    /// A service-linked role gives a service rights in the account. Its policy is AWS's own and cannot be
    /// changed, so the damage is small; still nobody needs to be able to create those of all services.
    ///
    /// ```json
    /// {
    ///   "Effect": "Allow",
    ///   "Action": "iam:CreateServiceLinkedRole",
    ///   "Resource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS*",
    ///   "Condition": { "StringLike": { "iam:AWSServiceName": "ecs.amazonaws.com" } }
    /// }
    /// ```
    ///
    /// Name the role, as above, or the service in a condition on `iam:AWSServiceName`.
    ///
    /// See "Create a service-linked role" in the IAM User Guide.
    pub CreateServiceLinkedRoleAnyResource {
        id: "create-service-linked-role-any-resource",
        group: Policy,
        reads: [Statement],
        cases: ["not-action-and-not-resource", "not-resource", "star-in-action-and-not-resource", "star-in-action-and-resource", "star-in-resource", "star-in-resource-and-not-action"],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "service-linked roles of every service may be created",
        sources: [
            "access-analyzer/CREATE_SLR_WITH_STAR_IN_RESOURCE",
            "access-analyzer/CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "access-analyzer/CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
            "access-analyzer/CREATE_SLR_WITH_NOT_RESOURCE",
            "access-analyzer/CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
            "access-analyzer/CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for CreateServiceLinkedRoleAnyResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !gives(policy) || is_administrator(statement) {
            return;
        }
        let Some(shape) = shape(statement, "iam:CreateServiceLinkedRole", is_any_service_role) else {
            return;
        };
        let limited =
            statement.condition_keys().any(|key| key.key.text.eq_ignore_ascii_case("iam:AWSServiceName"));
        if limited || policy.template && statement.is_unconditional() {
            return;
        }
        acc.report(
            shape.span,
            format!("`iam:CreateServiceLinkedRole` is allowed for every service{}", shape.via(acc)),
        )
        .case(shape.case)
        .note("Name the role, as in `arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*`, or the service in a condition on `iam:AWSServiceName`.");
    }
}

/// Every role, or every service-linked role.
fn is_any_service_role(resource: &str) -> bool {
    is_any(resource)
        || Arn::parse(resource)
            .is_ok_and(|arn| matches!(arn.resource, "role/aws-service-role/*" | "role/aws-service-role*"))
}
