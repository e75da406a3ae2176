use super::linked_task;
use crate::catalog::Platform;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::graph::Neighbours;
use crate::model::{ServiceInput, TaskSummary};
use crate::rules::Rule;

declare_rule! {
    /// Finds services, and tasks to run, with a `launchType` that the task definition is not made for.
    ///
    /// `requiresCompatibilities` of the task definition says what it was validated for. ECS refuses any other:
    /// `Task definition does not support launch_type FARGATE`. Where the task definition does not say, it is not
    /// known before it is registered, and nothing is found.
    ///
    /// See "CreateService" in the Amazon ECS API Reference.
    pub LaunchTypeMismatch {
        id: "launch-type-mismatch",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["capacity-provider", "launch-type"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the task definition is not made for that launch type",
        sources: ["cfn-lint/E3054"],
        fix: None,
        since: "0.2.0",
        service_messages: ["Task definition does not support launch_type"],
    }
}

impl Rule for LaunchTypeMismatch {
    fn check_service(&self, service: ServiceInput<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        let requires_compatibilities = acc.name("requiresCompatibilities");
        let input = service.input;
        let tasks = &neighbours.tasks;
        let Some(first) = tasks.first() else { return };
        let none_is_for = |platform: Platform| {
            tasks.iter().all(|task| task.launch_types.stated && !task.launch_types.includes(platform))
        };
        if let Some(launch_type) = input.known("launchType") {
            let platform = match &*launch_type.text {
                "EC2" => Platform::Ec2,
                "FARGATE" => Platform::Fargate,
                "EXTERNAL" => Platform::External,
                "MANAGED_INSTANCES" => Platform::ManagedInstances,
                _ => return,
            };
            if none_is_for(platform) {
                acc.report(
                    launch_type.content_span(),
                    format!("{} is not made for `{}`", linked_task::title(first), launch_type.text),
                )
                .case("launch-type")
                .note(format!(
                    "ECS refuses the request: `Task definition does not support launch_type {}`. Its `{requires_compatibilities}` has {}.{}",
                    launch_type.text,
                    stated(first),
                    linked_task::place(first)
                ));
            }
        }
        for item in input.objects("capacityProviderStrategy") {
            let Some(provider) =
                item.known("capacityProvider").filter(|it| matches!(&*it.text, "FARGATE" | "FARGATE_SPOT"))
            else {
                continue;
            };
            if none_is_for(Platform::Fargate) {
                acc.report(
                    provider.content_span(),
                    format!("{} is not made for `{}`", linked_task::title(first), provider.text),
                )
                .case("capacity-provider")
                .severity(Severity::Warning)
                .note(format!(
                    "No task of it starts there. Its `{requires_compatibilities}` has {}.{}",
                    stated(first),
                    linked_task::place(first)
                ));
            }
        }
    }
}

fn stated(task: &TaskSummary) -> String {
    let types = task.launch_types;
    let names = [
        (types.ec2, "EC2"),
        (types.fargate, "FARGATE"),
        (types.external, "EXTERNAL"),
        (types.managed_instances, "MANAGED_INSTANCES"),
    ];
    linked_task::listed(names.into_iter().filter(|(is_stated, _)| *is_stated).map(|(_, name)| name))
}
