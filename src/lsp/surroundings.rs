//! What lies around a document on disk: the project's configuration, and task definitions beside a
//! trust policy that name its role.

use super::settings::Settings;
use crate::analysis::{FileFacts, RuleSet};
use crate::config::{Config, kind_by_glob};
use crate::graph::{FileSummary, Graph};
use crate::host::{DocumentKind, Module, Parsed};
use crate::text::LineIndex;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

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

/// The configurations of the folders that documents are in.
#[derive(Default)]
pub struct Configurations {
    known: Mutex<HashMap<PathBuf, Option<Arc<Config>>>>,
}

impl Configurations {
    /// The next look reads the files anew.
    pub fn forget(&self) {
        super::session::lock(&self.known).clear();
    }

    /// The configuration nearest to a folder, upwards to the repository's root; what is wrong with it
    /// is told once.
    fn nearest(&self, folder: &Path, problems: &mut Vec<String>) -> Option<Arc<Config>> {
        if let Some(known) = super::session::lock(&self.known).get(folder) {
            return known.clone();
        }
        let mut found = None;
        for ancestor in folder.ancestors() {
            let file = ancestor.join(Config::FILE_NAME);
            if file.is_file() {
                match read(&file, ancestor) {
                    Ok(config) => found = Some(Arc::new(config)),
                    Err(problem) => problems.push(problem),
                }
                break;
            }
            if ancestor.join(".git").exists() {
                break;
            }
        }
        super::session::lock(&self.known).insert(folder.to_path_buf(), found.clone());
        found
    }

    /// What holds for a document: the project's configuration before the editor's settings; what
    /// either ignores is ignored. `path` is absolute, or no path of a file at all.
    pub fn around(
        &self,
        path: &str,
        roots: &[String],
        settings: &Settings,
        problems: &mut Vec<String>,
    ) -> Surroundings {
        let file = Path::new(path);
        let config = match file.parent() {
            Some(folder) if file.is_absolute() => self.nearest(folder, problems),
            _ => None,
        };
        let facts = Arc::new(FileFacts::of_path(&shown(path, roots)));
        let given = || {
            roots.iter().find_map(|root| {
                file.starts_with(root).then(|| kind_by_glob(&settings.kinds, Path::new(root), file))?
            })
        };
        let Some(config) = config else {
            return Surroundings { facts, rules: Arc::new(settings.rules()), kind: given() };
        };
        let mut merged = settings.clone();
        merged.level = config.level.unwrap_or(settings.level);
        if !config.select.is_empty() {
            merged.select.clone_from(&config.select);
        }
        merged.ignore.extend(config.ignore.iter().cloned());
        Surroundings { facts, rules: Arc::new(merged.rules()), kind: config.kind_of(file).or_else(given) }
    }
}

fn read(file: &Path, folder: &Path) -> Result<Config, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Config::parse(&text, folder).map_err(|error| {
        let at = LineIndex::new(&text).scalars(error.span().start);
        format!("{}:{}:{}: {error}", file.display(), at.line, at.column)
    })
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
            let parsed = Parsed::parse(&text, facts.surroundings());
            let documents = parsed.documents(text.as_str(), &path, None, &[]);
            graph.replace(Arc::new(FileSummary::of(&path, &parsed, &documents)));
        }
    }
    graph
}

/// The names of files in a folder, in order.
fn neighbours(folder: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_wanted(name))
        .collect();
    names.sort_unstable();
    names.truncate(NEIGHBOURS);
    names
}

fn read_small(path: &str) -> Option<String> {
    let is_small = std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= LARGEST_NEIGHBOUR);
    is_small.then(|| std::fs::read_to_string(path).ok()).flatten()
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
            module.extend(&Module::of(&text));
        }
    }
    let facts = Arc::new(FileFacts { module: Arc::new(module), ..FileFacts::clone(&around.facts) });
    Surroundings { facts, ..around }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editor_s_globs_give_kinds_below_its_folders() {
        let globs = [("org/*.json".to_string(), DocumentKind::Scp), ("[".to_string(), DocumentKind::Rcp)];
        let kind = |file: &str| kind_by_glob(&globs, Path::new("/repo"), Path::new(file));
        assert_eq!(kind("/repo/org/a.json"), Some(DocumentKind::Scp));
        assert_eq!(kind("/repo/a.json"), None);
        assert_eq!(kind("/elsewhere/org/a.json"), None);
    }

    #[test]
    fn paths_are_shown_from_the_open_folder() {
        let roots = ["/home/trust/project/".to_string()];
        assert_eq!(shown("/home/trust/project/iam/role.json", &roots), "iam/role.json");
        assert_eq!(shown("/home/trust/projects/iam/role.json", &roots), "iam/role.json");
        assert_eq!(shown("/role.json", &[]), "role.json");
        assert_eq!(shown("untitled:Untitled-1", &[]), "untitled:Untitled-1");
    }
}
