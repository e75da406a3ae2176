use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{Container, NetworkMode, OperatingSystem, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers whose `user` is root, an administrator, or not stated.
    ///
    /// Without `user` the image decides, and mostly it says root (on Windows `ContainerUser` or
    /// `ContainerAdministrator`). Security Hub asks for a stated user without privileges.
    ///
    /// Most images bring their own user, so this is asked for only with `--level pedantic`.
    pub ContainerRunsAsRoot {
        id: "container-runs-as-root",
        group: Task,
        reads: [Container],
        templates: SilentOnPart,
        cases: ["absent", "root"],
        severity: Info,
        confidence: Medium,
        level: Pedantic,
        summary: "a container runs as root, or does not say as whom",
        sources: ["security-hub/ECS.20", "security-hub/ECS.21"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ContainerRunsAsRoot {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let user_name = acc.name("user");
        // On the host's network that is another rule's matter, at every level.
        if task.excerpt || task.network_mode == NetworkMode::Host {
            return;
        }
        let (is_admin, name, example): (fn(&str) -> bool, _, _) = match task.operating_system {
            OperatingSystem::Linux => (values::is_root, "root", "1000:1000"),
            OperatingSystem::Windows => (
                |user| user.eq_ignore_ascii_case("ContainerAdministrator"),
                "an administrator",
                "ContainerUser",
            ),
            OperatingSystem::Unknown => return,
        };
        match container.get("user") {
            Some(Value::String(user)) if values::is_stated(user) && is_admin(&user.text) => {
                acc.report(user.content_span(), format!("the container runs as {name}"))
                    .case("root")
                    .note(format!("State a `{user_name}` without privileges, such as \"{example}\"."));
            }
            None => {
                acc.report(
                    container.object.open(),
                    format!("the container does not say as which `{user_name}` it runs"),
                )
                .case("absent")
                .note(format!(
                    "Its image decides. State a `{user_name}` without privileges, such as \"{example}\"."
                ));
            }
            _ => {}
        }
    }
}
