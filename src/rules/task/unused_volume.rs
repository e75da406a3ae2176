use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use std::collections::HashSet;

declare_rule! {
    /// Finds volumes that no container mounts.
    ///
    /// ECS accepts them. Mostly they are left over, or a mount point was forgotten. Only a volume
    /// that is configured at launch must be mounted: ECS refuses the task definition otherwise.
    pub UnusedVolume {
        id: "unused-volume",
        group: Task,
        reads: [Task],
        cases: ["configured-at-launch"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "no container mounts the volume",
        sources: ["cdk-preflight/pf-ecs-volume-not-referenced"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["are not referenced by any of the containers"],
    }
}

impl Rule for UnusedVolume {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let mount_points = acc.name("mountPoints");
        if !context.whole {
            return;
        }
        let Some(Value::Array(volumes)) = task.get("volumes") else { return };
        // Containers that are made elsewhere may mount any of them.
        let is_known =
            task.document.units_span.is_some() && task.containers().count() == task.document.units.len();
        if !is_known {
            return;
        }
        let mut mounted = HashSet::new();
        for (_, container) in task.containers() {
            for mount in container.objects("mountPoints") {
                match mount.string("sourceVolume") {
                    Some(name) if !name.has_unknown() => {
                        mounted.insert(&*name.text);
                    }
                    // It may be any of them.
                    _ => return,
                }
            }
            if container.get("mountPoints").is_some_and(Value::is_unknown) {
                return;
            }
        }
        let names = volumes.items.iter().filter_map(Value::as_object).filter_map(|it| it.string("name"));
        let declared: Vec<&str> = names.map(|name| &*name.text).collect();
        for volume in volumes.items.iter().filter_map(Value::as_object) {
            let Some(name) =
                volume.string("name").filter(|name| !name.has_unknown() && !name.text.is_empty())
            else {
                continue;
            };
            if mounted.contains(&&*name.text) {
                continue;
            }
            let item = Edit::RemoveItem { span: volume.span };
            let only = volumes.items.len() == 1;
            let edit = if only { Edit::RemoveMember { span: volumes.span } } else { item };
            let finding =
                acc.report(name.content_span(), format!("no container mounts the volume `{}`", name.text));
            if volume.get("configuredAtLaunch").and_then(Value::as_bool) == Some(true) {
                finding.case("configured-at-launch").note(
                    "A volume that is configured at launch must be mounted: ECS refuses the task definition, as it is not referenced by any of the containers.",
                );
            } else {
                finding
                    .severity(Severity::Info)
                    .note(format!("Mount it in a container's `{mount_points}`, or remove it."));
            }
            // A mount point of a volume that is not there may be meant to be of this one.
            if mounted.iter().all(|name| declared.contains(name)) {
                finding.fix(Fix::unsafe_(format!("Remove the volume `{}`", name.text), vec![edit]));
            }
        }
    }
}
