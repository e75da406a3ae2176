use super::inputs::{self, known, objects};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::graph::Neighbours;
use crate::host::Document;
use crate::rules::Rule;
use crate::rules::task::names;
use std::collections::HashSet;

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
        reads: [Other],
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
    fn check_other(&self, document: &Document, neighbours: &Neighbours, acc: &mut Findings) {
        let configured_at_launch = acc.name("configuredAtLaunch");
        let Some(input) = inputs::of(document) else { return };
        let tasks = inputs::tasks(neighbours);
        let Some(first) = tasks.first() else { return };
        let all: Option<Vec<_>> = tasks.iter().map(|task| task.launch_volumes.as_deref()).collect();
        let Some(all) = all else { return };
        let known_names: Vec<HashSet<&str>> =
            all.iter().map(|names| names.iter().map(|name| &**name).collect()).collect();
        for item in objects(input, "volumeConfigurations") {
            let Some(name) = known(item, "name") else { continue };
            if known_names.iter().any(|names| names.contains(&*name.text)) {
                continue;
            }
            let own = || all.iter().take(1).flat_map(|names| names.iter().map(|name| &**name));
            let near = names::guess(&name.text, own());
            let has = if own().next().is_none() {
                format!("It has no volume with `{configured_at_launch}`.").to_string()
            } else {
                format!("It has {}.", inputs::listed(own()))
            };
            let span = name.content_span();
            acc.report(
                span,
                format!("{} leaves no volume `{}` to be configured", inputs::title(first), name.text),
            )
            .note(format!("ECS refuses the request. {has}{}", inputs::place(first)))
            .maybe_fix(near.map(|near| Fix::guess(span, near)));
        }
    }
}
