use super::unsupported_task_field;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Container, NetworkMode, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds settings that the network mode `awsvpc` rules out: `links`, `hostname`, `dnsServers`,
    /// `dnsSearchDomains`, `extraHosts` and `disableNetworking`.
    ///
    /// With `awsvpc` all containers of a task share one network interface and reach each other at
    /// `localhost`. ECS refuses the task definition.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub FieldNotWithAwsvpc {
        id: "field-not-with-awsvpc",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the network mode awsvpc rules this setting out",
        sources: [
            "cdk-preflight/pf-ecs-awsvpc-hostname",
            "cdk-preflight/pf-ecs-awsvpc-extra-hosts",
            "cdk-preflight/pf-ecs-fargate-disable-networking",
            "cdk-preflight/pf-ecs-fargate-dns-servers",
            "cdk-preflight/pf-ecs-fargate-links",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: [
            "Links are not supported when networkMode=awsvpc",
            "is not supported on container when networkMode=awsvpc",
            "are not supported on container when networkMode=awsvpc",
        ],
    }
}

impl Rule for FieldNotWithAwsvpc {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        if task.network_mode != NetworkMode::Awsvpc {
            return;
        }
        for name in ["links", "hostname", "dnsServers", "dnsSearchDomains", "extraHosts", "disableNetworking"]
        {
            // What a launch type refuses whatever the mode is reported as that.
            if unsupported_task_field::is_refused(name, task) {
                continue;
            }
            let Some(member) = container.object.member(name) else { continue };
            let set = match &member.value {
                Value::Array(array) => !array.items.is_empty(),
                Value::Bool(value, _) => *value,
                Value::Null(_) => false,
                other => !other.is_unknown(),
            };
            if set {
                let name = acc.name(name);
                acc.report(
                    member.name.content_span(),
                    format!("`{name}` cannot be combined with the network mode `awsvpc`"),
                )
                .note(format!(
                    "ECS refuses the task definition: `{name}` is not supported when networkMode=awsvpc."
                ))
                .fix(Fix::unsafe_(
                    format!("Remove `{name}`"),
                    vec![Edit::RemoveMember { span: member.name.span }],
                ));
            }
        }
    }
}
