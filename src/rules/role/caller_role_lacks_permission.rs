use super::lack;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a schedule, a rule, a state machine, a deployment, a capacity provider or a job of a workflow whose role
    /// may not do what it is there for.
    ///
    /// Whoever runs a task needs `ecs:RunTask` on its task definition and `iam:PassRole` on the roles that the task
    /// definition names; tags need `ecs:TagResource`; a state machine that waits for the task needs a rule of
    /// EventBridge as well. A schedule whose role lacks one of them runs nothing, and says so in a metric alone.
    ///
    /// ```yaml
    /// Target:
    ///   Arn: !GetAtt Cluster.Arn
    ///   RoleArn: !GetAtt SchedulerRole.Arn
    ///   EcsParameters: { TaskDefinitionArn: !Ref Job }
    /// ```
    ///
    /// Of workflows (GitHub Actions, GitLab CI) the steps and commands are known that push to Amazon ECR, register
    /// task definitions and deploy services; who registers a task definition passes the roles that it names.
    ///
    /// Grant the action to the role that the caller names: for `iam:PassRole` with the condition that
    /// `iam:PassedToService` is `ecs-tasks.amazonaws.com`. Allow the finding where a policy that is attached
    /// outside of the project does.
    ///
    /// AWS: "Amazon ECS EventBridge IAM role" and "Amazon ECS CodeDeploy IAM role" in the Amazon ECS developer
    /// guide.
    pub CallerRoleLacksPermission {
        id: "caller-role-lacks-permission",
        group: Role,
        reads: [Roles],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the role of whoever runs or deploys the task may not do that",
        sources: [],
        fix: Grants,
        since: "0.1.0",
        service_messages: [
            "is not authorized to perform: ecs:RunTask",
            "is not authorized to perform: iam:PassRole",
            "is not authorized to create managed-rule",
        ],
    }
}

impl Rule for CallerRoleLacksPermission {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        lack::report(verdicts, |role| role == "caller", acc);
    }
}
