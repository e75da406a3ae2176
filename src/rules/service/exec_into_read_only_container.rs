use super::linked_task;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;

declare_rule! {
    /// Finds `enableExecuteCommand` of a service, or of a task to run, whose containers have a read-only root
    /// filesystem.
    ///
    /// ECS Exec starts an agent in the container that writes into its filesystem. With `readonlyRootFilesystem`
    /// the task runs, and every `aws ecs execute-command` fails.
    ///
    /// See "Monitor Amazon ECS containers with ECS Exec" in the Amazon ECS Developer Guide.
    pub ExecIntoReadOnlyContainer {
        id: "exec-into-read-only-container",
        group: Service,
        reads: [Service],
        on: [Service],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "ECS Exec does not reach a container whose root filesystem is read-only",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for ExecIntoReadOnlyContainer {
    fn check_service(&self, service: ServiceInput<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        let readonly_root_filesystem = acc.name("readonlyRootFilesystem");
        let found = linked_task::exec_into(service, neighbours, |container| container.read_only_root);
        let Some((span, task, names)) = found.filter(|(_, _, names)| !names.is_empty()) else { return };
        acc.report(
            span,
            format!("ECS Exec does not work in {} of {}: the root filesystem is read-only", linked_task::listed(names), linked_task::title(task)),
        )
        .note(format!(
            "Its agent writes into the container. Leave `{readonly_root_filesystem}` out there, or ECS Exec off.{}",
            linked_task::place(task)
        ));
    }
}
