use super::{names, values};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use std::collections::HashSet;

declare_rule! {
    /// Finds a `startTimeout` on a container that no other container waits for.
    ///
    /// It says how long others wait for **this** container to become what their `dependsOn` asks for. It does not
    /// end a container that starts slowly; that is what a health check's `startPeriod` and `retries` are for.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub StartTimeoutWithoutEffect {
        id: "start-timeout-without-effect",
        group: Task,
        reads: [Task],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "startTimeout counts only where another container waits",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for StartTimeoutWithoutEffect {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let [start_timeout, depends_on, start_period, health_check] =
            acc.names(["startTimeout", "dependsOn", "startPeriod", "healthCheck"]);
        if context.excerpt
            || !task
                .containers()
                .any(|(_, it)| values::number(it.object, "startTimeout").is_some_and(|(it, _)| it > 0))
        {
            return;
        }
        // A name that is not known may be the one that is waited for.
        if names::containers(task).is_none() {
            return;
        }
        let mut awaited = HashSet::new();
        for (_, container) in task.containers() {
            match container.get("dependsOn") {
                None | Some(Value::Null(_)) => {}
                Some(Value::Array(array)) => {
                    for item in &array.items {
                        match item.as_object().and_then(|it| it.string("containerName")) {
                            Some(name) if !name.has_unknown() => {
                                awaited.insert(&*name.text);
                            }
                            _ => return,
                        }
                    }
                }
                Some(_) => return,
            }
        }
        for (base, container) in task.containers() {
            let Some(member) = container.object.member("startTimeout") else { continue };
            let Some(name) = container.name() else { continue };
            if values::number(container.object, "startTimeout").is_some_and(|(it, _)| it > 0)
                && !awaited.contains(&*name.text)
            {
                acc.report(
                    member.name.content_span().shifted(base),
                    format!("no container waits for `{}`, so its `{start_timeout}` does nothing", name.text),
                )
                .note(format!("It says how long others wait that name it in `{depends_on}`. For a slow start use `{start_period}` of the `{health_check}`."));
            }
        }
    }
}
