use super::conflicts;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::host::value::{Object, StringValue, Value};
use crate::model::ServiceInput;
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds a launch type, a capacity provider strategy or a platform version that ECS does not take together.
    ///
    /// | with | not |
    /// |---|---|
    /// | `launchType` | `capacityProviderStrategy` |
    /// | `launchType` `EC2` | `platformVersion` |
    /// | a `base` of one capacity provider | of another; and some `weight` is above zero |
    ///
    /// ECS refuses the request, one of them at a time. A strategy replaces the launch type: leave `launchType` out
    /// where there is one.
    ///
    /// See "CreateService" and "CapacityProviderStrategyItem" in the Amazon ECS API Reference.
    pub ConflictingLaunchSettings {
        id: "conflicting-launch-settings",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["external-network", "launch-type-and-strategy", "managed-instances", "other-provider", "platform-version", "two-bases", "zero-weight"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "ECS does not take these launch settings together",
        sources: [
            "cdk-preflight/pf-ecs-service-launch-type-capacity-provider",
            "cdk-preflight/pf-ecs-service-platform-version-ec2",
            "cdk-preflight/pf-ecs-svc-capacity-provider-multiple-base",
            "cdk-preflight/pf-ecs-svc-capacity-provider-zero-weight",
        ],
        fix: Unsafe,
        since: "0.2.0",
        formerly: ["conflicting-service-fields"],
        service_messages: [
            "Specifying both a launch type and capacity provider strategy is not supported",
            "The platform version must be null when specifying an EC2 launch type",
            "There are multiple capacity providers in the specified capacity provider strategy with a base value defined",
            "There are no capacity providers in the capacity provider strategy with a weight value greater than zero",
        ],
    }
}

impl Rule for ConflictingLaunchSettings {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        conflicts::check(self, service, acc);
        if !service.is_skeleton() {
            capacity_providers(service.input, acc);
            managed_instances(service, acc);
        }
    }
}

/// Managed instances are asked for by their capacity provider, never by a launch type.
fn managed_instances(service: ServiceInput<'_>, acc: &mut Findings) {
    let [name, strategy] = acc.names(["launchType", "capacityProviderStrategy"]);
    let launch_type = service.launch_type().filter(|it| &*it.text == "MANAGED_INSTANCES");
    let Some(launch_type) = launch_type else { return };
    acc.report(launch_type.content_span(), format!("`{name}` does not take `MANAGED_INSTANCES`"))
        .case("managed-instances")
        .note(format!(
            "ECS refuses the request. Name the capacity provider in `{strategy}`, and leave `{name}` out."
        ));
}

/// The capacity providers of Fargate stand by themselves.
fn other_providers(items: &[Value], acc: &mut Findings) {
    let is_fargate = |name: &&StringValue| matches!(&*name.text, "FARGATE" | "FARGATE_SPOT");
    let names = || items.iter().filter_map(|item| item.as_object()?.known("capacityProvider"));
    if let (Some(fargate), Some(other)) = (names().find(is_fargate), names().find(|name| !is_fargate(name))) {
        acc.report(
            other.content_span(),
            format!("the capacity provider `{}` cannot be combined with `{}`", other.text, fargate.text),
        )
        .case("other-provider")
        .note("A strategy has capacity providers of Fargate, or others, not both. ECS refuses the request.")
        .related(fargate.content_span(), "Fargate");
    }
}

fn capacity_providers(input: &Object, acc: &mut Findings) {
    let base_name = acc.name("base");
    let items = input.items("capacityProviderStrategy");
    other_providers(items, acc);
    let mut first_base: Option<Span> = None;
    for item in items.iter().filter_map(Value::as_object) {
        let Some((base, span)) = number(item, "base") else { continue };
        match first_base {
            _ if base == 0 => {}
            None => first_base = Some(span),
            Some(first) => {
                acc.report(span, format!("a strategy has a `{base_name}` for one capacity provider"))
                    .case("two-bases")
                    .note("ECS refuses the request.")
                    .related(first, "the first");
            }
        }
    }
    // Without a weight it is zero in a request, but one where a console or a module writes it.
    let weights: Option<Vec<(i64, Span)>> =
        items.iter().map(|item| number(item.as_object()?, "weight")).collect();
    if let Some(weights) = weights
        && let Some((_, span)) = weights.first()
        && weights.iter().all(|(weight, _)| *weight == 0)
    {
        acc.report(*span, "no capacity provider of the strategy has a weight above zero")
            .case("zero-weight")
            .note("No task could be placed. ECS refuses the request.");
    }
}

fn number(object: &Object, field: &str) -> Option<(i64, Span)> {
    let value = object.get(field)?;
    Some((value.whole_number()?, value.span()))
}
