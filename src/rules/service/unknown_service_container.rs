use super::linked_task;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::graph::{LinkedTask, Neighbours};
use crate::host::value::{Object, StringValue};
use crate::model::ServiceInput;
use crate::rules::{Rule, task};
use crate::text::quoted;

declare_rule! {
    /// Finds containers, and ports of containers, that a service or a task to run names and its task definition
    /// does not have: in `loadBalancers`, `serviceRegistries` and `overrides`.
    ///
    /// The task definition is the one of the same folder with that family, or the one of the same template or
    /// module that is referred to. ECS refuses the request: `The container web does not exist in the task
    /// definition`, `The container web did not have a container port 80 defined`.
    ///
    /// See "LoadBalancer" and "ContainerOverride" in the Amazon ECS API Reference.
    pub UnknownServiceContainer {
        id: "unknown-service-container",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["container", "port"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the task definition has no such container or port",
        sources: [
            "cdk-preflight/pf-ecs-svc-lb-container-name-missing",
            "cdk-preflight/pf-ecs-svc-lb-container-port-missing",
            "cfn-lint/E3049",
        ],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: [
            "does not exist in the task definition",
            "did not have a container port",
            "Override for container named is not a container in the TaskDefinition",
        ],
    }
}

impl Rule for UnknownServiceContainer {
    fn check_service(&self, service: ServiceInput<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        let input = service.input;
        let tasks = &neighbours.tasks;
        if tasks.is_empty() || tasks.iter().any(|task| task.containers.is_none()) {
            return;
        }
        for field in ["loadBalancers", "serviceRegistries"] {
            for item in input.objects(field) {
                if let Some(name) = item.known("containerName") {
                    container(name, "container", tasks, acc);
                    port(item, name, tasks, acc);
                }
            }
        }
        let overrides = input.object("overrides").into_iter();
        for item in overrides.flat_map(|overrides| overrides.objects("containerOverrides")) {
            if let Some(name) = item.known("name") {
                container(name, "override", tasks, acc);
            }
        }
    }
}

fn container(name: &StringValue, case: &'static str, tasks: &[LinkedTask], acc: &mut Findings) {
    let Some(first) = tasks.first() else { return };
    if tasks.iter().any(|task| task.container(&name.text).is_some()) {
        return;
    }
    let names = || first.containers.iter().flatten().map(|container| &*container.name);
    let near = task::names::guess(&name.text, names());
    let span = name.content_span();
    acc.report(span, format!("{} has no container `{}`", linked_task::title(first), name.text))
        .case(case)
        .note(format!(
            "ECS refuses the request. It has {}.{}",
            linked_task::listed(names()),
            linked_task::place(first)
        ))
        .maybe_fix(near.map(|near| Fix::guess(span, near)));
}

fn port(item: &Object, name: &StringValue, tasks: &[LinkedTask], acc: &mut Findings) {
    let port_mappings = acc.name("portMappings");
    let port = item.get("containerPort");
    let Some((port, span)) = port.and_then(|port| Some((port.whole_number()?, port.span()))) else { return };
    let found: Vec<_> = tasks.iter().filter_map(|task| task.container(&name.text)).collect();
    let Some(first) = found.first() else { return };
    let lacks = |ports: &Option<Vec<crate::model::PortSummary>>| {
        ports.as_ref().is_some_and(|ports| ports.iter().all(|it| it.container_port != port))
    };
    if found.iter().all(|container| lacks(&container.ports)) {
        let ports = quoted(first.ports.iter().flatten().map(|it| it.container_port));
        let has =
            if ports.is_empty() { "It maps no ports.".to_string() } else { format!("It maps {}.", ports) };
        let place = tasks.first().map(linked_task::place).unwrap_or_default();
        acc.report(span, format!("the container `{}` does not map the port {port}", name.text))
            .case("port")
            .note(format!(
                "ECS refuses the request. {has} Add it to the container's `{port_mappings}`.{place}"
            ));
    }
}
