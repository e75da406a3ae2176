//! What lies around a file: one answer for the command line and for editors.

use super::facts::FileFacts;
use super::files::{Files, Kind, Unreadable};
use super::handing::{Handing, ModuleFolders, is_of_values};
use super::lock::lock;
use super::modules::{Modules, is_of_module};
use super::project::{Home, Roots};
use super::settings::{Broken, Configurations, Notice};
use crate::catalog::{self, ModuleArgument};
use crate::config::{FileWords, ProjectWords, RoleWords, Settings};
use crate::graph::{self, FileSummary, Graph, StatedProject, StatedRepository, StatedRole};
use crate::host::{Folder, Module, Parsed, is_ours_by_name};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// How many files of a project are compared with each other, and how many bytes of them. In a larger one,
/// those of each folder are.
const FILES: usize = 5000;
const BYTES: u64 = 128 << 20;

/// The largest file that is compared with others, in bytes: AWS takes no larger template.
pub const LARGEST: u64 = 1 << 20;

/// The largest file of another repository's roles that is read, in bytes.
const CONTEXT: u64 = 64 << 20;

/// The files that documents live among, what holds for them, and what they say of each other. Paths are
/// absolute; what is not a path of a file (an unsaved document) has nothing around it.
pub struct Workspace {
    files: Arc<dyn Files>,
    configurations: Configurations,
    roots: Mutex<Arc<Roots>>,
    homes: Mutex<HashMap<PathBuf, Arc<Home>>>,
    projects: Mutex<HashMap<Extent, Slot>>,
    modules: Modules,
    handing: Handing,
    revision: AtomicU64,
    /// What may have changed on disk and was not looked at again, each with how often that was said.
    stale: Mutex<BTreeMap<PathBuf, u64>>,
    /// Files that say what they said before, at other places.
    moved: Mutex<BTreeSet<PathBuf>>,
    /// Held while what was read is taken in, so that an older look never comes last.
    catching_up: Mutex<()>,
    notices: Mutex<Vec<Notice>>,
}

/// Files that are compared with each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Extent {
    Project(PathBuf),
    Folder(PathBuf),
}

/// Empty until somebody asks. Locked while it is filled, so that two who ask at once do it once.
type Slot = Arc<Mutex<Option<Known>>>;

#[derive(Debug, Clone)]
enum Known {
    Compared {
        graph: Arc<Graph>,
        /// Every file, also those that say nothing.
        members: HashMap<PathBuf, Arc<FileSummary>>,
    },
    TooLarge,
}

impl Workspace {
    pub fn new(files: Arc<dyn Files>, configurations: Configurations, roots: Roots) -> Workspace {
        Workspace {
            files,
            configurations,
            roots: Mutex::new(Arc::new(roots)),
            homes: Mutex::default(),
            projects: Mutex::default(),
            modules: Modules::default(),
            handing: Handing::default(),
            revision: AtomicU64::new(0),
            stale: Mutex::default(),
            moved: Mutex::default(),
            catching_up: Mutex::default(),
            notices: Mutex::default(),
        }
    }

    pub fn configurations(&self) -> &Configurations {
        &self.configurations
    }

    pub fn settings(&self, file: &Path) -> (Settings, Result<(), Broken>) {
        self.configurations.of(file)
    }

    /// What there is to tell, each once.
    pub fn take_notices(&self) -> Vec<Notice> {
        let mut notices = self.configurations.take_notices();
        notices.append(&mut lock(&self.notices));
        notices
    }

