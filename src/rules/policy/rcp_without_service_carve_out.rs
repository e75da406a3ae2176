use super::elements::with_condition;
use crate::access;
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{ConditionKey, Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds statements of resource control policies that lack the companion of a condition key.
    ///
    /// Requests that an AWS service makes on its own behalf have no organization: `aws:PrincipalOrgID` is absent.
    /// A `Deny` for everybody outside of the organization therefore shuts out CloudTrail, load balancer logs and
    /// their like, unless `aws:PrincipalIsAWSService` leaves them out. Anonymous requests have neither key, so it
    /// takes `BoolIfExists`: with `Bool` they slip through.
    ///
    /// The other way round, a `Deny` by `aws:SourceOrgID` or `aws:SourceAccount` is about requests of services
    /// alone. It needs `aws:PrincipalIsAWSService` to be true, and a `Null` check on `aws:SourceAccount`, since many
    /// requests of services carry no source.
    ///
    /// ```json
    /// {
    ///   "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
    ///   "Condition": {
    ///     "StringNotEqualsIfExists": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
    ///     "BoolIfExists": { "aws:PrincipalIsAWSService": "false" }
    ///   }
    /// }
    /// ```
    ///
    /// AWS: "Resource control policy examples" in the AWS Organizations user guide.
    pub RcpWithoutServiceCarveOut {
        id: "rcp-without-service-carve-out",
        group: Policy,
        reads: [Statement],
        on: [Rcp],
        templates: Silent,
        cases: ["blanket", "if-exists", "missing", "null-check", "service-principal", "value"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a resource control policy shuts AWS services out, or misses some of them",
        sources: [
            "access-analyzer/RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
            "access-analyzer/RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
            "access-analyzer/RCP_MISSING_RELATED_SERVICE_CONDITION_KEY_NULL_CHECK",
            "iam-policy-validator/rcp_missing_service_carveout",
            "iam-policy-validator/rcp_carveout_missing_ifexists",
            "iam-policy-validator/rcp_blanket_deny",
        ],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for RcpWithoutServiceCarveOut {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if statement.effect() != Some(Effect::Deny) {
            return;
        }
        if statement.is_unconditional() {
            acc.report(statement.object.open(), "this denies it to everybody, AWS services included")
                .severity(Severity::Info)
                .case("blanket")
                .note(
                    "That is right where nobody may ever do it. To keep strangers out alone, add a condition on \
                     `aws:PrincipalOrgID` and one on `aws:PrincipalIsAWSService`.",
                );
            return;
        }
        if statement.condition_keys().any(|key| key.key.has_unknown() || key.operator.has_unknown())
            || statement.conditions().any(|condition| condition.value.is_unknown())
            || statement.object.get("Condition").is_some_and(Value::is_unknown)
        {
            return;
        }
        let carve_out = statement.condition_keys().find(|key| is(key, "aws:PrincipalIsAWSService"));
        // What a service's request hardly meets keeps it out of the statement already.
        if statement
            .condition_keys()
            .any(|key| access::fails_without(key) && !is(&key, "aws:PrincipalIsAWSService"))
        {
            return;
        }
        let outside = || statement.condition_keys().filter(is_negated);
        let principal = outside().find(|key| {
            ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount"]
                .iter()
                .any(|it| is(key, it))
        });
        let source = outside().find(|key| catalog::source_keys().iter().any(|it| is(key, it)));
        if let Some(key) = principal
            && source.is_none()
        {
            principal_side(statement, key, carve_out, acc);
        } else if let Some(key) = source {
            source_side(statement, key, carve_out, acc);
        }
    }
}

fn is(key: &ConditionKey<'_>, name: &str) -> bool {
    key.key.text.eq_ignore_ascii_case(name)
}

/// `StringNotEquals` and its kin, with or without `IfExists`.
fn is_negated(key: &ConditionKey<'_>) -> bool {
    catalog::parse_operator(&key.operator.text).is_some_and(|operator| operator.base.negated)
}

fn has_value(key: &ConditionKey<'_>, wanted: &str) -> bool {
    key.values().iter().any(|value| match value {
        Value::String(text) => text.has_unknown() || text.text.eq_ignore_ascii_case(wanted),
        Value::Bool(value, _) => value.to_string() == wanted,
        _ => true,
    })
}

/// Everybody outside: services must be left out, anonymous requests must not.
fn principal_side(
    statement: Statement<'_>,
    key: ConditionKey<'_>,
    carve_out: Option<ConditionKey<'_>>,
    acc: &mut Findings,
) {
    match carve_out {
        None => {
            let finding = acc.report(
                key.key.content_span(),
                format!("requests of AWS services carry no `{}`, and are denied here", key.key.text),
            );
            finding.case("missing").note(
                "Log delivery and other services then fail. Add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}`.",
            );
            let edit = with_condition(statement, "BoolIfExists", "aws:PrincipalIsAWSService", "false");
            finding.maybe_fix(edit.map(|edit| Fix::grants("Deny nothing to AWS services", vec![edit])));
        }
        Some(carve_out) => {
            let operator = catalog::parse_operator(&carve_out.operator.text);
            let Some(operator) = operator.filter(|operator| operator.base.family == Family::Bool) else {
                return;
            };
            if !has_value(&carve_out, "false") {
                acc.report(
                    carve_out.value.span(),
                    "with `true` this denies it to AWS services, and to nobody else",
                )
                .case("value")
                .note("To leave services out, write `\"false\"`.");
            } else if !operator.if_exists {
                let start = carve_out.operator.text.len();
                let free = statement.conditions().all(|it| &*it.operator.text != "BoolIfExists");
                acc.report(
                    carve_out.operator.content_span(),
                    "anonymous requests carry no `aws:PrincipalIsAWSService`, and slip through",
                )
                .case("if-exists")
                .related(carve_out.key.span, "the key is here")
                .note("A condition on a key that is absent does not hold. Write `BoolIfExists`.")
                .maybe_fix(free.then(|| Fix {
                    title: "Write `BoolIfExists`".into(),
                    safety: Safety::Unsafe,
                    edits: vec![Edit::ReplaceText {
                        span: carve_out.operator.part(start..start),
                        text: "IfExists".into(),
                    }],
                }));
            }
        }
    }
}

/// Services that act for others: everybody else must be left out.
fn source_side(
    statement: Statement<'_>,
    key: ConditionKey<'_>,
    carve_out: Option<ConditionKey<'_>>,
    acc: &mut Findings,
) {
    let span = key.key.content_span();
    match carve_out {
        Some(carve_out) if has_value(&carve_out, "true") => {}
        _ => {
            acc.report(span, format!("requests of users and roles carry no `{}`, and are denied here", key.key.text))
                .case("service-principal")
                .note("Add `\"Bool\": {\"aws:PrincipalIsAWSService\": \"true\"}`, so that the statement is about services alone.");
            return;
        }
    }
    let checked = statement.condition_keys().any(|other| {
        catalog::parse_operator(&other.operator.text).is_some_and(|it| it.base.family == Family::Null)
            && ["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"]
                .iter()
                .any(|it| is(&other, it))
    });
    if !checked {
        acc.report(span, format!("services that send no `{}` are denied here", key.key.text))
            .case("null-check")
            .note("Not every request of a service has a source. Add `\"Null\": {\"aws:SourceAccount\": \"false\"}`.");
    }
}
