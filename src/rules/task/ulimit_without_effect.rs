use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds ulimits other than `nofile` in a task for Fargate.
    ///
    /// Tasks on Fargate have the operating system's limits; `nofile`, the number of open files, is the one that
    /// can be set.
    ///
    /// See "Ulimit" in the Amazon ECS API Reference.
    pub UlimitWithoutEffect {
        id: "ulimit-without-effect",
        group: Task,
        reads: [Container],
        severity: Info,
        confidence: Medium,
        level: Default,
        summary: "Fargate leaves this limit as it is",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for UlimitWithoutEffect {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        if !task.launch_types.fargate {
            return;
        }
        for limit in container.objects("ulimits") {
            if let Some(name) = values::stated(limit, "name").filter(|name| &*name.text != "nofile") {
                acc.report(name.content_span(), format!("Fargate leaves the limit `{}` as it is", name.text))
                    .note("AWS names `nofile` as the only limit that can be set there.");
            }
        }
    }
}
