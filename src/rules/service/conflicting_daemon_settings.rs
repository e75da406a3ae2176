use super::conflicts;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;

declare_rule! {
    /// Finds settings that a service with the scheduling strategy `DAEMON` does not have.
    ///
    /// Such a service runs one task on each container instance. So it has no `desiredCount`, no placement
    /// strategy, no Availability Zone rebalancing, no more than 100 as `maximumPercent`, and neither Fargate,
    /// where there are no instances, nor the deployment controllers `CODE_DEPLOY` and `EXTERNAL`.
    ///
    /// ECS refuses the request, one of them at a time.
    ///
    /// See "CreateService" in the Amazon ECS API Reference.
    pub ConflictingDaemonSettings {
        id: "conflicting-daemon-settings",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["daemon-controller", "daemon-count", "daemon-fargate", "daemon-percent", "daemon-placement", "daemon-rebalancing"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a `DAEMON` service does not have these settings",
        sources: [
            "cdk-preflight/pf-ecs-service-daemon-desired-count",
            "cdk-preflight/pf-ecs-svc-az-rebalancing-with-daemon",
            "cdk-preflight/pf-ecs-svc-daemon-max-percent",
            "cdk-preflight/pf-ecs-svc-daemon-with-placement-strategies",
            "cfn-lint/E3044",
        ],
        fix: Unsafe,
        since: "0.2.0",
        formerly: ["conflicting-service-fields"],
        service_messages: [
            "The daemon scheduling strategy does not support",
            "The daemon scheduling strategy is not supported",
            "Availability Zone Rebalancing does not support DAEMON services",
        ],
    }
}

impl Rule for ConflictingDaemonSettings {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        conflicts::check(self, service, acc);
        let Some(strategy) = service.daemon().filter(|_| !service.is_skeleton()) else { return };
        let span = strategy.content_span();
        if let Some(fargate) = service.fargate() {
            acc.report(span, "Fargate does not have the scheduling strategy `DAEMON`")
                .case("daemon-fargate")
                .note("There is no instance of which each could run one task. ECS refuses the request.")
                .related(fargate, "Fargate");
        }
        if let Some(controller) = service.controller()
            && matches!(&*controller.text, "CODE_DEPLOY" | "EXTERNAL")
        {
            acc.report(
                span,
                format!("the deployment controller `{}` cannot be combined with `DAEMON`", controller.text),
            )
            .case("daemon-controller")
            .note("ECS refuses the request.")
            .related(controller.content_span(), "the deployment controller");
        }
        if let Some((most, place)) = service.percent("maximumPercent").filter(|(most, _)| *most > 100) {
            let name = acc.name("maximumPercent");
            acc.report(place, format!("`{name}` of a `DAEMON` service is at most 100, not {most}"))
                .case("daemon-percent")
                .note("ECS refuses the request: `The daemon scheduling strategy does not support values above 100 for maximumPercent`.")
                .related(span, "the scheduling strategy");
        }
    }
}
