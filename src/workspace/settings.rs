//! What holds for a file: what the arguments ask for, then the project's configuration, then the editor.

use super::disk::Disk;
use super::files::{Files, Kind};
use super::lock::lock;
use super::paths;
use crate::catalog::ModuleArgument;
use crate::config::{Config, Held, ProjectWords, Setting, Settings, kind_by_glob};
use crate::diagnostic::Level;
use crate::host::DocumentKind;
use crate::rules::own::Constraints;
use crate::rules::{Choice, RuleSet, UnknownRule};
use crate::suppression::{Exceptions, Row};
use crate::text::LineIndex;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The largest configuration that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// What a front asks for beside the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    pub level: Option<Level>,
    /// Rules or groups; empty means every rule of the level.
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    /// The kind of every document.
    pub kind: Option<DocumentKind>,
    /// Globs below a root, each with the kind that its files hold.
    pub kinds: Vec<(String, DocumentKind)>,
    /// The folders that the globs are meant from.
    pub roots: Vec<PathBuf>,
    /// Whether everything is told, whatever suppresses it.
    pub no_suppressions: bool,
}

/// The configurations of the folders that files are in, each read once.
pub struct Configurations {
    files: Arc<dyn Files>,
    arguments: Wishes,
    editor: Mutex<Wishes>,
    /// In place of those that would be found.
    given: Option<Known>,
    by_folder: Mutex<HashMap<PathBuf, Nearest>>,
    by_file: Mutex<HashMap<PathBuf, Nearest>>,
    /// What was not told yet.
    notices: Mutex<Vec<Notice>>,
}

/// A configuration, and the rules that it comes to together with the wishes.
#[derive(Clone)]
struct Known {
    config: Option<Arc<Config>>,
    /// Where it stands.
    path: Option<Arc<Path>>,
    rules: Arc<RuleSet>,
    /// Of the files that overrides fit, by the numbers of these.
    overridden: Arc<Mutex<HashMap<Vec<usize>, Arc<RuleSet>>>>,
}

/// What a configuration says of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Described {
    /// The file itself; `None` where there is none.
    pub configuration: Option<PathBuf>,
    /// What it says, in the order of the settings.
    pub held: Vec<Held>,
    /// How many rules run.
    pub rules: usize,
}

/// Something to tell about configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether files could not be checked for it.
    pub is_error: bool,
    pub words: String,
}

/// A configuration that cannot be read, or says what makes no sense. What is wrong is among the notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

type Nearest = Result<Known, Broken>;

impl Configurations {
    /// With a configuration that was named, none is looked for.
    pub fn new(
        files: Arc<dyn Files>,
        arguments: Wishes,
        given: Option<&Path>,
    ) -> Result<Configurations, String> {
        let mut configurations = Configurations {
            files,
            arguments,
            editor: Mutex::default(),
            given: None,
            by_folder: Mutex::default(),
            by_file: Mutex::default(),
            notices: Mutex::default(),
        };
        // What the arguments name must be known, whatever a configuration says.
        configurations.merged(None, &[]).map_err(|unknown| unknown.to_string())?;
        if let Some(path) = given {
            configurations.given = Some(configurations.load(path)?);
        }
        Ok(configurations)
    }

    /// What a configuration says of a file. An error where it is broken: what is wrong is among the notices.
    pub fn describe(&self, file: &Path) -> Result<Described, Broken> {
        let (known, is_sound) = self.known(file);
        is_sound?;
        let rules = self.rules_of(&known, file).rules().len();
        let held = known.config.map(|config| config.held_for(file)).unwrap_or_default();
        Ok(Described { configuration: known.path.map(|path| path.to_path_buf()), held, rules })
    }

    /// The baseline that is meant for a file.
    pub fn baseline(&self, file: &Path) -> Option<PathBuf> {
        let (known, _) = self.known(file);
        let given = known.config?.baseline()?.value.clone();
        known.path?.parent().map(|folder| folder.join(given))
    }

    /// The most days that the facts may be old where that file is judged.
    pub fn facts_max_age(&self, file: &Path) -> Option<Setting<u32>> {
        self.known(file).0.config?.facts_max_age().cloned()
    }

