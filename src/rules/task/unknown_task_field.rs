use super::shape_walk::{self, Structure};
use crate::catalog::{self, DAEMON_ARN, Guess, READ_ONLY_FIELDS, READ_ONLY_SERVICE_FIELDS, Shape};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::{self, Document, Edit, Naming, Spelling};
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::{Rule, renaming};

declare_rule! {
    /// Finds fields that a task definition does not have at their place: misspelt ones, and ones that
    /// belong elsewhere.
    ///
    /// The AWS CLI and every SDK refuse the document: `Unknown parameter in input`. Case counts:
    /// `ContainerPort` is not `containerPort`.
    ///
    /// ```text
    /// "portMappings": [{ "containerport": 80 }]      refused
    /// "portMappings": [{ "containerPort": 80 }]      right
    /// "cpu": 256, "awslogs-group": "web"             belongs in logConfiguration.options
    /// ```
    ///
    /// In a bare array of container definitions, and in the `container_definitions` of Terraform, it is a
    /// warning: Terraform drops such a field silently, so that nothing fails and nothing takes effect. Letter case does not
    /// count there: Terraform takes `ContainerPort` for `containerPort`.
    ///
    /// See "RegisterTaskDefinition" and "ContainerDefinition" in the Amazon ECS API Reference.
    pub UnknownTaskField {
        id: "unknown-task-field",
        group: Task,
        reads: [Container, Task],
        cases: ["belongs-elsewhere", "typo", "unknown"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a task definition has no such field here",
        sources: ["botocore/unknown-parameter"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Parameter validation failed: Unknown parameter in input", "Unknown parameter in"],
    }
}

impl Rule for UnknownTaskField {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        if let Some(head) = task.head {
            let shape = shape_walk::task(context);
            shape_walk::structures(head, shape, &mut |structure| {
                check(structure, false, context.naming, acc)
            });
        }
        misspelt(task.document, acc);
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        // A whole task definition in its place is another rule's.
        if container.object.has("containerDefinitions") {
            return;
        }
        shape_walk::structures(container.object, shape_walk::container(task), &mut |structure| {
            check(structure, task.is_read_by_terraform() || !task.whole && !task.excerpt, task.naming, acc)
        });
    }
}

/// Names as the API has them in a template.
pub(in crate::rules) fn misspelt(document: &Document, acc: &mut Findings) {
    let owner = document.owner.as_ref().map_or("the template", |owner| &owner.resource_type);
    for name in &document.misspelt {
        acc.report(
            name.span,
            format!("`{owner}` has no property `{}` here; did you mean `{}`?", name.name, name.right),
        )
        .case("typo")
        .note(format!(
            "CloudFormation refuses the template: `extraneous key [{}] is not permitted`.",
            name.name
        ))
        .fix(Fix::safe(
            format!("Replace with `{}`", name.right),
            vec![Edit::ReplaceText { span: name.span, text: name.right.clone() }],
        ));
    }
}

/// `bare`: an array of container definitions, without the task definition around it, or one that
/// Terraform hands over.
pub(in crate::rules) fn check(structure: Structure<'_>, bare: bool, naming: Naming, acc: &mut Findings) {
    for member in &structure.object.members {
        let name = &*member.name.text;
        if structure.shape.field(name).is_some() || member.name.has_unknown() {
            continue;
        }
        // What only AWS writes is another rule's.
        if structure.field.is_none() && is_read_only(structure.root, name) {
            continue;
        }
        // What is right in the file's own spelling stands in something that is not.
        if naming == Naming::CloudFormation && has_field(structure.shape, name, naming) {
            continue;
        }
        let span = member.name.content_span();
        let spelling = acc.spelling();
        let place = place(structure, spelling);
        let home = home(name, structure, naming, spelling);
        // What has a place elsewhere is misplaced, not misspelt.
        let near = meant(structure.shape, name)
            .filter(|near| near.word.eq_ignore_ascii_case(name) || !is_field_elsewhere(name, naming));
        let refused = if bare {
            "Terraform drops it silently; the AWS CLI and the SDKs refuse it."
        } else {
            "AWS refuses the document: `Unknown parameter in input`."
        };
        if let Some(near) = near {
            let finding = acc.report(
                span,
                format!("{place} has no field `{name}`; did you mean `{}`?", spelling.name(near.word)),
            );
            let is_known = |name: &str| structure.shape.field(name).is_some();
            let only_case = bare && near.word.eq_ignore_ascii_case(name);
            let refused = if only_case {
                "Terraform takes names in any letter case; the AWS CLI and the SDKs refuse it."
            } else {
                refused
            };
            finding.case("typo").note(refused).maybe_fix(renaming::rename_field(
                structure.object,
                &member.name,
                span,
                near,
                is_known,
                spelling,
            ));
            if bare {
                finding.severity(if only_case { Severity::Info } else { Severity::Warning });
            }
            continue;
        }
        let finding = acc.report(span, format!("{place} has no field `{name}`"));
        if bare {
            finding.severity(Severity::Warning);
        }
        match home {
            Some(home) => {
                finding.case("belongs-elsewhere").note(format!("`{name}` belongs in {home}. {refused}"));
            }
            None => {
                finding.case("unknown").note(refused);
            }
        }
    }
}

/// The field of a structure that a misspelt name most likely means.
pub(super) fn meant(shape: &'static Shape, name: &str) -> Option<Guess> {
    catalog::guess(name, shape.fields.iter().map(|field| field.name))
}

/// As a sentence names the structure.
fn place(structure: Structure<'_>, spelling: Spelling) -> String {
    match structure.field {
        Some(field) => format!("`{}`", spelling.name(field)),
        None => shape_walk::title(structure.shape).into(),
    }
}

/// Where a field of that name belongs, if that is one place, or one of two.
fn home(name: &str, structure: Structure<'_>, naming: Naming, spelling: Spelling) -> Option<String> {
    let has = |shape: &Shape| has_field(shape, name, naming);
    let is_task = catalog::is_task_shape(structure.root.name);
    if has(structure.root) {
        return (structure.field.is_some()).then(|| shape_walk::title(structure.root).into());
    }
    let task = catalog::task_definition_shape();
    if is_task && has(task) {
        return Some("the task definition itself".into());
    }
    let container = catalog::shape("ContainerDefinition");
    if is_task && container.is_some_and(has) {
        return (structure.shape.name != "ContainerDefinition").then(|| "a container definition".into());
    }
    let shapes = if is_task { catalog::shapes() } else { catalog::other_shapes() };
    let below = |shape: &&Shape| is_task || is_below(structure.root, shape.name, 0);
    let holders = shapes
        .iter()
        .filter(below)
        .flat_map(|shape| shape.fields.iter().filter(|field| field.field_type.structure().is_some_and(has)));
    let mut names: Vec<&str> = holders.map(|field| field.name).collect();
    names.sort_unstable();
    names.dedup();
    match names[..] {
        [one] => Some(format!("`{}`", spelling.name(one))),
        [one, other] => Some(format!("`{}` or `{}`", spelling.name(one), spelling.name(other))),
        _ => None,
    }
}

/// Whether some structure has a field of that name.
fn is_field_elsewhere(name: &str, naming: Naming) -> bool {
    catalog::shapes().iter().chain(catalog::other_shapes()).any(|shape| has_field(shape, name, naming))
}

/// Whether a structure has a field that AWS, or the file, spells so.
fn has_field(shape: &Shape, name: &str, naming: Naming) -> bool {
    shape.field(name).is_some()
        || naming != Naming::Aws
            && shape.fields.iter().any(|field| {
                host::spelt_field(naming, shape.name, field.name).is_some_and(|spelt| spelt == name)
            })
}

/// Whether only AWS writes a member of that name.
fn is_read_only(root: &Shape, name: &str) -> bool {
    match root.name {
        "CreateServiceRequest" | "UpdateServiceRequest" => READ_ONLY_SERVICE_FIELDS.contains(&name),
        _ => READ_ONLY_FIELDS.contains(&name) || name == DAEMON_ARN,
    }
}

/// Whether a structure is, or is somewhere inside of, another.
fn is_below(root: &Shape, name: &str, depth: u32) -> bool {
    root.name == name
        || depth < 8
            && root
                .fields
                .iter()
                .filter_map(|field| field.field_type.structure())
                .any(|inner| is_below(inner, name, depth + 1))
}
