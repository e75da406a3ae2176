use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds health checks that may take longer than the time between two of them: a `timeout` above the `interval`.
    ///
    /// Both are seconds; without them it is 5 and 30. The next check starts `interval` seconds after the last
    /// has ended, so a long timeout stretches the time until a failure is seen. Mostly the two were mixed up.
    ///
    /// See "HealthCheck" in the Amazon ECS API Reference.
    pub HealthCheckTimeoutOverInterval {
        id: "health-check-timeout-over-interval",
        group: Task,
        reads: [Container],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "a health check may take longer than its interval",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Health check interval should be longer than timeout"],
    }
}

impl Rule for HealthCheckTimeoutOverInterval {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let interval_name = acc.name("interval");
        let Some(check) = container.object.object("healthCheck") else { return };
        let Some((timeout, timeout_span)) = values::number(check, "timeout") else { return };
        match values::number(check, "interval") {
            Some((interval, interval_span)) if timeout > interval => {
                acc.report(
                    timeout_span,
                    format!("the health check may take {timeout} seconds, and its interval is {interval}"),
                )
                .note("Failures are seen later than the interval says. Mostly the two were mixed up.")
                .related(interval_span, "the interval")
                .fix(Fix::unsafe_(
                    "Swap the two",
                    vec![
                        Edit::ReplaceValue { span: timeout_span, value: json!(interval) },
                        Edit::ReplaceValue { span: interval_span, value: json!(timeout) },
                    ],
                ));
            }
            None if timeout > 30 && values::is_absent(check, "interval") => {
                acc.report(
                    timeout_span,
                    format!("the health check may take {timeout} seconds, and its interval is 30"),
                )
                .note(format!("30 seconds is what ECS takes where no `{interval_name}` is stated."));
            }
            _ => {}
        }
    }
}
