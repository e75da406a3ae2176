use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds log configurations whose `mode` is `blocking`.
    ///
    /// When the log destination cannot be reached, writing to standard output blocks, and the application
    /// with it. With `non-blocking` lines are kept in a buffer (`max-buffer-size`), and lost when that is full.
    /// Since June 2025 `non-blocking` is what ECS takes where nothing is stated.
    ///
    /// Who must not lose a line chooses `blocking`, so this is asked for only with `--level pedantic`.
    pub BlockingLogMode {
        id: "blocking-log-mode",
        group: Task,
        reads: [Container],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "an application stops when its logs cannot be sent",
        sources: ["prowler/ecs_task_definitions_logging_block_mode"],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for BlockingLogMode {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let options = container.object.object("logConfiguration").and_then(|log| log.object("options"));
        let Some(mode) = options.and_then(|options| values::stated(options, "mode")) else { return };
        if &*mode.text == "blocking" {
            let span = mode.content_span();
            acc.report(span, "the application stops when its logs cannot be sent")
                .note("`non-blocking` keeps lines in a buffer, and loses them when it is full.")
                .fix(Fix::unsafe_(
                    "Replace with `non-blocking`",
                    vec![crate::host::Edit::ReplaceText { span, text: "non-blocking".into() }],
                ));
        }
    }
}
