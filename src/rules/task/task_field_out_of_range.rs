use super::shape_walk::{self, Typed};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;
use serde_json::json;

declare_rule! {
    /// Finds numbers outside of the range that ECS accepts: a health check's interval, an ephemeral
    /// storage, a port, a restart period.
    ///
    /// ECS refuses the document. Units are seconds for times, GiB for ephemeral storage.
    ///
    /// Sources disagree on a health check's `timeout` between 61 and 120 seconds: that is only mentioned.
    ///
    /// See "HealthCheck", "EphemeralStorage" and the other structures in the Amazon ECS API Reference.
    pub TaskFieldOutOfRange {
        id: "task-field-out-of-range",
        group: Task,
        reads: [Container, Task],
        cases: ["items"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a number is outside of the range that ECS accepts",
        sources: [
            "botocore/invalid-range",
            "cdk-preflight/pf-ecs-healthcheck-start-period-range",
            "cdk-preflight/pf-ecs-ephemeral-storage-range",
            "cdk-preflight/pf-ecs-healthcheck-interval-range",
            "cdk-preflight/pf-ecs-healthcheck-timeout-range",
            "cdk-preflight/pf-ecs-healthcheck-retries-range",
            "cdk-preflight/pf-ecs-restart-policy-attempt-period-range",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["size should be at least 21", "size should be at most 200", "Invalid containerPort"],
    }
}

impl Rule for TaskFieldOutOfRange {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let most = catalog::container_limit("containers").map_or(usize::MAX, |most| most as usize);
        if let Some(first) = task.document.units.get(most) {
            let count = task.document.units.len();
            let span = Span::new(first.span().start, first.span().start + 1);
            acc.report(span, format!("a task definition has at most {most} containers, not {count}"))
                .case("items")
                .note("ECS refuses the task definition: `Too many containers`.");
        }
        if let Some(head) = task.head {
            shape_walk::values(head, shape_walk::task(context), &mut |typed| check(typed, acc));
        }
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        shape_walk::values(container.object, shape_walk::container(task), &mut |typed| check(typed, acc));
    }
}

pub(in crate::rules) fn check(typed: Typed<'_>, acc: &mut Findings) {
    let limits = typed.field.limits;
    if let (Some(most), Value::Array(array)) = (limits.max_items, typed.value)
        && array.items.len() as i64 > most
    {
        let name = typed.field.name;
        acc.report(
            array.open(),
            format!("`{}` has {} items, and takes {most}", acc.name(name), array.items.len()),
        )
        .case("items")
        .note("ECS refuses the document.");
        return;
    }
    let Some(number) = typed.value.as_number().and_then(|number| number.as_f64()) else { return };
    let low = limits.min.is_some_and(|min| number < min as f64);
    let high = limits.max.is_some_and(|max| number > max as f64);
    if !low && !high {
        return;
    }
    let name = typed.field.name;
    let range = match (limits.min, limits.max) {
        (Some(min), Some(max)) => format!("from {min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => return,
    };
    let finding = acc
        .report(typed.value.span(), format!("`{}` is {range}{}, not {number}", acc.name(name), unit(name)));
    finding.note("ECS refuses the document.");
    // What is asked for is as near to it as can be.
    if let Some(nearest) = limits.min.filter(|_| low).or(limits.max) {
        finding.fix(Fix::unsafe_(
            format!("Make it {nearest}"),
            vec![Edit::ReplaceValue { span: typed.value.span(), value: json!(nearest) }],
        ));
    }
    if name == "timeout" && high && number <= 120.0 {
        finding
            .severity(Severity::Info)
            .maybe_fix(None)
            .note("The API Reference says so; other AWS documentation allows up to 120.");
    }
}

/// The unit of a field, as it follows a number.
fn unit(field: &str) -> &'static str {
    match field {
        "interval" | "timeout" | "startPeriod" | "restartAttemptPeriod" | "startTimeout" | "stopTimeout" => {
            " seconds"
        }
        "sizeInGiB" => " GiB",
        _ => "",
    }
}
