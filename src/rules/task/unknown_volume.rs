use super::names;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use std::collections::HashSet;

declare_rule! {
    /// Finds mount points of a volume that the task does not declare.
    ///
    /// Every `sourceVolume` names one of the task's `volumes`. ECS refuses the task definition otherwise:
    /// `Unknown volume`.
    pub UnknownVolume {
        id: "unknown-volume",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a mount point names a volume that is not declared",
        sources: ["cdk-preflight/pf-ecs-mountpoint-source-volume-missing"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Unknown volume"],
    }
}

impl Rule for UnknownVolume {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let volumes = acc.name("volumes");
        // Of containers that stand apart from their task, the volumes stand elsewhere.
        if !context.whole || task.head.is_none() {
            return;
        }
        let declared: Vec<&str> = match task.get("volumes") {
            None | Some(Value::Null(_)) => Vec::new(),
            Some(Value::Array(array)) => {
                let mut names = Vec::new();
                for item in &array.items {
                    match item.as_object().map(|volume| volume.string("name")) {
                        Some(Some(name)) if !name.has_unknown() => names.push(&*name.text),
                        // A volume whose name is not known may be any.
                        _ => return,
                    }
                }
                names
            }
            Some(_) => return,
        };
        let known: HashSet<&str> = declared.iter().copied().collect();
        for (base, container) in task.containers() {
            for mount in container.objects("mountPoints") {
                let Some(name) = mount.string("sourceVolume").filter(|name| !name.has_unknown()) else {
                    continue;
                };
                if known.contains(&*name.text) {
                    continue;
                }
                let span = if name.text.is_empty() { name.span } else { name.content_span() }.shifted(base);
                let near = names::guess(&name.text, declared.iter().copied());
                let note = match declared.as_slice() {
                    [] => format!("ECS refuses the task definition: the task declares no `{volumes}`.")
                        .to_string(),
                    some => names::refused(some),
                };
                acc.report(span, format!("the task declares no volume `{}`", name.text))
                    .note(note)
                    .maybe_fix(near.map(|near| Fix::guess(span, near)));
            }
        }
    }
}
