use super::linked_task;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;

declare_rule! {
    /// Finds `enableExecuteCommand` of a service, or of a task to run, whose containers have no init process.
    ///
    /// The agent of ECS Exec and the commands it starts are children of the container's first process. If that
    /// one does not reap them, they stay behind as zombies. `initProcessEnabled` puts a process in front that does.
    ///
    /// ```json
    /// "linuxParameters": { "initProcessEnabled": true }
    /// ```
    ///
    /// See "Monitor Amazon ECS containers with ECS Exec" in the Amazon ECS Developer Guide.
    pub ExecWithoutInitProcess {
        id: "exec-without-init-process",
        group: Service,
        reads: [Service],
        on: [Service],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "ECS Exec leaves processes behind in a container without an init process",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for ExecWithoutInitProcess {
    fn check_service(&self, service: ServiceInput<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        let [init_process_enabled, linux_parameters] = acc.names(["initProcessEnabled", "linuxParameters"]);
        let found =
            linked_task::exec_into(service, neighbours, |container| container.init_process == Some(false));
        let Some((span, task, names)) = found.filter(|(_, _, names)| !names.is_empty()) else { return };
        acc.report(
            span,
            format!(
                "ECS Exec leaves processes behind in {} of {}",
                linked_task::listed(names),
                linked_task::title(task)
            ),
        )
        .note(format!(
            "Nobody reaps what it started. Add `{init_process_enabled}` to the `{linux_parameters}`.{}",
            linked_task::place(task)
        ));
    }
}
