use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::Value;
use crate::model::{Container, NetworkMode, OperatingSystem, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers that run as root on the network of their container instance.
    ///
    /// In the network mode `host` nothing separates a container's network from the instance's: as root it
    /// may listen on every port, read all traffic and reach the instance's metadata, and with that the
    /// instance's role. AWS advises against root there. A container that states no `user` runs as its image
    /// says, which mostly is root: that is only mentioned.
    ///
    /// See "Task definition parameters: Network mode" in the Amazon ECS Developer Guide.
    pub RootOnHostNetwork {
        id: "root-on-host-network",
        group: Task,
        reads: [Container],
        cases: ["absent", "root"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a container is root on the network of its container instance",
        sources: [
            "prowler/ecs_task_definitions_host_networking_mode_users",
            "security-hub/ECS.1",
            "security-hub/ECS.17",
            "cdk-nag/ECSTaskDefinitionUserForHostMode",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for RootOnHostNetwork {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let user_name = acc.name("user");
        if task.network_mode != NetworkMode::Host
            || task.operating_system == OperatingSystem::Windows
            || !task.whole
            || task.launch_types.fargate
            // That it is privileged is said already, and goes further.
            || container.get("privileged").and_then(Value::as_bool) == Some(true)
        {
            return;
        }
        match container.get("user") {
            Some(Value::String(user)) if values::is_stated(user) && values::is_root(&user.text) => {
                acc.report(user.content_span(), "the container is root on the network of its container instance")
                    .case("root")
                    .note(format!("State a `{user_name}` without privileges, such as \"1000:1000\", or use the network mode `awsvpc`."));
            }
            None | Some(Value::Null(_)) => {
                acc.report(
                    container.object.open(),
                    format!("the container states no `{user_name}`, and is on the network of its container instance"),
                )
                .case("absent")
                .severity(Severity::Info)
                .note(format!("Unless its image says otherwise it is root there. State a `{user_name}` such as \"1000:1000\", or use the network mode `awsvpc`."));
            }
            _ => {}
        }
    }
}
