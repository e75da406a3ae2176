use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;

declare_rule! {
    /// Finds services, and tasks to run, on an old platform version of Fargate.
    ///
    /// Old versions get no new features, then no security updates, and are switched off in the end: tasks that
    /// need EFS volumes, ephemeral storage or Amazon ECS Exec do not start on them. `LATEST`, which is also what
    /// a missing `platformVersion` means, follows the newest.
    ///
    /// See "Fargate platform versions" in the Amazon ECS Developer Guide.
    pub OldPlatformVersion {
        id: "old-platform-version",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["old", "unknown"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the platform version of Fargate is an old one",
        sources: [
            "checkov/CKV_AWS_332",
            "prowler/ecs_service_fargate_latest_platform_version",
            "security-hub/ECS.10",
        ],
        fix: Unsafe,
        since: "0.2.0",
    }
}

impl Rule for OldPlatformVersion {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        let Some(version) = service.input.known("platformVersion") else {
            return;
        };
        if catalog::is_old_platform_version(&version.text) {
            let span = version.content_span();
            acc.report(span, format!("Fargate's platform version `{}` is an old one", version.text))
                .note("It gets no new features and is switched off in the end. Write `LATEST`.")
                .fix(Fix { safety: Safety::Unsafe, ..Fix::replace_text(span, "LATEST") })
                .case("old");
        } else if is_number(&version.text) && !catalog::is_platform_version(&version.text) {
            let span = version.content_span();
            acc.report(span, format!("Fargate has no platform version `{}`", version.text))
                .case("unknown")
                .note("ECS refuses the request, unless the version is newer than this version of passrole. Write `LATEST`.")
                .fix(Fix { safety: Safety::Unsafe, ..Fix::replace_text(span, "LATEST") });
        }
    }
}

/// `1.4.0`: a version by its number.
fn is_number(version: &str) -> bool {
    version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
