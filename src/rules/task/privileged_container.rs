use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::model::{Container, OperatingSystem, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers with `"privileged": true`.
    ///
    /// Such a container is root on the container instance: it sees its devices, and whoever breaks into it has
    /// the instance, its role, and every other task on it. Agents that watch the host need it now and then;
    /// mostly a single capability in `linuxParameters.capabilities.add`, or a device in `linuxParameters.devices`,
    /// is enough.
    ///
    /// Fargate refuses it, which is another rule's matter.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub PrivilegedContainer {
        id: "privileged-container",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a container is root on its container instance",
        sources: [
            "checkov/CKV_AWS_334",
            "prowler/ecs_task_definitions_no_privileged_containers",
            "security-hub/ECS.4",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for PrivilegedContainer {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let [linux_parameters, privileged] = acc.names(["linuxParameters", "privileged"]);
        let Some(member) = container.object.member("privileged") else { return };
        if member.value.as_bool() != Some(true)
            || task.launch_types.fargate
            || task.operating_system == OperatingSystem::Windows
        {
            return;
        }
        acc.report(member.value.span(), "a privileged container is root on its container instance")
            .note(
                format!("Add the capability or the device that it needs in `{linux_parameters}`, and leave `{privileged}` out."),
            )
            .fix(Fix::unsafe_(format!("Remove `{privileged}`"), vec![Edit::RemoveMember { span: member.name.span }]));
    }
}
