//! What the modules of a project hand to each other, by folder: who calls whom, with what, and what comes back.

use super::files::Files;
use super::lock::lock;
use super::modules::is_of_module;
use crate::catalog::{self, ModuleArgument};
use crate::config;
use crate::host::{Called, Folder, Giver, Handed, Values};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

/// How far modules lead to each other.
const DEEPEST: usize = 8;

/// The largest manifest of fetched modules, and the largest file of values, in bytes.
const LARGEST: u64 = 1 << 20;

/// What is known of the modules of projects. Filled as it is asked for.
#[derive(Debug, Default)]
pub(super) struct Handing {
    handed: Mutex<HashMap<PathBuf, Arc<Handed>>>,
    /// What modules take and give, by folder.
    offers: Mutex<HashMap<PathBuf, Arc<Called>>>,
    /// By project.
    links: Mutex<HashMap<PathBuf, Arc<Links>>>,
    /// Where `terraform init` put modules: by the folder of the root, and the name of the call.
    fetched: Mutex<HashMap<PathBuf, Arc<HashMap<String, PathBuf>>>>,
}

/// Who calls whom in a project.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// By folder: the folders that call it.
    callers: HashMap<PathBuf, BTreeSet<PathBuf>>,
    /// The folders that are modules.
    folders: BTreeSet<PathBuf>,
    /// Files that give values to the variables of a root: with its folder.
    values: BTreeMap<PathBuf, (PathBuf, Arc<Values>)>,
}

impl Handing {
    pub fn forget(&self) {
        lock(&self.handed).clear();
        lock(&self.offers).clear();
        lock(&self.links).clear();
        lock(&self.fetched).clear();
    }
}

/// What the folders of modules are asked for.
pub(super) trait ModuleFolders {
    /// What the files of a folder make up.
    fn whole(&self, folder: &Path) -> Folder;

    fn files(&self) -> &dyn Files;

    /// The folder of everything that a folder belongs together with.
    fn project(&self, folder: &Path) -> Option<PathBuf>;

    /// The files of a project; `None` where they are too many.
    fn files_of_project(&self, project: &Path) -> Option<Vec<PathBuf>>;

    /// A path as it is shown.
    fn shown(&self, path: &Path) -> String;

    fn shown_folder(&self, folder: &Path) -> String;

    /// The folder of the root that a file of values is for, where the configuration says it.
    fn root_stated(&self, project: &Path, file: &Path) -> Option<PathBuf>;

    /// What the configuration says of a module, by its source.
    fn module_rows(&self, folder: &Path, source: &str) -> Vec<(Box<str>, ModuleArgument)>;
}

/// What is known of a module by its source: by the configuration, else by the table.
fn rows_of(of: &dyn ModuleFolders, folder: &Path, source: &str) -> Vec<(Box<str>, ModuleArgument)> {
    let own = of.module_rows(folder, source);
    let known = catalog::module_arguments(source).iter();
    let known = known.filter(|(name, _)| !own.iter().any(|(known, _)| **known == **name));
    let known: Vec<(Box<str>, ModuleArgument)> =
        known.map(|(name, holds)| ((*name).into(), *holds)).collect();
    own.into_iter().chain(known).collect()
}

/// Whether a file gives values to the variables of a root.
pub(super) fn is_of_values(path: &Path) -> bool {
    config::is_of_values(path) || path.file_name().is_some_and(|it| it == "terragrunt.hcl")
}

impl Handing {
    /// What other folders hand to a module, and what those give that it calls.
    pub fn handed(&self, of: &dyn ModuleFolders, folder: &Path) -> Arc<Handed> {
        self.handed_below(of, folder, &mut Vec::new())
    }

