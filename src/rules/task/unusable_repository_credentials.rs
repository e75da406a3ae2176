use super::values;
use crate::catalog::Arn;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `repositoryCredentials` that cannot be used: no secret of Secrets Manager, or beside an image of Amazon ECR.
    ///
    /// `credentialsParameter` is the ARN of a secret with `username` and `password`, or its name where it is of the same
    /// Region. Images of Amazon ECR are pulled with the task execution role instead.
    ///
    /// See "Using non-AWS container images in Amazon ECS" in the Amazon ECS Developer Guide.
    pub UnusableRepositoryCredentials {
        id: "unusable-repository-credentials",
        group: Task,
        reads: [Container],
        cases: ["arn", "ecr"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "credentials of a registry cannot be used",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for UnusableRepositoryCredentials {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let Some(credentials) = container.object.member("repositoryCredentials") else { return };
        let Some(parameter) =
            credentials.value.as_object().and_then(|it| values::stated(it, "credentialsParameter"))
        else {
            return;
        };
        if let Ok(arn) = Arn::parse(&parameter.text)
            && (arn.service != "secretsmanager" || !arn.resource.starts_with("secret:"))
        {
            acc.report(parameter.content_span(), "credentials of a registry are a secret of Secrets Manager")
                .case("arn")
                .note("Write `arn:aws:secretsmanager:…:secret:NAME-AbCdEf`. The image cannot be pulled.");
        }
        let is_ecr = values::stated(container.object, "image")
            .is_some_and(|it| values::ecr_region(&it.text).is_some());
        if is_ecr {
            acc.report(
                credentials.name.content_span(),
                "an image of Amazon ECR needs no credentials of a registry",
            )
            .case("ecr")
            .severity(Severity::Warning)
            .note("ECS pulls it with the task execution role.");
        }
    }
}
