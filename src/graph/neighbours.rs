//! What the rules of one document may ask about other documents.

use super::index::{Graph, Key};
use super::paths;
use super::reason::Reason;
use super::resolve::{Reached, View};
use super::roles;
use super::summary::{FileSummary, RoleSummary, TaskEntry};
use crate::host::value::Value;
use crate::host::{Document, DocumentKind, Naming, Target};
use crate::model::{TaskContext, TaskSummary};
use std::sync::Arc;

/// What other documents say that concerns one document. Its findings are kept as long as this stays equal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Neighbours {
    /// For a trust policy: what its role is used for. `None` where nothing is known, or uses contradict each
    /// other.
    pub role_use: Option<RoleUse>,
    /// For a trust policy: resources that name its role, and the services that assume it for them.
    pub consumers: Vec<Consumer>,
    /// For a service or a task to run: the task definitions that it may mean. A finding has to hold for each.
    pub tasks: Vec<LinkedTask>,
    /// For the configuration of an agent.
    pub task_roles: TaskRoles,
    /// For container definitions: what the task definition says that takes them from here, if that is one.
    pub task: Option<Arc<TaskContext>>,
}

/// What another document uses a role for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleUse {
    /// As the catalog names it: `task execution role`.
    pub kind: Box<str>,
    /// The field that names the role, and where it is: `` `taskRoleArn` of `task-definition.json` ``.
    pub evidence: Box<str>,
    pub reason: Reason,
}

/// A resource that names a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    /// `` `Fn` (`AWS::Lambda::Function`) ``, with its file where that is another.
    pub title: Box<str>,
    pub principals: &'static [&'static str],
}

/// A task definition that another document refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedTask {
    pub task: Arc<TaskSummary>,
    /// The way to its file; empty where it is the same file.
    pub file: Box<str>,
    pub reason: Reason,
}

/// The task definitions of an agent's folder that need roles on its instance, by the names of their files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskRoles {
    pub any: Option<Box<str>>,
    /// One in the network mode `host`.
    pub on_host: Option<Box<str>>,
}

impl std::ops::Deref for LinkedTask {
    type Target = TaskSummary;

    fn deref(&self) -> &TaskSummary {
        &self.task
    }
}

impl Neighbours {
    /// Whether a document is judged by what others say.
    pub fn concern(document: &Document) -> bool {
        matches!(
            document.kind,
            DocumentKind::Trust
                | DocumentKind::Service
                | DocumentKind::AgentConfig
                | DocumentKind::ContainerDefinitions
        )
    }

    /// What concerns each of the documents of a file, in their order. `own` is the summary of the file.
    pub fn of_all(graph: &Graph, own: &Arc<FileSummary>, documents: &[Document]) -> Vec<Neighbours> {
        // Most files ask nothing.
        if !documents.iter().any(Neighbours::concern) {
            return vec![Neighbours::default(); documents.len()];
        }
        let view = View::new(graph, own);
        // The summary has the roles in the order of their trust policies.
        let mut roles = own.roles.iter();
        documents
            .iter()
            .map(|document| match document.kind {
                // What others say concerns it once.
                _ if document.is_variant => Neighbours::default(),
                DocumentKind::Trust => {
                    let role = roles.next();
                    let role_use = role.and_then(|role| role_use(&view, own, role));
                    let consumers = role.map_or_else(Vec::new, |role| consumers(&view, own, role));
                    Neighbours { role_use, consumers, ..Neighbours::default() }
                }
                DocumentKind::Service => {
                    Neighbours { tasks: tasks(&view, own, document), ..Neighbours::default() }
                }
                DocumentKind::ContainerDefinitions => {
                    Neighbours { task: task_around(&view, own, document), ..Neighbours::default() }
                }
                DocumentKind::AgentConfig => {
                    Neighbours { task_roles: task_roles(&view), ..Neighbours::default() }
                }
                _ => Neighbours::default(),
            })
            .collect()
    }
}

