use crate::catalog::{self, FargateSize};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{OperatingSystem, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;
use serde_json::json;

declare_rule! {
    /// Finds a task for Fargate whose `cpu` and `memory` are no pair that Fargate has, or that states none.
    ///
    /// Fargate has fixed sizes: a number of CPU units (1,024 are a vCPU) goes with certain amounts of memory
    /// (MiB). ECS refuses anything else with `No Fargate configuration exists for given values`.
    ///
    /// | cpu | memory |
    /// |---|---|
    /// | 256 | 512, 1024, 2048 |
    /// | 512 | 1024 to 4096 in steps of 1024 |
    /// | 1024 | 2048 to 8192 in steps of 1024 |
    /// | 2048 | 4096 to 16384 in steps of 1024 |
    /// | 4096 | 8192 to 30720 in steps of 1024 |
    /// | 8192 | 16384 to 61440 in steps of 4096 |
    /// | 16384 | 32768 to 122880 in steps of 8192 |
    /// | 32768 | 61440, 122880, 249856 (not in every Region) |
    ///
    /// Windows containers have 1024, 2048 and 4096 only.
    ///
    /// See "Task definition parameters: Task size" in the Amazon ECS Developer Guide.
    pub FargateSizeMismatch {
        id: "fargate-size-mismatch",
        group: Task,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "Fargate has no such pair of cpu and memory",
        sources: [
            "cfn-lint/E3047",
            "cfn-lint/E3048",
            "cdk-preflight/pf-ecs-fargate-task-cpu-memory",
            "cdk-preflight/pf-ecs-fargate-windows-cpu-under-1vcpu",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: [
            "No Fargate configuration exists for given values",
            "Invalid 'cpu' setting for task",
            "Fargate requires that 'cpu' be defined at the task level",
            "Fargate requires that 'memory' be defined at the task level",
        ],
    }
}

impl Rule for FargateSizeMismatch {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head.filter(|_| context.whole && context.launch_types.fargate) else { return };
        let cpu = field(task, "cpu");
        let memory = field(task, "memory");
        let missing: Vec<&str> = [(&cpu, "cpu"), (&memory, "memory")]
            .into_iter()
            .filter(|(field, _)| matches!(field, Stated::Absent))
            .map(|(_, name)| name)
            .collect();
        for name in &missing {
            acc.report(head.open(), format!("a task for Fargate states its `{name}`")).case("missing").note(
                format!("ECS refuses it: `Fargate requires that '{name}' be defined at the task level`."),
            );
        }
        let Stated::As(cpu) = cpu else { return };
        let Some(units) = catalog::parse_cpu(cpu.text) else {
            unreadable(cpu, "cpu", "`256`, or `.25 vCPU`", acc);
            return;
        };
        let Some(size) = catalog::fargate_size(units) else {
            let known: Vec<String> =
                catalog::fargate_sizes().iter().map(|size| format!("`{}`", size.cpu)).collect();
            acc.report(cpu.content, format!("Fargate has no tasks with {units} CPU units"))
                .case("cpu")
                .note(format!("`cpu` is one of {}. ECS refuses the task definition.", known.join(", ")));
            return;
        };
        if context.operating_system == OperatingSystem::Windows && !size.windows {
            acc.report(cpu.content, format!("Fargate has no Windows tasks with {units} CPU units"))
                .case("windows")
                .note("Windows tasks on Fargate have `1024`, `2048` or `4096`. ECS refuses the task definition.");
            return;
        }
        let Stated::As(memory) = memory else { return };
        match catalog::parse_memory(memory.text) {
            None => unreadable(memory, "memory", "`512`, or `0.5 GB`", acc),
            Some(mib) if !size.memory.contains(&mib) => mismatch(cpu, memory, mib, size, acc),
            Some(_) if units == 32768 => {
                acc.report(cpu.content, "tasks with 32 vCPU are not to be had in every Region")
                    .case("region")
                    .severity(Severity::Hint)
                    .note("Where they are not, ECS refuses the task definition.");
            }
            Some(_) => {}
        }
    }
}

/// `cpu` or `memory` as written; a number is of the wrong type, which is another rule's, but says as much.
#[derive(Clone, Copy)]
struct Amount<'a> {
    text: &'a str,
    /// The value.
    span: Span,
    /// Without quotes.
    content: Span,
}

enum Stated<'a> {
    Absent,
    As(Amount<'a>),
    /// A placeholder, or what is no amount at all.
    Other,
}

fn field<'a>(task: TaskDefinition<'a>, name: &str) -> Stated<'a> {
    match task.get(name) {
        None | Some(Value::Null(_)) => Stated::Absent,
        Some(Value::String(string)) if !string.has_unknown() => {
            let content = if string.text.is_empty() { string.span } else { string.content_span() };
            Stated::As(Amount { text: &string.text, span: string.span, content })
        }
        Some(Value::Number(number)) => {
            Stated::As(Amount { text: &number.text, span: number.span, content: number.span })
        }
        Some(_) => Stated::Other,
    }
}

fn unreadable(amount: Amount<'_>, name: &str, example: &str, acc: &mut Findings) {
    acc.report(amount.content, format!("`{}` is no amount of {name}", amount.text))
        .case("unreadable")
        .note(format!("Write {example}. ECS refuses the task definition."));
}

fn mismatch(cpu: Amount<'_>, memory: Amount<'_>, mib: u32, size: &FargateSize, acc: &mut Findings) {
    let legal = match size.memory {
        [first, .., last] if size.memory.len() > 4 => {
            format!("from {first} to {last} MiB in steps of {}", size.memory[1] - first)
        }
        few => format!("{} MiB", few.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")),
    };
    let partners: Vec<String> = catalog::fargate_sizes()
        .iter()
        .filter(|other| other.memory.contains(&mib))
        .map(|other| other.cpu.to_string())
        .collect();
    let other_way = if partners.is_empty() {
        String::new()
    } else {
        format!(" {mib} MiB goes with {} CPU units.", partners.join(", "))
    };
    // The next size up: a task that has more than it asked for still runs.
    let next = size.memory.iter().find(|legal| **legal > mib).or(size.memory.last());
    let finding =
        acc.report(memory.content, format!("Fargate has no tasks with {} CPU units and {mib} MiB", size.cpu));
    finding
        .case("pair")
        .related(cpu.span, "the CPU units")
        .note(format!("With {} CPU units go {legal}.{other_way}", size.cpu));
    if let Some(next) = next {
        finding.fix(Fix::unsafe_(
            format!("Make it {next} MiB"),
            vec![Edit::ReplaceValue { span: memory.span, value: json!(next.to_string()) }],
        ));
    }
}
