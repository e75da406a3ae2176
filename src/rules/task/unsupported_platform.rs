use crate::catalog::{self, Platform};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds a `runtimePlatform` that does not exist: Windows on ARM64, a Windows version that Fargate does not
    /// have, Windows on ECS Managed Instances.
    ///
    /// ECS refuses Windows on ARM64. Fargate has Windows Server 2019 and 2022; tasks for other versions are
    /// not placed there.
    ///
    /// See "RuntimePlatform" in the Amazon ECS API Reference.
    pub UnsupportedPlatform {
        id: "unsupported-platform",
        group: Task,
        reads: [Task],
        cases: ["arm64", "fargate", "managed-instances"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "there is no such operating system and processor for the task",
        sources: ["cdk-preflight/pf-ecs-windows-arm64"],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: ["ARM64 is not supported for Windows"],
    }
}

impl Rule for UnsupportedPlatform {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let Some(platform) = task.head.and_then(|head| head.object("runtimePlatform")) else { return };
        let Some(family) = platform.string("operatingSystemFamily").filter(|it| !it.has_unknown()) else {
            return;
        };
        if !context.is_for(Platform::Windows) {
            return;
        }
        if let Some(processor) = platform.string("cpuArchitecture").filter(|it| &*it.text == "ARM64") {
            let span = processor.content_span();
            acc.report(span, "Windows does not run on `ARM64`")
                .case("arm64")
                .note("ECS refuses the task definition.")
                .related(family.content_span(), "Windows")
                .fix(Fix { safety: crate::diagnostic::Safety::Unsafe, ..Fix::replace_text(span, "X86_64") });
        }
        let is_old = |name: &str| {
            // Which of the newest Fargate has by now, sources do not agree on.
            !name.starts_with("WINDOWS_SERVER_2025")
                && !catalog::fargate_families().contains(&name)
                && catalog::shape("RuntimePlatform").and_then(|it| it.field("operatingSystemFamily")).is_some_and(
                    |field| matches!(field.field_type, catalog::FieldType::Enum(values) if values.contains(&name)),
                )
        };
        if context.launch_types.fargate && is_old(&family.text) {
            let listed =
                quoted(catalog::fargate_families().iter().filter(|name| name.starts_with("WINDOWS")));
            acc.report(family.content_span(), format!("Fargate has no `{}`", family.text))
                .case("fargate")
                .severity(Severity::Warning)
                .note(format!("It has {listed}. No task of this definition starts there."));
        }
        if context.launch_types.managed_instances {
            acc.report(family.content_span(), "ECS Managed Instances run Linux only")
                .case("managed-instances")
                .severity(Severity::Warning)
                .note("No task of this definition starts there.");
        }
    }
}
