//! Inputs that refer to a task definition: which operation takes them, and which task definition they mean.

use crate::catalog::{self, Shape};
use crate::graph::{LinkedTask, Neighbours};
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Document, DocumentKind, Naming};
use crate::model::{ContainerSummary, TaskSummary};
use crate::text::{Span, quoted};
use std::collections::HashSet;

/// The members of a service, or of a task to run; `None` for other documents.
pub(super) fn of(document: &Document) -> Option<&Object> {
    (document.kind == DocumentKind::Service).then(|| document.object()).flatten()
}

/// The operation that takes the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    CreateService,
    UpdateService,
    RunTask,
    StartTask,
}

/// Fields that services have and tasks to run have not.
const OF_SERVICES: [&str; 8] = [
    "serviceName",
    "desiredCount",
    "loadBalancers",
    "schedulingStrategy",
    "deploymentConfiguration",
    "deploymentController",
    "serviceConnectConfiguration",
    "serviceRegistries",
];

pub(super) fn operation(document: &Document, input: &Object) -> Operation {
    if document.naming != Naming::Aws {
        Operation::CreateService
    } else if input.has("containerInstances") {
        Operation::StartTask
    } else if input.has("service") {
        Operation::UpdateService
    } else if OF_SERVICES.iter().any(|field| input.has(field)) {
        Operation::CreateService
    } else {
        Operation::RunTask
    }
}

impl Operation {
    pub fn shape(self) -> Option<&'static Shape> {
        catalog::input_shape(match self {
            Operation::CreateService => "CreateService",
            Operation::UpdateService => "UpdateService",
            Operation::RunTask => "RunTask",
            Operation::StartTask => "StartTask",
        })
    }

    /// Whether what is left out stays as it is.
    pub fn keeps(self) -> bool {
        self == Operation::UpdateService
    }
}

/// The input as JSON writes it, with its shape: templates and modules have checks of their own for that.
pub(super) fn shaped(document: &Document) -> Option<(&Object, &'static Shape)> {
    let input = of(document).filter(|_| document.naming == Naming::Aws)?;
    Some((input, operation(document, input).shape()?))
}

/// The task definitions that may be meant. Where there are several, a finding has to hold for each.
pub(super) fn tasks(neighbours: &Neighbours) -> Vec<&LinkedTask> {
    neighbours.tasks.iter().collect()
}

/// The task definition, as a sentence names it.
pub(super) fn title(task: &TaskSummary) -> String {
    match (task.owner.as_deref(), task.family.as_deref()) {
        (Some(name), _) | (None, Some(name)) => format!("the task definition `{name}`"),
        (None, None) => "the task definition".to_string(),
    }
}

/// Where the task definition is, as the end of a note.
pub(super) fn place(task: &LinkedTask) -> String {
    if task.file.is_empty() { String::new() } else { format!(" It is in `{}`.", task.file) }
}

pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    quoted(names.into_iter().take(8))
}

/// A text that is known.
pub(super) fn known<'o>(object: &'o Object, field: &str) -> Option<&'o StringValue> {
    object.string(field).filter(|text| !text.has_unknown() && !text.text.is_empty())
}

pub(super) fn objects<'o>(object: &'o Object, field: &str) -> impl Iterator<Item = &'o Object> + use<'o> {
    object.items(field).iter().filter_map(Value::as_object)
}

/// Where ECS Exec is switched on, and the containers that every task definition meant has and of which
/// `is_wanted` holds in each.
pub(super) fn exec_into<'a>(
    document: &Document,
    neighbours: &'a Neighbours,
    is_wanted: fn(&ContainerSummary) -> bool,
) -> Option<(Span, &'a LinkedTask, Vec<&'a str>)> {
    let input = of(document)?;
    let member = input.member("enableExecuteCommand").filter(|it| it.value.as_bool() == Some(true))?;
    let tasks = tasks(neighbours);
    let first = *tasks.first()?;
    let wanted = |task: &&'a LinkedTask| -> HashSet<&'a str> {
        let containers = task.containers.iter().flatten();
        containers.filter(|container| is_wanted(container)).map(|container| &*container.name).collect()
    };
    let wanted: Vec<HashSet<&str>> = tasks.iter().map(wanted).collect();
    let is_so = |name: &str| wanted.iter().all(|names| names.contains(name));
    let names = first.containers.iter().flatten().map(|it| &*it.name).filter(|name| is_so(name)).collect();
    Some((member.name.content_span(), first, names))
}
