use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds containers with the log driver `awsfirelens` in a task without a log router: no container has a
    /// `firelensConfiguration`.
    ///
    /// The driver hands lines to a container of the same task that runs Fluent Bit or Fluentd. ECS refuses the task
    /// definition without it.
    ///
    /// ```json
    /// { "name": "log_router", "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable", "essential": true,
    ///   "firelensConfiguration": { "type": "fluentbit" } }
    /// ```
    ///
    /// See "Send Amazon ECS logs to an AWS service or AWS Partner" in the Amazon ECS Developer Guide.
    pub MissingLogRouter {
        id: "missing-log-router",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "no container takes what awsfirelens hands over",
        sources: ["cdk-preflight/pf-ecs-awsfirelens-without-router"],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be specified",
        ],
    }
}

impl Rule for MissingLogRouter {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let firelens_configuration = acc.name("firelensConfiguration");
        if context.excerpt || task.containers().count() != task.document.units.len() {
            return;
        }
        let mut users: Vec<Span> = Vec::new();
        for (base, container) in task.containers() {
            if !matches!(container.get("firelensConfiguration"), None | Some(Value::Null(_))) {
                return;
            }
            let driver = container.object.object("logConfiguration").and_then(|log| log.string("logDriver"));
            if let Some(driver) = driver.filter(|driver| &*driver.text == "awsfirelens") {
                users.push(driver.content_span().shifted(base));
            }
        }
        for span in users {
            acc.report(span, "no container of the task is a log router for `awsfirelens`").note(
                format!("Add a container with a `{firelens_configuration}`, such as aws-for-fluent-bit. ECS refuses the task definition."),
            );
        }
    }
}
