use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::Value;
use crate::model::{Container, ExecutionRole, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `secrets`, `secretOptions`, `repositoryCredentials` and `environmentFiles` in a task without a task execution
    /// role.
    ///
    /// ECS reads secrets before the container starts, with the task execution role, not with the task role.
    /// Without `executionRoleArn` it refuses the task definition; with environment files it does not start the task.
    ///
    /// See "Amazon ECS task execution IAM role" in the Amazon ECS Developer Guide.
    pub SecretsWithoutExecutionRole {
        id: "secrets-without-execution-role",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "secrets are named, but no task execution role to read them",
        sources: ["cdk-preflight/pf-ecs-secrets-without-execution-role"],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'",
        ],
    }
}

impl Rule for SecretsWithoutExecutionRole {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let execution_role_arn = acc.name("executionRoleArn");
        if task.execution_role != ExecutionRole::Absent || !task.whole {
            return;
        }
        let log = container.object.object("logConfiguration");
        let fields = [
            container.object.member("secrets"),
            log.and_then(|log| log.member("secretOptions")),
            container.object.member("repositoryCredentials"),
            container.object.member("environmentFiles"),
        ];
        for member in fields.into_iter().flatten() {
            let filled = match &member.value {
                Value::Array(array) => !array.items.is_empty(),
                Value::Object(_) => true,
                _ => false,
            };
            if filled {
                let finding = acc.report(
                    member.name.content_span(),
                    format!(
                        "`{}` needs a task execution role, and the task has none",
                        acc.name(&member.name.text)
                    ),
                );
                finding.note(
                    format!("ECS refuses the task definition. Set `{execution_role_arn}` to a role that ecs-tasks.amazonaws.com may assume and \
                     that may read them."),
                );
                // Nothing says that it is refused; but nothing else could read the files.
                if &*member.name.text == "environmentFiles" {
                    finding.severity(Severity::Warning).note(
                        format!("The task does not start. Set `{execution_role_arn}` to a role that ecs-tasks.amazonaws.com may assume and that may \
                         read them."),
                    );
                }
            }
        }
    }
}