    fn handed_below(&self, of: &dyn ModuleFolders, folder: &Path, path: &mut Vec<PathBuf>) -> Arc<Handed> {
        if let Some(known) = lock(&self.handed).get(folder) {
            return known.clone();
        }
        // Modules that call themselves are none.
        if path.len() >= DEEPEST || path.iter().any(|known| known == folder) {
            return Arc::default();
        }
        path.push(folder.to_path_buf());
        let whole = of.whole(folder);
        let links = self.links(of, folder);
        let mut callers = Vec::new();
        for caller in links.callers.get(folder).into_iter().flatten() {
            let calls = of.whole(caller);
            let module = calls.whole(self.handed_below(of, caller, path));
            let place = of.shown_folder(caller);
            for (name, source) in calls.calls() {
                if self.resolved(of, caller, name, source).as_deref() == Some(folder) {
                    let title = if place.is_empty() {
                        format!("`module.{name}`")
                    } else {
                        format!("`module.{name}` of `{place}`")
                    };
                    let place = if place.is_empty() { "." } else { &place };
                    callers.extend(module.caller(name, title.into(), place));
                }
            }
        }
        callers.extend(self.values(of, folder, &links));
        let handed = whole.handed(callers, self.called(of, folder, &whole, 0));
        path.pop();
        let handed = if handed.is_empty() { Arc::default() } else { Arc::new(handed) };
        lock(&self.handed).entry(folder.to_path_buf()).or_insert(handed).clone()
    }

    /// What the modules take and give that a folder calls, by the name of the call.
    fn called(
        &self,
        of: &dyn ModuleFolders,
        folder: &Path,
        whole: &Folder,
        depth: usize,
    ) -> HashMap<Box<str>, Arc<Called>> {
        let calls = whole.calls();
        calls
            .filter_map(|(name, source)| {
                let mut called = Called::default();
                let rows = rows_of(of, folder, source);
                if !rows.is_empty() {
                    let title = catalog::module_of_source(source).unwrap_or_else(|| source.to_string());
                    called = Called::of_table(&title, rows.iter().map(|(name, holds)| (&**name, *holds)));
                }
                if let Some(target) = self.resolved(of, folder, name, source) {
                    called = called.beside(&self.offer(of, &target, depth + 1));
                }
                (called != Called::default()).then(|| (name.into(), Arc::new(called.named(name))))
            })
            .collect()
    }

    fn offer(&self, of: &dyn ModuleFolders, folder: &Path, depth: usize) -> Arc<Called> {
        if let Some(known) = lock(&self.offers).get(folder) {
            return known.clone();
        }
        if depth > DEEPEST {
            return Arc::default();
        }
        let whole = of.whole(folder);
        let handed = whole.handed(Vec::new(), self.called(of, folder, &whole, depth));
        let offer = Arc::new(whole.whole(Arc::new(handed)).called());
        lock(&self.offers).entry(folder.to_path_buf()).or_insert(offer).clone()
    }

    /// The folder that a call leads to: one of this project, or where `terraform init` put it.
    fn resolved(&self, of: &dyn ModuleFolders, folder: &Path, call: &str, source: &str) -> Option<PathBuf> {
        if source.starts_with("./") || source.starts_with("../") {
            return Some(normal(&folder.join(source)));
        }
        let known = lock(&self.fetched).get(folder).cloned();
        let fetched = known.unwrap_or_else(|| {
            let fetched = Arc::new(fetched(of.files(), folder));
            lock(&self.fetched).entry(folder.to_path_buf()).or_insert(fetched).clone()
        });
        fetched.get(call).cloned()
    }

