use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::{Edit, Name};
use crate::model::{Container, NetworkMode, TaskContext};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds port mappings without a `containerPort` and without a `containerPortRange`.
    ///
    /// A mapping says which port of the container it opens. ECS refuses the task definition.
    ///
    /// See "PortMapping" in the Amazon ECS API Reference.
    pub MissingContainerPort {
        id: "missing-container-port",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a port mapping does not say which port of the container it opens",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Invalid 'containerPort' setting for container"],
    }
}

impl Rule for MissingContainerPort {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let container_port = acc.name("containerPort");
        for mapping in container.objects("portMappings") {
            if !values::is_absent(mapping, "containerPort")
                || !values::is_absent(mapping, "containerPortRange")
            {
                continue;
            }
            // A misspelt field is reported as that.
            let is_misspelt = mapping.members.iter().any(|member| {
                let name = &member.name.text;
                name.to_ascii_lowercase().starts_with("container")
                    || crate::catalog::nearest(name, ["containerPort"].into_iter()).is_some()
            });
            if is_misspelt {
                continue;
            }
            let finding = acc.report(mapping.open(), format!("the port mapping has no `{container_port}`"));
            finding.note("ECS refuses the task definition.");
            if let (NetworkMode::Awsvpc | NetworkMode::Host, Some((port, _))) =
                (&task.network_mode, values::number(mapping, "hostPort"))
            {
                finding.fix(Fix::unsafe_(
                    format!("Add `\"containerPort\": {port}`"),
                    vec![Edit::InsertMember {
                        object: mapping.span,
                        name: Name::field("containerPort"),
                        value: json!(port),
                    }],
                ));
            }
        }
    }
}
