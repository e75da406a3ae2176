use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds task definitions all of whose containers say `"essential": false`.
    ///
    /// When an essential container stops, the task stops; a task without one would never end, and ECS refuses
    /// it. A container that says nothing is essential.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub MissingEssentialContainer {
        id: "missing-essential-container",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "no container is essential",
        sources: ["cfn-lint/E3042", "cdk-preflight/pf-ecs-essential-container"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["at least one essential container", "Task definition does not have an essential container"],
    }
}

impl Rule for MissingEssentialContainer {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let essential = acc.name("essential");
        // A unit that is no object is not known to be inessential.
        if task.document.units.is_empty() || task.containers().count() != task.document.units.len() {
            return;
        }
        let mut first = None;
        for (base, container) in task.containers() {
            match container.get("essential") {
                Some(Value::Bool(false, span)) => first = first.or(Some(span.shifted(base))),
                _ => return,
            }
        }
        if let Some(span) = first {
            let finding = acc.report(span, "no container of the task is essential");
            finding.note(format!("ECS refuses the task definition. Set `{essential}` to true for the container whose end is the end of the task."));
            // Of several it is the user's choice.
            if task.document.units.len() == 1 {
                finding.fix(Fix::unsafe_(
                    "Make it `true`",
                    vec![Edit::ReplaceValue { span, value: json!(true) }],
                ));
            }
        }
    }
}
