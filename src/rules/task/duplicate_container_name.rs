use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashMap;

declare_rule! {
    /// Finds two containers of one task with the same name.
    ///
    /// Dependencies, links, load balancers and ECS Exec find a container by its name. ECS refuses a task
    /// definition whose names are not unique.
    pub DuplicateContainerName {
        id: "duplicate-container-name",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "two containers have the same name",
        sources: ["cdk-preflight/pf-ecs-duplicate-container-names"],
        fix: None,
        since: "0.1.0",
        service_messages: ["Container names must be unique"],
    }
}

impl Rule for DuplicateContainerName {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for (base, container) in task.containers() {
            let Some(name) = container.name().filter(|name| !name.has_unknown() && !name.text.is_empty())
            else {
                continue;
            };
            let span = name.content_span().shifted(base);
            match seen.get(&*name.text).filter(|_| !task.containers_are_chosen()) {
                Some(first) => {
                    acc.report(span, format!("two containers are named `{}`", name.text))
                        .note("ECS refuses the task definition: `Container names must be unique`.")
                        .related(*first, "the first of that name");
                }
                None => {
                    seen.insert(&name.text, span);
                }
            }
        }
    }
}