    /// Moves when what files say to others does, and only then.
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    fn move_on(&self) {
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether [`Workspace::facts`] is known without reading other files.
    pub fn is_ready(&self, file: &Path) -> bool {
        let Some((folder, _)) = place(file) else { return true };
        if self.is_stale_around(folder) {
            return false;
        }
        let is_known = |extent: &Extent| {
            let slot = lock(&self.projects).get(extent).cloned();
            slot.and_then(|slot| slot.try_lock().ok().and_then(|known| known.clone()))
        };
        match self.home(folder).project.clone().map(Extent::Project).as_ref().and_then(is_known) {
            Some(Known::Compared { .. }) => true,
            _ => is_known(&Extent::Folder(folder.to_path_buf())).is_some(),
        }
    }

    /// What a file's path alone says.
    pub fn facts_of_path(&self, file: &Path) -> FileFacts {
        let facts = match place(file) {
            Some((folder, _)) => FileFacts::of_path(&self.home(folder).shown(file)),
            None => FileFacts::of_path(&file.to_string_lossy()),
        };
        let exceptions = self.configurations.exceptions(file);
        FileFacts { exceptions, constraints: self.configurations.constraints(file), ..facts }
    }

    /// What the rules may know of a file beside its text.
    pub fn facts(&self, file: &Path) -> FileFacts {
        let mut facts = self.facts_of_path(file);
        if let Some((folder, name)) = place(file) {
            self.catch_up_around(file);
            self.take_moved(file);
            // That reads the project, and with it who calls whom.
            facts.graph = self.graph(folder);
            facts.module = self.module_beside(folder, name);
        }
        facts
    }

    /// Where a file lies that the project of another one calls so.
    pub fn path_of(&self, own: &Path, shown: &str) -> PathBuf {
        let base = place(own).map(|(folder, _)| self.home(folder).base.clone()).unwrap_or_default();
        base.join(shown)
    }

    /// The text of a file, as it is open or saved; `None` where it cannot be read, or is larger than what is
    /// compared with others.
    pub fn text_of(&self, file: &Path) -> Option<String> {
        self.files.read(file, LARGEST).ok()
    }

    /// What the files say of themselves that belong together with those of a folder, and the folder that their paths
    /// are shown from.
    pub fn project(&self, folder: &Path) -> (Arc<Graph>, PathBuf) {
        self.catch_up();
        (self.graph(folder), self.home(folder).base.clone())
    }

    /// The text of a file.
    pub fn text(&self, file: &Path) -> Result<String, Unreadable> {
        self.files.read(file, super::disk::LARGEST)
    }

    /// The folders that are open in the editor, or that a command was started in.
    pub fn roots(&self) -> Arc<Roots> {
        lock(&self.roots).clone()
    }

    /// Other folders are open in the editor.
    pub fn set_roots(&self, roots: Roots) {
        *lock(&self.roots) = Arc::new(roots);
        self.forget();
    }

    /// Takes in what a file says to others, as whoever has its text knows.
    pub fn put(
        &self,
        file: &Path,
        text: impl FnOnce() -> String,
        parsed: &Parsed,
        summary: &Arc<FileSummary>,
    ) {
        let Some((folder, name)) = place(file) else { return };
        if is_of_module(file) {
            self.put_part(folder, name, Some(parsed.module_part().unwrap_or_else(|| Module::of(&text()))));
        } else if is_of_values(file) {
            self.put_values(file, &text());
        }
        self.put_summary(file, Some(summary));
    }

    /// Has a file looked at again, or what is left where one was, before anybody is told what lies around it:
    /// it may have changed on disk. Reads nothing yet.
    pub fn mark_stale(&self, file: &Path) {
        *lock(&self.stale).entry(file.to_path_buf()).or_default() += 1;
    }

    /// Whether something is still to be looked at again.
    pub fn is_behind(&self) -> bool {
        !lock(&self.stale).is_empty()
    }

    /// Looks at everything that may have changed. That may take long.
    pub fn catch_up(&self) {
        self.catch_up_with(|_| true);
    }

    /// Looks at what may have changed that says something to a file.
    pub fn catch_up_around(&self, file: &Path) {
        if let Some((folder, _)) = place(file)
            && self.is_behind()
        {
            let root = self.root(folder);
            self.catch_up_with(|file| concerns(file, &root));
        }
    }

    fn catch_up_with(&self, is_wanted: impl Fn(&Path) -> bool) {
        let next = || {
            let stale = lock(&self.stale);
            stale.iter().find(|(file, _)| is_wanted(file)).map(|(file, said)| (file.clone(), *said))
        };
        while let Some((file, said)) = next() {
            // A file must not cost the others.
            let _ = catch_unwind(AssertUnwindSafe(|| self.refresh(&file, said)));
            // It may have changed again while it was read.
            let mut stale = lock(&self.stale);
            if stale.get(&file) == Some(&said) {
                stale.remove(&file);
            }
        }
    }

    /// The folder of everything that files of a folder are compared with.
    fn root(&self, folder: &Path) -> PathBuf {
        self.home(folder).project.clone().unwrap_or_else(|| folder.to_path_buf())
    }

    /// Whether something is still to be looked at that says something to the files of a folder.
    fn is_stale_around(&self, folder: &Path) -> bool {
        if !self.is_behind() {
            return false;
        }
        let root = self.root(folder);
        lock(&self.stale).keys().any(|file| concerns(file, &root))
    }

    /// Takes in that a text is open which was never saved.
    pub fn appears(&self, file: &Path) {
        if let Some((folder, name)) = place(file)
            && is_ours_by_name(&name.to_string_lossy())
        {
            self.forget_around(folder);
        }
    }

    /// Looks at one file again; `said` is how often it was said by then that it changed.
    fn refresh(&self, file: &Path, said: u64) {
        let Some((folder, name)) = place(file) else { return };
        let is_folder = self.files.kind(file) == Some(Kind::Folder) || self.has_below(file);
        let is_ours = !is_folder && is_ours_by_name(&name.to_string_lossy());
        let is_member = is_ours && self.is_member(file);
        let text = is_ours.then(|| self.files.read(file, LARGEST)).and_then(Result::ok);
        let read = text.as_deref().filter(|_| is_member);
        let part = read.filter(|_| is_of_module(file)).map(module_of);
        let summary = read.map(|text| Arc::new(self.summary(file, text)));
        // Reading may have taken long: what somebody else read since is newer.
        let _held = lock(&self.catching_up);
        if lock(&self.stale).get(file) != Some(&said) {
            return;
        }
        if is_folder {
            self.forget_around(file);
        } else if is_member {
            if is_of_module(file) {
                self.put_part(folder, name, part);
            } else if is_of_values(file) {
                self.put_values(file, read.unwrap_or_default());
            }
            self.put_summary(file, summary.as_ref());
        } else if text.is_some() {
            // Whether it belongs to the others, the rules about what to ignore decide.
            self.forget_around(folder);
        }
    }

    /// Reads everything anew when it is next asked for.
    pub fn forget(&self) {
        self.configurations.forget();
        lock(&self.homes).clear();
        self.modules.forget(Path::new(""));
        self.handing.forget();
        lock(&self.projects).clear();
        self.move_on();
    }

    /// Reads what a path belongs to anew when it is next asked for.
    pub fn forget_around(&self, path: &Path) {
        self.modules.forget(path.parent().unwrap_or(path));
        self.handing.forget();
        lock(&self.projects).retain(|extent, _| match extent {
            Extent::Project(root) => !path.starts_with(root) && !root.starts_with(path),
            Extent::Folder(folder) => !folder.starts_with(path) && path.parent() != Some(folder),
        });
        self.move_on();
    }

    fn home(&self, folder: &Path) -> Arc<Home> {
        if let Some(known) = lock(&self.homes).get(folder) {
            return known.clone();
        }
        let home = Arc::new(Home::of(&*self.files, folder, &self.roots()));
        lock(&self.homes).insert(folder.to_path_buf(), home.clone());
        home
    }

    fn module_beside(&self, folder: &Path, name: &OsStr) -> Arc<Module> {
        if !is_of_module(Path::new(name)) {
            return Arc::default();
        }
        let handed = self.handing.handed(self, folder);
        self.modules.beside(folder, name, || self.read_parts(folder), handed)
    }

    fn read_parts(&self, folder: &Path) -> BTreeMap<OsString, Module> {
        let names = self.files.list(folder).into_iter().filter(|(_, kind)| *kind == Kind::File);
        let names = names.map(|(name, _)| name).filter(|name| is_of_module(Path::new(name)));
        // What cannot be read is told where it is looked at.
        names
            .take(FILES)
            .filter_map(|name| {
                let text = self.files.read(&folder.join(&name), LARGEST).ok()?;
                Some((name, module_of(&text)))
            })
            .collect()
    }

    fn slot(&self, extent: Extent) -> Slot {
        lock(&self.projects).entry(extent).or_default().clone()
    }

    /// What the files say of themselves that belong together with those of a folder.
    fn graph(&self, folder: &Path) -> Arc<Graph> {
        if let Some(project) = &self.home(folder).project {
            let slot = self.slot(Extent::Project(project.clone()));
            let mut known = lock(&slot);
            if let Known::Compared { graph, .. } = known.get_or_insert_with(|| self.compare_project(project))
            {
                return graph.clone();
            }
        }
        let slot = self.slot(Extent::Folder(folder.to_path_buf()));
        let mut known = lock(&slot);
        match known.get_or_insert_with(|| self.compare_folder(folder)) {
            Known::Compared { graph, .. } => graph.clone(),
            Known::TooLarge => Arc::default(),
        }
    }

    fn compare_project(&self, root: &Path) -> Known {
        let files = self.files_of_project(root);
        if let Some(files) = files.as_ref().filter(|files| files.iter().any(|file| is_of_module(file))) {
            self.handing.link(self, root, files);
        }
        files.and_then(|files| self.compare(root, files.into_iter())).unwrap_or_else(|| {
            self.tell(format!(
                "{} holds more than the {FILES} files or {} MiB that are compared with each other: those of \
                 each folder are",
                root.display(),
                BYTES >> 20
            ));
            Known::TooLarge
        })
    }

    fn compare_folder(&self, folder: &Path) -> Known {
        let files = self
            .files
            .list(folder)
            .into_iter()
            .filter(|(name, kind)| *kind == Kind::File && is_ours_by_name(&name.to_string_lossy()));
        let files: Vec<PathBuf> = files.map(|(name, _)| folder.join(name)).collect();
        let is_few = files.len() <= FILES;
        is_few.then(|| self.compare(folder, files.into_iter())).flatten().unwrap_or_else(|| {
            self.tell(format!(
                "{} holds more than the {FILES} files or {} MiB that are compared with each other: none are",
                folder.display(),
                BYTES >> 20
            ));
            Known::TooLarge
        })
    }

    fn tell(&self, words: String) {
        lock(&self.notices).push(Notice { is_error: false, words });
    }

    /// `None` where there is too much to read.
    fn compare(&self, root: &Path, files: impl Iterator<Item = PathBuf>) -> Option<Known> {
        let mut graph = Graph::default();
        self.take_stated(root, &mut graph);
        let mut members = HashMap::new();
        let mut left = BYTES;
        for file in files.filter(|file| !self.settings(file).0.is_excluded) {
            // What cannot be read is told where it is looked at.
            let summary = match self.files.read(&file, LARGEST) {
                Ok(text) => {
                    left = left.checked_sub(text.len() as u64)?;
                    Arc::new(self.summary(&file, &text))
                }
                Err(_) => Arc::default(),
            };
            graph.replace(summary.clone());
            members.insert(file, summary);
        }
        Some(Known::Compared { graph: Arc::new(graph), members })
    }

    /// What the configuration states of a project, and what it has other repositories say.
    fn take_stated(&self, root: &Path, graph: &mut Graph) {
        let words = self.configurations.project(root);
        let repository = self.repository(root, &words);
        if words == ProjectWords::default() && repository.is_none() {
            return;
        }
        let home = self.home(root);
        let tell = |file: &FileWords, why: &str| {
            self.tell(format!("{}: {}: {why}", file.place, file.path.display()));
        };
        for file in &words.context {
            let name = file.path.file_stem().map(|it| it.to_string_lossy().to_string()).unwrap_or_default();
            match self.files.read(&file.path, CONTEXT) {
                Ok(text) => match graph::import(&name, &text) {
                    Ok(summaries) => summaries.into_iter().for_each(|it| {
                        graph.replace(Arc::new(it));
                    }),
                    Err((line, why)) => {
                        let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
                        tell(file, &format!("{line}{why}"));
                    }
                },
                Err(why) => tell(file, &why.reason),
            }
        }
        let of = |file: &FileWords| -> Box<str> {
            if self.files.kind(&file.path) != Some(Kind::File) {
                tell(file, "there is no such file");
            }
            home.shown(&file.path).into()
        };
        let role = |role: &RoleWords| StatedRole {
            name: role.name.clone(),
            trust: role.trust.as_ref().map(of),
            policies: role.policies.iter().map(of).collect(),
            attached: role.attached.clone(),
        };
        graph.state(StatedProject {
            accounts: words.accounts.clone(),
            regions: words.regions.clone(),
            roles: words.roles.iter().map(role).collect(),
            is_complete: words.is_complete,
            repository,
        });
    }

    /// The name of the repository, where the configuration says it, or where git knows one place alone that it was
    /// cloned from.
    fn repository(&self, root: &Path, words: &ProjectWords) -> Option<StatedRepository> {
        if let Some((owner, name)) = words.repository.clone() {
            return Some(StatedRepository { owner, name, is_configured: true });
        }
        let settings = self.files.read(&root.join(".git/config"), LARGEST).ok()?;
        let mut named = settings.lines().filter_map(|line| {
            let (key, url) = line.split_once('=')?;
            (key.trim() == "url").then(|| repository_of_url(url.trim()))
        });
        let (owner, name) = named.next()??;
        let is_only = named.all(|other| other == Some((owner, name)));
        is_only.then(|| StatedRepository { owner: owner.into(), name: name.into(), is_configured: false })
    }

    /// What the files of a project say of its roles, for other repositories to read.
    pub fn export(&self, folder: &Path, name: Option<&str>) -> serde_json::Value {
        let root = self.root(folder);
        // Whatever is compared is read by this.
        let _ = self.graph(folder);
        let home = self.home(folder);
        let extents = [Extent::Project(root.clone()), Extent::Folder(folder.to_path_buf())];
        let slot = extents.iter().find_map(|extent| {
            let slot = lock(&self.projects).get(extent).cloned()?;
            let is_compared = matches!(lock(&slot).as_ref(), Some(Known::Compared { .. }));
            is_compared.then_some(slot)
        });
        let known = slot.map(|slot| lock(&slot).clone());
        let mut files: Vec<Arc<FileSummary>> = match known {
            Some(Some(Known::Compared { members, .. })) => members.into_values().collect(),
            _ => Vec::new(),
        };
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let own_name = root.file_name().map(|it| it.to_string_lossy().to_string()).unwrap_or_default();
        graph::export(name.unwrap_or(&own_name), &home.shown(&root), files.iter().map(|it| &**it))
    }

    /// What a file says to others.
    fn summary(&self, file: &Path, text: &str) -> FileSummary {
        let is_mute = !catalog::signs_of_roles()
            .iter()
            .any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some());
        let Some((folder, name)) = place(file).filter(|_| !is_mute) else { return FileSummary::default() };
        let summary = || {
            let mut facts = self.facts_of_path(file);
            facts.module = self.module_beside(folder, name);
            let parsed = Parsed::parse(text, facts.surroundings());
            let (settings, _) = self.settings(file);
            let documents = parsed.documents(text, &facts.path, settings.kind, &[]);
            FileSummary::of(&facts.path, &parsed, text, &documents)
        };
        // A file must not cost the others.
        catch_unwind(AssertUnwindSafe(summary)).unwrap_or_default()
    }

