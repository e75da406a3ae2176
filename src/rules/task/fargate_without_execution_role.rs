use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, ExecutionRole, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers of a Fargate task that log to CloudWatch or come from a private Amazon ECR repository,
    /// without a task execution role.
    ///
    /// On Fargate there is no instance whose role could do it: pulling the image and writing the logs is done
    /// with `executionRoleArn`. ECS refuses the task definition without it.
    ///
    /// See "Amazon ECS task execution IAM role" in the Amazon ECS Developer Guide.
    pub FargateWithoutExecutionRole {
        id: "fargate-without-execution-role",
        group: Task,
        reads: [Container],
        cases: ["awslogs", "image"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "Fargate needs a task execution role for these logs or this image",
        sources: ["cdk-preflight/pf-ecs-fargate-execution-role-missing-awslogs"],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "Fargate requires task definition to have execution role ARN to support log driver awslogs",
            "Fargate requires task definition to have execution role ARN to support ECR images",
        ],
    }
}

impl Rule for FargateWithoutExecutionRole {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let execution_role_arn = acc.name("executionRoleArn");
        if !task.whole || !task.launch_types.fargate || task.execution_role != ExecutionRole::Absent {
            return;
        }
        let note = format!(
            "ECS refuses the task definition. Set `{execution_role_arn}`; the managed policy AmazonECSTaskExecutionRolePolicy has what is needed."
        );
        if let Some(image) = container.image().filter(|image| values::ecr_region(&image.text).is_some()) {
            acc.report(image.content_span(), "an image of Amazon ECR needs a task execution role on Fargate")
                .case("image")
                .note(note.clone());
        }
        let driver = container.object.object("logConfiguration").and_then(|log| log.string("logDriver"));
        if let Some(driver) = driver.filter(|driver| &*driver.text == "awslogs") {
            acc.report(
                driver.content_span(),
                "the log driver `awslogs` needs a task execution role on Fargate",
            )
            .case("awslogs")
            .note(note);
        }
    }
}
