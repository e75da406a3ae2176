//! What lies around a document on disk: the project's configuration, and task definitions beside a
//! trust policy that name its role.

use super::files_beside::{Beside, FilesBeside, Neighbour};
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

/// Whether a file is a part of a module.
pub fn is_of_module(path: &str) -> bool {
    path.ends_with(".tf") || path.ends_with(".tofu")
}

/// What the other files of its folder say to a document; `with_graph`: of themselves, too. `path` is
/// absolute.
pub fn beside(path: &str, with_graph: bool, neighbours: &FilesBeside) -> Beside {
    let (folder, own) = path.rsplit_once('/').unwrap_or(("", path));
    let others = |is_wanted: &dyn Fn(&str) -> bool| {
        let names = names(folder, |name| is_wanted(name) && name != own);
        names.into_iter().map(|name| neighbours.of(&format!("{folder}/{name}"))).collect::<Vec<_>>()
    };
    let mut module = Module::default();
    if is_of_module(own) {
        let parts = others(&is_of_module);
        parts.iter().filter_map(|other| other.module.as_ref()).for_each(|part| module.extend(part));
    }
    let mut graph = Graph::default();
    if with_graph {
        let is_json = |name: &str| name.ends_with(".json") || name.ends_with(".jsonc");
        for other in others(&|name| is_json(name) || is_of_module(own) && is_of_module(name)) {
            if let Some(summary) = &other.summary {
                graph.replace(Arc::clone(summary));
            }
        }
    }
    Beside { module: Arc::new(module), graph: Arc::new(graph) }
}

/// The names of files in a folder, in order.
fn names(folder: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = Disk.list(Path::new(folder)).into_iter().filter(|(_, kind)| *kind == Kind::File);
    let names = entries.filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_wanted(name));
    names.take(NEIGHBOURS).collect()
}

/// Reads one file. Whatever is wrong with it must not cost the document beside it.
pub fn neighbour(path: &str) -> Neighbour {
    let Ok(text) = Disk.read(Path::new(path), LARGEST_NEIGHBOUR) else { return Neighbour::default() };
    let module =
        is_of_module(path).then(|| catch_unwind(AssertUnwindSafe(|| Module::of(&text))).unwrap_or_default());
    // Everything else costs the reading only.
    let signs = ["RoleArn", "containerDefinitions", "aws_ecs_task_definition"];
    let summary = || {
        let facts = FileFacts::of_path(path);
        let parsed = Parsed::parse(&text, facts.surroundings());
        let documents = parsed.documents(text.as_str(), path, None, &[]);
        Arc::new(FileSummary::of(path, &parsed, &documents))
    };
    let is_told = signs.iter().any(|sign| text.contains(sign));
    let summary = is_told.then(|| catch_unwind(AssertUnwindSafe(summary)).ok()).flatten();
    Neighbour { module, summary }
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