fn role_use<'a>(view: &View<'a>, own: &'a Arc<FileSummary>, role: &'a RoleSummary) -> Option<RoleUse> {
    let uses = view.uses_of(role);
    let Some(first) = uses.iter().min_by_key(|it| it.reason) else {
        return role_use_elsewhere(view, own, role);
    };
    // One role in two parts is no contradiction as long as the same service assumes it.
    if uses.iter().any(|other| other.field.principal() != first.field.principal()) {
        return None;
    }
    let file = paths::from(&own.path, &first.file.path);
    let title = match &first.entry.task.owner {
        Some(owner) if first.file.path == own.path => format!("`{owner}`"),
        Some(owner) => format!("`{owner}` in `{file}`"),
        None => format!("`{file}`"),
    };
    let evidence = format!("`{}` of {title}", first.field.field).into();
    Some(RoleUse { kind: first.field.kind.clone(), evidence, reason: first.reason })
}

/// What something else than a task definition uses a role for.
fn role_use_elsewhere(view: &View<'_>, own: &Arc<FileSummary>, role: &RoleSummary) -> Option<RoleUse> {
    let uses = roles::uses_of(view, own, role);
    let principal =
        |kind: &str| crate::catalog::role_kinds().iter().find(|it| it.name == kind).map(|it| it.principal);
    let (kind, evidence, reason) = uses.iter().min_by_key(|(_, _, reason)| *reason)?;
    if uses.iter().any(|(other, _, _)| principal(other) != principal(kind)) {
        return None;
    }
    Some(RoleUse { kind: (*kind).into(), evidence: evidence.clone(), reason: *reason })
}

fn consumers(view: &View<'_>, own: &FileSummary, role: &RoleSummary) -> Vec<Consumer> {
    let title = |file: &FileSummary, resource: &str, resource_type: &str| {
        let name = match resource.starts_with(resource_type) {
            true => format!("`{resource}`"),
            false => format!("`{resource}` (`{resource_type}`)"),
        };
        let place = paths::from(&own.path, &file.path);
        if file.path == own.path { name } else { format!("{name} in `{place}`") }
    };
    view.consumers_of(role)
        .into_iter()
        .map(|(file, it)| Consumer {
            title: title(file, &it.resource, &it.resource_type).into(),
            principals: it.principals,
        })
        .collect()
}

/// What the task definition says that takes its containers from a document; several have to say the same.
fn task_around(view: &View<'_>, own: &FileSummary, document: &Document) -> Option<Arc<TaskContext>> {
    let key = document.owner.is_none().then(|| Key::ContainersAt(own.path.clone()))?;
    let found = view.tasks_with(&key);
    let first = found.first()?;
    found.iter().all(|other| other == first).then(|| Arc::clone(first))
}

fn tasks(view: &View<'_>, own: &FileSummary, document: &Document) -> Vec<LinkedTask> {
    let found: Vec<Reached<'_, TaskEntry>> =
        match document.references.iter().find(|it| &*it.field == "taskDefinition") {
            Some(reference) => view.tasks(&reference.target),
            None => match document.object().and_then(|input| input.get("taskDefinition")) {
                Some(Value::String(name)) => {
                    let target = family_of(name);
                    target.map(|target| view.tasks(&target)).unwrap_or_default()
                }
                // Deploy tools fill it in: the one task definition of the folder.
                None if document.naming == Naming::Aws => {
                    let mut beside = view.tasks_beside().filter(|found| found.entry.task.owner.is_none());
                    let first = beside.next();
                    first.filter(|_| beside.next().is_none()).into_iter().collect()
                }
                _ => Vec::new(),
            },
        };
    found
        .into_iter()
        .map(|found| LinkedTask {
            task: Arc::clone(&found.entry.task),
            file: match found.file.path == own.path {
                true => Box::default(),
                false => paths::from(&own.path, &found.file.path).into(),
            },
            reason: found.reason,
        })
        .collect()
}

/// The family that a text names, where that is known; the Region, account or revision need not be.
fn family_of(name: &crate::host::value::StringValue) -> Option<Target> {
    let start = name.text.rfind("task-definition/").map_or(0, |at| at + "task-definition/".len());
    let rest = name.text.get(start..)?;
    let end = start + rest.find(':').unwrap_or(rest.len());
    let is_known = end > start && !name.is_unknown_in(start..end);
    is_known.then(|| Target::Literal(name.text[start..end].into()))
}

fn task_roles(view: &View<'_>) -> TaskRoles {
    let mut roles = TaskRoles::default();
    for found in view.tasks_beside().filter(|found| found.entry.has_task_role) {
        let title = || paths::name(&found.file.path).into();
        roles.any.get_or_insert_with(title);
        if found.entry.task.network_mode == crate::model::NetworkMode::Host {
            roles.on_host.get_or_insert_with(title);
        }
    }
    roles
}