    /// The extent in which a file is compared, where that is known.
    fn known_extent(&self, file: &Path) -> Option<Slot> {
        let (folder, _) = place(file)?;
        let of_project = self.home(folder).project.clone().map(Extent::Project);
        let of_folder = Extent::Folder(folder.to_path_buf());
        let slots: Vec<Slot> = {
            let projects = lock(&self.projects);
            of_project.iter().chain([&of_folder]).filter_map(|extent| projects.get(extent).cloned()).collect()
        };
        slots.into_iter().find(|slot| matches!(lock(slot).as_ref(), Some(Known::Compared { .. })))
    }

    fn is_member(&self, file: &Path) -> bool {
        self.known_extent(file).is_some_and(|slot| {
            matches!(lock(&slot).as_ref(), Some(Known::Compared { members, .. }) if members.contains_key(file))
        })
    }

    /// Whether files were known below that path.
    fn has_below(&self, path: &Path) -> bool {
        let is_around = |extent: &Extent| {
            let (Extent::Project(root) | Extent::Folder(root)) = extent;
            concerns(path, root)
        };
        let slots: Vec<Slot> = {
            let projects = lock(&self.projects);
            projects.iter().filter(|(extent, _)| is_around(extent)).map(|(_, slot)| slot.clone()).collect()
        };
        slots.iter().any(|slot| match lock(slot).as_ref() {
            Some(Known::Compared { members, .. }) => {
                members.keys().any(|file| file != path && file.starts_with(path))
            }
            _ => false,
        })
    }

