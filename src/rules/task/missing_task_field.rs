use super::shape_walk::{self, Structure};
use super::unknown_task_field;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::Value;
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds structures without a field that they must have: `family` and `containerDefinitions` of a task
    /// definition, `name` and `image` of a container definition, `name` and `valueFrom` of a secret, and so on.
    ///
    /// ECS refuses the document, some of it with words that hide the cause:
    /// `Container.image should not be null or empty`, `Container.name should not be null`.
    ///
    /// See "RegisterTaskDefinition" in the Amazon ECS API Reference.
    pub MissingTaskField {
        id: "missing-task-field",
        group: Task,
        reads: [Container, Task],
        cases: ["absent", "empty"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field that must be there is missing",
        sources: [
            "botocore/missing-parameter",
            "cdk-preflight/pf-ecs-taskdef-family",
            "cdk-preflight/pf-ecs-container-definitions-empty",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "Container.image should not be null or empty",
            "Container.name should not be null",
            "Missing required parameter in input",
            "Family should not be null or empty",
            "containerDefinitions should not be null or empty",
        ],
    }
}

impl Rule for MissingTaskField {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head.filter(|_| context.whole || context.excerpt) else { return };
        if !task.document.is_whole() {
            return;
        }
        let asked_for: &[&str] = if task.is_named_by_template() {
            &["containerDefinitions"]
        } else {
            &["family", "containerDefinitions"]
        };
        shape_walk::structures(head, shape_walk::task(context), &mut |structure| {
            if structure.field.is_none() {
                require(structure, asked_for, acc);
            } else {
                by_shape(structure, acc);
            }
        });
        if let Some(value @ Value::Array(array)) = head.get("containerDefinitions")
            && array.items.is_empty()
        {
            acc.report(value.span(), "a task definition needs at least one container definition")
                .case("empty")
                .note("ECS refuses the document.");
        } else if task.document.units_span.is_some() && task.document.units.is_empty() {
            acc.report(
                task.document.units_span.unwrap_or_default(),
                "a task definition needs at least one container definition",
            )
            .case("empty")
            .note("ECS refuses the document.");
        }
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        // A whole task definition in its place is another rule's.
        if container.object.has("containerDefinitions") {
            return;
        }
        shape_walk::structures(container.object, shape_walk::container(task), &mut |structure| {
            if structure.field.is_none() {
                if !task.excerpt {
                    require(structure, &["name", "image"], acc);
                }
            } else {
                by_shape(structure, acc);
            }
        });
    }
}

pub(in crate::rules) fn by_shape(structure: Structure<'_>, acc: &mut Findings) {
    let by_model = structure.shape.fields.iter().filter(|field| field.required).map(|field| field.name);
    let by_ecs = catalog::required_by_ecs(structure.shape.name, false).iter().copied();
    // Environment variables have names; what a proxy is configured by is another rule's.
    let by_ecs = by_ecs.filter(|_| structure.field != Some("properties"));
    let names: Vec<&str> = by_model.chain(by_ecs).collect();
    require(structure, &names, acc);
    if structure.shape.name == "Volume"
        && structure.object.get("configuredAtLaunch").and_then(Value::as_bool) == Some(true)
    {
        require(structure, &["name"], acc);
    }
}

/// What ECS asks for in structures of services and of tasks to run, which templates and modules do not ask for.
pub(in crate::rules) fn by_ecs(structure: Structure<'_>, acc: &mut Findings) {
    let shape = structure.shape.name;
    let is = |field: &str, value: &str| structure.object.known(field).is_some_and(|it| &*it.text == value);
    require(structure, catalog::required_by_ecs(shape, true), acc);
    match shape {
        "PlacementConstraint" if is("type", "memberOf") => require(structure, &["expression"], acc),
        // Without a type, a hook calls a function.
        "DeploymentLifecycleHook"
            if is("targetType", "AWS_LAMBDA") || !structure.object.has("targetType") =>
        {
            require(structure, &["hookTargetArn"], acc);
        }
        "ServiceConnectService" => client_aliases(structure, acc),
        _ => {}
    }
}

/// Without one, no other service finds this one by a name. ECS refuses an empty list; whether one may be left out is
/// not certain: its API does not ask for it, and a refusal of a service with a discovery name alone is known.
fn client_aliases(structure: Structure<'_>, acc: &mut Findings) {
    let name = acc.name("clientAliases").to_string();
    match structure.object.get("clientAliases") {
        Some(Value::Array(aliases)) if aliases.items.is_empty() => {
            acc.report(aliases.span, format!("`{name}` is empty"))
                .case("empty")
                .note("ECS refuses the request: a service of Service Connect has one client alias.");
        }
        None if !structure.object.is_open() => {
            acc.report(structure.object.open(), format!("the Service Connect service has no `{name}`"))
                .case("absent")
                .severity(Severity::Info)
                .note("Other services find it by a client alias. ECS has refused services without one, though its API does not ask for it.");
        }
        _ => {}
    }
}

fn require(structure: Structure<'_>, names: &[&str], acc: &mut Findings) {
    if structure.object.is_open() {
        return;
    }
    let what = match structure.field {
        Some(field) => format!("`{}`", acc.name(field)),
        None => match shape_walk::title(structure.shape) {
            "a container definition" => "the container definition".to_string(),
            "a task definition" => "the task definition".to_string(),
            other => other.to_string(),
        },
    };
    for name in names {
        match structure.object.get(name) {
            None => {
                // A misspelt field is reported as that.
                let misspelt = structure.object.members.iter().any(|member| {
                    structure.shape.field(&member.name.text).is_none()
                        && unknown_task_field::meant(structure.shape, &member.name.text)
                            .is_some_and(|near| near.word == *name)
                });
                if !misspelt {
                    let finding =
                        acc.report(structure.object.open(), format!("{what} has no `{}`", acc.name(name)));
                    finding.case("absent").note("ECS refuses the document.");
                    // Deploy actions fill the image in, whether the field is there or not.
                    if *name == "image" {
                        finding.severity(Severity::Warning).note(
                            "ECS refuses a container without an image, unless the pipeline writes it in first.",
                        );
                    }
                }
            }
            Some(Value::String(string)) if string.text.trim().is_empty() && structure.field.is_none() => {
                let finding = acc.report(string.span, format!("`{}` is empty", acc.name(name)));
                finding.case("empty").note("ECS refuses the document.");
                if *name == "image" {
                    finding.severity(Severity::Warning).note(
                        "ECS refuses a container without an image, unless the pipeline writes it in first.",
                    );
                }
            }
            _ => {}
        }
    }
}
