use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Object;
use crate::model::{Container, NetworkMode, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashMap;

declare_rule! {
    /// Finds two port mappings of a task that ask for the same port and protocol.
    ///
    /// In the network modes `awsvpc` and `host` all containers share one network, so a container's port is the
    /// task's. In the mode `bridge` it is the `hostPort` that can be taken only once; 0, or none, asks for any
    /// free one. ECS refuses the task definition: `TCP host port '80' is mapped multiple times in task`.
    ///
    /// See "PortMapping" in the Amazon ECS API Reference.
    pub DuplicatePort {
        id: "duplicate-port",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "two port mappings ask for the same port",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["is mapped multiple times in task"],
    }
}

impl Rule for DuplicatePort {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let shared = match context.network_mode {
            NetworkMode::Awsvpc | NetworkMode::Host => true,
            NetworkMode::Bridge | NetworkMode::Absent | NetworkMode::Default if context.whole => false,
            _ => return,
        };
        let mut seen: HashMap<(i64, &str), Span> = HashMap::new();
        let together = |container: &Container<'_>| !container.is_chosen("portMappings");
        let containers = task.containers().filter(|(_, it)| !task.containers_are_chosen() && together(it));
        for (base, container) in containers {
            for mapping in container.objects("portMappings") {
                let Some(protocol) = protocol(mapping) else { continue };
                let host = values::number(mapping, "hostPort").filter(|(port, _)| *port != 0);
                let port = if shared { values::number(mapping, "containerPort").or(host) } else { host };
                let Some((port, span)) = port.filter(|(port, _)| *port != 0) else { continue };
                let span = span.shifted(base);
                match seen.get(&(port, protocol)) {
                    Some(first) => {
                        acc.report(span, format!("the {protocol} port {port} is already taken"))
                            .note("ECS refuses the task definition: it is mapped multiple times in the task.")
                            .related(*first, "here");
                    }
                    None => {
                        seen.insert((port, protocol), span);
                    }
                }
            }
        }
    }
}

/// `None` where it is filled in later. What ECS does not know it takes for `tcp`.
fn protocol(mapping: &Object) -> Option<&'static str> {
    match mapping.get("protocol") {
        Some(value) if value.is_unknown() => None,
        Some(value) => match value.as_string() {
            Some(string) if string.has_unknown() => None,
            Some(string) if &*string.text == "udp" => Some("udp"),
            _ => Some("tcp"),
        },
        None => Some("tcp"),
    }
}
