use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a service with ECS Exec whose task definition names no task role.
    ///
    /// The agent of ECS Exec runs inside of the containers and opens its channels with the task role. Without one
    /// the service starts, and `aws ecs execute-command` fails.
    ///
    /// ```json
    /// { "taskDefinition": "web", "enableExecuteCommand": true }
    /// ```
    ///
    /// Name a role in `taskRoleArn` that may create and open channels of `ssmmessages`. Allow the finding where the
    /// instances' own role has these permissions.
    ///
    /// AWS: "Monitor Amazon ECS containers with ECS Exec" in the Amazon ECS developer guide.
    pub ExecWithoutTaskRole {
        id: "exec-without-task-role",
        group: Role,
        reads: [Roles],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "ECS Exec is on, and the task definition names no task role",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["The execute command failed"],
    }
}

impl Rule for ExecWithoutTaskRole {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            if let Verdict::NoTaskRole { span, task } = verdict {
                let field = acc.name("taskRoleArn");
                let note = format!(
                    "The agent in the containers opens its channels with the task role: name one in `{field}` that \
                     may `ssmmessages:CreateControlChannel`, `CreateDataChannel`, `OpenControlChannel` and \
                     `OpenDataChannel`."
                );
                acc.report(
                    *span,
                    format!("ECS Exec needs a task role, and the task definition `{task}` names none"),
                )
                .note(note);
            }
        }
    }
}
