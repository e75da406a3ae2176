//! The summaries of all files, found by what they declare and by what they refer to.

use super::paths;
use super::roles;
use super::shards::Shards;
use super::stated::StatedProject;
use super::summary::{FileSummary, plain, policy_names};
use crate::catalog;
use crate::host::resource::{Content, Node, TextPart};
use crate::host::{ContainersAt, Target};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// The summaries of a project's files. A copy shares all but what is changed in it then.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    files: Shards<Box<str>, Arc<FileSummary>>,
    /// Paths by what is asked for.
    known: Shards<Key, Arc<BTreeSet<Box<str>>>>,
    stated: Arc<StatedProject>,
    revision: u64,
}

/// What a file can be found by. A scope is as [`FileSummary::scope`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// It declares that resource.
    Declares(Box<str>, Box<str>),
    /// It refers to that from that scope.
    Refers(Box<str>, Target),
    /// It declares a role of that name, in letters and digits.
    Role(Box<str>),
    /// It declares a task definition of that family.
    Family(Box<str>),
    /// It holds a task definition and is in that folder.
    TaskIn(Box<str>),
    Exports(Box<str>),
    /// It has a task definition whose containers are written in the file of that path.
    ContainersAt(Box<str>),
    /// It is of a module with that output.
    Output(Box<str>, Box<str>),
    /// It calls a module by that name.
    Call(Box<str>, Box<str>),
    /// It calls the module in that folder, or nests the template of that path.
    Calls(Box<str>),
    /// It is of that scope, and has resources.
    Scope(Box<str>),
    /// It has a resource of that kind.
    Kind(&'static str),
    /// It has that resource, by its scope and address.
    Resource(Box<str>, Box<str>),
    /// It declares a role of exactly that name.
    RoleNamed(Box<str>),
    /// It declares a role whose name is put together.
    RoleComposed,
    /// It declares a managed policy of exactly that name.
    ManagedNamed(Box<str>),
    /// It is a policy by itself.
    PolicyFile,
    /// It is a policy whose file's name suggests a role, in letters and digits.
    PolicyNamed(Box<str>),
    /// It adds policies to a resource of its scope.
    Attaches(Box<str>, Box<str>),
    /// It adds policies to a role of that name, in letters and digits.
    AttachesNamed(Box<str>),
    /// It adds policies to something of its scope that is worked out.
    AttachesSome(Box<str>),
    /// It adds policies to something that others hand to it.
    AttachesElsewhere,
    /// It uses a role: as where policies are added.
    Uses(Box<Key>),
}

impl Graph {
    /// Takes in what a file says now, in place of what it said before; whether that is something else.
    pub fn replace(&mut self, summary: Arc<FileSummary>) -> bool {
        let before = self.files.get(&summary.path).cloned();
        if before.as_ref().map_or(summary.is_empty(), |before| *before == summary) {
            return false;
        }
        let path = summary.path.clone();
        self.change(&path, before.as_deref(), Some(summary).filter(|it| !it.is_empty()));
        true
    }

    /// Takes in what the configuration states.
    pub fn state(&mut self, stated: StatedProject) {
        self.stated = Arc::new(stated);
        self.revision += 1;
    }

    pub(super) fn stated(&self) -> &StatedProject {
        &self.stated
    }

    /// Takes in where a file says what it said before. The revision stays.
    pub fn move_to(&mut self, summary: Arc<FileSummary>) {
        if let Some(known) = self.files.part_mut(&summary.path).get_mut(&summary.path) {
            *known = summary;
        }
    }

    /// Forgets a file; whether it was known. `path` is as the user named it.
    pub fn remove(&mut self, path: &str) -> bool {
        let path = paths::normal(path);
        let Some(before) = self.files.get(&*path).cloned() else { return false };
        self.change(&path, Some(&before), None);
        true
    }