    /// Takes in where other files than that one say what they said before: who types in a file does not ask for
    /// its own places.
    fn take_moved(&self, asking: &Path) {
        let moved: Vec<PathBuf> = {
            let mut moved = lock(&self.moved);
            if moved.is_empty() {
                return;
            }
            let stays = moved.take(asking);
            let others = std::mem::take(&mut *moved);
            moved.extend(stays);
            others.into_iter().collect()
        };
        for file in moved {
            let Some(slot) = self.known_extent(&file) else { continue };
            let mut known = lock(&slot);
            let Some(Known::Compared { graph, members }) = known.as_mut() else { continue };
            if let Some(summary) = members.get(&file).filter(|it| !it.is_empty()) {
                Arc::make_mut(graph).move_to(summary.clone());
            }
        }
    }

    /// Takes in the summary of a member, or of an open text that was never saved; or that a file is gone.
    fn put_summary(&self, file: &Path, summary: Option<&Arc<FileSummary>>) {
        let Some(slot) = self.known_extent(file) else { return };
        let mut known = lock(&slot);
        let Some(Known::Compared { graph, members }) = known.as_mut() else { return };
        let Some(before) = members.get(file) else { return };
        match summary {
            Some(summary) => {
                let is_mute = summary.is_empty() && before.is_empty();
                if is_mute || Arc::ptr_eq(before, summary) {
                    return;
                }
                if before == summary {
                    // It says nothing new, but where it says it may be another place.
                    members.insert(file.to_path_buf(), summary.clone());
                    lock(&self.moved).insert(file.to_path_buf());
                    return;
                }
                let shown = before.path.clone();
                let graph = Arc::make_mut(graph);
                if summary.is_empty() {
                    graph.remove(&shown);
                } else {
                    graph.replace(summary.clone());
                }
                members.insert(file.to_path_buf(), summary.clone());
            }
            None => {
                let before = members.remove(file).unwrap_or_default();
                if before.is_empty() {
                    return;
                }
                Arc::make_mut(graph).remove(&before.path);
            }
        }
        self.move_on();
    }

