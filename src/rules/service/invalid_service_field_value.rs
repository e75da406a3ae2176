use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::host::value::{StringValue, Value};
use crate::model::ServiceInput;
use crate::rules::Rule;
use crate::rules::task::shape_walk;
use crate::rules::task::{task_field_out_of_range, unknown_task_field_value};

declare_rule! {
    /// Finds values that a field of a service, or of a task to run, does not take: of a fixed list, a number out
    /// of range, or more items than there may be.
    ///
    /// Case counts: `FARGATE`, `REPLICA`, `ENABLED`. ECS refuses the document.
    ///
    /// See "CreateService", "UpdateService", "RunTask" and "StartTask" in the Amazon ECS API Reference.
    pub InvalidServiceFieldValue {
        id: "invalid-service-field-value",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["dns-name", "items"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field of a service, or of a task to run, does not take that value",
        sources: [
            "botocore/invalid-range",
            "cdk-preflight/pf-ecs-svc-connect-client-alias-dns-name",
            "cdk-preflight/pf-ecs-svc-connect-client-aliases-max",
            "cdk-preflight/pf-ecs-svc-placement-strategies-max6",
            "cdk-preflight/pf-ecs-svc-registries-multiple",
        ],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: [
            "Maximum number of strategies is 5",
            "service registries can have at most 1 items",
            "clientAliases exceeds the max limit of 1",
            "The DNS name that you provided is invalid",
        ],
    }
}

impl Rule for InvalidServiceFieldValue {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        let Some(shape) = service.json_shape() else { return };
        shape_walk::values(service.input, shape, &mut |typed| {
            unknown_task_field_value::check(typed, acc);
            task_field_out_of_range::check(typed, acc);
            if let ("dnsName", Value::String(name)) = (typed.field.name, typed.value) {
                alias(name, acc);
            }
        });
    }
}

/// The name by which other services reach a Service Connect service.
fn alias(name: &StringValue, acc: &mut Findings) {
    // Letters, digits, hyphens, underscores and dots; what a template fills in is left alone.
    let wrong = name
        .text
        .char_indices()
        .find(|(_, char)| !char.is_ascii_alphanumeric() && !matches!(char, '-' | '_' | '.'));
    if let Some((at, char)) = wrong.filter(|_| !name.has_unknown()) {
        let shown = if char.is_control() { char.escape_default().to_string() } else { char.to_string() };
        acc.report(name.part(at..at + char.len_utf8()), format!("a DNS name has no `{shown}`"))
            .case("dns-name")
            .note("ECS refuses the request: `The DNS name that you provided is invalid`.");
    }
}
