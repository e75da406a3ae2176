use super::names;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::StringValue;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use std::collections::HashSet;

declare_rule! {
    /// Finds `dependsOn` entries that name a container the task does not have, or their own container.
    ///
    /// ECS refuses the task definition.
    ///
    /// See "ContainerDependency" in the Amazon ECS API Reference.
    pub UnknownDependency {
        id: "unknown-dependency",
        group: Task,
        reads: [Task],
        cases: ["missing", "self"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a container depends on one that is not there",
        sources: ["cdk-preflight/pf-ecs-dependson-container-missing"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Cannot depend on container because it does not exist", "Container cannot depend on itself"],
    }
}

impl Rule for UnknownDependency {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let Some(known) = names::containers(task) else { return };
        let all: HashSet<&str> = known.iter().copied().collect();
        for (base, container) in task.containers() {
            for dependency in container.objects("dependsOn") {
                // An empty name is not a name of anything.
                let named = |name: &&StringValue| !name.has_unknown() && !name.text.is_empty();
                let Some(name) = dependency.string("containerName").filter(named) else { continue };
                let span = name.content_span().shifted(base);
                if container.name().is_some_and(|own| own.text == name.text) {
                    acc.report(span, format!("the container `{}` depends on itself", name.text))
                        .case("self")
                        .note("ECS refuses the task definition.");
                } else if !all.contains(&*name.text) {
                    names::no_container(span, &name.text, &known, acc);
                }
            }
        }
    }
}
