use super::conflicts;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::host::value::Value;
use crate::model::ServiceInput;
use crate::rules::Rule;

declare_rule! {
    /// Finds placement constraints and strategies that ECS does not take as they are.
    ///
    /// | with | not |
    /// |---|---|
    /// | Fargate | placement constraints and strategies |
    /// | `distinctInstance` | `expression` |
    /// | `random` | `field` |
    /// | `binpack` | another `field` than `cpu` or `memory` |
    ///
    /// ECS refuses the request, one of them at a time.
    ///
    /// See "PlacementConstraint" and "PlacementStrategy" in the Amazon ECS API Reference.
    pub ConflictingPlacementSettings {
        id: "conflicting-placement-settings",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["binpack-field", "classic-rebalancing", "distinct-instance", "fargate-placement", "random-field", "rebalancing-strategy"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "ECS does not take these placement settings together",
        sources: [
            "cdk-preflight/pf-ecs-service-fargate-placement",
            "cdk-preflight/pf-ecs-svc-binpack-field",
            "cdk-preflight/pf-ecs-svc-placement-constraint-distinct-instance-expression",
            "cdk-preflight/pf-ecs-svc-random-with-field",
        ],
        fix: Unsafe,
        since: "0.2.0",
        formerly: ["conflicting-service-fields"],
        service_messages: [
            "distinctInstance expression should not be specified",
            "random field should not be specified",
            "binpack field is invalid",
            "Placement constraints and strategies are not supported with FARGATE launch type",
        ],
    }
}

impl Rule for ConflictingPlacementSettings {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        conflicts::check(self, service, acc);
        if service.is_skeleton() {
            return;
        }
        rebalancing(service, acc);
        let strategies = service.input.objects("placementStrategy");
        for strategy in strategies.filter(|it| it.known("type").is_some_and(|kind| &*kind.text == "binpack"))
        {
            let Some(field) = strategy.known("field") else { continue };
            if !["cpu", "memory"].iter().any(|it| field.text.eq_ignore_ascii_case(it)) {
                acc.report(
                    field.content_span(),
                    format!("the strategy `binpack` is by `cpu` or `memory`, not by `{}`", field.text),
                )
                .case("binpack-field")
                .note("ECS refuses the request.");
            }
        }
    }
}

/// The first strategy has to spread tasks over Availability Zones, where they are to be rebalanced over these.
fn rebalancing(service: ServiceInput<'_>, acc: &mut Findings) {
    const ZONES: &str = "attribute:ecs.availability-zone";
    let rebalancing = acc.name("availabilityZoneRebalancing");
    let enabled = service.input.known("availabilityZoneRebalancing").filter(|it| &*it.text == "ENABLED");
    let Some(enabled) = enabled else { return };
    let Some(first) = service.input.items("placementStrategy").first().and_then(Value::as_object) else {
        return;
    };
    let Some(kind) = first.known("type") else { return };
    let is_other = match first.known("field") {
        Some(field) => !field.text.eq_ignore_ascii_case(ZONES),
        None => !first.has("field"),
    };
    if &*kind.text != "spread" || is_other {
        acc.report(
            kind.content_span(),
            format!("`{rebalancing}` needs `spread` over `{ZONES}` as the first strategy"),
        )
        .case("rebalancing-strategy")
        .note("ECS refuses the request.")
        .related(enabled.content_span(), "the rebalancing");
    }
}