    /// What the editor's settings ask for from now on.
    pub fn set_editor(&self, wishes: Wishes) {
        *lock(&self.editor) = wishes;
        self.forget();
    }

    /// The next look reads the configurations anew.
    pub fn forget(&self) {
        lock(&self.by_folder).clear();
        lock(&self.by_file).clear();
    }

    /// What there is to tell of configurations, each once.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut lock(&self.notices))
    }

    /// What holds for a file. Where a configuration is broken, what would hold without it.
    pub fn of(&self, file: &Path) -> (Settings, Result<(), Broken>) {
        let (known, is_sound) = self.known(file);
        let rules = self.rules_of(&known, file);
        let editor = lock(&self.editor);
        let by_editor = || {
            editor.roots.iter().find_map(|root| {
                file.starts_with(root).then(|| kind_by_glob(&editor.kinds, root, file)).flatten()
            })
        };
        let kind = self.arguments.kind.or_else(|| known.config.as_ref()?.kind_of(file)).or_else(by_editor);
        let is_excluded = known.config.as_ref().is_some_and(|config| config.excludes(file));
        (Settings { rules, kind, is_excluded }, is_sound)
    }

    /// The rules of a file, with what overrides say of it.
    fn rules_of(&self, known: &Known, file: &Path) -> Arc<RuleSet> {
        let Some(config) = &known.config else { return Arc::clone(&known.rules) };
        let overrides = config.overrides_of(file);
        if overrides.is_empty() {
            return Arc::clone(&known.rules);
        }
        let mut sets = lock(&known.overridden);
        // Names were looked at when the file was read.
        let rules =
            || self.merged(Some(config), &overrides).map_or_else(|_| Arc::clone(&known.rules), Arc::new);
        Arc::clone(sets.entry(overrides.clone()).or_insert_with(rules))
    }

    /// What the configuration keeps from being told of a file.
    pub fn exceptions(&self, file: &Path) -> Exceptions {
        if self.arguments.no_suppressions {
            return Exceptions { are_off: true, ..Exceptions::default() };
        }
        let (known, _) = self.known(file);
        let Some(config) = known.config else { return Exceptions::default() };
        let (rows, honoured) = (config.exceptions_of(file).into(), config.honoured().into());
        Exceptions { are_off: false, rows, honoured }
    }

    /// The rows of exceptions in the configurations that were read, each with the file that it stands in.
    pub fn rows(&self) -> Vec<(PathBuf, Row)> {
        let by_file = lock(&self.by_file);
        let all = by_file.values().filter_map(|known| known.as_ref().ok()).chain(&self.given);
        let mut found: Vec<(PathBuf, Row)> = Vec::new();
        for row in all.filter_map(|known| known.config.as_ref()).flat_map(|config| config.exceptions()) {
            let Some((file, _)) = row.place.rsplit_once(':') else { continue };
            let file = paths::absolute(Path::new(file)).unwrap_or_else(|| PathBuf::from(file));
            if !found.iter().any(|(_, known)| known.place == row.place) {
                found.push((file, row.clone()));
            }
        }
        found.sort_by(|one, other| {
            (&one.0, one.1.suppression.span).cmp(&(&other.0, other.1.suppression.span))
        });
        found
    }

    /// What the configuration forbids in a file, and asks for.
    pub fn constraints(&self, file: &Path) -> Constraints {
        let (known, _) = self.known(file);
        known.config.map(|config| config.constraints_of(file)).unwrap_or_default()
    }

    /// What the configuration says of the arguments of a module, by the module's source.
    pub fn module_rows(&self, file: &Path, source: &str) -> Vec<(Box<str>, ModuleArgument)> {
        let (known, _) = self.known(file);
        known.config.map(|config| config.module_rows(file, source)).unwrap_or_default()
    }

    /// What the configuration of a folder says of its project.
    pub(super) fn project(&self, folder: &Path) -> ProjectWords {
        let (known, _) = self.known(&folder.join(Config::FILE_NAME));
        known.config.map(|config| config.project.clone()).unwrap_or_default()
    }

    fn known(&self, file: &Path) -> (Known, Result<(), Broken>) {
        match &self.given {
            Some(given) => (given.clone(), Ok(())),
            None => match self.nearest(file.parent().unwrap_or(Path::new(""))) {
                Ok(known) => (known, Ok(())),
                Err(broken) => (self.without_file(), Err(broken)),
            },
        }
    }

    /// The one order in which wishes meet: the arguments, then the file, then the editor. What anybody
    /// ignores is ignored.
    fn merged(&self, file: Option<&Config>, overrides: &[usize]) -> Result<RuleSet, UnknownRule> {
        let (arguments, editor) = (&self.arguments, lock(&self.editor));
        let level = arguments.level.or_else(|| file?.level(overrides)).or(editor.level).unwrap_or_default();
        let selects = [&*arguments.select, file.map_or(&[], |file| file.select(overrides)), &*editor.select];
        let select = selects.into_iter().find(|select| !select.is_empty()).unwrap_or_default().to_vec();
        let of_file = file.map(|file| file.ignore(overrides)).unwrap_or_default();
        let ignore = arguments.ignore.iter().cloned().chain(of_file).chain(editor.ignore.iter().cloned());
        RuleSet::chosen(&Choice {
            level,
            select,
            ignore: ignore.collect(),
            severities: file.map(|file| file.severities(overrides)).unwrap_or_default(),
            edition: file.and_then(Config::edition).unwrap_or_default(),
        })
    }

    fn without_file(&self) -> Known {
        let rules = Arc::new(self.merged(None, &[]).unwrap_or_default());
        Known { config: None, path: None, rules, overridden: Arc::default() }
    }

    fn load(&self, file: &Path) -> Result<Known, String> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let config = self.read(file, folder, &mut Vec::new())?;
        let rules =
            self.merged(Some(&config), &[]).map_err(|error| format!("{}: {error}", file.display()))?;
        let (config, path) = (Some(Arc::new(config)), Some(file.into()));
        Ok(Known { config, path, rules: Arc::new(rules), overridden: Arc::default() })
    }

    /// A configuration with what it extends, whose globs are meant from the folder of the first. `open` are the files
    /// that wait for it.
    fn read(&self, file: &Path, folder: &Path, open: &mut Vec<PathBuf>) -> Result<Config, String> {
        let text = self.files.read(file, LARGEST).map_err(|problem| problem.to_string())?;
        let lines = LineIndex::new(&text);
        let place = |offset: u32| {
            let at = lines.scalars(offset);
            format!("{}:{}:{}", file.display(), at.line, at.column)
        };
        let mut config = Config::parse(&text, folder)
            .map_err(|error| format!("{}: {error}", place(error.span().start)))?;
        config.locate(|offset| format!("{}:{}", file.display(), lines.scalars(offset).line));
        open.push(paths::absolute(file).unwrap_or_else(|| file.to_path_buf()));
        // The nearest comes last, and counts most.
        for extended in config.extends.clone().into_iter().rev() {
            let at = place(extended.span.start);
            let beside = file.parent().unwrap_or(Path::new("")).join(&extended.value);
            let path = paths::absolute(&beside).unwrap_or(beside);
            let path = match self.files.kind(&path) {
                Some(Kind::Folder) => path.join(Config::FILE_NAME),
                _ => path,
            };
            if open.contains(&path) {
                let way: Vec<String> =
                    open.iter().chain([&path]).map(|it| it.display().to_string()).collect();
                return Err(format!("{at}: what is extended extends this again: {}", way.join(" → ")));
            }
            if self.files.kind(&path) != Some(Kind::File) {
                return Err(format!("{at}: there is no file {} to extend", path.display()));
            }
            let base = self.read(&path, folder, open)?;
            config = config.over(base).map_err(|error| format!("{}: {error}", place(error.span().start)))?;
        }
        open.pop();
        Ok(config)
    }

    /// The configuration nearest to a folder.
    fn nearest(&self, folder: &Path) -> Nearest {
        if let Some(known) = lock(&self.by_folder).get(folder) {
            return known.clone();
        }
        let absolute =
            std::path::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
                .unwrap_or_else(|_| folder.to_path_buf());
        // Two threads that come first together must not tell one problem twice.
        let mut by_file = lock(&self.by_file);
        let found = find(&*self.files, &absolute, |left_alone| {
            let words = format!(
                "{} is left alone: others may write to it or to its folder, which is in no repository",
                left_alone.display()
            );
            by_file.entry(left_alone).or_insert_with(|| {
                lock(&self.notices).push(Notice { is_error: false, words });
                Err(Broken)
            });
        });
        let result = match found {
            None => Ok(self.without_file()),
            Some(file) => by_file
                .entry(file.clone())
                .or_insert_with(|| {
                    self.load(&file).map_err(|words| {
                        lock(&self.notices).push(Notice { is_error: true, words });
                        Broken
                    })
                })
                .clone(),
        };
        lock(&self.by_folder).insert(folder.to_path_buf(), result.clone());
        result
    }
}

