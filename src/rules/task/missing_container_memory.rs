use crate::catalog::Platform;
use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Severity};
use crate::host::value::Value;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers without `memory` and `memoryReservation` in a task that states no `memory` either.
    ///
    /// ECS places a task by the memory it needs. On EC2 and external instances that is either the task's
    /// `memory`, or each container's `memory` (the limit, MiB) or `memoryReservation` (the soft limit, MiB).
    /// With none of them ECS refuses the task definition. On Fargate the task must state it, which is another
    /// rule's matter.
    ///
    /// See "Task definition parameters: Memory" in the Amazon ECS Developer Guide.
    pub MissingContainerMemory {
        id: "missing-container-memory",
        group: Task,
        reads: [Container],
        templates: SilentOnPart,
        cases: ["absent", "windows"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "neither the task nor the container states its memory",
        sources: ["cdk-preflight/pf-ecs-container-memory-required"],
        fix: None,
        since: "0.1.0",
        service_messages: ["At least one of 'memory' or 'memoryReservation' must be specified"],
    }
}

impl Rule for MissingContainerMemory {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let [memory, memory_reservation] = acc.names(["memory", "memoryReservation"]);
        if !task.whole || task.task_memory || task.launch_types.fargate {
            return;
        }
        if task.is_for(Platform::Windows)
            && container.object.has("memoryReservation")
            && !container.object.has("memory")
        {
            let span = container
                .object
                .member("memoryReservation")
                .map_or(container.object.open(), |it| it.name.content_span());
            acc.report(
                span,
                format!("a Windows container needs `{memory}`, not `{memory_reservation}` alone"),
            )
            .case("windows")
            .severity(Severity::Warning)
            .confidence(Confidence::Low)
            .note("Windows has no soft limit of memory: agents were seen not to start such a container.");
        }
        // A zero asks for nothing.
        let stated = ["memory", "memoryReservation"].iter().any(|field| match container.get(field) {
            None | Some(Value::Null(_)) => false,
            Some(Value::Number(number)) => number.as_integer() != Some(0),
            Some(_) => true,
        });
        let zero = ["memory", "memoryReservation"].iter().find_map(|field| {
            let value = container.get(field)?;
            (value.whole_number() == Some(0)).then(|| (*field, value.span()))
        });
        if let Some((field, span)) = zero.filter(|_| !stated) {
            let name = acc.name(field).to_string();
            acc.report(span, format!("`{name}` of 0 MiB asks for nothing, and the task states no `{memory}`"))
                .case("absent")
                .note("ECS refuses the task definition: `At least one of 'memory' or 'memoryReservation' must be specified`.");
            return;
        }
        if !stated {
            let name = container
                .name()
                .filter(|name| !name.text.is_empty())
                .map_or_else(String::new, |name| format!(" `{}`", name.text));
            let finding = acc.report(
                container.object.open(),
                format!(
                    "the container{name} states no `{memory}` or `{memory_reservation}`, and the task no `{memory}`"
                ),
            );
            finding.case("absent");
            let note = "ECS refuses the task definition: `At least one of 'memory' or 'memoryReservation' must be specified`.";
            if task.launch_types.stated {
                finding.note(note);
            } else {
                finding.note(format!("{note} Every launch type needs it; Fargate needs the task's."));
            }
        }
    }
}
