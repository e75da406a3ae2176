//! Which trust policy belongs to a role that a task definition of the same folder names, and which task
//! definitions a service of that folder may refer to.

use crate::catalog;
use crate::host::value::Value;
use crate::host::{Document, DocumentKind};
use crate::model::{RoleUse, TaskSummary};
use crate::rules::Around;
use std::collections::HashMap;
use std::sync::Arc;

/// Words at the end of a trust policy's file name that do not belong to the role's name.
const ENDINGS: [&str; 8] =
    ["trust", "policy", "assume", "assumerole", "document", "relationship", "json", "role"];

/// Fields of a task definition that name a role, with the kind of role as the catalog names it.
pub const ROLE_FIELDS: [(&str, &str); 2] =
    [("taskRoleArn", "task role"), ("executionRoleArn", "task execution role")];

/// The roles that task definitions name, by folder and name. Add every file, then ask for each that
/// holds a trust policy.
#[derive(Debug, Clone, Default)]
pub struct NamedRoles {
    /// By folder and by the name's letters and digits.
    uses: HashMap<(Box<str>, String), Vec<RoleUse>>,
    /// By folder: what its task definitions ask of a container instance, and what services may refer to.
    instances: HashMap<Box<str>, Around>,
}

impl NamedRoles {
    /// Takes in what the documents of a file name. `path` is as the user wrote it.
    pub fn add(&mut self, path: &str, documents: &[Document]) {
        let (folder, name) = split(path);
        for document in documents.iter().filter(|it| it.kind == DocumentKind::TaskDefinition) {
            let Some(head) = document.object() else { continue };
            if let Some(summary) = TaskSummary::of(document, name) {
                self.instances.entry(folder.into()).or_default().tasks.push(Arc::new(summary));
            }
            if head.has("taskRoleArn") {
                let instance = self.instances.entry(folder.into()).or_default();
                instance.task_role.get_or_insert_with(|| name.into());
                if head.string("networkMode").is_some_and(|mode| &*mode.text == "host") {
                    instance.host_task_role.get_or_insert_with(|| name.into());
                }
            }
            for (field, kind) in ROLE_FIELDS {
                let Some(Value::String(role)) = head.get(field) else { continue };
                let role_name = role.text.rsplit('/').next().unwrap_or(&role.text);
                let start = role.text.len() - role_name.len();
                if role_name.is_empty() || role.is_unknown_in(start..role.text.len()) {
                    continue;
                }
                let role_use =
                    RoleUse { kind: kind.into(), evidence: format!("`{field}` of `{name}`").into() };
                self.uses.entry((folder.into(), joined(role_name))).or_default().push(role_use);
            }
        }
    }

    pub fn extend(&mut self, other: NamedRoles) {
        for (key, uses) in other.uses {
            self.uses.entry(key).or_default().extend(uses);
        }
        for (folder, other) in other.instances {
            let instance = self.instances.entry(folder).or_default();
            instance.task_role = instance.task_role.take().or(other.task_role);
            instance.host_task_role = instance.host_task_role.take().or(other.host_task_role);
            instance.tasks.extend(other.tasks);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.uses.is_empty() && self.instances.is_empty()
    }

    /// What task definitions of the same folder ask of a container instance, and what services may refer to
    /// of the other files.
    pub fn around(&self, path: &str) -> Around {
        let (folder, name) = split(path);
        let mut around = self.instances.get(folder).cloned().unwrap_or_default();
        around.tasks.retain(|task| *task.file != *name);
        around
    }

    /// What a task definition of the same folder uses the role for whose trust policy is in that file,
    /// told by the file's name: `web-reader-trust-policy.json` is about the role `webReader`.
    pub fn role_use(&self, path: &str) -> Option<RoleUse> {
        let (folder, name) = split(path);
        let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or(name);
        let found = names(stem).into_iter().find_map(|name| self.uses.get(&(folder.into(), name)))?;
        let first = found.first()?;
        // One role in two parts is no contradiction as long as the same service assumes it.
        found.iter().all(|other| principal(other) == principal(first)).then(|| first.clone())
    }
}

fn principal(role_use: &RoleUse) -> Option<&'static str> {
    catalog::role_kinds().iter().find(|kind| *kind.name == *role_use.kind).map(|kind| kind.principal)
}

fn split(path: &str) -> (&str, &str) {
    path.rfind(['/', '\\']).map_or(("", path), |at| (&path[..at], &path[at + 1..]))
}

/// Letters and digits alone, in lower case: `ecs-task-role` and `ecsTaskRole` are one name.
fn joined(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// The stem as a role's name: as it is, and with one ending after the other taken off.
fn names(stem: &str) -> Vec<String> {
    let mut words: Vec<&str> =
        stem.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found = vec![words.concat().to_ascii_lowercase()];
    while words.len() > 1
        && words.last().is_some_and(|word| ENDINGS.iter().any(|it| it.eq_ignore_ascii_case(word)))
    {
        words.pop();
        found.push(words.concat().to_ascii_lowercase());
    }
    found
}
