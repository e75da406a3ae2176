use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers with less than 6 MiB of `memory` or `memoryReservation`.
    ///
    /// Docker starts none with less (before version 20.10: 4 MiB). Mostly the number was meant as GiB: both fields
    /// are in MiB.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub ContainerMemoryTooSmall {
        id: "container-memory-too-small",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a container gets too little memory to start",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["Minimum memory limit allowed is 6MB", "Minimum memory reservation allowed is 6MB"],
    }
}

impl Rule for ContainerMemoryTooSmall {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let Some(least) = catalog::container_limit("smallestMemory") else { return };
        for field in ["memory", "memoryReservation"] {
            // A generated skeleton has zeros; what they mean depends on the task's memory.
            let Some((mib, span)) = values::number(container.object, field) else { continue };
            if mib > 0 && mib < i64::from(least) {
                acc.report(
                    span,
                    format!(
                        "`{}` is in MiB, and {mib} MiB are too few to start a container",
                        acc.name(field)
                    ),
                )
                .note(format!("Docker asks for {least} MiB at least. A GiB is 1024."));
            }
        }
    }
}
