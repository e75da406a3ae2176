use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::Value;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds containers that ask for more CPU units or memory than their task has, alone or together.
    ///
    /// The task's `cpu` and `memory` are what all its containers share. A container whose hard limit is above
    /// the task's memory is refused, and so is a sum of `cpu` above the task's. Hard limits that only together
    /// exceed the task's memory are a warning: ECS's own words on it differ.
    ///
    /// See "Task definition parameters: Task size" in the Amazon ECS Developer Guide.
    pub ContainerOverTask {
        id: "container-over-task",
        group: Task,
        reads: [Task],
        cases: ["cpu-sum", "memory", "memory-sum", "reservation", "reservation-sum"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "containers ask for more than the task has",
        sources: [
            "cdk-preflight/pf-ecs-container-memory-over-task",
            "cdk-preflight/pf-ecs-fargate-container-cpu-over-task",
            "cdk-preflight/pf-ecs-container-memory-reservation",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "The 'memory' setting for container is greater than for the task",
            "The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value",
            "'memory' must be greater than or equal to 'memoryReservation'",
        ],
    }
}

impl Rule for ContainerOverTask {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let [memory_reservation, memory_name] = acc.names(["memoryReservation", "memory"]);
        let stated = |field: &str| task.get(field).and_then(Value::as_string).filter(|it| !it.has_unknown());
        let cpu = stated("cpu").and_then(|it| Some((catalog::parse_cpu(&it.text)?, it.span)));
        let memory = stated("memory").and_then(|it| Some((catalog::parse_memory(&it.text)?, it.span)));
        let (mut cpu_sum, mut memory_sum) = (0i64, 0i64);
        let mut last_cpu: Option<Span> = None;
        let mut last_memory: Option<Span> = None;
        let mut reserved = 0i64;
        let mut last_reserved: Option<Span> = None;
        let mut alone = false;
        for (base, container) in task.containers() {
            let number = |field: &str| {
                let number = container.get(field)?.as_number()?;
                Some((number.as_integer()?, number.span.shifted(base)))
            };
            if let (Some((reservation, span)), Some((limit, limit_span))) =
                (number("memoryReservation"), number("memory"))
                && reservation > limit
            {
                acc.report(
                    span,
                    format!("the soft limit of {reservation} MiB is above the hard limit of {limit} MiB"),
                )
                .case("reservation")
                .note(format!(
                    "ECS refuses the task definition: `{memory_reservation}` is at most `{memory_name}`."
                ))
                .related(limit_span, "the hard limit");
            }
            if let Some((mib, span)) = number("memoryReservation") {
                reserved += mib;
                last_reserved = Some(span);
            }
            if let Some((units, span)) = number("cpu") {
                cpu_sum += units;
                last_cpu = Some(span);
            }
            if let Some((mib, span)) = number("memory") {
                memory_sum += mib;
                last_memory = Some(span);
                if let Some((task_mib, task_span)) = memory
                    && mib > i64::from(task_mib)
                {
                    alone = true;
                    acc.report(span, format!("the container's {mib} MiB are more than the task's {task_mib} MiB"))
                        .case("memory")
                        .note(format!("ECS refuses the task definition. Raise the task's `{memory_name}`, or lower the container's."))
                        .related(task_span, "the task's memory");
                }
            }
        }
        if let (Some((units, task_span)), Some(span)) = (cpu, last_cpu)
            && cpu_sum > i64::from(units)
        {
            let finding = acc.report(
                span,
                format!("the containers' {cpu_sum} CPU units are more than the task's {units}"),
            );
            finding.case("cpu-sum").related(task_span, "the task's CPU units");
            if context.launch_types.fargate {
                finding.note("ECS refuses the task definition for Fargate.");
            } else {
                finding.severity(Severity::Warning).note(
                    "ECS refuses such a task definition for Fargate; elsewhere the containers compete.",
                );
            }
        }
        if let (Some((mib, task_span)), Some(span), false) = (memory, last_memory, alone)
            && memory_sum > i64::from(mib)
        {
            acc.report(span, format!("the containers' hard limits of {memory_sum} MiB together are more than the task's {mib} MiB"))
                .case("memory-sum")
                .severity(Severity::Warning)
                .note("The task runs out of memory before its containers reach their limits, or is refused.")
                .related(task_span, "the task's memory");
        }
        if let (Some((mib, task_span)), Some(span), false) = (memory, last_reserved, alone)
            && reserved > i64::from(mib)
        {
            acc.report(
                span,
                format!("the containers reserve {reserved} MiB together, more than the task's {mib} MiB"),
            )
            .case("reservation-sum")
            .severity(Severity::Warning)
            .note("There is not as much for them as they reserve, or ECS refuses the task definition.")
            .related(task_span, "the task's memory");
        }
    }
}
