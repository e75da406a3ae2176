use super::unsupported_task_field;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Container, NetworkMode, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `links` in the network modes `host` and `none`.
    ///
    /// Links join containers over Docker's bridge, so they need the network mode `bridge`. In the mode `host`
    /// containers reach each other at `localhost`; with `none` not at all. For `awsvpc` see
    /// `field-not-with-awsvpc`.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub LinksWithoutBridge {
        id: "links-without-bridge",
        group: Task,
        reads: [Container],
        cases: ["host", "none"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "links need the network mode bridge",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["host type networking can't be used with links"],
    }
}

impl Rule for LinksWithoutBridge {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let links_name = acc.name("links");
        let mode = match task.network_mode {
            NetworkMode::Host => "host",
            NetworkMode::None => "none",
            _ => return,
        };
        // What a launch type refuses whatever the mode is reported as that.
        if unsupported_task_field::is_refused("links", task) {
            return;
        }
        let Some(member) = container.object.member("links") else { return };
        let Value::Array(links) = &member.value else { return };
        if links.items.iter().all(Value::is_unknown) {
            return;
        }
        let finding = acc.report(
            member.name.content_span(),
            format!("`{links_name}` cannot be combined with the network mode `{mode}`"),
        );
        finding.case(mode).fix(Fix::unsafe_(
            format!("Remove `{links_name}`"),
            vec![Edit::RemoveMember { span: member.name.span }],
        ));
        if mode == "host" {
            finding.note("Containers reach each other at `localhost` there. The task definition is refused, or its containers do not start.");
        } else {
            finding.severity(Severity::Warning).note("They need the network mode `bridge`.");
        }
    }
}
