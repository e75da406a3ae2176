use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds a `startTimeout` or `stopTimeout` outside of what Fargate takes: less than 2 seconds, or more than 120.
    ///
    /// The API reference gives that range; what becomes of a longer time is not written anywhere. On EC2 they may
    /// be longer. A service that needs more than two minutes to end has to end its work in
    /// smaller steps on Fargate.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub FargateTimeoutOutOfRange {
        id: "fargate-timeout-out-of-range",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "Fargate takes from 2 to 120 seconds to start or to stop",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for FargateTimeoutOutOfRange {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        if !task.launch_types.fargate {
            return;
        }
        let limit = |name: &str| catalog::container_limit(name).map_or(0, i64::from);
        let (least, most) = (limit("fargateTimeoutLeast"), limit("fargateTimeoutMost"));
        for field in ["startTimeout", "stopTimeout"] {
            let Some((seconds, span)) = values::number(container.object, field) else { continue };
            // A generated skeleton has zeros.
            if (least..=most).contains(&seconds) || seconds == 0 {
                continue;
            }
            let near = seconds.clamp(least, most);
            acc.report(
                span,
                format!("on Fargate `{}` is from {least} to {most} seconds, not {seconds}", acc.name(field)),
            )
            .note("That is the range in AWS's reference: more is refused, or does not count.")
            .fix(crate::diagnostic::Fix::unsafe_(
                format!("Make it {near}"),
                vec![crate::host::Edit::ReplaceValue { span, value: serde_json::json!(near) }],
            ));
        }
    }
}
