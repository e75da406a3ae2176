use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Container, NetworkMode, OperatingSystem, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds host ports that a container instance keeps for itself.
    ///
    /// 22 is SSH's, 2375 and 2376 are Docker's, 51678 to 51680 the container agent's. A task that asks for one is
    /// not placed on instances that reserve it, which by default are all. Ports from 32768 on are those that
    /// ECS gives out where none is asked for: that is only mentioned. On Fargate with Windows 3150 is reserved.
    ///
    /// In the mode `awsvpc` a task has an interface of its own, and all its ports.
    ///
    /// See "PortMapping" in the Amazon ECS API Reference.
    pub ReservedHostPort {
        id: "reserved-host-port",
        group: Task,
        reads: [Container],
        cases: ["ephemeral", "reserved", "windows"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a host port is one that the container instance keeps for itself",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ReservedHostPort {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let host_port = acc.name("hostPort");
        let on_windows_fargate =
            task.launch_types.fargate && task.operating_system == OperatingSystem::Windows;
        let is_host = task.network_mode == NetworkMode::Host;
        let is_shared = is_host
            || matches!(task.network_mode, NetworkMode::Bridge | NetworkMode::Absent | NetworkMode::Default)
                && task.whole;
        if !is_shared && !on_windows_fargate {
            return;
        }
        let listed = |list: &str, port: i64| {
            catalog::container_values(list).iter().any(|it| it.parse::<i64>().is_ok_and(|it| it == port))
        };
        for mapping in container.objects("portMappings") {
            if on_windows_fargate {
                if let Some((port, span)) = values::number(mapping, "containerPort")
                    && listed("reservedWindowsFargatePorts", port)
                {
                    acc.report(span, format!("Fargate with Windows keeps port {port} for itself"))
                        .case("windows")
                        .note("Choose another port.");
                }
                continue;
            }
            let host = values::number(mapping, "hostPort").filter(|(port, _)| *port != 0);
            let port = if is_host { host.or(values::number(mapping, "containerPort")) } else { host };
            let Some((port, span)) = port else { continue };
            if listed("reservedHostPorts", port) {
                acc.report(span, format!("container instances keep port {port} for themselves"))
                    .case("reserved")
                    .note("A task that asks for it is placed on none that reserves it, which by default are all.");
            } else if !is_host
                && catalog::container_limit("firstEphemeralPort")
                    .is_some_and(|first| port >= i64::from(first))
            {
                acc.report(span, format!("{port} is one of the ports that ECS gives out itself"))
                    .case("ephemeral")
                    .severity(Severity::Info)
                    .note(format!("It may be taken when the task starts. AWS advises against host ports from 32768 on; leave `{host_port}` out to get a free one."));
            }
        }
    }
}
