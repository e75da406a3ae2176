use super::inputs::{self, known, objects};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::graph::Neighbours;
use crate::host::Document;
use crate::model::TaskSummary;
use crate::rules::Rule;
use crate::rules::task::names::guess;
use std::collections::HashSet;

declare_rule! {
    /// Finds `portName` of Service Connect, and of VPC Lattice, that no port mapping of the task definition has
    /// as its `name`.
    ///
    /// ECS refuses the request: `portName(web) does not refer to any named PortMapping in the container
    /// definitions`.
    ///
    /// See "ServiceConnectService" in the Amazon ECS API Reference.
    pub UnknownPortName {
        id: "unknown-port-name",
        group: Service,
        reads: [Other],
        on: [Service],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "no port mapping of the task definition has that name",
        sources: ["cdk-preflight/pf-ecs-svc-connect-port-name-missing"],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: ["does not refer to any named PortMapping in the container definitions"],
    }
}

impl Rule for UnknownPortName {
    fn check_other(&self, document: &Document, neighbours: &Neighbours, acc: &mut Findings) {
        let name_field = acc.name("name");
        let Some(input) = inputs::of(document) else { return };
        let tasks = inputs::tasks(neighbours);
        let Some(first) = tasks.first() else { return };
        let Some(all) = tasks.iter().map(|task| names(task)).collect::<Option<Vec<_>>>() else { return };
        let known_names: Vec<HashSet<&str>> =
            all.iter().map(|names| names.iter().copied().collect()).collect();
        let connect = input.object("serviceConnectConfiguration");
        let services = connect.into_iter().flat_map(|connect| objects(connect, "services"));
        for item in services.chain(objects(input, "vpcLatticeConfigurations")) {
            let Some(name) = known(item, "portName") else { continue };
            if known_names.iter().any(|names| names.contains(&*name.text)) {
                continue;
            }
            let Some(own) = all.first() else { return };
            let near = guess(&name.text, own.iter().copied());
            let has = if own.is_empty() {
                format!("None of its port mappings has a `{name_field}`.").to_string()
            } else {
                format!("Its port mappings have {}.", inputs::listed(own.iter().copied()))
            };
            let span = name.content_span();
            acc.report(span, format!("{} has no port with the name `{}`", inputs::title(first), name.text))
                .note(format!("ECS refuses the request. {has}{}", inputs::place(first)))
                .maybe_fix(near.map(|near| Fix::guess(span, near)));
        }
    }
}

/// `None` where some port is not known.
fn names(task: &TaskSummary) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    for container in task.containers.as_ref()? {
        names.extend(container.ports.as_ref()?.iter().filter_map(|port| port.name.as_deref()));
    }
    Some(names)
}
