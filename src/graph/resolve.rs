//! Where references lead: forwards from a reference, and backwards from what it leads to.

use super::index::{Graph, Key, containers_at, family, keys, refers, role_name};
use super::paths;
use super::reason::Reason;
use super::roles::Instances;
use super::stated::StatedProject;
use super::summary::{FileSummary, RoleReference, RoleSummary, TaskEntry, plain};
use crate::host::{RoleConsumer, Target};
use crate::model::TaskContext;
use std::sync::Arc;

/// How often a value is handed on from module to module before the search ends.
const DEEPEST: usize = 4;

/// The graph as one file sees it: what it says itself, it says newest.
pub(super) struct View<'a> {
    graph: &'a Graph,
    own: &'a Arc<FileSummary>,
    own_keys: Vec<Key>,
    instances: Instances,
}

/// Something found in a file.
pub(super) struct Reached<'a, T> {
    pub file: &'a Arc<FileSummary>,
    pub entry: &'a T,
    pub reason: Reason,
}

impl<'a> View<'a> {
    pub fn new(graph: &'a Graph, own: &'a Arc<FileSummary>) -> View<'a> {
        View { graph, own, own_keys: keys(own), instances: Instances::default() }
    }

    /// The file that sees it so.
    pub fn own(&self) -> &'a Arc<FileSummary> {
        self.own
    }

    /// A file of a module as one caller of it has it.
    pub fn instance(&'a self, file: &'a Arc<FileSummary>, scope: &str) -> &'a Arc<FileSummary> {
        if *file.scope == *scope { file } else { self.instances.of(file, scope) }
    }

    /// What the configuration states.
    pub fn stated(&self) -> &'a StatedProject {
        self.graph.stated()
    }

    pub fn find(&self, key: &Key) -> impl Iterator<Item = &'a Arc<FileSummary>> + use<'a> {
        let own = self.own;
        let others = self.graph.find(key).filter(move |file| file.path != own.path);
        self.own_keys.contains(key).then_some(own).into_iter().chain(others)
    }

    /// The task definitions that a reference of this file leads to.
    pub fn tasks(&self, target: &Target) -> Vec<Reached<'a, TaskEntry>> {
        let mut found = Vec::new();
        self.tasks_from(&self.own.scope, target, Reason::Reference, 0, &mut found);
        found
    }

    fn tasks_from(
        &self,
        scope: &str,
        target: &Target,
        reason: Reason,
        depth: usize,
        found: &mut Vec<Reached<'a, TaskEntry>>,
    ) {
        match target {
            Target::Resource(name) => {
                for file in self.find(&Key::Declares(scope.into(), name.clone())) {
                    let is_it = |entry: &&TaskEntry| entry.task.owner.as_ref() == Some(name);
                    let entries = file.tasks.iter().filter(is_it);
                    found.extend(entries.map(|entry| Reached { file, entry, reason }));
                }
            }
            Target::Import(name) => {
                for file in self.find(&Key::Exports(name.clone())) {
                    let entries = file.tasks.iter().filter(|entry| entry.exports.contains(name));
                    found.extend(entries.map(|entry| Reached { file, entry, reason: Reason::Handed }));
                }
            }
            Target::Literal(text) => found.extend(self.tasks_called(family(text))),
            Target::Variable(_) | Target::Output { .. } => {
                if depth < DEEPEST {
                    for (scope, target) in self.handed(scope, target) {
                        self.tasks_from(&scope, target, Reason::Handed, depth + 1, found);
                    }
                }
            }
        }
    }

    /// The task definitions of a family, in the files nearest to this one.
    pub fn tasks_called(&self, family: &str) -> Vec<Reached<'a, TaskEntry>> {
        let key = Key::Family(family.into());
        let candidates = self.find(&key).flat_map(|file| {
            let entries = file.tasks.iter().filter(|entry| entry.task.family.as_deref() == Some(family));
            entries.map(move |entry| Reached { file, entry, reason: Reason::Name })
        });
        self.nearest(candidates.collect())
    }

    /// What the task definitions say whose containers are written there.
    pub fn tasks_with(&self, key: &Key) -> Vec<&'a Arc<TaskContext>> {
        let of_file = |file: &'a Arc<FileSummary>| {
            let entries = file.tasks.iter().filter_map(|entry| entry.containers.as_ref());
            entries.filter(|(at, _)| containers_at(&file.scope, at) == *key).map(|(_, context)| context)
        };
        self.find(key).flat_map(of_file).collect()
    }

    /// The task definitions of this file's folder.
    pub fn tasks_beside(&self) -> impl Iterator<Item = Reached<'a, TaskEntry>> {
        let key = Key::TaskIn(paths::folder(&self.own.path).into());
        let files: Vec<&'a Arc<FileSummary>> = self.find(&key).collect();
        files.into_iter().flat_map(|file| {
            file.tasks.iter().map(move |entry| Reached { file, entry, reason: Reason::Beside })
        })
    }

    /// Only those in the nearest files.
    fn nearest<T>(&self, mut candidates: Vec<Reached<'a, T>>) -> Vec<Reached<'a, T>> {
        let distance = |found: &Reached<'a, T>| paths::distance(&self.own.path, &found.file.path);
        if let Some(nearest) = candidates.iter().map(distance).min() {
            candidates.retain(|found| distance(found) == nearest);
        }
        candidates
    }

    /// What a variable was given, or what an output yields, with the scope of that.
    fn handed(&self, scope: &str, target: &Target) -> Vec<(Box<str>, &'a Target)> {
        let mut found = Vec::new();
        match target {
            Target::Variable(name) => {
                for file in self.find(&Key::Calls(scope.into())) {
                    let calls = file.links.calls.iter();
                    for call in calls.filter(|call| paths::joined(&file.scope, &call.source) == scope) {
                        let given = call.arguments.iter().filter(|(argument, _)| argument == name);
                        found.extend(given.map(|(_, target)| (file.scope.clone(), target)));
                    }
                }
            }
            Target::Output { call, name } => {
                for file in self.find(&Key::Call(scope.into(), call.clone())) {
                    for called in file.links.calls.iter().filter(|it| it.name == *call) {
                        let module: Box<str> = paths::joined(&file.scope, &called.source).into();
                        for file in self.find(&Key::Output(module.clone(), name.clone())) {
                            let yielded = file.links.outputs.iter().filter(|(output, _)| output == name);
                            found.extend(yielded.map(|(_, target)| (module.clone(), target)));
                        }
                    }
                }
            }
            Target::Resource(_) | Target::Import(_) | Target::Literal(_) => {}
        }
        found
    }

    /// The fields of task definitions that refer to a role of this file.
    pub fn uses_of(&self, role: &'a RoleSummary) -> Vec<TaskWithRole<'a>> {
        let mut found = Vec::new();
        if let Some(owner) = &role.owner {
            let target = Target::Resource(owner.clone());
            self.uses_from(&self.own.scope, &target, Reason::Reference, 0, &mut found);
        }
        for export in &role.exports {
            self.uses_from("", &Target::Import(export.clone()), Reason::Handed, 0, &mut found);
        }
        let names = role.name.iter().map(|name| (plain(name).into(), Reason::Name));
        let suggested = role.suggested.iter().map(|name| (name.clone(), Reason::FileName));
        for (name, reason) in names.chain(suggested) {
            let mut named = Vec::new();
            self.uses_from("", &Target::Literal(name), reason, 0, &mut named);
            named.retain(|used| self.is_meant(used, role));
            if !named.is_empty() {
                // The first of the names that is used is the role's.
                found.extend(named);
                break;
            }
        }
        found
    }

    /// The resources of the same template or module that name a role of this file, each with its file.
    pub fn consumers_of(&self, role: &RoleSummary) -> Vec<(&'a Arc<FileSummary>, &'a RoleConsumer)> {
        let Some(owner) = &role.owner else { return Vec::new() };
        let key = refers(&self.own.scope, &Target::Resource(owner.clone()));
        let files = self.find(&key);
        let of_file = |file: &'a Arc<FileSummary>| {
            let consumers = file.links.consumers.iter().filter(|it| it.role == *owner);
            consumers.map(move |it| (file, it))
        };
        files.flat_map(of_file).collect()
    }

    fn uses_from(
        &self,
        scope: &str,
        target: &Target,
        reason: Reason,
        depth: usize,
        found: &mut Vec<TaskWithRole<'a>>,
    ) {
        let wanted = refers(scope, target);
        let is_it = |file: &FileSummary, target: &Target| refers(&file.scope, target) == wanted;
        for file in self.find(&wanted) {
            for entry in &file.tasks {
                let fields = entry.roles.iter().filter(|role| is_it(file, &role.target));
                found.extend(fields.map(|field| TaskWithRole { file, entry, field, reason }));
            }
            if depth == DEEPEST {
                continue;
            }
            let handed = if reason == Reason::Reference { Reason::Handed } else { reason };
            for call in &file.links.calls {
                let module = paths::joined(&file.scope, &call.source);
                for (name, _) in call.arguments.iter().filter(|(_, given)| is_it(file, given)) {
                    self.uses_from(&module, &Target::Variable(name.clone()), handed, depth + 1, found);
                }
            }
            for (name, _) in file.links.outputs.iter().filter(|(_, yielded)| is_it(file, yielded)) {
                for caller in self.find(&Key::Calls(file.scope.clone())) {
                    let calls = caller.links.calls.iter();
                    for call in calls.filter(|it| *paths::joined(&caller.scope, &it.source) == *file.scope) {
                        let target = Target::Output { call: call.name.clone(), name: name.clone() };
                        self.uses_from(&caller.scope, &target, handed, depth + 1, found);
                    }
                }
            }
        }
    }

    /// Whether a field that names a role means that one: of all that bear the name, the one by name before those
    /// by their files' names, and the nearer one.
    fn is_meant(&self, used: &TaskWithRole<'a>, role: &RoleSummary) -> bool {
        let Target::Literal(text) = &used.field.target else { return true };
        let name = role_name(text);
        let bears = |role: &RoleSummary| role.name.as_deref() == Some(name);
        let looks_like = |role: &RoleSummary| role.suggested.iter().any(|it| **it == *plain(name));
        let key = Key::Role(plain(name).into());
        let named = self.find(&key).any(|file| file.roles.iter().any(bears));
        if named != bears(role) || !named && !looks_like(role) {
            return false;
        }
        let distance = |file: &FileSummary| paths::distance(&used.file.path, &file.path);
        let others = self.find(&key).flat_map(|file| file.roles.iter().map(move |role| (file, role)));
        others
            .filter(|(file, other)| !(file.path == self.own.path && *other == role))
            .filter(|(_, other)| if named { bears(other) } else { looks_like(other) })
            .all(|(file, _)| distance(file) > distance(self.own))
    }
}

/// A field of a task definition that names a role.
pub(super) struct TaskWithRole<'a> {
    pub file: &'a Arc<FileSummary>,
    pub entry: &'a TaskEntry,
    pub field: &'a RoleReference,
    pub reason: Reason,
}
