use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers without a `logConfiguration`.
    ///
    /// On Fargate what they write is lost. On EC2 it goes where the instance's Docker daemon puts it, mostly into
    /// files that end with the instance.
    ///
    /// Side containers often have nothing to say, so this is asked for only with `--level pedantic`.
    ///
    /// See "Send Amazon ECS logs to CloudWatch" in the Amazon ECS Developer Guide.
    pub MissingLogConfiguration {
        id: "missing-log-configuration",
        group: Task,
        reads: [Container],
        templates: SilentOnPart,
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "a container's logs go nowhere in particular",
        sources: [
            "prowler/ecs_task_definitions_logging_enabled",
            "security-hub/ECS.9",
            "cdk-nag/ECS7",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for MissingLogConfiguration {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let log_configuration = acc.name("logConfiguration");
        if task.excerpt || !values::is_absent(container.object, "logConfiguration") {
            return;
        }
        let note = if task.launch_types.fargate {
            format!("On Fargate what it writes is lost. Add a `{log_configuration}`.")
        } else if !task.launch_types.stated {
            format!(
                "On Fargate what it writes is lost; elsewhere it goes where the instance's Docker daemon puts it. Add a `{log_configuration}`."
            )
        } else {
            format!(
                "What it writes goes where the instance's Docker daemon puts it. Add a `{log_configuration}`."
            )
        };
        acc.report(container.object.open(), format!("the container has no `{log_configuration}`")).note(note);
    }
}
