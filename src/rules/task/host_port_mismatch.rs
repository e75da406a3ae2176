use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::host::Edit;
use crate::model::{Container, NetworkMode, TaskContext};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds port mappings whose `hostPort` differs from the `containerPort` where both must be the same.
    ///
    /// In the network modes `awsvpc` and `host` the container's port **is** the host's. `hostPort` stays out
    /// or equals `containerPort`; ECS refuses anything else: `the host ports and container ports in port
    /// mappings must match`.
    ///
    /// See "PortMapping" in the Amazon ECS API Reference.
    pub HostPortMismatch {
        id: "host-port-mismatch",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "hostPort differs from containerPort where both must be the same",
        sources: ["cfn-lint/E3053", "cdk-preflight/pf-ecs-host-network-host-port-mismatch"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["the host ports and container ports in port mappings must match"],
    }
}

impl Rule for HostPortMismatch {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let [host_port_name, container_port] = acc.names(["hostPort", "containerPort"]);
        let mode = match task.network_mode {
            NetworkMode::Awsvpc => "awsvpc",
            NetworkMode::Host => "host",
            _ => return,
        };
        for mapping in container.objects("portMappings") {
            let (Some((host_port, host)), Some((port, own))) =
                (values::number(mapping, "hostPort"), values::number(mapping, "containerPort"))
            else {
                continue;
            };
            // In `host` mode a 0 means: the same.
            if host_port == port || (host_port == 0 && mode == "host") {
                continue;
            }
            acc.report(
                host,
                format!(
                    "with the network mode `{mode}`, `{host_port_name}` is `{container_port}`: {port}, not {host_port}"
                ),
            )
            .note(format!("Leave `{host_port_name}` out, or make both the same. ECS refuses the task definition."))
            .related(own, "the container's port")
            .fix(Fix {
                title: format!("Make `{host_port_name}` {port}").into(),
                // 0 asks for any port; another number may be the one that is meant.
                safety: if host_port == 0 { Safety::Safe } else { Safety::Unsafe },
                edits: vec![Edit::ReplaceValue { span: host, value: json!(port) }],
            });
        }
    }
}
