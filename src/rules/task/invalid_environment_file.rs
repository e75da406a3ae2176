use super::values;
use crate::catalog::{self, Arn};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds environment files that are not given as the ARN of an object in Amazon S3, and more than ten of them.
    ///
    /// `value` is `arn:aws:s3:::BUCKET/KEY`, and the key ends in `.env`. ECS refuses what is not an ARN: `Invalid arn syntax`.
    ///
    /// See "EnvironmentFile" in the Amazon ECS API Reference.
    pub InvalidEnvironmentFile {
        id: "invalid-environment-file",
        group: Task,
        reads: [Container],
        cases: ["bucket", "count", "extension", "not-an-arn", "service"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an environment file is not the ARN of an object in S3",
        sources: ["cdk-preflight/pf-ecs-environment-files-max", "cdk-preflight/pf-ecs-environment-files-type"],
        fix: Safe,
        since: "0.1.0",
        service_messages: [
            "Invalid arn syntax",
            "The maximum number of environment files was exceeded. Specify ten or less and try again",
        ],
    }
}

impl Rule for InvalidEnvironmentFile {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let files = container.object.items("environmentFiles");
        if let Some(most) = catalog::container_limit("environmentFiles")
            && let Some(first) = files.get(most as usize)
        {
            acc.report(
                first.span(),
                format!("a container takes {most} environment files, not {}", files.len()),
            )
            .case("count")
            .note("ECS refuses the task definition: `The maximum number of environment files was exceeded`.");
        }
        for file in container.objects("environmentFiles") {
            let Some(value) = values::stated(file, "value") else { continue };
            let span = value.content_span();
            match Arn::parse(&value.text) {
                Err(_) => {
                    let finding =
                        acc.report(span, "an environment file is named by the ARN of its object in S3");
                    finding
                        .case("not-an-arn")
                        .note("ECS refuses the task definition: `Invalid arn syntax`. Write `arn:aws:s3:::BUCKET/KEY`.");
                    if let Some(path) = value.text.strip_prefix("s3://") {
                        finding.fix(Fix::replace_text(span, &format!("arn:aws:s3:::{path}")));
                    }
                }
                Ok(arn) if arn.service != "s3" => {
                    acc.report(
                        span,
                        format!("an environment file is an object in S3, not in `{}`", arn.service),
                    )
                    .case("service")
                    .note("The task cannot start. Write `arn:aws:s3:::BUCKET/KEY`.");
                }
                Ok(arn) => match arn.resource.split_once('/') {
                    Some((_, key)) if !key.is_empty() => {
                        if !key.ends_with(".env") {
                            acc.report(
                                value.part(value.text.len() - key.len()..value.text.len()),
                                "an environment file's name ends in `.env`",
                            )
                            .case("extension")
                            .severity(Severity::Warning)
                            .note("ECS asks for that extension.");
                        }
                    }
                    _ => {
                        acc.report(span, "the ARN names a bucket, not an object in it")
                            .case("bucket")
                            .note("The task cannot start. Write `arn:aws:s3:::BUCKET/KEY`.");
                    }
                },
            }
        }
    }
}
