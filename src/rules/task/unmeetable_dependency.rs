use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;
use std::collections::HashMap;

declare_rule! {
    /// Finds dependencies whose condition can never come true: `HEALTHY` of a container without a health
    /// check, `COMPLETE` or `SUCCESS` of an essential container.
    ///
    /// A container without a `healthCheck` in the task definition is never `HEALTHY`, whatever its image
    /// says; nor is one whose check is `NONE`. When an essential container ends, the whole task ends, so nobody can wait for it. ECS refuses
    /// both.
    ///
    /// See "ContainerDependency" in the Amazon ECS API Reference.
    pub UnmeetableDependency {
        id: "unmeetable-dependency",
        group: Task,
        reads: [Task],
        cases: ["essential", "healthy", "switched-off"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a dependency waits for what can never come true",
        sources: [
            "cdk-preflight/pf-ecs-dependson-healthy-without-healthcheck",
            "cdk-preflight/pf-ecs-dependson-complete-on-essential",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "A dependency container with HEALTHY condition must have health check configured",
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
        ],
    }
}

impl Rule for UnmeetableDependency {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let [health_check, essential] = acc.names(["healthCheck", "essential"]);
        let mut named: HashMap<&str, (u32, Container<'_>)> = HashMap::new();
        for (base, container) in task.containers() {
            if let Some(name) = container.name().filter(|name| !name.has_unknown()) {
                named.entry(&name.text).or_insert((base, container));
            }
        }
        for (base, container) in task.containers() {
            for dependency in container.objects("dependsOn") {
                let (Some(name), Some(condition)) =
                    (dependency.string("containerName"), dependency.string("condition"))
                else {
                    continue;
                };
                // An empty name is not a name of anything.
                if name.text.is_empty() {
                    continue;
                }
                let Some(&(target_base, target)) = named.get(&*name.text) else { continue };
                let span = condition.content_span().shifted(base);
                let target_span = target.name().map(|name| name.span.shifted(target_base)).unwrap_or(span);
                match &*condition.text {
                    "HEALTHY" if matches!(target.get("healthCheck"), None | Some(Value::Null(_))) => {
                        acc.report(span, format!("`{}` has no health check, so it is never `HEALTHY`", name.text))
                            .case("healthy")
                            .note(format!("Give it a `{health_check}` here; one in its image does not count. ECS refuses the task definition."))
                            .related(target_span, "the container");
                    }
                    "HEALTHY" if is_switched_off(target.get("healthCheck")) => {
                        acc.report(
                            span,
                            format!(
                                "`{}` switches its health check off, so it is never `HEALTHY`",
                                name.text
                            ),
                        )
                        .case("switched-off")
                        .note("`NONE` stands for no check. The container that waits never starts.")
                        .related(target_span, "the container");
                    }
                    "COMPLETE" | "SUCCESS"
                        if target.is_essential()
                            && !target.get("essential").is_some_and(Value::is_unknown) =>
                    {
                        acc.report(span, format!("`{}` is essential: when it ends, the task ends", name.text))
                            .case("essential")
                            .note(format!("Set its `{essential}` to false, or wait for `START`. ECS refuses the task definition."))
                            .related(target_span, "the container");
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether a health check says `NONE`.
fn is_switched_off(check: Option<&Value>) -> bool {
    let command = check.and_then(Value::as_object).map_or(&[][..], |check| check.items("command"));
    command.first().and_then(Value::as_string).is_some_and(|first| &*first.text == "NONE")
}