/// The configuration nearest to a folder: upwards to the repository's root; outside of a repository, to the
/// user's own folder at most, and none that others may write to or put in its folder.
pub(super) fn find(
    files: &dyn Files,
    folder: &Path,
    mut leave_alone: impl FnMut(PathBuf),
) -> Option<PathBuf> {
    let root = folder.ancestors().find(|folder| files.is_repository(folder));
    let home = files.home();
    for ancestor in folder.ancestors() {
        let file = ancestor.join(Config::FILE_NAME);
        if files.kind(&file).is_some_and(|kind| kind != Kind::Folder) {
            if root.is_some() || files.is_private(ancestor) && files.is_private(&file) {
                return Some(file);
            }
            leave_alone(file);
        }
        if root == Some(ancestor) || root.is_none() && home.as_deref() == Some(ancestor) {
            break;
        }
    }
    None
}

impl Default for Configurations {
    fn default() -> Configurations {
        Configurations {
            files: Arc::new(Disk),
            arguments: Wishes::default(),
            editor: Mutex::default(),
            given: None,
            by_folder: Mutex::default(),
            by_file: Mutex::default(),
            notices: Mutex::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::files::Memory;

    fn configurations(files: &[(&str, &str)], arguments: Wishes) -> Configurations {
        let mut memory = Memory::default();
        files.iter().for_each(|(path, text)| memory.put(*path, *text));
        Configurations::new(Arc::new(memory), arguments, None).unwrap()
    }

    fn has(configurations: &Configurations, file: &str, rule: &str) -> bool {
        configurations.of(Path::new(file)).0.rules.has(rule)
    }

    #[test]
    fn arguments_come_before_the_file_and_the_file_before_the_editor() {
        let file = ("/p/.passrole.jsonc", r#"{ "select": ["task"], "ignore": ["unused-volume"] }"#);
        let it = configurations(&[file], Wishes::default());
        it.set_editor(Wishes {
            select: vec!["trust".into()],
            ignore: vec!["duplicate-sid".into()],
            ..Wishes::default()
        });
        assert!(has(&it, "/p/a/x.json", "unknown-volume") && !has(&it, "/p/a/x.json", "invalid-principal"));
        assert!(!has(&it, "/p/a/x.json", "unused-volume"));
        assert!(has(&it, "/q/x.json", "invalid-principal") && !has(&it, "/q/x.json", "unknown-volume"));
        let it = configurations(&[file], Wishes { select: vec!["policy".into()], ..Wishes::default() });
        assert!(has(&it, "/p/x.json", "duplicate-sid") && !has(&it, "/p/x.json", "unknown-volume"));
    }

    #[test]
    fn what_is_extended_counts_less_and_locks() {
        let base = (
            "/org/base.jsonc",
            r#"{ "severity": { "unknown-action": "error" }, "ignore": ["task"], "locks": ["ignore"] }"#,
        );
        let it = configurations(
            &[
                base,
                ("/p/.passrole.jsonc", "{ \"extends\": [\"../org/base.jsonc\"],\n \"level\": \"pedantic\" }"),
            ],
            Wishes::default(),
        );
        assert!(!has(&it, "/p/x.json", "unknown-volume") && has(&it, "/p/x.json", "any-resource"));
        let held = it.describe(Path::new("/p/x.json")).unwrap().held;
        let places: Vec<(&str, &str)> = held.iter().map(|it| (it.setting, &*it.place)).collect();
        assert!(
            places.contains(&("level", "/p/.passrole.jsonc:2"))
                && places.contains(&("ignore", "/org/base.jsonc:1"))
        );
        let words = |files: &[(&str, &str)]| {
            let it = configurations(files, Wishes::default());
            assert_eq!(it.of(Path::new("/p/x.json")).1, Err(Broken));
            it.take_notices().remove(0).words
        };
        let own = r#"{ "extends": ["../org/base.jsonc"], "ignore": [] , "ignore": ["policy"] }"#;
        let locked = words(&[base, ("/p/.passrole.jsonc", own)]);
        assert!(locked.contains("`ignore` is locked by /org/base.jsonc:1"), "{locked}");
        let cycle = words(&[
            ("/org/base.jsonc", r#"{ "extends": ["../p"] }"#),
            ("/p/.passrole.jsonc", r#"{ "extends": ["../org/base.jsonc"] }"#),
        ]);
        assert_eq!(
            cycle,
            "/org/base.jsonc:1:15: what is extended extends this again: /p/.passrole.jsonc → /org/base.jsonc → \
             /p/.passrole.jsonc"
        );
        let missing = words(&[("/p/.passrole.jsonc", r#"{ "extends": ["../org"] }"#)]);
        assert_eq!(missing, "/p/.passrole.jsonc:1:15: there is no file /org to extend");
    }

    #[test]
    fn overrides_and_editions_hold() {
        let file = r#"{ "edition": "2026.1", "exclude": ["vendor/"], "overrides": [{ "files": "legacy/", "ignore": ["unknown-action"] }] }"#;
        let it = configurations(&[("/p/.passrole.jsonc", file)], Wishes::default());
        assert!(has(&it, "/p/x.json", "unknown-action") && !has(&it, "/p/legacy/x.json", "unknown-action"));
        assert!(!has(&it, "/p/x.json", "unsupported-platform"));
        assert!(
            it.of(Path::new("/p/vendor/a/x.json")).0.is_excluded
                && !it.of(Path::new("/p/x.json")).0.is_excluded
        );
    }

    #[test]
    fn a_broken_configuration_is_told_once() {
        let it = configurations(&[("/p/.passrole.jsonc", "{ \"levle\": 1 }")], Wishes::default());
        for file in ["/p/x.json", "/p/y.json", "/p/a/z.json"] {
            assert_eq!(it.of(Path::new(file)).1, Err(Broken), "{file}");
        }
        let notices = it.take_notices();
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].words.starts_with("/p/.passrole.jsonc:1:3: there is no setting `levle`"));
    }

    #[test]
    fn the_search_ends_at_the_repository_and_at_home() {
        struct Shared(Memory);
        impl Files for Shared {
            fn read(&self, path: &Path, limit: u64) -> Result<String, super::super::Unreadable> {
                self.0.read(path, limit)
            }
            fn list(&self, folder: &Path) -> Vec<(std::ffi::OsString, Kind)> {
                self.0.list(folder)
            }
            fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
                self.0.walk(folder, limit)
            }
            fn kind(&self, path: &Path) -> Option<Kind> {
                self.0.kind(path)
            }
            fn is_private(&self, folder: &Path) -> bool {
                folder != Path::new("/tmp")
            }
            fn home(&self) -> Option<PathBuf> {
                Some("/home/me".into())
            }
        }
        let mut memory = Memory::default();
        for path in ["/", "/tmp/", "/home/", "/home/me/", "/open/"] {
            memory.put(format!("{path}.passrole.jsonc"), "{}");
        }
        memory.put("/home/me/repo/.git/HEAD", "");
        let files = Shared(memory);
        let mut left = Vec::new();
        let mut found = |folder: &str| {
            find(&files, Path::new(folder), |file| left.push(file)).map(|it| it.display().to_string())
        };
        assert_eq!(found("/home/me/repo/iam"), None, "a repository's root ends the search");
        assert_eq!(found("/home/me/loose/iam").as_deref(), Some("/home/me/.passrole.jsonc"));
        assert_eq!(found("/open/x").as_deref(), Some("/open/.passrole.jsonc"));
        assert_eq!(found("/tmp/x").as_deref(), Some("/.passrole.jsonc"));
        assert_eq!(left, [PathBuf::from("/tmp/.passrole.jsonc")]);
    }
}
