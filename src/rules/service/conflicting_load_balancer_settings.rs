use super::conflicts::{self, set};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::graph::Neighbours;
use crate::host::Edit;
use crate::model::{Operation, ServiceInput};
use crate::rules::Rule;

declare_rule! {
    /// Finds load balancers of a service, or its `role` for them, beside what they do not go with.
    ///
    /// | with | not |
    /// |---|---|
    /// | `targetGroupArn` | `loadBalancerName` in the same item |
    /// | Fargate | Classic Load Balancers |
    /// | `launchType` `EXTERNAL` | `loadBalancers`, `serviceRegistries` (a warning) |
    /// | `role` | no load balancer, or a `networkConfiguration` |
    ///
    /// ECS refuses the request, one of them at a time.
    ///
    /// See "CreateService" in the Amazon ECS API Reference.
    pub ConflictingLoadBalancerSettings {
        id: "conflicting-load-balancer-settings",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["classic", "classic-network", "external-launch-type", "registry-port", "role-with-network", "role-without-load-balancer", "two-targets"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "ECS does not take these load balancer settings together",
        sources: [
            "cdk-preflight/pf-ecs-service-lb-target-exclusive",
            "cdk-preflight/pf-ecs-svc-classic-lb-with-fargate",
            "cdk-preflight/pf-ecs-svc-role-with-awsvpc",
            "cdk-preflight/pf-ecs-svc-role-without-load-balancers",
        ],
        fix: Unsafe,
        since: "0.2.0",
        formerly: ["conflicting-service-fields"],
        service_messages: [
            "Classic Load Balancers are not supported with Fargate",
            "loadBalancerName and targetGroupArn cannot both be specified",
            "You cannot specify an IAM role for services that require a service linked role",
            "IAM roles are only valid for services configured to use load balancers",
        ],
    }
}

impl Rule for ConflictingLoadBalancerSettings {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        conflicts::check(self, service, acc);
        if service.is_skeleton() || service.operation() != Operation::CreateService {
            return;
        }
        classic(service, acc);
        role(service, acc);
    }
}

fn classic(service: ServiceInput<'_>, acc: &mut Findings) {
    let [target_group_arn, network_configuration] = acc.names(["targetGroupArn", "networkConfiguration"]);
    let network = set(service.input, "networkConfiguration");
    for item in service.input.objects("loadBalancers") {
        let Some(classic) = set(item, "loadBalancerName") else { continue };
        if set(item, "targetGroupArn").is_none() {
            let place = classic.name.content_span();
            let note = format!("ECS refuses the request. Name a target group in `{target_group_arn}`.");
            if let Some(fargate) = service.fargate() {
                acc.report(place, "Fargate does not support Classic Load Balancers")
                    .case("classic")
                    .note(note)
                    .related(fargate, "Fargate");
            } else if let Some(network) = network {
                acc.report(
                    place,
                    "a Classic Load Balancer does not reach tasks in the network mode `awsvpc`",
                )
                .case("classic-network")
                .note(format!("Only such tasks have a `{network_configuration}`. {note}"))
                .related(network.name.content_span(), "the network configuration");
            }
        }
    }
}

fn role(service: ServiceInput<'_>, acc: &mut Findings) {
    let Some(role) = set(service.input, "role") else { return };
    // A network configuration is reason enough.
    if service.may_have_load_balancers() || set(service.input, "networkConfiguration").is_some() {
        return;
    }
    let name = acc.name("role");
    acc.report(role.name.content_span(), format!("a `{name}` is for services with load balancers"))
        .case("role-without-load-balancer")
        .note("ECS refuses the request: `IAM roles are only valid for services configured to use load balancers`.")
        .fix(Fix::unsafe_(format!("Remove `{name}`"), vec![Edit::RemoveMember { span: role.name.span }]));
}