    /// By what both can be found stays as it is: what many files are found by is long.
    fn change(&mut self, path: &str, before: Option<&FileSummary>, after: Option<Arc<FileSummary>>) {
        let old: HashSet<Key> = before.map(keys).into_iter().flatten().collect();
        let new: HashSet<Key> = after.as_deref().map(keys).into_iter().flatten().collect();
        for key in old.difference(&new) {
            let part = self.known.part_mut(key);
            if let Some(paths) = part.get_mut(key) {
                Arc::make_mut(paths).remove(path);
                if paths.is_empty() {
                    part.remove(key);
                }
            }
        }
        for key in new.difference(&old) {
            let paths = self.known.part_mut(key).entry(key.clone()).or_default();
            Arc::make_mut(paths).insert(path.into());
        }
        match after {
            Some(summary) => drop(self.files.part_mut(path).insert(path.into(), summary)),
            None => drop(self.files.remove(path)),
        }
        self.revision += 1;
    }

    /// It goes up with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    pub(super) fn find<'g>(&'g self, key: &Key) -> impl Iterator<Item = &'g Arc<FileSummary>> + use<'g> {
        self.known.get(key).into_iter().flat_map(|paths| paths.iter()).filter_map(|path| self.files.get(path))
    }
}

/// The last part of an ARN's resource: the name alone.
pub(super) fn role_name(name_or_arn: &str) -> &str {
    name_or_arn.rsplit('/').next().unwrap_or(name_or_arn)
}

/// The family in a family with revision, or in an ARN.
pub(super) fn family(name_or_arn: &str) -> &str {
    let name = name_or_arn.rsplit_once("task-definition/").map_or(name_or_arn, |(_, rest)| rest);
    name.split(':').next().unwrap_or(name)
}

/// What is asked for where something refers to a target: names are the same wherever they are written.
pub(super) fn refers(scope: &str, target: &Target) -> Key {
    match target {
        Target::Literal(text) => {
            let name = plain(role_name(text));
            Key::Refers(Box::default(), Target::Literal(name.into()))
        }
        Target::Import(_) => Key::Refers(Box::default(), target.clone()),
        _ => Key::Refers(scope.into(), target.clone()),
    }
}

/// By what a task definition is found whose containers are written at a place.
pub(super) fn containers_at(scope: &str, at: &ContainersAt) -> Key {
    Key::ContainersAt(paths::joined(scope, &at.0).into())
}

/// Everything that a file can be found by.
pub(super) fn keys(summary: &FileSummary) -> Vec<Key> {
    let scope = &summary.scope;
    let folder = paths::folder(&summary.path);
    let mut keys = Vec::new();
    for role in &summary.roles {
        keys.extend(role.owner.iter().map(|owner| Key::Declares(scope.clone(), owner.clone())));
        keys.extend(role.name.iter().map(|name| Key::Role(plain(name).into())));
        keys.extend(role.suggested.iter().cloned().map(Key::Role));
        keys.extend(role.exports.iter().cloned().map(Key::Exports));
    }
    for entry in &summary.tasks {
        keys.extend(entry.task.owner.iter().map(|owner| Key::Declares(scope.clone(), owner.clone())));
        keys.extend(entry.task.family.iter().cloned().map(Key::Family));
        keys.extend(entry.exports.iter().cloned().map(Key::Exports));
        keys.extend(entry.roles.iter().map(|role| refers(scope, &role.target)));
        keys.push(Key::TaskIn(folder.into()));
        keys.extend(entry.containers.iter().map(|(at, _)| containers_at(scope, at)));
    }
    for (name, target) in &summary.links.outputs {
        keys.push(Key::Output(scope.clone(), name.clone()));
        keys.push(refers(scope, target));
    }
    for consumer in &summary.links.consumers {
        keys.push(refers(scope, &Target::Resource(consumer.role.clone())));
    }
    for call in &summary.links.calls {
        keys.push(Key::Call(scope.clone(), call.name.clone()));
        keys.push(Key::Calls(paths::joined(scope, &call.source).into()));
        keys.extend(call.arguments.iter().map(|(_, target)| refers(scope, target)));
    }
    resource_keys(summary, &mut keys);
    keys
}

