use super::breadth::{gives, shape};
use crate::access::{self, is_administrator, is_star};
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Arn, ConditionKey, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds statements that let the caller pass any role to any service.
    ///
    /// Whoever may pass a role to a service can do through that service whatever the role may: start a task
    /// with an administrator's role, for one. `iam:PassRole` on `*` is therefore as good as every
    /// permission that any role of the account has.
    ///
    /// Name the roles, or at least the service they may be passed to:
    ///
    /// ```json
    /// {
    ///   "Effect": "Allow",
    ///   "Action": "iam:PassRole",
    ///   "Resource": "arn:aws:iam::111122223333:role/web-*",
    ///   "Condition": { "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }
    /// }
    /// ```
    ///
    /// See "Grant a user permissions to pass a role to an AWS service" in the IAM User Guide.
    pub PassRoleAnyResource {
        id: "pass-role-any-resource",
        group: Policy,
        reads: [Statement],
        cases: ["not-action-and-not-resource", "not-resource", "star-in-action-and-not-resource", "star-in-action-and-resource", "star-in-resource", "star-in-resource-and-not-action"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "iam:PassRole is allowed for every role and every service",
        sources: [
            "access-analyzer/PASS_ROLE_WITH_STAR_IN_RESOURCE",
            "access-analyzer/PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "access-analyzer/PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
            "access-analyzer/PASS_ROLE_WITH_NOT_RESOURCE",
            "access-analyzer/PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
            "access-analyzer/PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
            "trivy/AWS-0342",
            "iam-policy-validator/missing_required_condition",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for PassRoleAnyResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let resource = acc.name("Resource");
        if !gives(policy) || is_administrator(statement) || limits(statement).any(names_services) {
            return;
        }
        // With `IfExists` a request that names no service passes; with a negated operator all but one do.
        let leaky = limits(statement).next();
        let Some(shape) = shape(statement, "iam:PassRole", is_any_role) else { return };
        // A pattern that gives the caller every right anyway is told as that.
        let is_told = shape.action.filter(|_| {
            !shape.by_name
                && statement.listed_resources().any(|it| is_star(&it.text))
                && access::unrestricted(statement, policy).is_some()
        });
        if is_told.is_some_and(|pattern| {
            let sets = catalog::escalations().iter().filter(|set| !set.is_by_role());
            sets.into_iter().any(|set| set.actions.iter().all(|action| pattern.covers(action)))
        }) {
            return;
        }
        let services = match leaky {
            Some(key) => format!("every role, and `{}` does not keep it to one service", key.operator.text),
            None => "every role and every service".to_string(),
        };
        let finding =
            acc.report(shape.span, format!("`iam:PassRole` is allowed for {services}{}", shape.via(acc)));
        finding.case(shape.case).note(
            format!("The caller can use any role of the account through a service. Name the roles in `{resource}`, or the service in a \
             condition on `iam:PassedToService`."),
        );
        if let Some(key) = leaky {
            finding
                .severity(Severity::Info)
                .related(key.operator.span, "this also holds for requests that name no service, or another");
        }
        if let Some(action) = shape.action {
            finding.related(action.string.span, "allowed here");
        }
    }
}

/// Whether a condition holds for none but the services, or resources, that it lists.
fn names_services(key: ConditionKey<'_>) -> bool {
    let operator = catalog::parse_operator(&key.operator.text);
    operator.is_some_and(|it| !it.base.negated && it.base.family != Family::Null)
        && access::fails_without(key)
}

/// Whether some condition names the services that roles may be passed to.
pub(super) fn is_limited_to_service(statement: Statement<'_>) -> bool {
    limits(statement).next().is_some()
}

/// The conditions on the services, or the resources of them, that roles may be passed to.
fn limits<'a>(statement: Statement<'a>) -> impl Iterator<Item = ConditionKey<'a>> + use<'a> {
    statement.condition_keys().filter(|condition| {
        condition.key.text.eq_ignore_ascii_case("iam:PassedToService")
            || condition.key.text.eq_ignore_ascii_case("iam:AssociatedResourceArn")
    })
}

/// `*`, `arn:aws:iam::*:role/*`, `arn:aws:iam::111122223333:*` and kin.
fn is_any_role(resource: &str) -> bool {
    is_star(resource)
        || Arn::parse(resource).is_ok_and(|arn| matches!(arn.resource, "*" | "role/*" | "role*"))
}
