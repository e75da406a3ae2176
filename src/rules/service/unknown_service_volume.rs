use super::linked_task;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::{Rule, task};

declare_rule! {
    /// Finds `volumeConfigurations` for volumes that the task definition does not leave to be configured at
    /// launch.
    ///
    /// A volume is configured by the service, or by whoever runs the task, where the task definition declares it
    /// with `configuredAtLaunch`. ECS refuses the request otherwise: `The volume name in your request does not
    /// have a matching volume in your Task Definition`.
    ///
    /// See "ServiceVolumeConfiguration" in the Amazon ECS API Reference.
    pub UnknownServiceVolume {
        id: "unknown-service-volume",
        group: Service,
        reads: [Service],
        on: [Service],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the task definition has no such volume to configure",
        sources: ["cdk-preflight/pf-ecs-svc-ebs-name-not-in-taskdef"],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: ["in your request does not have a matching volume in your Task Definition"],
    }
}

impl Rule for UnknownServiceVolume {
    fn check_service(&self, service: ServiceInput<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        let configured_at_launch = acc.name("configuredAtLaunch");
        let input = service.input;
        let tasks = &neighbours.tasks;
        let Some(first) = tasks.first() else { return };
        let all: Option<Vec<_>> = tasks.iter().map(|task| task.launch_volumes.as_deref()).collect();
        let Some(all) = all else { return };
        for item in input.objects("volumeConfigurations") {
            let Some(name) = item.known("name") else { continue };
            if all.iter().any(|names| names.contains(&name.text)) {
                continue;
            }
            let own = || all.iter().take(1).flat_map(|names| names.iter().map(|name| &**name));
            let near = task::names::guess(&name.text, own());
            let has = if own().next().is_none() {
                format!("It has no volume with `{configured_at_launch}`.").to_string()
            } else {
                format!("It has {}.", linked_task::listed(own()))
            };
            let span = name.content_span();
            acc.report(
                span,
                format!("{} leaves no volume `{}` to be configured", linked_task::title(first), name.text),
            )
            .note(format!("ECS refuses the request. {has}{}", linked_task::place(first)))
            .maybe_fix(near.map(|near| Fix::guess(span, near)));
        }
    }
}
