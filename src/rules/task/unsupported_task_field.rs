use super::shape_walk::{self, Structure};
use crate::catalog::{self, FieldSupport, Platform, Refusal};
use crate::declare_rule;
use crate::diagnostic::{Finding, Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::{Member, Object, Value};
use crate::model::{Container, OperatingSystem, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds settings that a launch type of the task, or Windows, does not take: `privileged`, `links`,
    /// `dnsServers`, host volumes, GPUs, placement constraints on Fargate; `hostname`, `dockerLabels`, Docker
    /// volumes on ECS Managed Instances; EFS volumes and `awsvpc` on ECS Anywhere; `ephemeralStorage` anywhere
    /// but on Fargate; `linuxParameters` of Windows containers. And what no launch type takes any more:
    /// `inferenceAccelerators`.
    ///
    /// ECS validates a task definition against everything that `requiresCompatibilities` lists, and refuses it,
    /// one setting at a time. Where the field is absent, the task may run on whatever takes it, and only what is
    /// retired is found.
    ///
    /// Settings that Windows does not support have no effect there, or keep the task from starting: a warning.
    ///
    /// See "Amazon ECS task definition differences for Fargate" and "… for Amazon ECS Managed Instances" in the
    /// Amazon ECS Developer Guide.
    pub UnsupportedTaskField {
        id: "unsupported-task-field",
        group: Task,
        reads: [Container, Task],
        cases: ["attribute", "field", "retired", "value"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a launch type of the task does not take this setting",
        sources: [
            "cfn-lint/E3048",
            "cdk-preflight/pf-ecs-fargate-capabilities-add",
            "cdk-preflight/pf-ecs-fargate-devices",
            "cdk-preflight/pf-ecs-fargate-privileged",
            "cdk-preflight/pf-ecs-fargate-links",
            "cdk-preflight/pf-ecs-fargate-dns-servers",
            "cdk-preflight/pf-ecs-fargate-disable-networking",
            "cdk-preflight/pf-ecs-fargate-docker-security-options",
            "cdk-preflight/pf-ecs-fargate-ephemeral-storage-ec2",
            "cdk-preflight/pf-ecs-fargate-ipc-mode",
            "cdk-preflight/pf-ecs-fargate-max-swap",
            "cdk-preflight/pf-ecs-fargate-pid-mode-host",
            "cdk-preflight/pf-ecs-fargate-placement-constraints",
            "cdk-preflight/pf-ecs-fargate-docker-volume",
            "cdk-preflight/pf-ecs-fargate-host-source-path",
            "cdk-preflight/pf-ecs-fargate-gpu-resource",
            "cdk-preflight/pf-ecs-fargate-inference-accelerator",
            "cdk-preflight/pf-ecs-fargate-shared-memory-size",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: [
            "Fargate requires that the 'privileged' setting be 'false'",
            "is not allowed on Fargate",
            "is not supported for Fargate",
            "Tasks using the EC2 launch type do not support EphemeralStorage",
            "Unsupported field 'inferenceAccelerators'",
            "Fargate compatible task definitions do not support",
        ],
    }
}

impl Rule for UnsupportedTaskField {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        if let Some(head) = task.head {
            shape_walk::structures(head, shape_walk::task(context), &mut |structure| {
                check(structure, context, acc);
            });
            if context.launch_types.managed_instances {
                attributes(head, acc);
            }
        }
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        // Nothing of a container is retired.
        if task.launch_types.stated || task.operating_system == OperatingSystem::Windows {
            shape_walk::structures(container.object, shape_walk::container(task), &mut |structure| {
                check(structure, task, acc);
            });
        }
    }
}

/// Whether a launch type of the task refuses a field of a container, whatever its value.
pub(super) fn is_refused(field: &str, task: &TaskContext) -> bool {
    catalog::field_support("ContainerDefinition", field)
        .iter()
        .any(|row| row.refusal == Refusal::Refused && task.is_for(row.on))
}

fn check(structure: Structure<'_>, context: &TaskContext, acc: &mut Findings) {
    for member in &structure.object.members {
        for row in catalog::field_support(structure.shape.name, &member.name.text) {
            let is_excused =
                || row.unless.iter().any(|other| context.is_for(*other) || context.launch_types.unknown);
            if !context.is_for(row.on) || is_excused() {
                continue;
            }
            let is_found = if row.only.is_empty() && row.not.is_empty() {
                is_set(&member.value) && {
                    field(member, structure.field, row, acc);
                    true
                }
            } else {
                values(member, row, acc)
            };
            // One platform that refuses it is reason enough.
            if is_found {
                break;
            }
        }
    }
}

fn field(member: &Member, place: Option<&str>, row: &FieldSupport, acc: &mut Findings) {
    let name = acc.name(&member.name.text);
    let of = place.map_or_else(String::new, |place| format!(" of `{}`", acc.name(place)));
    let message = match row.on {
        Platform::Any => format!("ECS does not take `{name}`{of} any more"),
        on => format!("{} does not support `{name}`{of}", on.title()),
    };
    let finding = acc.report(member.name.content_span(), message);
    finding.case(if row.on == Platform::Any { "retired" } else { "field" });
    // Other containers hand their logs to a log router: it does not go alone.
    if &*member.name.text != "firelensConfiguration" {
        finding.fix(Fix::unsafe_(
            format!("Remove `{name}`"),
            vec![Edit::RemoveMember { span: member.name.span }],
        ));
    }
    explain(finding, row, "");
}

/// Attributes in placement constraints that no managed instance has.
fn attributes(head: &Object, acc: &mut Findings) {
    let known = catalog::managed_instances_attributes();
    for constraint in head.items("placementConstraints").iter().filter_map(Value::as_object) {
        let Some(expression) = constraint.string("expression") else { continue };
        for (at, prefix) in expression.text.match_indices("attribute:") {
            let rest = &expression.text[at + prefix.len()..];
            let is_of_name = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
            let name = &rest[..rest.find(|char| !is_of_name(char)).unwrap_or(rest.len())];
            let start = at + prefix.len();
            let range = start..start + name.len();
            if name.is_empty() || known.contains(&name) || expression.is_unknown_in(range.clone()) {
                continue;
            }
            let listed = quoted(known.iter());
            acc.report(
                expression.part(range),
                format!("ECS Managed Instances do not have the attribute `{name}`"),
            )
            .case("attribute")
            .severity(Severity::Warning)
            .note(format!("They have {listed}. No task of this definition is placed there."));
        }
    }
}

/// Whether any value was reported.
fn values(member: &Member, row: &FieldSupport, acc: &mut Findings) -> bool {
    let name = &member.name.text;
    let place = if member.value.as_array().is_some() { "in" } else { "as" };
    let mut is_found = false;
    for value in member.value.one_or_many().iter().filter_map(Value::as_string) {
        if value.has_unknown() || value.text.is_empty() || row.takes(&value.text) {
            continue;
        }
        is_found = true;
        let message =
            format!("{} does not support `{}` {place} `{}`", row.on.title(), value.text, acc.name(name));
        let finding = acc.report(value.content_span(), message);
        finding.case("value");
        let listed = quoted(row.only.iter());
        let takes = if listed.is_empty() { String::new() } else { format!("It takes {listed} only.") };
        explain(finding, row, &takes);
    }
    is_found
}

fn explain(finding: &mut Finding, row: &FieldSupport, takes: &str) {
    let what = match row.refusal {
        Refusal::Refused if row.says.is_empty() => "ECS refuses the task definition.".to_string(),
        Refusal::Refused => format!("ECS refuses the task definition: `{}`.", row.says),
        Refusal::Ignored => {
            finding.severity(Severity::Warning);
            "It has no effect there, or keeps the task from starting.".to_string()
        }
        Refusal::Disputed => {
            finding.severity(Severity::Info);
            "AWS's pages differ on whether it is refused there.".to_string()
        }
    };
    finding.note(if takes.is_empty() { what } else { format!("{takes} {what}") });
}

/// Empty lists and objects, `false`, zero, `null`, and what is filled in later ask for nothing.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Array(array) => !array.items.is_empty(),
        Value::Object(object) => !object.members.is_empty(),
        Value::Bool(value, _) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Null(_) => false,
        other => !other.is_unknown(),
    }
}