    /// Takes in what a file of a module adds to it; its values reach into what the others say.
    fn put_part(&self, folder: &Path, name: &OsStr, part: Option<Module>) {
        let Some(others) = self.modules.put(folder, name, part) else { return };
        self.move_on();
        others.iter().for_each(|other| self.mark_stale(&folder.join(other)));
        let changed = self.handing.changed(self, folder);
        self.mark_folders(&changed);
    }

    /// Has the files of modules to which others hand something else looked at again.
    fn mark_folders(&self, folders: &[PathBuf]) {
        for folder in folders {
            self.modules.names(folder).iter().for_each(|name| self.mark_stale(&folder.join(name)));
        }
    }

    fn put_values(&self, file: &Path, text: &str) {
        let changed = self.handing.put_values(self, file, text);
        if !changed.is_empty() {
            self.mark_folders(&changed);
            self.move_on();
        }
    }
}

impl ModuleFolders for Workspace {
    fn whole(&self, folder: &Path) -> Folder {
        self.modules.whole(folder, || self.read_parts(folder))
    }

    fn files(&self) -> &dyn Files {
        &*self.files
    }

    fn project(&self, folder: &Path) -> Option<PathBuf> {
        self.home(folder).project.clone()
    }

    fn files_of_project(&self, project: &Path) -> Option<Vec<PathBuf>> {
        let own = |file: &PathBuf| {
            file.parent().is_some_and(|folder| self.home(folder).project.as_deref() == Some(project))
        };
        Some(self.files.walk(project, FILES)?.into_iter().filter(own).collect())
    }

