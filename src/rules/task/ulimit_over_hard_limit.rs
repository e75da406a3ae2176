use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds ulimits whose `softLimit` is above their `hardLimit`.
    ///
    /// The hard limit is what the soft one may be raised to. ECS refuses the task definition: `Soft limit exceeds hard
    /// limit for ulimit`.
    ///
    /// See "Ulimit" in the Amazon ECS API Reference.
    pub UlimitOverHardLimit {
        id: "ulimit-over-hard-limit",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a ulimit's soft limit is above its hard limit",
        sources: ["cdk-preflight/pf-ecs-ulimit-soft-over-hard"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Soft limit exceeds hard limit for ulimit"],
    }
}

impl Rule for UlimitOverHardLimit {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        for limit in container.objects("ulimits") {
            let (Some((soft, soft_span)), Some((hard, hard_span))) =
                (values::number(limit, "softLimit"), values::number(limit, "hardLimit"))
            else {
                continue;
            };
            // Below zero stands for "no limit".
            if soft <= hard || hard < 0 {
                continue;
            }
            acc.report(soft_span, format!("the soft limit of {soft} is above the hard limit of {hard}"))
                .note("ECS refuses the task definition: `Soft limit exceeds hard limit`.")
                .related(hard_span, "the hard limit")
                .fix(Fix::unsafe_(
                    "Swap the two",
                    vec![
                        Edit::ReplaceValue { span: soft_span, value: json!(hard) },
                        Edit::ReplaceValue { span: hard_span, value: json!(soft) },
                    ],
                ));
        }
    }
}
