use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds essential containers without a `healthCheck`.
    ///
    /// ECS looks at the health checks of the task definition only, not at those of an image. A service replaces
    /// a task whose essential container is unhealthy; without a check only one that has ended.
    ///
    /// A load balancer's checks are enough for many services, so this is asked for only with `--level pedantic`.
    ///
    /// See "HealthCheck" in the Amazon ECS API Reference.
    pub MissingHealthCheck {
        id: "missing-health-check",
        group: Task,
        reads: [Container],
        templates: SilentOnPart,
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "an essential container has no health check",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for MissingHealthCheck {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let health_check = acc.name("healthCheck");
        if task.excerpt
            || !container.is_essential()
            || container.get("essential").is_some_and(|it| it.is_unknown())
            || !values::is_absent(container.object, "healthCheck")
        {
            return;
        }
        acc.report(container.object.open(), format!("the essential container has no `{health_check}`"))
            .note("ECS looks at health checks of the task definition only, not at those of the image.");
    }
}
