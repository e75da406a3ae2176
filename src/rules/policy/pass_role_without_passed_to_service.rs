use super::pass_role_any_resource::is_limited_to_service;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::host::{Edit, Name, OfUnit};
use crate::model::{ActionPattern, Arn, Policy, PolicyContext, Statement};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds `iam:PassRole` on named roles without a condition on `iam:PassedToService`.
    ///
    /// The roles' trust policies already say which services may use them. The condition says it a second
    /// time, on the side of the caller: should a trust policy become wider one day, this permission does
    /// not.
    ///
    /// ```json
    /// "Condition": { "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }
    /// ```
    ///
    /// See "Grant a user permissions to pass a role to an AWS service" in the IAM User Guide.
    pub PassRoleWithoutPassedToService {
        id: "pass-role-without-passed-to-service",
        group: Policy,
        reads: [Policy],
        on: [Identity, Session],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "iam:PassRole does not say to which service",
        sources: ["iam-policy-validator/missing_required_condition"],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for PassRoleWithoutPassedToService {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        for placed in policy.units().iter().filter(|placed| placed.unit.known::<PassesByName>().0) {
            let Some(object) = placed.unit.value.as_object() else { continue };
            let (base, statement) = (placed.base, Statement { object });
            let Some(action) =
                passing(statement).filter(|_| statement.allows() && !is_limited_to_service(statement))
            else {
                continue;
            };
            // Every role: another rule's.
            let named = statement.listed_resources().all(|resource| {
                Arn::parse(&resource.text).is_ok_and(|arn| !matches!(arn.resource, "*" | "role/*" | "role*"))
            });
            if !named || statement.object.has("NotResource") {
                continue;
            }
            let service = passed_to(policy);
            let finding = acc.report(
                action.string.content_span().shifted(base),
                "`iam:PassRole` is allowed without saying to which service",
            );
            let example = service.unwrap_or("ecs-tasks.amazonaws.com");
            finding.note(format!(
                "Add a condition: `\"StringEquals\": {{ \"iam:PassedToService\": \"{example}\" }}`."
            ));
            if let Some(service) = service
                && !statement.object.has("Condition")
                && statement.listed_actions().count() == 1
            {
                finding.fix(Fix::unsafe_(
                    format!("Allow passing to `{service}` only"),
                    vec![Edit::InsertMember {
                        object: statement.object.span.shifted(base),
                        name: Name::field("Condition"),
                        value: json!({ "StringEquals": { "iam:PassedToService": service } }),
                    }],
                ));
            }
        }
    }
}

/// The service that all operations of the policy pass roles to, if it is one.
fn passed_to(policy: Policy<'_>) -> Option<&'static str> {
    let mut service = None;
    for (_, statement) in policy.statements().filter(|(_, statement)| statement.allows()) {
        for action in statement.listed_actions() {
            let Some(row) = catalog::pass_role(action.text()) else { continue };
            let first = row.passed_to.first()?;
            if service.is_some_and(|known| known != first) {
                return None;
            }
            service = Some(first);
        }
    }
    service.copied()
}

/// The action that passes roles, where a statement lists it by its name.
fn passing(statement: Statement<'_>) -> Option<ActionPattern<'_>> {
    statement.listed_actions().find(|action| action.text().eq_ignore_ascii_case("iam:PassRole"))
}

struct PassesByName(bool);

impl OfUnit for PassesByName {
    fn of(value: &Value) -> PassesByName {
        let statement = value.as_object().map(|object| Statement { object });
        PassesByName(statement.is_some_and(|it| passing(it).is_some()))
    }
}