fn resource_keys(summary: &FileSummary, keys: &mut Vec<Key>) {
    let scope = &summary.scope;
    if !summary.resources.is_empty() {
        keys.push(Key::Scope(scope.clone()));
    }
    for resource in &summary.resources {
        keys.extend(catalog::resource_kind(&resource.resource_type).map(|kind| Key::Kind(kind.name)));
        if !resource.address.is_empty() {
            keys.push(Key::Resource(scope.clone(), resource.address.clone()));
        }
        keys.extend(roles::export_of(resource).map(|name| Key::Exports(name.into())));
        if &*resource.resource_type == "policy" {
            keys.push(Key::PolicyFile);
            keys.extend(policy_names(&summary.path).into_iter().map(Key::PolicyNamed));
        }
        keys.extend(roles::attached_roles(resource).into_iter().map(|item| attaches(summary, item)));
        let used = roles::used_roles(resource).into_iter();
        keys.extend(used.map(|item| Key::Uses(Box::new(attaches(summary, item)))));
        keys.extend(roles::policy_name(resource).map(|name| Key::ManagedNamed(name.into())));
    }
    for name in roles::role_names(summary) {
        keys.push(name.map_or(Key::RoleComposed, |name| Key::RoleNamed(name.into())));
    }
    keys.extend(roles::calls_of(summary).map(|scope| Key::Calls(scope.into())));
}

/// What a value that names a role says of it.
fn attaches(summary: &FileSummary, item: &Content) -> Key {
    let scope = &*summary.scope;
    let Node::Text(pieces) = &item.node else { return Key::AttachesSome(scope.into()) };
    match &pieces[..] {
        [TextPart::Known(name)] => Key::AttachesNamed(plain(role_name(name)).into()),
        [TextPart::Ref(path)] => {
            let mut parts = path.split('.');
            match (parts.next(), parts.next()) {
                (Some("var" | "module"), _) => Key::AttachesElsewhere,
                (Some("local" | "data" | "each" | "count"), _) => Key::AttachesSome(scope.into()),
                (Some(kind), Some(name)) if catalog::resource_kind(kind).is_some() => {
                    Key::Attaches(scope.into(), format!("{kind}.{name}").into())
                }
                // A parameter of a template, or an output of one that it nests.
                (Some(name), _) if is_handed(summary, name) => Key::AttachesElsewhere,
                (Some(name), _) => Key::Attaches(scope.into(), name.into()),
                (None, _) => Key::AttachesSome(scope.into()),
            }
        }
        [TextPart::Import(_)] => Key::AttachesElsewhere,
        _ => Key::AttachesSome(scope.into()),
    }
}

/// Whether a name of a template stands for what others give: it is a parameter, or a template that is nested.
fn is_handed(summary: &FileSummary, name: &str) -> bool {
    let named = summary.resources.iter().find(|it| *it.address == *name);
    match named.and_then(|it| catalog::resource_kind(&it.resource_type)) {
        Some(kind) => kind.name == "stack",
        None => summary.scope == summary.path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::RoleSummary;

    fn file(number: usize, role: &str) -> Arc<FileSummary> {
        let (name, suggested) = (Some(role.into()), vec![format!("file{number}").into()]);
        let role = RoleSummary { owner: None, name, suggested, exports: Vec::new() };
        let path = format!("{number}/role.json").into();
        Arc::new(FileSummary { path, roles: vec![role], ..FileSummary::default() })
    }

    #[test]
    fn a_change_copies_its_neighbourhood_and_not_the_project() {
        let mut graph = Graph::default();
        for number in 0..1000 {
            graph.replace(file(number, &format!("role{number}")));
        }
        let before = graph.clone();
        graph.replace(file(7, "another"));
        // One file and three keys: the name of before, that of now, and the one that its path suggests.
        assert!(before.files.copied_from(&graph.files) < 20);
        assert!(before.known.copied_from(&graph.known) < 60);
        let find = |graph: &Graph, role: &str| graph.find(&Key::Role(role.into())).count();
        assert_eq!((find(&before, "role7"), find(&before, "another")), (1, 0));
        assert_eq!((find(&graph, "role7"), find(&graph, "another")), (0, 1));
    }
}