    fn shown(&self, path: &Path) -> String {
        self.home(path.parent().unwrap_or(path)).shown(path)
    }

    fn shown_folder(&self, folder: &Path) -> String {
        self.home(folder).shown(folder)
    }

    fn module_rows(&self, folder: &Path, source: &str) -> Vec<(Box<str>, ModuleArgument)> {
        self.configurations.module_rows(&folder.join("main.tf"), source)
    }

    fn root_stated(&self, project: &Path, file: &Path) -> Option<PathBuf> {
        let words = self.configurations.project(project);
        words.values.into_iter().find(|(known, _)| known.path == file).map(|(_, root)| root)
    }
}

/// The owner and the name in the address of a repository of GitHub.
fn repository_of_url(url: &str) -> Option<(&str, &str)> {
    let rest = url.split_once("github.com")?.1.strip_prefix(['/', ':'])?;
    let (owner, name) = rest.trim_end_matches('/').split_once('/')?;
    let name = name.strip_suffix(".git").unwrap_or(name);
    (!owner.is_empty() && !name.is_empty() && !name.contains('/')).then_some((owner, name))
}

/// Whether what changed at a path says something to the files below a folder.
fn concerns(path: &Path, root: &Path) -> bool {
    path.starts_with(root) || root.starts_with(path)
}

/// The folder and the name of a file.
fn place(file: &Path) -> Option<(&Path, &OsStr)> {
    if !file.is_absolute() {
        return None;
    }
    Some((file.parent()?, file.file_name()?))
}