    /// What the files of values say to a root: each file of an environment with what always holds.
    fn values(&self, of: &dyn ModuleFolders, folder: &Path, links: &Links) -> Vec<Giver> {
        let of_root = links.values.iter().filter(|(_, (root, _))| root == folder);
        // Terraform reads these by itself.
        let is_always = |file: &Path| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let name = name.strip_suffix(".json").unwrap_or(&name);
            file.parent() == Some(folder) && (name == "terraform.tfvars" || name.ends_with(".auto.tfvars"))
        };
        let (always, others): (Vec<_>, Vec<_>) = of_root.partition(|(file, _)| is_always(file));
        let base = always.iter().fold(Values::default(), |base, (_, (_, values))| base.under(values));
        let caller = |file: &Path, values: &Values| {
            let shown = of.shown(file);
            let title: Box<str> = format!("`{shown}`").into();
            let given = values.arguments.iter();
            let given = given.map(|(name, known)| (name.clone(), known.clone().given(name, &title)));
            Giver { arguments: given.collect(), title, ..Giver::default() }
        };
        if others.is_empty() {
            return always.last().map(|(file, _)| caller(file, &base)).into_iter().collect();
        }
        others.iter().map(|(file, (_, values))| caller(file, &base.under(values))).collect()
    }

    fn links(&self, of: &dyn ModuleFolders, folder: &Path) -> Arc<Links> {
        let Some(project) = of.project(folder) else { return Arc::default() };
        if let Some(known) = lock(&self.links).get(&project) {
            return known.clone();
        }
        let files = of.files_of_project(&project).unwrap_or_default();
        self.link(of, &project, &files)
    }

    /// Finds out who calls whom among the files of a project.
    pub fn link(&self, of: &dyn ModuleFolders, project: &Path, files: &[PathBuf]) -> Arc<Links> {
        let of_modules = files.iter().filter(|file| is_of_module(file)).filter_map(|file| file.parent());
        let folders: BTreeSet<PathBuf> = of_modules.map(Path::to_path_buf).collect();
        let mut links = Links::default();
        for folder in &folders {
            for (name, source) in of.whole(folder).calls() {
                if let Some(target) = self.resolved(of, folder, name, source) {
                    links.callers.entry(target).or_default().insert(folder.clone());
                }
            }
        }
        for file in files.iter().filter(|file| is_of_values(file)) {
            let Ok(text) = of.files().read(file, LARGEST) else { continue };
            let values = Values::of(&text);
            if let Some(root) = root_for(of, file, &values, project, &folders) {
                links.values.insert(file.clone(), (root, Arc::new(values)));
            }
        }
        links.folders = folders;
        let links = Arc::new(links);
        lock(&self.links).insert(project.to_path_buf(), links.clone());
        links
    }

    /// Takes in that a folder, or a file that gives it values, says something else than before. What others get from
    /// it, or it from others, may be something else, too: the folders to which it is.
    pub fn changed(&self, of: &dyn ModuleFolders, folder: &Path) -> Vec<PathBuf> {
        let Some(project) = of.project(folder) else { return Vec::new() };
        let Some(before) = lock(&self.links).get(&project).cloned() else { return Vec::new() };
        let mut links = Links::clone(&before);
        for callers in links.callers.values_mut() {
            callers.remove(folder);
        }
        for (name, source) in of.whole(folder).calls() {
            if let Some(target) = self.resolved(of, folder, name, source) {
                links.callers.entry(target).or_default().insert(folder.to_path_buf());
            }
        }
        let mut related = related(folder, &before);
        related.extend(self::related(folder, &links));
        lock(&self.links).insert(project, Arc::new(links));
        let mut known = Vec::new();
        for folder in &related {
            lock(&self.offers).remove(folder);
            let handed = lock(&self.handed).remove(folder);
            known.extend(handed.map(|handed| (folder, handed)));
        }
        let mut found = Vec::new();
        for (folder, before) in known {
            let now = self.handed(of, folder);
            if *now == *before {
                // The same, so that nobody has to look closer.
                lock(&self.handed).insert(folder.clone(), before);
            } else {
                found.push(folder.clone());
            }
        }
        found
    }

    /// Takes in a file of values, as whoever has its text knows: the folders to which others hand something else now.
    pub fn put_values(&self, of: &dyn ModuleFolders, file: &Path, text: &str) -> Vec<PathBuf> {
        let Some(project) = file.parent().and_then(|folder| of.project(folder)) else { return Vec::new() };
        let Some(before) = lock(&self.links).get(&project).cloned() else { return Vec::new() };
        let values = Values::of(text);
        // Which root they are for may hang on what the file says.
        let root = root_for(of, file, &values, &project, &before.folders);
        let known = before.values.get(file);
        let is_same = match (known, &root) {
            (Some((known_root, known)), Some(root)) => known_root == root && **known == values,
            (known, root) => known.is_none() && root.is_none(),
        };
        if is_same {
            return Vec::new();
        }
        let roots: BTreeSet<PathBuf> =
            known.map(|(root, _)| root.clone()).into_iter().chain(root.clone()).collect();
        let mut links = Links::clone(&before);
        match root {
            Some(root) => drop(links.values.insert(file.to_path_buf(), (root, Arc::new(values)))),
            None => drop(links.values.remove(file)),
        }
        lock(&self.links).insert(project, Arc::new(links));
        roots.iter().flat_map(|root| self.changed(of, root)).collect()
    }
}

