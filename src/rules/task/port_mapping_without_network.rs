use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Container, NetworkMode, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds port mappings in the network mode `none`.
    ///
    /// Containers of such a task have no network, so no port can be opened. ECS refuses the task definition.
    ///
    /// See "Task definition parameters: Network mode" in the Amazon ECS Developer Guide.
    pub PortMappingWithoutNetwork {
        id: "port-mapping-without-network",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a port is mapped in the network mode none",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for PortMappingWithoutNetwork {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let port_mappings = acc.name("portMappings");
        if task.network_mode != NetworkMode::None {
            return;
        }
        let Some(member) = container.object.member("portMappings") else { return };
        let Value::Array(mappings) = &member.value else { return };
        if mappings.items.iter().any(|it| it.as_object().is_some()) {
            acc.report(member.name.content_span(), "with the network mode `none` no port can be mapped")
                .note("ECS refuses the task definition. Choose another mode, or leave the mappings out.")
                .fix(Fix::unsafe_(
                    format!("Remove `{port_mappings}`"),
                    vec![Edit::RemoveMember { span: member.name.span }],
                ));
        }
    }
}
