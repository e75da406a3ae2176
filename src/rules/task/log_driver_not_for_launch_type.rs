use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds log drivers that a launch type of the task does not have.
    ///
    /// Fargate has `awslogs`, `splunk` and `awsfirelens`. ECS refuses anything else.
    ///
    /// See "LogConfiguration" in the Amazon ECS API Reference.
    pub LogDriverNotForLaunchType {
        id: "log-driver-not-for-launch-type",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a launch type of the task has no such log driver",
        sources: ["cfn-lint/E3048", "cfn-lint/E3713", "cdk-preflight/pf-ecs-fargate-log-driver-unsupported"],
        fix: None,
        since: "0.1.0",
        service_messages: ["is not a valid log driver. Must be one of"],
    }
}

impl Rule for LogDriverNotForLaunchType {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let Some(driver) =
            container.object.object("logConfiguration").and_then(|log| log.string("logDriver"))
        else {
            return;
        };
        if driver.has_unknown() {
            return;
        }
        let types = task.launch_types;
        for (stated, launch_type, title) in [
            (types.fargate, "FARGATE", "Fargate"),
            (types.managed_instances, "MANAGED_INSTANCES", "ECS Managed Instances"),
        ] {
            let drivers = catalog::log_drivers(launch_type);
            // A name no launch type knows is another rule's.
            if !stated
                || drivers.contains(&&*driver.text)
                || !catalog::log_drivers("EC2").contains(&&*driver.text)
            {
                continue;
            }
            let listed = quoted(drivers.iter());
            acc.report(
                driver.content_span(),
                format!("{title} does not have the log driver `{}`", driver.text),
            )
            .note(format!("It has {listed}. ECS refuses the task definition."));
            return;
        }
    }
}
