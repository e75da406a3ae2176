//! What lies around a document on disk: the project's configuration, and task definitions beside a
//! trust policy that name its role.

use crate::analysis::{FileFacts, RuleSet};
use crate::graph::{FileSummary, Graph};
use crate::host::{DocumentKind, Module, Parsed};
use crate::workspace::disk::Disk;
use crate::workspace::{Configurations, Files, Kind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// Neighbours looked at, and the largest that is read, in bytes: opening a file must not take long.
const NEIGHBOURS: usize = 100;
const LARGEST_NEIGHBOUR: u64 = 256 << 10;

/// What a document's rules may know beside its text.
#[derive(Clone)]
pub struct Surroundings {
    pub facts: Arc<FileFacts>,
    pub rules: Arc<RuleSet>,
    /// Given by the configuration; overrides what the content tells.
    pub kind: Option<DocumentKind>,
}

/// What holds for a document. `path` is absolute, or no path of a file at all.
pub fn around(path: &str, roots: &[String], configurations: &Configurations) -> Surroundings {
    let facts = Arc::new(FileFacts::of_path(&shown(path, roots)));
    // Where a configuration is broken, what holds without it.
    let (settings, _) = configurations.of(Path::new(path));
    Surroundings { facts, rules: settings.rules, kind: settings.kind }
}

/// The path from the folder that is open in the editor: what stands above it says nothing about the
/// document. Without such a folder, the last two parts.
fn shown(path: &str, roots: &[String]) -> String {
    for root in roots {
        if let Some(rest) = path.strip_prefix(root.trim_end_matches('/')).and_then(|it| it.strip_prefix('/'))
        {
            return rest.to_string();
        }
    }
    let mut parts = path.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(name), Some(folder)) if !folder.is_empty() => format!("{folder}/{name}"),
        (Some(name), _) => name.to_string(),
        _ => path.to_string(),
    }
}

/// What the files of the same folder say of themselves. `path` is absolute.
pub fn graph(path: &str) -> Graph {
    let (folder, own) = path.rsplit_once('/').unwrap_or(("", path));
    let mut graph = Graph::default();
    let is_json = |name: &str| name.ends_with(".json") || name.ends_with(".jsonc");
    let is_of_module = |name: &str| name.ends_with(".tf") || name.ends_with(".tofu");
    let is_wanted = |name: &str| is_json(name) || is_of_module(own) && is_of_module(name);
    for name in neighbours(folder, |name| is_wanted(name) && name != own) {
        let path = format!("{folder}/{name}");
        let Some(text) = read_small(&path) else { continue };
        // Everything else costs the reading only.
        if ["RoleArn", "containerDefinitions", "aws_ecs_task_definition"]
            .iter()
            .any(|sign| text.contains(sign))
        {
            let facts = FileFacts::of_path(&path);
            let summary = || {
                let parsed = Parsed::parse(&text, facts.surroundings());
                let documents = parsed.documents(text.as_str(), &path, None, &[]);
                FileSummary::of(&path, &parsed, &documents)
            };
            // A neighbour must not cost the document that was opened.
            if let Ok(summary) = catch_unwind(AssertUnwindSafe(summary)) {
                graph.replace(Arc::new(summary));
            }
        }
    }
    graph
}

/// The names of files in a folder, in order.
fn neighbours(folder: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = Disk.list(Path::new(folder)).into_iter().filter(|(_, kind)| *kind == Kind::File);
    let names = entries.filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_wanted(name));
    names.take(NEIGHBOURS).collect()
}

fn read_small(path: &str) -> Option<String> {
    Disk.read(Path::new(path), LARGEST_NEIGHBOUR).ok()
}

/// Looks at the other files of a module, where the file is a part of one. `path` is absolute, or no path
/// of a file at all.
pub fn with_module(around: Surroundings, path: &str) -> Surroundings {
    let is_of_module = |name: &str| name.ends_with(".tf") || name.ends_with(".tofu");
    let (folder, own) = match path.rsplit_once('/') {
        Some(parts) if is_of_module(path) && Path::new(path).is_absolute() => parts,
        _ => return around,
    };
    let mut module = Module::default();
    for name in neighbours(folder, |name| is_of_module(name) && name != own) {
        if let Some(text) = read_small(&format!("{folder}/{name}")) {
            let part = catch_unwind(AssertUnwindSafe(|| Module::of(&text)));
            module.extend(&part.unwrap_or_default());
        }
    }
    let facts = Arc::new(FileFacts { module: Arc::new(module), ..FileFacts::clone(&around.facts) });
    Surroundings { facts, ..around }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_open_folder() {
        let roots = ["/home/trust/project/".to_string()];
        assert_eq!(shown("/home/trust/project/iam/role.json", &roots), "iam/role.json");
        assert_eq!(shown("/home/trust/projects/iam/role.json", &roots), "iam/role.json");
        assert_eq!(shown("/role.json", &[]), "role.json");
        assert_eq!(shown("untitled:Untitled-1", &[]), "untitled:Untitled-1");
    }
}
