use crate::catalog::{self, PassRole};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::Value;
use crate::host::{Edit, OfUnit};
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::{Span, listed};
use serde_json::json;

declare_rule! {
    /// Finds a policy that allows an operation which passes roles to a service, and nowhere allows
    /// `iam:PassRole`.
    ///
    /// Registering a task definition passes its task role and its task execution role to ECS. Whoever
    /// does it needs `iam:PassRole` on **both** roles, with `ecs-tasks.amazonaws.com` as the service. Without
    /// it the deploy fails with `is not authorized to perform: iam:PassRole on resource: …`.
    ///
    /// ```json
    /// {
    ///   "Effect": "Allow",
    ///   "Action": "iam:PassRole",
    ///   "Resource": [
    ///     "arn:aws:iam::111122223333:role/web-task",
    ///     "arn:aws:iam::111122223333:role/web-execution"
    ///   ],
    ///   "Condition": { "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }
    /// }
    /// ```
    ///
    /// Allow it in the configuration where another policy of the same principal grants `iam:PassRole`.
    ///
    /// See "Grant a user permissions to pass a role to an AWS service" in the IAM User Guide.
    pub MissingPassRole {
        id: "missing-pass-role",
        group: Policy,
        reads: [Policy],
        on: [Identity, Session],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "an operation that passes roles is allowed, iam:PassRole is not",
        sources: ["aws-iam-language-server/DEPENDENT_ACTION"],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["is not authorized to perform: iam:PassRole on resource"],
    }
}

impl Rule for MissingPassRole {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let mut needing: Vec<(Span, &'static PassRole)> = Vec::new();
        for placed in policy.units() {
            let passing: &Passing = placed.unit.known();
            if passing.is_granted {
                return;
            }
            needing.extend(passing.needed.iter().map(|(span, row)| (span.shifted(placed.base), *row)));
        }
        // Statements that were not read may hold it.
        if policy.units().iter().any(|placed| placed.unit.value.is_unknown()) {
            return;
        }
        // The plainest need first: what always passes the roles of the task definition.
        needing.sort_by_key(|(_, row)| !row.of_task);
        let Some((span, row)) = needing.first() else { return };
        let others: Vec<String> = {
            let mut names: Vec<&str> =
                needing.iter().map(|(_, row)| row.action).filter(|name| *name != row.action).collect();
            names.dedup();
            names.iter().map(|name| format!("`{name}`")).collect()
        };
        let more = match others.as_slice() {
            [] => String::new(),
            [one] => format!(" So does {one}."),
            many => format!(" So do {}.", listed(many)),
        };
        let roles = if row.of_task {
            "the task role and the task execution role".to_string()
        } else {
            "the roles that the request names".to_string()
        };
        let services: Vec<String> = row.passed_to.iter().map(|service| format!("`{service}`")).collect();
        let finding = acc
            .report(*span, format!("`{}` passes roles, but nothing here allows `iam:PassRole`", row.action));
        // In a template or module, another policy of the same role may well stand beside this one, and the
        // task definition may have no roles; so may one that is registered by name.
        let names_families = row.action == "ecs:RegisterTaskDefinition"
            && policy.statements().any(|(base, statement)| {
                let holds = statement.object.span.shifted(base).covers(*span);
                holds
                    && !statement.object.has("NotResource")
                    && statement.listed_resources().all(|it| is_family(&it.text))
            });
        if !row.of_task || policy.document.owner.is_some() || names_families {
            finding.severity(Severity::Info);
        }
        finding.note(format!(
            "The caller needs `iam:PassRole` on {roles}, passed to {}.{more} Unless another policy grants it, the call fails.",
            services.join(" or "),
        ));
        // A single object in place of the array has no room for another.
        let array = policy
            .document
            .units_span
            .filter(|span| policy.units().first().is_some_and(|unit| unit.span() != *span));
        if let Some(array) = array {
            let statement = json!({
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": [
                    "arn:aws:iam::<ACCOUNT_ID>:role/<TASK_ROLE_NAME>",
                    "arn:aws:iam::<ACCOUNT_ID>:role/<TASK_EXECUTION_ROLE_NAME>"
                ],
                "Condition": { "StringEquals": { "iam:PassedToService": row.passed_to.first() } }
            });
            finding.fix(Fix::grants(
                "Add a statement that allows `iam:PassRole`",
                vec![Edit::InsertItem { array, value: statement }],
            ));
        }
    }
}

/// Whether a resource is the task definitions of one family, by its name in full.
fn is_family(resource: &str) -> bool {
    let name = resource.split_once(":task-definition/").map_or("", |(_, name)| name);
    let family = name.split(':').next().unwrap_or_default();
    !family.is_empty() && !family.contains(['*', '?'])
}

/// What one statement says of roles that are passed. Spans are relative to it.
struct Passing {
    is_granted: bool,
    /// Its actions that pass roles.
    needed: Vec<(Span, &'static PassRole)>,
}

impl OfUnit for Passing {
    fn of(value: &Value) -> Passing {
        let mut passing = Passing { is_granted: false, needed: Vec::new() };
        let Some(statement) = value.as_object().map(|object| Statement { object }).filter(Statement::allows)
        else {
            return passing;
        };
        passing.is_granted = statement.grants("iam:PassRole");
        for action in statement.listed_actions() {
            if action.string.has_unknown() {
                continue;
            }
            // Nearly all actions are of services that pass no roles by the table.
            if !action.service.contains(['*', '?']) && !catalog::passes_roles(action.service) {
                continue;
            }
            // A whole service given away says nothing of what is done with it.
            let rows = catalog::pass_roles().iter().filter(|row| match action.name {
                Some("*") | None => false,
                Some(_) => action.covers(row.action),
            });
            passing.needed.extend(rows.map(|row| (action.string.span, row)));
        }
        passing
    }
}