/// What a text adds to its module. A file beside others must not cost them.
fn module_of(text: &str) -> Module {
    catch_unwind(AssertUnwindSafe(|| Module::of(text))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Memory, Overlay};

    const TASK: &str = r#"{ "family": "web", "taskRoleArn": "arn:aws:iam::111122223333:role/webReader", "containerDefinitions": [{ "name": "web", "image": "web" }] }"#;

    fn workspace(files: &[(&str, &str)]) -> (Workspace, Arc<Overlay>) {
        let mut memory = Memory::default();
        files.iter().for_each(|(path, text)| memory.put(*path, *text));
        let overlay = Arc::new(Overlay::over(Arc::new(memory)));
        let configurations = Configurations::default();
        (Workspace::new(overlay.clone(), configurations, Roots::default()), overlay)
    }

    fn put(workspace: &Workspace, file: &str, text: &str) {
        let file = Path::new(file);
        let facts = workspace.facts(file);
        let parsed = Parsed::parse(text, facts.surroundings());
        let documents = parsed.documents(text, &facts.path, None, &[]);
        let summary = Arc::new(FileSummary::of(&facts.path, &parsed, text, &documents));
        workspace.put(file, || text.to_string(), &parsed, &summary);
    }

    #[test]
    fn the_revision_moves_with_what_is_said_to_others_alone() {
        let (workspace, _) =
            workspace(&[("/p/.git/HEAD", ""), ("/p/iam/task.json", TASK), ("/p/a.json", "{}")]);
        let graph = workspace.facts(Path::new("/p/a.json")).graph;
        assert!(!graph.is_empty());
        let start = workspace.revision();
        put(&workspace, "/p/iam/task.json", &TASK.replace("\"image\": \"web\"", "\"image\": \"web:2\""));
        put(&workspace, "/p/a.json", "{ \"b\": 1 }");
        assert_eq!(workspace.revision(), start);
        put(&workspace, "/p/iam/task.json", &TASK.replace("webReader", "webWriter"));
        assert_eq!(workspace.revision(), start + 1);
        // What was handed out before stays as it was.
        assert!(!Arc::ptr_eq(&graph, &workspace.facts(Path::new("/p/a.json")).graph));
    }

    #[test]
    fn an_open_text_counts_before_what_is_saved_and_until_it_is_closed() {
        let (workspace, overlay) =
            workspace(&[("/p/.git/HEAD", ""), ("/p/main.tf", ""), ("/p/values.tf", "")]);
        let file = Path::new("/p/main.tf");
        assert_eq!(*workspace.facts(file).module, Module::default());
        let values = "locals {\n  team = \"a\"\n}\n";
        overlay.open("/p/values.tf".into(), crate::text::Text::from(values));
        put(&workspace, "/p/values.tf", values);
        assert_ne!(*workspace.facts(file).module, Module::default());
        let moved = workspace.revision();
        overlay.close(Path::new("/p/values.tf"));
        workspace.mark_stale(Path::new("/p/values.tf"));
        assert!(!workspace.is_ready(file));
        assert_eq!(*workspace.facts(file).module, Module::default());
        assert!(workspace.revision() > moved && workspace.is_ready(file) && !workspace.is_behind());
        // One that was never saved is a neighbour as well.
        overlay.open("/p/new.tf".into(), crate::text::Text::from(values));
        workspace.appears(Path::new("/p/new.tf"));
        assert_ne!(*workspace.facts(file).module, Module::default());
    }

    #[test]
    fn what_is_too_much_is_compared_by_folder_and_told() {
        let names: Vec<String> =
            (0..=FILES).map(|number| format!("/p/{}/{number}.json", number % 2)).collect();
        let mut files: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "{}")).collect();
        files.extend([("/p/.git/HEAD", ""), ("/p/iam/task.json", TASK)]);
        let (workspace, _) = workspace(&files);
        assert!(workspace.facts(Path::new("/p/0/0.json")).graph.is_empty());
        assert!(!workspace.facts(Path::new("/p/iam/x.json")).graph.is_empty());
        let notices = workspace.take_notices();
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].words.starts_with("/p holds more than the 5000 files"), "{notices:?}");
        assert!(workspace.is_ready(Path::new("/p/0/1.json")) && !workspace.is_ready(Path::new("/q/1.json")));
    }
}