/// The folders that lead to one, and those that it leads to.
fn related(folder: &Path, links: &Links) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::from([folder.to_path_buf()]);
    let mut next = vec![folder.to_path_buf()];
    while let Some(folder) = next.pop() {
        let callers = links.callers.get(&folder).into_iter().flatten();
        let called = links.callers.iter().filter(|(_, callers)| callers.contains(&folder)).map(|(it, _)| it);
        for other in callers.chain(called) {
            if found.insert(other.clone()) {
                next.push(other.clone());
            }
        }
    }
    found
}

/// The root that a file of values is for: what the configuration says, else what the file and its place tell.
fn root_for(
    of: &dyn ModuleFolders,
    file: &Path,
    values: &Values,
    project: &Path,
    folders: &BTreeSet<PathBuf>,
) -> Option<PathBuf> {
    let stated = of.root_stated(project, file).map(|root| normal(&root));
    let by_place = || root_of(file, values, project, |folder| folders.contains(folder));
    stated.filter(|root| folders.contains(root)).or_else(by_place)
}

/// The root that a file of values is for: the module that it names, else the nearest folder upwards that is one.
fn root_of(
    file: &Path,
    values: &Values,
    project: &Path,
    is_module: impl Fn(&Path) -> bool,
) -> Option<PathBuf> {
    let folder = file.parent()?;
    if let Some(source) = &values.source {
        // In front of two slashes is what is copied, behind them the module in it.
        let path = source.split('?').next()?.replace("//", "/");
        let (start, rest) = match path.strip_prefix("${get_repo_root()}/") {
            Some(rest) => (project, rest),
            None => (folder, path.strip_prefix("${get_terragrunt_dir()}/").unwrap_or(&path)),
        };
        let is_path = start == project && path.starts_with("${") || rest.starts_with('.');
        let root = normal(&start.join(rest));
        return (is_path && !rest.contains("${") && is_module(&root)).then_some(root);
    }
    folder
        .ancestors()
        .take_while(|folder| folder.starts_with(project))
        .take(UPWARDS)
        .find(|folder| is_module(folder))
        .map(Path::to_path_buf)
}

/// How many folders upwards the root of a file of values may lie: `infra/env/prod/eu.tfvars`.
const UPWARDS: usize = 4;

/// Where `terraform init` put the modules of a root, by the name of the call.
fn fetched(files: &dyn Files, folder: &Path) -> HashMap<String, PathBuf> {
    let mut found = HashMap::new();
    let Ok(text) = files.read(&folder.join(".terraform/modules/modules.json"), LARGEST) else { return found };
    let Ok(manifest) = serde_json::from_str::<serde_json::Value>(&text) else { return found };
    for module in manifest["Modules"].as_array().into_iter().flatten() {
        let (Some(key), Some(place)) = (module["Key"].as_str(), module["Dir"].as_str()) else { continue };
        let place = Path::new(place);
        let is_below =
            place.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !key.is_empty() && !key.contains('.') && is_below {
            found.insert(key.to_string(), normal(&folder.join(place)));
        }
    }
    found
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}
