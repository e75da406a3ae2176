use super::linked_task;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::graph::Neighbours;
use crate::model::{ServiceInput, TaskSummary};
use crate::rules::{Rule, task};

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
        reads: [Service],
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
    fn check_service(&self, service: ServiceInput<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        let name_field = acc.name("name");
        let input = service.input;
        let tasks = &neighbours.tasks;
        let Some(first) = tasks.first() else { return };
        let Some(all) = tasks.iter().map(|task| names(task)).collect::<Option<Vec<_>>>() else { return };
        let connect = input.object("serviceConnectConfiguration");
        let services = connect.into_iter().flat_map(|connect| connect.objects("services"));
        for item in services.chain(input.objects("vpcLatticeConfigurations")) {
            let Some(name) = item.known("portName") else { continue };
            if all.iter().flatten().any(|other| **other == *name.text) {
                continue;
            }
            let Some(own) = all.first() else { return };
            let near = task::names::guess(&name.text, own.iter().copied());
            let has = if own.is_empty() {
                format!("None of its port mappings has a `{name_field}`.").to_string()
            } else {
                format!("Its port mappings have {}.", linked_task::listed(own.iter().copied()))
            };
            let span = name.content_span();
            acc.report(
                span,
                format!("{} has no port with the name `{}`", linked_task::title(first), name.text),
            )
            .note(format!("ECS refuses the request. {has}{}", linked_task::place(first)))
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
