use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Container, ExecutionRole, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds containers of a Fargate task that log to CloudWatch or come from a private Amazon ECR repository,
    /// without a task execution role.
    ///
    /// On Fargate there is no instance whose role could do it: pulling the image and writing the logs is done
    /// with `executionRoleArn`. ECS refuses the task definition without it.
    ///
    /// On external instances (ECS Anywhere) the guide asks for the role as well: a warning for logs, which nothing else can
    /// write there; for the image alone the role of the instance may serve.
    ///
    /// See "Amazon ECS task execution IAM role" in the Amazon ECS Developer Guide.
    pub FargateWithoutExecutionRole {
        id: "fargate-without-execution-role",
        group: Task,
        reads: [Container],
        cases: ["awslogs", "external-awslogs", "external-image", "image"],
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
        if !task.whole || task.execution_role != ExecutionRole::Absent {
            return;
        }
        if !task.launch_types.fargate {
            if task.launch_types.external {
                external(container, acc);
            }
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

/// On external instances the guide asks for the role, too; an image may be pulled by the role of the instance.
fn external(container: Container<'_>, acc: &mut Findings) {
    let execution_role_arn = acc.name("executionRoleArn");
    let note = format!(
        "Set `{execution_role_arn}`: the guide on external instances asks for a task execution role."
    );
    if let Some(image) = container.image().filter(|image| values::ecr_region(&image.text).is_some()) {
        acc.report(
            image.content_span(),
            "an image of Amazon ECR needs a task execution role on ECS Anywhere",
        )
        .case("external-image")
        .severity(Severity::Info)
        .note(format!("{note} The role of the instance may be enough to pull the image."));
    }
    let driver = container.object.object("logConfiguration").and_then(|log| log.string("logDriver"));
    if let Some(driver) = driver.filter(|driver| &*driver.text == "awslogs") {
        acc.report(
            driver.content_span(),
            "the log driver `awslogs` needs a task execution role on ECS Anywhere",
        )
        .case("external-awslogs")
        .severity(Severity::Warning)
        .note(note);
    }
}
