use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{NetworkMode, TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds `enableFaultInjection` where faults cannot be injected: in the network modes `bridge` and `none`,
    /// and, for some of them, on Fargate without the `pidMode` `task`.
    ///
    /// The agent takes requests for faults in the modes `awsvpc` and `host` only: `bridge mode is not supported`.
    /// On Fargate, the sidecar that causes them sees the other containers' processes only where all share them.
    ///
    /// See "Use the AWS FIS aws:ecs:task actions" in the AWS FIS User Guide.
    pub FaultInjectionWithoutEffect {
        id: "fault-injection-without-effect",
        group: Task,
        reads: [Task],
        cases: ["network-mode", "pid-mode"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "faults cannot be injected into such a task",
        sources: [],
        fix: None,
        since: "0.2.0",
        service_messages: ["mode is not supported. Please use either host or awsvpc mode."],
    }
}

impl Rule for FaultInjectionWithoutEffect {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let pid_mode = acc.name("pidMode");
        let Some(head) = task.head.filter(|_| context.whole) else { return };
        let Some(member) =
            head.member("enableFaultInjection").filter(|member| member.value.as_bool() == Some(true))
        else {
            return;
        };
        let mode = match context.network_mode {
            NetworkMode::Bridge => Some("bridge"),
            NetworkMode::None => Some("none"),
            NetworkMode::Absent
                if !context.launch_types.fargate && !context.launch_types.managed_instances =>
            {
                Some("bridge")
            }
            _ => None,
        };
        if let Some(mode) = mode {
            acc.report(
                member.value.span(),
                format!("no faults can be injected in the network mode `{mode}`"),
            )
            .case("network-mode")
            .note("The agent takes requests in `awsvpc` and `host` only.");
        } else if context.launch_types.fargate && head.get("pidMode").is_none() {
            acc.report(member.value.span(), format!("on Fargate, some faults need the `{pid_mode}` `task`"))
                .case("pid-mode")
                .severity(Severity::Info)
                .note(
                    "Without it, the sidecar that causes them does not see the other containers' processes.",
                );
        }
    }
}
