use super::fargate_size_mismatch::{Stated, field};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds `cpu` and `memory` of a task that cannot be read as an amount.
    ///
    /// `cpu` is a number of CPU units, 1,024 to the vCPU, or of vCPUs with its unit: `"256"`, `".25 vCPU"`.
    /// `memory` is a number of MiB, or of GB with its unit: `"512"`, `"0.5 GB"`. ECS refuses anything else,
    /// whatever the launch type: `Invalid 'cpu' setting for task`.
    ///
    /// On EC2 and external instances a task has from 128 to 196,608 CPU units; older pages say 10,240, so
    /// that is only mentioned.
    ///
    /// See "Task definition parameters: Task size" in the Amazon ECS Developer Guide.
    pub InvalidTaskSize {
        id: "invalid-task-size",
        group: Task,
        reads: [Task],
        cases: ["range", "unreadable"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the task's cpu or memory is not a valid amount",
        sources: ["cfn-lint/E3047"],
        fix: None,
        since: "0.2.0",
        service_messages: ["Invalid 'cpu' setting for task", "Invalid 'memory' setting for task"],
    }
}

impl Rule for InvalidTaskSize {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        for (name, parse, example) in [
            ("cpu", catalog::parse_cpu as fn(&str) -> Option<u32>, "`256`, or `.25 vCPU`"),
            ("memory", catalog::parse_memory, "`512`, or `0.5 GB`"),
        ] {
            let Stated::As(amount) = field(task, name) else { continue };
            // What is empty is not filled in yet, or left out by whoever deploys it.
            if amount.text.is_empty() {
                continue;
            }
            let Some(parsed) = parse(amount.text) else {
                acc.report(amount.content, format!("`{}` is not a valid amount of {name}", amount.text))
                    .case("unreadable")
                    .note(format!(
                        "Write {example}. ECS refuses the task definition: `Invalid '{name}' setting for task`."
                    ));
                continue;
            };
            let limits = catalog::task_definition_shape().field("cpu").map(|field| field.limits);
            if let Some((Some(least), Some(most))) = limits.map(|limits| (limits.min, limits.max))
                && name == "cpu"
                && !context.launch_types.fargate
                && !(least..=most).contains(&i64::from(parsed))
            {
                acc.report(
                    amount.content,
                    format!("a task has from {least} to {most} CPU units, not {parsed}"),
                )
                .case("range")
                .severity(Severity::Info)
                .note("AWS's pages differ on the limits. 1024 CPU units are a vCPU.");
            }
        }
    }
}
