use super::lack;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a feature of a task or service that the task role may not use.
    ///
    /// The task role is what the containers use, and with them the agents that ECS puts beside them: ECS Exec needs
    /// four actions of `ssmmessages`, FireLens what its output calls, a volume on Amazon EFS with IAM
    /// authorization the right to mount it. They are not taken from the execution role.
    ///
    /// ```json
    /// { "serviceName": "web", "taskDefinition": "web", "enableExecuteCommand": true }
    /// ```
    ///
    /// Grant the actions to the task role that the task definition names. Allow the finding where a policy that is
    /// attached outside of the project does.
    ///
    /// AWS: "Amazon ECS task IAM role" and "Monitor Amazon ECS containers with ECS Exec" in the Amazon ECS
    /// developer guide.
    pub TaskRoleLacksPermission {
        id: "task-role-lacks-permission",
        group: Role,
        reads: [Roles],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the task role may not do what a feature of the task needs",
        sources: [],
        fix: Grants,
        since: "0.1.0",
        service_messages: [
            "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn't running",
            "is not authorized to perform: ssmmessages:CreateControlChannel",
            "is not authorized to perform: elasticfilesystem:ClientMount",
        ],
    }
}

impl Rule for TaskRoleLacksPermission {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        lack::report(verdicts, |role| role == "task", acc);
    }
}
