//! The task definition that an input means: how a sentence names it, and what its containers have.

use crate::graph::{LinkedTask, Neighbours};
use crate::model::{ContainerSummary, ServiceInput, TaskSummary};
use crate::text::{Span, quoted};

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

/// The first few of the names that it has.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    quoted(names.into_iter().take(8))
}

/// Where ECS Exec is switched on, and the containers that every task definition meant has and of which
/// `is_wanted` holds in each.
pub(super) fn exec_into<'a>(
    service: ServiceInput<'_>,
    neighbours: &'a Neighbours,
    is_wanted: fn(&ContainerSummary) -> bool,
) -> Option<(Span, &'a LinkedTask, Vec<&'a str>)> {
    let switch = service.input.member("enableExecuteCommand");
    let switch = switch.filter(|it| it.value.as_bool() == Some(true))?;
    let tasks = &neighbours.tasks;
    let first = tasks.first()?;
    let is_so = |name: &str| tasks.iter().all(|task| task.container(name).is_some_and(is_wanted));
    let names = first.containers.iter().flatten().map(|it| &*it.name).filter(|name| is_so(name)).collect();
    Some((switch.name.content_span(), first, names))
}
