use super::conflicts;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::{Operation, ServiceInput};
use crate::rules::Rule;

declare_rule! {
    /// Finds settings of a service's deployments that ECS does not take together.
    ///
    /// | with | not |
    /// |---|---|
    /// | deployment controller `EXTERNAL` | `loadBalancers`, `taskDefinition`: each task set has its own |
    /// | deployment controller `CODE_DEPLOY` | no load balancer |
    /// | another deployment controller than `ECS` | a circuit breaker |
    /// | `minimumHealthyPercent` | a `maximumPercent` that is no higher; it is at most 100, the other at least |
    ///
    /// ECS refuses the request, one of them at a time.
    ///
    /// See "DeploymentController" and "DeploymentConfiguration" in the Amazon ECS API Reference.
    pub ConflictingDeploymentSettings {
        id: "conflicting-deployment-settings",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["canary-strategy", "circuit-breaker", "code-deploy", "external-controller", "linear-strategy", "maximum-percent", "minimum-percent", "percents", "rebalancing-percent"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "ECS does not take these deployment settings together",
        sources: [
            "cdk-preflight/pf-ecs-service-codedeploy-lb",
            "cdk-preflight/pf-ecs-service-deployment-percent",
            "cdk-preflight/pf-ecs-svc-circuit-breaker-with-code-deploy",
            "cdk-preflight/pf-ecs-svc-external-with-load-balancers",
            "cdk-preflight/pf-ecs-svc-external-with-taskdef",
            "cdk-preflight/pf-ecs-svc-min-healthy-over-max-percent",
        ],
        fix: Unsafe,
        since: "0.2.0",
        formerly: ["conflicting-service-fields"],
        service_messages: [
            "LoadBalancers must be empty or null",
            "TaskDefinition must be blank",
            "the service requires an Application Load Balancer or Network Load Balancer",
            "minimumHealthyPercent must be at most 100",
            "maximumPercent must be at least 100",
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments",
        ],
    }
}

impl Rule for ConflictingDeploymentSettings {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        conflicts::check(self, service, acc);
        if service.is_skeleton() {
            return;
        }
        percents(service, acc);
        rebalancing(service, acc);
        if service.operation() == Operation::CreateService {
            controller(service, acc);
        }
    }
}

fn percents(service: ServiceInput<'_>, acc: &mut Findings) {
    let [minimum_healthy_percent, maximum_percent] = acc.names(["minimumHealthyPercent", "maximumPercent"]);
    let (least, most) = (service.percent("minimumHealthyPercent"), service.percent("maximumPercent"));
    if let Some((least, span)) = least.filter(|(least, _)| *least > 100) {
        acc.report(span, format!("`{minimum_healthy_percent}` is at most 100, not {least}"))
            .case("minimum-percent")
            .note("ECS refuses the request: `minimumHealthyPercent must be at most 100`.");
    } else if let Some((most, span)) = most.filter(|(most, _)| *most < 100) {
        acc.report(span, format!("`{maximum_percent}` is at least 100, not {most}"))
            .case("maximum-percent")
            .note("ECS refuses the request: `maximumPercent must be at least 100`.");
    } else if let (Some((100, least)), Some((100, most)), None) = (least, most, service.daemon()) {
        acc.report(most, "with both percents at 100, no task can be replaced")
            .case("percents")
            .note("ECS refuses the request: `Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments`.")
            .related(least, "the tasks that keep running");
    }
}

/// Tasks are started in another Availability Zone before others are stopped, which needs room.
fn rebalancing(service: ServiceInput<'_>, acc: &mut Findings) {
    let [rebalancing, percent] = acc.names(["availabilityZoneRebalancing", "maximumPercent"]);
    let enabled = service.input.known("availabilityZoneRebalancing").filter(|it| &*it.text == "ENABLED");
    if let (Some(enabled), Some((100, span)), None) =
        (enabled, service.percent("maximumPercent"), service.daemon())
    {
        acc.report(span, format!("`{rebalancing}` needs a `{percent}` above 100"))
            .case("rebalancing-percent")
            .note("Tasks are started in another Availability Zone before others are stopped. ECS refuses the request.")
            .related(enabled.content_span(), "the rebalancing");
    }
}

fn controller(service: ServiceInput<'_>, acc: &mut Findings) {
    let Some(controller) = service.controller() else { return };
    if &*controller.text == "CODE_DEPLOY" && !service.may_have_load_balancers() {
        acc.report(controller.content_span(), "the deployment controller `CODE_DEPLOY` needs a load balancer")
            .case("code-deploy")
            .note("ECS refuses the request: `the service requires an Application Load Balancer or Network Load Balancer`.");
    }
    let configuration = service.input.object("deploymentConfiguration");
    let breaker = configuration.and_then(|it| it.object("deploymentCircuitBreaker"));
    let enabled = breaker.and_then(|breaker| breaker.member("enable"));
    if &*controller.text != "ECS"
        && let Some(enabled) = enabled.filter(|member| member.value.as_bool() == Some(true))
    {
        acc.report(
            enabled.value.span(),
            format!("the deployment controller `{}` has no circuit breaker", controller.text),
        )
        .case("circuit-breaker")
        .note("A circuit breaker is for ECS's own deployments. ECS refuses the request.")
        .related(controller.content_span(), "the deployment controller");
    }
}
