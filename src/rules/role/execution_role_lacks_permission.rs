use super::lack;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a task definition that asks for something which its execution role may not do.
    ///
    /// The execution role is what ECS itself uses before a container starts: to pull the image, to write the logs
    /// of `awslogs`, to read secrets, parameters and environment files. What it lacks ends in
    /// `ResourceInitializationError` or `CannotPullContainerError`, minutes after the deploy.
    ///
    /// The role is read wherever it stands: in the same template or module, in another one, or in files that are
    /// called like it (`web-execution-policy.json` for the role `web-execution`). Only where every policy of the
    /// role is known, those that AWS manages included, is anything said to be missing.
    ///
    /// ```json
    /// { "executionRoleArn": "arn:aws:iam::111122223333:role/web-execution",
    ///   "containerDefinitions": [{ "secrets": [{ "name": "KEY", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-Ab1Cd2" }] }] }
    /// ```
    ///
    /// Grant the action to the execution role, on the resource that the task definition names. The managed policy
    /// `AmazonECSTaskExecutionRolePolicy` has what images and logs need, and nothing for secrets, parameters,
    /// keys, environment files or new log groups. Allow the finding where a policy of the resource lets the role
    /// in, or a policy that is attached outside of the project.
    ///
    /// AWS: "Amazon ECS task execution IAM role" in the Amazon ECS developer guide.
    pub ExecutionRoleLacksPermission {
        id: "execution-role-lacks-permission",
        group: Role,
        reads: [Roles],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the execution role may not do what the task definition asks for",
        sources: [],
        fix: Grants,
        since: "0.1.0",
        service_messages: [
            "ResourceInitializationError: unable to pull secrets or registry auth",
            "CannotPullContainerError: pull access denied",
            "is not authorized to perform: secretsmanager:GetSecretValue",
            "is not authorized to perform: ssm:GetParameters",
            "is not authorized to perform: logs:CreateLogStream",
        ],
    }
}

impl Rule for ExecutionRoleLacksPermission {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        lack::report(verdicts, |role| role == "execution", acc);
    }
}
