use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::{StringValue, Value};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use std::collections::HashMap;

declare_rule! {
    /// Finds volumes of a task with the same name.
    ///
    /// Mount points name their volume; with two of that name there is no telling which is meant. ECS refuses
    /// the task definition.
    ///
    /// See "Volume" in the Amazon ECS API Reference.
    pub DuplicateVolumeName {
        id: "duplicate-volume-name",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: Medium,
        level: Default,
        summary: "two volumes have the same name",
        sources: [],
        fix: None,
        since: "0.2.0",
        service_messages: ["Volume names must be unique", "duplicate volume"],
    }
}

impl Rule for DuplicateVolumeName {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head else { return };
        let mut seen: HashMap<&str, &StringValue> = HashMap::new();
        for volume in head.items("volumes").iter().filter_map(Value::as_object) {
            let Some(name) =
                volume.string("name").filter(|name| !name.has_unknown() && !name.text.is_empty())
            else {
                continue;
            };
            if let Some(first) = seen.get(&*name.text) {
                acc.report(name.content_span(), format!("the volume `{}` is declared twice", name.text))
                    .note("ECS refuses the task definition. Give one another name, or remove it.")
                    .related(first.content_span(), "the first of that name");
            } else {
                seen.insert(&name.text, name);
            }
        }
    }
}
