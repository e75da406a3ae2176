use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::{Member, Object, Value};
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds settings that Fargate refuses: `privileged`, `links`, `dnsServers`, host volumes, GPUs,
    /// placement constraints and others.
    ///
    /// On Fargate nobody owns the host, so nothing that touches it can be set. ECS refuses the task
    /// definition, one setting at a time.
    ///
    /// See "Amazon ECS task definition differences for Fargate" in the Amazon ECS Developer Guide.
    pub FargateUnsupportedField {
        id: "fargate-unsupported-field",
        group: Task,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "Fargate refuses this setting",
        sources: [
            "cfn-lint/E3048",
            "cdk-preflight/pf-ecs-fargate-privileged",
            "cdk-preflight/pf-ecs-fargate-links",
            "cdk-preflight/pf-ecs-fargate-dns-servers",
            "cdk-preflight/pf-ecs-fargate-disable-networking",
            "cdk-preflight/pf-ecs-fargate-ipc-mode",
            "cdk-preflight/pf-ecs-fargate-pid-mode-host",
            "cdk-preflight/pf-ecs-fargate-placement-constraints",
            "cdk-preflight/pf-ecs-fargate-docker-volume",
            "cdk-preflight/pf-ecs-fargate-host-source-path",
            "cdk-preflight/pf-ecs-fargate-gpu-resource",
            "cdk-preflight/pf-ecs-fargate-inference-accelerator",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: [
            "Fargate requires that the 'privileged' setting be 'false'",
            "is not allowed on Fargate",
            "Links are not supported when networkMode=awsvpc",
            "is not supported for Fargate",
        ],
    }
}

impl Rule for FargateUnsupportedField {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head.filter(|_| context.launch_types.fargate) else { return };
        for name in ["placementConstraints", "inferenceAccelerators", "ipcMode"] {
            if let Some(member) = head.member(name).filter(|member| is_set(&member.value)) {
                report(member, "", acc);
            }
        }
        if let Some(mode) = head.string("pidMode").filter(|mode| &*mode.text == "host") {
            acc.report(mode.content_span(), "Fargate does not support the `pidMode` `host`")
                .case("pidMode")
                .note("It knows `task` only. ECS refuses the task definition.");
        }
        for volume in head.items("volumes").iter().filter_map(Value::as_object) {
            if let Some(member) =
                volume.member("dockerVolumeConfiguration").filter(|member| is_set(&member.value))
            {
                report(member, "volumes", acc);
            }
            let source = volume.object("host").and_then(|host| host.member("sourcePath"));
            if let Some(member) = source.filter(|member| is_set(&member.value)) {
                report(member, "volumes", acc);
            }
        }
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        if !task.launch_types.fargate {
            return;
        }
        if let Some(member) =
            container.object.member("privileged").filter(|member| member.value.as_bool() == Some(true))
        {
            report(member, "", acc);
        }
        if let Some(member) =
            container.object.member("disableNetworking").filter(|member| member.value.as_bool() == Some(true))
        {
            report(member, "", acc);
        }
        for name in ["links", "dnsServers", "dnsSearchDomains", "extraHosts", "dockerSecurityOptions"] {
            if let Some(member) = container.object.member(name).filter(|member| is_set(&member.value)) {
                report(member, "", acc);
            }
        }
        if let Some(linux) = container.object.object("linuxParameters") {
            check_linux(linux, acc);
        }
        for requirement in container.objects("resourceRequirements") {
            if let Some(kind) = requirement.string("type").filter(|kind| &*kind.text == "GPU") {
                acc.report(kind.content_span(), "Fargate has no GPUs")
                    .case("gpu")
                    .note("ECS refuses the task definition.");
            }
        }
    }
}

fn check_linux(linux: &Object, acc: &mut Findings) {
    for name in ["devices", "sharedMemorySize", "maxSwap", "swappiness"] {
        if let Some(member) = linux.member(name).filter(|member| is_set(&member.value)) {
            report(member, "linuxParameters", acc);
        }
    }
    let added = linux.object("capabilities").map_or(&[][..], |capabilities| capabilities.items("add"));
    for capability in added.iter().filter_map(Value::as_string) {
        if &*capability.text != "SYS_PTRACE" && !capability.has_unknown() {
            acc.report(
                capability.content_span(),
                format!("Fargate does not add the capability `{}`", capability.text),
            )
            .case("capability")
            .note("It adds `SYS_PTRACE` only. ECS refuses the task definition.");
        }
    }
}

/// Empty lists, `null` and what is filled in later ask for nothing.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Array(array) => !array.items.is_empty(),
        Value::Null(_) => false,
        other => !other.is_unknown(),
    }
}

fn report(member: &Member, place: &str, acc: &mut Findings) {
    let name = &member.name.text;
    let of = if place.is_empty() { String::new() } else { format!(" of `{place}`") };
    acc.report(member.name.content_span(), format!("Fargate does not support `{name}`{of}"))
        .case("field")
        .note("ECS refuses the task definition.")
        .fix(Fix::unsafe_(format!("Remove `{name}`"), vec![Edit::RemoveMember { span: member.name.span }]));
}
