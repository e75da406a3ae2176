use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::model::{PolicyContext, Statement};
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
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for PassRoleAnyResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !matches!(policy.kind, DocumentKind::Identity | DocumentKind::Session)
            || !statement.grants("iam:PassRole")
            || is_limited_to_service(statement)
        {
            return;
        }
        let action = statement.listed_actions().find(|action| action.covers("iam:PassRole"));
        let everywhere = statement.listed_resources().find(|resource| is_any_role(&resource.text));
        let not_resource = statement.member("NotResource");
        let by_name = action.is_some_and(|action| action.text().eq_ignore_ascii_case("iam:PassRole"));
        let (case, span) = match (everywhere, not_resource, action) {
            (Some(resource), _, Some(_)) if by_name => ("star-in-resource", resource.content_span()),
            (Some(resource), _, Some(_)) => ("star-in-action-and-resource", resource.content_span()),
            (Some(resource), _, None) => ("star-in-resource-and-not-action", resource.content_span()),
            (None, Some(member), Some(_)) if by_name => ("not-resource", member.name.content_span()),
            (None, Some(member), Some(_)) => ("star-in-action-and-not-resource", member.name.content_span()),
            (None, Some(member), None) => ("not-action-and-not-resource", member.name.content_span()),
            (None, None, _) => return,
        };
        let via = match action {
            Some(action) if !by_name => format!(" (`{}` covers it)", action.text()),
            Some(_) => String::new(),
            None => " (`NotAction` leaves it in)".to_string(),
        };
        let finding =
            acc.report(span, format!("`iam:PassRole` is allowed for every role and every service{via}"));
        finding.case(case).note(
            "The caller can use any role of the account through a service. Name the roles in `Resource`, or the service in a \
             condition on `iam:PassedToService`.",
        );
        if let Some(action) = action {
            finding.related(action.string.span, "allowed here");
        }
    }
}

/// Whether some condition names the services that roles may be passed to.
pub(super) fn is_limited_to_service(statement: Statement<'_>) -> bool {
    statement.condition_keys().any(|condition| {
        condition.key.text.eq_ignore_ascii_case("iam:PassedToService")
            || condition.key.text.eq_ignore_ascii_case("iam:AssociatedResourceArn")
    })
}

/// `*`, `arn:aws:iam::*:role/*`, `arn:aws:iam::111122223333:*` and kin.
fn is_any_role(resource: &str) -> bool {
    if resource.bytes().all(|byte| byte == b'*') && !resource.is_empty() {
        return true;
    }
    crate::model::Arn::parse(resource).is_ok_and(|arn| matches!(arn.resource, "*" | "role/*" | "role*"))
}
