//! Which trust policy belongs to a role that a task definition of the same folder names.

use crate::catalog;
use crate::host::value::Value;
use crate::host::{Document, DocumentKind};
use crate::model::RoleUse;

/// A file with the documents in it. Paths are as the user named them.
#[derive(Debug, Clone, Copy)]
pub struct FileDocuments<'a> {
    pub path: &'a str,
    pub documents: &'a [Document],
}

/// Words at the end of a trust policy's file name that do not belong to the role's name.
const ENDINGS: [&str; 8] =
    ["trust", "policy", "assume", "assumerole", "document", "relationship", "json", "role"];

/// Fields of a task definition that name a role, with the kind of role as the catalog names it.
const FIELDS: [(&str, &str); 2] = [("taskRoleArn", "task role"), ("executionRoleArn", "task execution role")];

/// For each file, in order, what another file of its folder uses its role for: `None` unless it holds a
/// trust policy and its name is that of a role which a task definition beside it names.
pub fn role_uses(files: &[FileDocuments<'_>]) -> Vec<Option<RoleUse>> {
    let mut named: Vec<(&str, String, RoleUse)> = Vec::new();
    for file in files {
        let (folder, name) = split(file.path);
        for document in file.documents.iter().filter(|it| it.kind == DocumentKind::TaskDefinition) {
            let Some(head) = document.object() else { continue };
            for (field, kind) in FIELDS {
                let Some(Value::String(role)) = head.get(field) else { continue };
                let role_name = role.text.rsplit('/').next().unwrap_or(&role.text);
                let start = role.text.len() - role_name.len();
                if role_name.is_empty() || role.is_unknown_in(start..role.text.len()) {
                    continue;
                }
                let role_use =
                    RoleUse { kind: kind.into(), evidence: format!("`{field}` of `{name}`").into() };
                named.push((folder, joined(role_name), role_use));
            }
        }
    }
    files
        .iter()
        .map(|file| {
            if named.is_empty() || !file.documents.iter().any(|it| it.kind == DocumentKind::Trust) {
                return None;
            }
            let (folder, name) = split(file.path);
            let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or(name);
            let candidates = names(stem);
            let fits =
                |(other, role, _): &&(&str, String, RoleUse)| *other == folder && candidates.contains(role);
            let mut found = named.iter().filter(fits);
            let first = found.next()?;
            // One role in two parts is no contradiction as long as the same service assumes it.
            found.all(|other| principal(&other.2) == principal(&first.2)).then(|| first.2.clone())
        })
        .collect()
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
