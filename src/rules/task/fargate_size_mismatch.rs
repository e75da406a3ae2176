use crate::catalog::{self, FargateSize};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{Object, Value};
use crate::host::{Edit, Name};
use crate::model::{OperatingSystem, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::{Span, listed, quoted};
use serde_json::json;

declare_rule! {
    /// Finds a task for Fargate whose `cpu` and `memory` are not a pair that Fargate has, or that states none.
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
        reads: [Task],
        cases: ["cpu", "missing", "pair", "region", "windows"],
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
            "Fargate requires that 'cpu' be defined at the task level",
            "Fargate requires that 'memory' be defined at the task level",
        ],
    }
}

impl Rule for FargateSizeMismatch {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let cpu_name = acc.name("cpu");
        let Some(head) = task.head.filter(|_| context.whole && context.launch_types.fargate) else { return };
        let cpu = field(task, "cpu");
        let memory = field(task, "memory");
        let missing: Vec<&str> = [(&cpu, "cpu"), (&memory, "memory")]
            .into_iter()
            .filter(|(field, _)| matches!(field, Stated::Absent))
            .map(|(_, name)| name)
            .collect();
        let windows = context.operating_system == OperatingSystem::Windows;
        for name in &missing {
            acc.report(head.open(), format!("a task for Fargate states its `{}`", acc.name(name)))
                .case("missing")
                .note(format!(
                    "ECS refuses it: `Fargate requires that '{name}' be defined at the task level`."
                ))
                .maybe_fix(add(head, name, (&cpu, &memory), asked_for(task), windows));
        }
        let Stated::As(cpu) = cpu else { return };
        let Some(units) = catalog::parse_cpu(cpu.text) else {
            // What is no amount is another rule's.
            return;
        };
        let Some(size) = catalog::fargate_size(units) else {
            let known = quoted(catalog::fargate_sizes().iter().map(|size| size.cpu));
            let next = catalog::fargate_sizes().iter().find(|size| size.cpu > units);
            acc.report(cpu.content, format!("Fargate has no tasks with {units} CPU units"))
                .case("cpu")
                .note(format!("`{cpu_name}` is one of {known}. ECS refuses the task definition."))
                .maybe_fix(next.map(|next| enlarge(cpu, &memory, next)));
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
            None => {}
            Some(mib) if !size.memory.contains(&mib) => mismatch(cpu, memory, mib, size, acc),
            Some(_) if units == 32768 => {
                acc.report(cpu.content, "tasks with 32 vCPU are not available in every Region")
                    .case("region")
                    .severity(Severity::Hint)
                    .note("Where they are not, ECS refuses the task definition.");
            }
            Some(_) => {}
        }
    }
}

/// The next number of CPU units, with as much memory as goes with it.
fn enlarge(cpu: Amount<'_>, memory: &Stated<'_>, size: &FargateSize) -> Fix {
    let other = match memory {
        Stated::As(memory) => catalog::parse_memory(memory.text)
            .filter(|mib| !size.memory.contains(mib))
            .and_then(|mib| Some((memory.span, next_memory(size, mib)?))),
        _ => None,
    };
    let title = match other {
        Some((_, mib)) => format!("Make it {} CPU units and {mib} MiB", size.cpu),
        None => format!("Make it {} CPU units", size.cpu),
    };
    let values = [(cpu.span, size.cpu)].into_iter().chain(other);
    let replace = |(span, amount): (Span, u32)| Edit::ReplaceValue { span, value: json!(amount.to_string()) };
    Fix::unsafe_(title, values.map(replace).collect())
}

/// The next size up: a task that has more than it asked for still runs.
fn next_memory(size: &FargateSize, mib: u32) -> Option<u32> {
    size.memory.iter().find(|legal| **legal > mib).or(size.memory.last()).copied()
}

/// What the containers ask for together: CPU units and MiB.
fn asked_for(task: TaskDefinition<'_>) -> (i64, i64) {
    let sum = |field: &str, or: &str| -> i64 {
        task.containers()
            .filter_map(|(_, container)| {
                container.get(field).or_else(|| container.get(or))?.as_number()?.as_integer()
            })
            .fold(0, i64::saturating_add)
    };
    (sum("cpu", "cpu"), sum("memory", "memoryReservation"))
}

/// Adds what is missing: the least that holds what the containers ask for, and goes with the other half.
fn add(
    head: &Object,
    name: &str,
    (cpu, memory): (&Stated<'_>, &Stated<'_>),
    (units, mib): (i64, i64),
    windows: bool,
) -> Option<Fix> {
    if head.has(name) {
        return None;
    }
    let stated = |amount: &Stated<'_>, parse: fn(&str) -> Option<u32>| match amount {
        Stated::As(amount) => parse(amount.text).map(Some),
        Stated::Absent => Some(None),
        Stated::Other => None,
    };
    let cpu = stated(cpu, catalog::parse_cpu)?;
    let memory = stated(memory, catalog::parse_memory)?;
    let (cpu, memory) = catalog::fargate_sizes()
        .iter()
        .filter(|size| cpu.map_or(i64::from(size.cpu) >= units, |cpu| cpu == size.cpu))
        .filter(|size| size.windows || !windows)
        .find_map(|size| {
            let fits = |it: &&u32| memory.map_or(i64::from(**it) >= mib, |memory| memory == **it);
            Some((size.cpu, *size.memory.iter().find(fits)?))
        })?;
    let amount = if name == "cpu" { cpu } else { memory };
    Some(Fix::unsafe_(
        format!("Add `\"{name}\": \"{amount}\"`"),
        vec![Edit::InsertMember {
            object: head.span,
            name: Name::field(name),
            value: json!(amount.to_string()),
        }],
    ))
}

/// `cpu` or `memory` as written; a number is of the wrong type, which is another rule's, but says as much.
#[derive(Clone, Copy)]
pub(super) struct Amount<'a> {
    pub text: &'a str,
    /// The value.
    pub span: Span,
    /// Without quotes.
    pub content: Span,
}

pub(super) enum Stated<'a> {
    Absent,
    As(Amount<'a>),
    /// A placeholder, or what is not an amount at all.
    Other,
}

pub(super) fn field<'a>(task: TaskDefinition<'a>, name: &str) -> Stated<'a> {
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

fn mismatch(cpu: Amount<'_>, memory: Amount<'_>, mib: u32, size: &FargateSize, acc: &mut Findings) {
    let legal = match size.memory {
        [first, .., last] if size.memory.len() > 4 => {
            format!("from {first} to {last} MiB in steps of {}", size.memory[1] - first)
        }
        few => format!("{} MiB", listed(few)),
    };
    let sizes = catalog::fargate_sizes().iter();
    let partners = listed(sizes.filter(|other| other.memory.contains(&mib)).map(|other| other.cpu));
    let other_way = if partners.is_empty() {
        String::new()
    } else {
        format!(" {mib} MiB goes with {} CPU units.", partners)
    };
    let finding =
        acc.report(memory.content, format!("Fargate has no tasks with {} CPU units and {mib} MiB", size.cpu));
    finding
        .case("pair")
        .related(cpu.span, "the CPU units")
        .note(format!("With {} CPU units go {legal}.{other_way}", size.cpu));
    if let Some(next) = next_memory(size, mib) {
        finding.fix(Fix::unsafe_(
            format!("Make it {next} MiB"),
            vec![Edit::ReplaceValue { span: memory.span, value: json!(next.to_string()) }],
        ));
    }
}
