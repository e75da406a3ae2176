//! Configuration files: what may stand in one, what is wrong with it, and what it comes to over those that it extends.

use super::constraints::Rows;
use super::exceptions::{Exception, exceptions};
use super::project::ProjectWords;
use super::value::{ConfigError, Setting, fits, glob, globs, list, number, object, string};
use crate::catalog::{self, ModuleArgument};
use crate::diagnostic::{Level, Severity};
use crate::host::DocumentKind;
use crate::rules::own::Constraints;
use crate::rules::{Choice, Edition, RuleSet};
use crate::suppression::{OtherTool, Row};
use crate::text::{Span, listed};
use ignore::Match;
use ignore::gitignore::Gitignore;
use jsonc_parser::ast::{Object, Value};
use std::path::Path;

/// A configuration file, read.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// What holds for every file.
    rules: Rules,
    overrides: Vec<Override>,
    /// Globs, each with the kind that its files hold.
    kinds: Vec<KindByGlob>,
    /// Files that are not looked at; a later line counts more, and one with `!` brings files back.
    exclude: Vec<(Gitignore, Setting<String>)>,
    exceptions: Vec<Exception>,
    /// Tools whose own suppressions count, too.
    honour: Option<Setting<Vec<OtherTool>>>,
    edition: Option<Setting<Edition>>,
    facts_max_age: Option<Setting<u32>>,
    baseline: Option<Setting<String>>,
    /// The files whose settings these are laid over, nearest last.
    pub extends: Vec<Setting<String>>,
    /// Settings that a file which extends this one must leave alone.
    locks: Vec<Setting<&'static str>>,
    /// The settings that stand in the file, by name.
    own: Vec<(&'static str, Span)>,
    modules: Vec<ModuleRow>,
    /// What no policy may grant, and what must be there.
    constraints: Rows,
    pub project: ProjectWords,
}

/// What the arguments of a Terraform module hold.
#[derive(Debug, Clone)]
struct ModuleRow {
    /// As the registry names it, or the folder that it stands in.
    module: String,
    arguments: Vec<(Box<str>, ModuleArgument)>,
}

/// A rule, group or case, and the severity of its findings; `None` for no findings at all.
type NamedSeverity = (String, Option<Severity>);

/// A glob, read and as it was written, and the kind that its files hold.
type KindByGlob = (Gitignore, Setting<(String, DocumentKind)>);

/// Which rules run, as far as something is said of it.
#[derive(Debug, Clone, Default)]
struct Rules {
    level: Option<Setting<Level>>,
    select: Option<Setting<Vec<String>>>,
    ignore: Vec<Setting<String>>,
    severity: Vec<Setting<NamedSeverity>>,
}

/// What holds for some files.
#[derive(Debug, Clone)]
struct Override {
    files: Vec<Gitignore>,
    rules: Rules,
    kind: Option<Setting<DocumentKind>>,
}

/// A setting that holds for a file, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub setting: &'static str,
    pub value: String,
    /// `FILE:LINE`.
    pub place: String,
}

const KEYS: [&str; 25] = [
    "$schema",
    "extends",
    "locks",
    "edition",
    "level",
    "select",
    "ignore",
    "severity",
    "exclude",
    "overrides",
    "kinds",
    "exceptions",
    "honour",
    "never",
    "require",
    "modules",
    "baseline",
    "factsMaxAge",
    "context",
    "roles",
    "accounts",
    "regions",
    "complete",
    "repository",
    "values",
];
const KEYS_OF_OVERRIDE: [&str; 6] = ["files", "level", "select", "ignore", "severity", "kind"];

impl Config {
    pub const FILE_NAME: &'static str = ".passrole.jsonc";

    /// Every setting that a file may have.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        KEYS.into_iter()
    }

    /// Reads a configuration whose globs are meant from `folder`. What it extends is for the caller to read.
    pub fn parse(text: &str, folder: &Path) -> Result<Config, ConfigError> {
        let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default())
            .map_err(|error| ConfigError::at(error.range(), error.kind().to_string()))?;
        let mut config = Config::default();
        let object = match &parsed.value {
            None => return Ok(config),
            Some(value) => object(value, "an object is expected here")?,
        };
        let keys: Vec<&'static str> = Config::keys().collect();
        for property in &object.properties {
            let value = &property.value;
            let name = property.name.as_str();
            let Some(key) = keys.iter().find(|key| **key == name) else {
                return Err(ConfigError::unknown(property, &keys[1..]));
            };
            config.own.push((key, Setting::new((), &property.name).span));
            match name {
                "$schema" => {}
                "extends" => config.extends = extends(value)?,
                "locks" => config.locks = locks(value, &keys)?,
                "edition" => {
                    let edition =
                        Edition::named(string(value)?).map_err(|why| ConfigError::of(value, &why))?;
                    config.edition = Some(Setting::new(edition, value));
                }
                "exclude" => config.exclude = exclude(value, folder)?,
                "overrides" => config.overrides = overrides(value, folder)?,
                "kinds" => config.kinds = kinds(value, folder)?,
                "never" => config.constraints.take_never(value, folder)?,
                "require" => config.constraints.take_require(value, folder)?,
                "modules" => config.modules = modules(value, folder)?,
                "honour" => config.honour = Some(Setting::new(other_tools(value)?, value)),
                "exceptions" => config.exceptions = exceptions(value, folder)?,
                "baseline" => config.baseline = Some(Setting::new(string(value)?.to_string(), value)),
                "factsMaxAge" => config.facts_max_age = Some(Setting::new(number(value)?, value)),
                _ if config.project.take(name, value, folder)? => {}
                _ => {
                    config.rules.take(name, value)?;
                }
            }
        }
        Ok(config)
    }

    /// Lays the file over one that it extends, unless it says what that one locks.
    pub fn over(mut self, base: Config) -> Result<Config, ConfigError> {
        for lock in &base.locks {
            let found = self.own.iter().find(|(key, _)| *key == lock.value).map(|(_, span)| *span);
            let in_override = |it: &Override| it.rules.span_of(lock.value);
            if let Some(span) = found.or_else(|| self.overrides.iter().find_map(in_override)) {
                let message = format!("`{}` is locked by {}: take it out here", lock.value, lock.place);
                return Err(ConfigError::within(span, message));
            }
        }
        self.rules = base.rules.under(self.rules);
        self.overrides.splice(0..0, base.overrides);
        self.kinds.splice(0..0, base.kinds);
        self.exclude.splice(0..0, base.exclude);
        self.modules.splice(0..0, base.modules);
        self.constraints = base.constraints.and(self.constraints);
        self.project = self.project.over(base.project);
        self.exceptions.splice(0..0, base.exceptions);
        self.honour = self.honour.or(base.honour);
        self.edition = self.edition.or(base.edition);
        self.facts_max_age = self.facts_max_age.or(base.facts_max_age);
        self.baseline = self.baseline.or(base.baseline);
        self.locks.splice(0..0, base.locks);
        Ok(self)
    }

    /// Says where what stands in the file stands: `place` makes `FILE:LINE` of an offset. What was taken over from
    /// another file keeps its place.
    pub fn locate(&mut self, place: impl Fn(u32) -> String) {
        for (_, row) in self.exceptions.iter_mut().filter(|(_, row)| row.place.is_empty()) {
            row.place = place(row.suppression.span.start).into();
        }
        self.constraints.locate(&place);
        self.project.locate(&place);
        self.rules.locate(&place);
        for it in &mut self.overrides {
            it.rules.locate(&place);
            it.kind.iter_mut().for_each(|it| it.locate(&place));
        }
        self.kinds.iter_mut().for_each(|(_, it)| it.locate(&place));
        self.exclude.iter_mut().for_each(|(_, it)| it.locate(&place));
        self.honour.iter_mut().for_each(|it| it.locate(&place));
        self.edition.iter_mut().for_each(|it| it.locate(&place));
        self.facts_max_age.iter_mut().for_each(|it| it.locate(&place));
        self.baseline.iter_mut().for_each(|it| it.locate(&place));
        self.extends.iter_mut().for_each(|it| it.locate(&place));
        self.locks.iter_mut().for_each(|it| it.locate(&place));
    }

    /// What it wants of the rules, where those overrides fit.
    pub fn level(&self, overrides: &[usize]) -> Option<Level> {
        self.parts(overrides).filter_map(|it| it.level.as_ref()).next_back().map(|it| it.value)
    }

    pub fn select(&self, overrides: &[usize]) -> &[String] {
        let mut wanted = self.parts(overrides).filter_map(|it| it.select.as_ref());
        wanted.rfind(|it| !it.value.is_empty()).map_or(&[], |it| &it.value)
    }

    pub fn ignore(&self, overrides: &[usize]) -> Vec<String> {
        self.parts(overrides).flat_map(|it| &it.ignore).map(|it| it.value.clone()).collect()
    }

    pub fn severities(&self, overrides: &[usize]) -> Vec<(String, Option<Severity>)> {
        self.parts(overrides).flat_map(|it| &it.severity).map(|it| it.value.clone()).collect()
    }

    pub fn edition(&self) -> Option<Edition> {
        self.edition.as_ref().map(|it| it.value)
    }

    /// The most days that the facts may be old.
    pub fn facts_max_age(&self) -> Option<&Setting<u32>> {
        self.facts_max_age.as_ref()
    }

    /// The baseline's path, from the folder of the configuration.
    pub fn baseline(&self) -> Option<&Setting<String>> {
        self.baseline.as_ref()
    }

    fn parts(&self, overrides: &[usize]) -> impl DoubleEndedIterator<Item = &Rules> + use<'_> {
        let fitting = overrides.iter().filter_map(|index| self.overrides.get(*index));
        let parts: Vec<&Rules> = std::iter::once(&self.rules).chain(fitting.map(|it| &it.rules)).collect();
        parts.into_iter()
    }

    /// The overrides that fit a file, by number.
    pub fn overrides_of(&self, path: &Path) -> Vec<usize> {
        if self.overrides.is_empty() {
            return Vec::new();
        }
        let Ok(path) = std::path::absolute(path) else { return Vec::new() };
        let fitting = self.overrides.iter().enumerate().filter(|(_, it)| it.fits(&path));
        fitting.map(|(index, _)| index).collect()
    }

    /// Whether a file is not to be looked at.
    pub fn excludes(&self, path: &Path) -> bool {
        self.excluded_by(path).is_some()
    }

    fn excluded_by(&self, path: &Path) -> Option<&Setting<String>> {
        let path = std::path::absolute(path).ok().filter(|_| !self.exclude.is_empty())?;
        let mut by = None;
        for (glob, line) in self.exclude.iter().filter(|(glob, _)| path.starts_with(glob.path())) {
            match glob.matched_path_or_any_parents(&path, false) {
                Match::Ignore(_) => by = Some(line),
                Match::Whitelist(_) => by = None,
                Match::None => {}
            }
        }
        by
    }

    /// The exceptions that are about a file.
    pub fn exceptions_of(&self, path: &Path) -> Vec<Row> {
        let Some(path) = std::path::absolute(path).ok().filter(|_| !self.exceptions.is_empty()) else {
            return Vec::new();
        };
        let is_about = |globs: &[Gitignore]| globs.is_empty() || globs.iter().any(|glob| fits(glob, &path));
        self.exceptions.iter().filter(|(globs, _)| is_about(globs)).map(|(_, row)| row.clone()).collect()
    }

    /// Every exception, whatever files it is about.
    pub fn exceptions(&self) -> impl Iterator<Item = &Row> {
        self.exceptions.iter().map(|(_, row)| row)
    }

    /// The tools whose own suppressions count, too.
    pub fn honoured(&self) -> &[OtherTool] {
        self.honour.as_ref().map_or(&[], |it| &it.value)
    }

    /// What the arguments of a module hold, by its source in a file.
    pub fn module_rows(&self, file: &Path, source: &str) -> Vec<(Box<str>, ModuleArgument)> {
        if self.modules.is_empty() {
            return Vec::new();
        }
        let name = module_name(source, file.parent().unwrap_or(Path::new("")));
        let rows = self.modules.iter().filter(|row| row.module == name);
        rows.flat_map(|row| row.arguments.iter().cloned()).collect()
    }

    /// What is forbidden in a file, and asked for.
    pub fn constraints_of(&self, path: &Path) -> Constraints {
        self.constraints.of(path)
    }

    /// The kind that a file was given by a glob; the last one that fits counts, and an override before `kinds`.
    pub fn kind_of(&self, path: &Path) -> Option<DocumentKind> {
        self.kind_held(path).map(|(kind, _)| kind)
    }

    fn kind_held(&self, path: &Path) -> Option<(DocumentKind, &str)> {
        let path = std::path::absolute(path).ok()?;
        let overriding =
            self.overrides.iter().rev().filter(|it| it.fits(&path)).find_map(|it| it.kind.as_ref());
        if let Some(kind) = overriding {
            return Some((kind.value, &kind.place));
        }
        let found = self.kinds.iter().rev().find(|(glob, _)| fits(glob, &path));
        found.map(|(_, it)| (it.value.1, &*it.place))
    }

    /// Every setting that holds for a file, with its place.
    pub fn held_for(&self, path: &Path) -> Vec<Held> {
        let mut held = Vec::new();
        let mut add = |setting: &'static str, value: String, place: &str| {
            held.push(Held { setting, value, place: place.to_string() });
        };
        for base in &self.extends {
            add("extends", base.value.clone(), &base.place);
        }
        for lock in &self.locks {
            add("locks", lock.value.to_string(), &lock.place);
        }
        if let Some(it) = &self.edition {
            add("edition", it.value.name().to_string(), &it.place);
        }
        let overrides = self.overrides_of(path);
        let parts: Vec<&Rules> = self.parts(&overrides).collect();
        if let Some(it) = parts.iter().filter_map(|it| it.level.as_ref()).next_back() {
            add("level", it.value.name().to_string(), &it.place);
        }
        if let Some(it) = parts.iter().filter_map(|it| it.select.as_ref()).rfind(|it| !it.value.is_empty()) {
            add("select", it.value.join(", "), &it.place);
        }
        for it in parts.iter().flat_map(|it| &it.ignore) {
            add("ignore", it.value.clone(), &it.place);
        }
        for it in parts.iter().flat_map(|it| &it.severity) {
            let (name, severity) = &it.value;
            add("severity", format!("{name}: {}", severity.map_or(OFF, Severity::name)), &it.place);
        }
        if let Some(it) = self.excluded_by(path) {
            add("exclude", it.value.clone(), &it.place);
        }
        if let Some((kind, place)) = self.kind_held(path) {
            add("kind", kind.name().to_string(), place);
        }
        for row in self.exceptions_of(path) {
            let names: Vec<&str> = row.suppression.rules.iter().map(|(name, _)| &**name).collect();
            add("exceptions", format!("{}: {}", names.join(", "), row.suppression.reason), &row.place);
        }
        if let Some(it) = &self.honour {
            add("honour", it.value.iter().map(|tool| tool.name()).collect::<Vec<_>>().join(", "), &it.place);
        }
        let constraints = self.constraints_of(path);
        for row in constraints.never.iter() {
            add("never", row.reason.to_string(), &row.place);
        }
        for row in constraints.require.iter() {
            add("require", row.reason.to_string(), &row.place);
        }
        if let Some(it) = &self.baseline {
            add("baseline", it.value.clone(), &it.place);
        }
        if let Some(it) = &self.facts_max_age {
            add("factsMaxAge", it.value.to_string(), &it.place);
        }
        held
    }
}

impl Override {
    fn fits(&self, path: &Path) -> bool {
        self.files.iter().any(|glob| fits(glob, path))
    }
}

impl Rules {
    /// Takes a setting; gives back whether it is one of these.
    fn take(&mut self, name: &str, value: &Value<'_>) -> Result<bool, ConfigError> {
        match name {
            "level" => self.level = Some(Setting::new(level(value)?, value)),
            "select" => {
                let names = names(value)?.into_iter().map(|it| it.value).collect();
                self.select = Some(Setting::new(names, value));
            }
            "ignore" => self.ignore = names(value)?,
            "severity" => self.severity = severities(value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// With what is laid over it.
    fn under(mut self, top: Rules) -> Rules {
        self.ignore.extend(top.ignore);
        self.severity.extend(top.severity);
        Rules { level: top.level.or(self.level), select: top.select.or(self.select), ..self }
    }

    fn locate(&mut self, place: &impl Fn(u32) -> String) {
        self.level.iter_mut().for_each(|it| it.locate(place));
        self.select.iter_mut().for_each(|it| it.locate(place));
        self.ignore.iter_mut().for_each(|it| it.locate(place));
        self.severity.iter_mut().for_each(|it| it.locate(place));
    }

    fn span_of(&self, key: &str) -> Option<Span> {
        match key {
            "level" => self.level.as_ref().map(|it| it.span),
            "select" => self.select.as_ref().map(|it| it.span),
            "ignore" => self.ignore.first().map(|it| it.span),
            "severity" => self.severity.first().map(|it| it.span),
            _ => None,
        }
    }
}

/// The kind that one of those globs, meant from `folder`, gives a file; the last one that fits counts. A
/// glob that is none gives nothing.
pub fn kind_by_glob(globs: &[(String, DocumentKind)], folder: &Path, file: &Path) -> Option<DocumentKind> {
    globs
        .iter()
        .rev()
        .find(|(line, _)| glob(folder, line).is_ok_and(|glob| fits(&glob, file)))
        .map(|(_, kind)| *kind)
}

fn level(value: &Value<'_>) -> Result<Level, ConfigError> {
    match string(value)? {
        "default" => Ok(Level::Default),
        "pedantic" => Ok(Level::Pedantic),
        _ => Err(ConfigError::of(value, "the levels are `default` and `pedantic`")),
    }
}

/// Rules, groups or cases, each of which must be known.
fn names(value: &Value<'_>) -> Result<Vec<Setting<String>>, ConfigError> {
    list(value, "a list of rules or groups is expected here", |element| {
        let name = string(element)?.to_string();
        RuleSet::choose(Level::Default, std::slice::from_ref(&name), &[])
            .map_err(|unknown| ConfigError::of(element, &unknown.to_string()))?;
        Ok(Setting::new(name, element))
    })
}

/// In place of a severity: not told at all.
const OFF: &str = "off";

fn severities(value: &Value<'_>) -> Result<Vec<Setting<NamedSeverity>>, ConfigError> {
    let object = object(value, "an object of rules and severities is expected here")?;
    let one = |property: &jsonc_parser::ast::ObjectProp<'_>| {
        let name = property.name.as_str().to_string();
        let word = string(&property.value)?;
        let severity = Severity::ALL.into_iter().find(|it| it.name() == word);
        if severity.is_none() && word != OFF {
            let known = "the severities are `error`, `warning`, `info`, `hint` and `off`";
            return Err(ConfigError::of(&property.value, known));
        }
        let severities = vec![(name.clone(), severity)];
        RuleSet::chosen(&Choice { severities, ..Choice::default() }).map_err(|unknown| {
            ConfigError::within(Setting::new((), &property.name).span, unknown.to_string())
        })?;
        Ok(Setting::new((name, severity), property))
    };
    object.properties.iter().map(one).collect()
}

fn kinds(value: &Value<'_>, folder: &Path) -> Result<Vec<KindByGlob>, ConfigError> {
    let object = object(value, "an object of globs and kinds is expected here")?;
    object
        .properties
        .iter()
        .map(|property| {
            let kind = kind(&property.value)?;
            let line = property.name.as_str();
            let glob = glob(folder, line)
                .map_err(|error| ConfigError::of(&property.value, &format!("not a glob: {error}")))?;
            Ok((glob, Setting::new((line.to_string(), kind), property)))
        })
        .collect()
}

fn kind(value: &Value<'_>) -> Result<DocumentKind, ConfigError> {
    DocumentKind::chosen(string(value)?).map_err(|known| ConfigError::of(value, &known))
}

fn exclude(value: &Value<'_>, folder: &Path) -> Result<Vec<(Gitignore, Setting<String>)>, ConfigError> {
    list(value, "a list of globs is expected here", |element| {
        let line = string(element)?;
        let glob =
            glob(folder, line).map_err(|error| ConfigError::of(element, &format!("not a glob: {error}")))?;
        Ok((glob, Setting::new(line.to_string(), element)))
    })
}

fn overrides(value: &Value<'_>, folder: &Path) -> Result<Vec<Override>, ConfigError> {
    list(value, "a list of overrides is expected here", |element| {
        override_of(object(element, "an object with `files` is expected here")?, folder)?
            .ok_or_else(|| ConfigError::of(element, "an override names its `files`"))
    })
}

/// `None` where it does not say which files it is about.
fn override_of(object: &Object<'_>, folder: &Path) -> Result<Option<Override>, ConfigError> {
    let mut found = Override { files: Vec::new(), rules: Rules::default(), kind: None };
    for property in &object.properties {
        match property.name.as_str() {
            "files" => found.files = globs(&property.value, folder)?,
            "kind" => found.kind = Some(Setting::new(kind(&property.value)?, &property.value)),
            name => {
                if !found.rules.take(name, &property.value)? {
                    return Err(ConfigError::unknown(property, &KEYS_OF_OVERRIDE));
                }
            }
        }
    }
    Ok(Some(found).filter(|it| !it.files.is_empty()))
}

/// Tools by their names.
fn other_tools(value: &Value<'_>) -> Result<Vec<OtherTool>, ConfigError> {
    list(value, "a list of tools is expected here", |element| {
        let name = string(element)?;
        let found = OtherTool::ALL.into_iter().find(|tool| tool.name() == name);
        found.ok_or_else(|| {
            let all = listed(OtherTool::ALL.map(OtherTool::name));
            ConfigError::of(element, &format!("the tools whose suppressions can be honoured are {all}"))
        })
    })
}

/// Paths of other configuration files.
fn extends(value: &Value<'_>) -> Result<Vec<Setting<String>>, ConfigError> {
    list(value, "a list of paths is expected here", |element| {
        let path = string(element)?;
        if path.contains("://") || path.starts_with("git@") {
            let message = "only files of this machine can be extended: check the other repository out, and write \
                           the path of its configuration";
            return Err(ConfigError::of(element, message));
        }
        if path.trim().is_empty() {
            return Err(ConfigError::of(element, "the path of a configuration is expected here"));
        }
        Ok(Setting::new(path.to_string(), element))
    })
}

fn modules(value: &Value<'_>, folder: &Path) -> Result<Vec<ModuleRow>, ConfigError> {
    let object = object(value, "an object of modules and their arguments is expected here")?;
    let argument = |property: &jsonc_parser::ast::ObjectProp<'_>| {
        let name = string(&property.value)?;
        let names = ModuleArgument::ALL.map(ModuleArgument::name);
        let holds = ModuleArgument::ALL.into_iter().find(|it| it.name() == name);
        let holds = holds.ok_or_else(|| {
            ConfigError::of(&property.value, &format!("an argument holds one of these: {}", listed(names)))
        })?;
        Ok((property.name.as_str().into(), holds))
    };
    let row = |property: &jsonc_parser::ast::ObjectProp<'_>| {
        let arguments = self::object(&property.value, "an object of arguments is expected here")?;
        let arguments = arguments.properties.iter().map(argument).collect::<Result<_, _>>()?;
        Ok(ModuleRow { module: module_name(property.name.as_str(), folder), arguments })
    };
    object.properties.iter().map(row).collect()
}

/// One name for a module, however its source is written: a path is meant from `folder`.
fn module_name(source: &str, folder: &Path) -> String {
    if source.starts_with('.') {
        let mut path = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        for part in source.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(path.pop()),
                part => path.push(part),
            }
        }
        return path.to_string_lossy().into_owned();
    }
    catalog::module_of_source(source).unwrap_or_else(|| source.to_string())
}

/// Names of settings.
fn locks(value: &Value<'_>, keys: &[&'static str]) -> Result<Vec<Setting<&'static str>>, ConfigError> {
    // What is about the file itself cannot be locked.
    let lockable: Vec<&'static str> =
        keys.iter().copied().filter(|key| !matches!(*key, "$schema" | "extends" | "locks")).collect();
    list(value, "a list of settings is expected here", |element| {
        let name = string(element)?;
        let found = lockable.iter().find(|key| **key == name).copied();
        let key = found.ok_or_else(|| {
            let hint = crate::catalog::nearest(name, lockable.iter().copied())
                .map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
            ConfigError::of(element, &format!("there is no setting `{name}` to lock{hint}"))
        })?;
        Ok(Setting::new(key, element))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let error = Config::parse(text, Path::new("")).unwrap_err();
        format!("{:?} {error}", error.span())
    }

    #[test]
    fn a_sound_file_is_read() {
        let config = Config::parse(
            r#"{ "level": "pedantic", /* why */ "ignore": ["duplicate-sid", "task"], "kinds": { "org/*.json": "scp" } }"#,
            Path::new("/repo"),
        )
        .unwrap();
        assert_eq!(config.level(&[]), Some(Level::Pedantic));
        assert_eq!(config.ignore(&[]), ["duplicate-sid", "task"]);
        assert_eq!(config.kind_of(Path::new("/repo/org/a.json")), Some(DocumentKind::Scp));
        assert_eq!(config.kind_of(Path::new("/repo/a.json")), None);
        assert_eq!(config.kind_of(Path::new("/elsewhere/org/a.json")), None);
    }

    #[test]
    fn overrides_hold_for_their_files() {
        let config = Config::parse(
            r#"{ "severity": { "policy": "info" }, "overrides": [
                { "files": "legacy/", "ignore": ["task"] },
                { "files": ["legacy/**", "old/*.json"], "level": "pedantic", "severity": { "unknown-action": "off" }, "kind": "scp" } ] }"#,
            Path::new("/repo"),
        )
        .unwrap();
        let of = |path: &str| config.overrides_of(Path::new(path));
        assert_eq!(
            (of("/repo/a.json"), of("/repo/old/a.json"), of("/repo/legacy/x/a.json")),
            (vec![], vec![1], vec![0, 1])
        );
        assert_eq!(config.level(&[1]), Some(Level::Pedantic));
        assert_eq!(config.severities(&[1]).len(), 2);
        assert_eq!(config.kind_of(Path::new("/repo/old/a.json")), Some(DocumentKind::Scp));
    }

    #[test]
    fn what_is_excluded_can_be_brought_back() {
        let config = Config::parse(
            r#"{ "exclude": ["vendor/", "*.tpl.json", "!vendor/ours.json"] }"#,
            Path::new("/repo"),
        )
        .unwrap();
        let excludes = |path: &str| config.excludes(Path::new(path));
        assert!(excludes("/repo/vendor/a/b.json") && excludes("/repo/a/x.tpl.json"));
        assert!(!excludes("/repo/a.json") && !excludes("/elsewhere/vendor/a.json"));
        assert!(!excludes("/repo/vendor/ours.json"));
    }

    #[test]
    fn a_file_is_laid_over_what_it_extends() {
        let read = |text: &str, name: &str| {
            let mut config = Config::parse(text, Path::new("/repo")).unwrap();
            config.locate(|_| format!("{name}:1"));
            config
        };
        let base = read(
            r#"{ "level": "pedantic", "ignore": ["task"], "severity": { "unknown-action": "error" }, "locks": ["severity", "exclude"] }"#,
            "base",
        );
        let own = read(r#"{ "level": "default", "ignore": ["trust"] }"#, "own");
        let both = own.over(base.clone()).unwrap();
        assert_eq!(
            (both.level(&[]), both.ignore(&[])),
            (Some(Level::Default), vec!["task".into(), "trust".into()])
        );
        let held = both.held_for(Path::new("/repo/x.json"));
        let of = |setting: &str| {
            held.iter().filter(|it| it.setting == setting).map(|it| &*it.place).collect::<Vec<_>>()
        };
        assert_eq!(
            (of("level"), of("ignore"), of("severity")),
            (vec!["own:1"], vec!["base:1", "own:1"], vec!["base:1"])
        );
        for broken in [
            r#"{ "severity": { "unknown-action": "off" } }"#,
            r#"{ "overrides": [{ "files": "*", "severity": { "unknown-action": "off" } }] }"#,
        ] {
            let error = read(broken, "own").over(base.clone()).unwrap_err().to_string();
            assert_eq!(error, "`severity` is locked by base:1: take it out here");
        }
    }

    #[test]
    fn rows_are_about_some_files_and_not_about_others() {
        let text = r#"{
            "never": [{ "actions": "iam:*", "reason": "x", "files": "iam/**", "except": ["iam/admin.json"] }],
            "require": [{ "of": "role", "tags": ["team", "cost"], "reason": "y" }] }"#;
        let mut config = Config::parse(text, Path::new("/p")).unwrap();
        config.locate(|offset| format!("c:{offset}"));
        let count = |file: &str| {
            let found = config.constraints_of(Path::new(file));
            (found.never.len(), found.require.len())
        };
        assert_eq!(count("/p/iam/x.json"), (1, 2));
        assert_eq!(count("/p/iam/admin.json"), (0, 2));
        assert_eq!(count("/p/x.json"), (0, 2));
        let found = config.constraints_of(Path::new("/p/iam/x.json"));
        assert_eq!(&*found.never[0].place, format!("c:{}", text.find("{ \"actions").unwrap()));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(error(r#"{"levels": "x"}"#), "1..9 there is no setting `levels`; did you mean `level`?");
        assert!(error(r#"{"level": "x"}"#).starts_with("10..13 the levels are"));
        assert!(error(r#"{"ignore": ["duplicate-sids"]}"#).contains("did you mean `duplicate-sid`?"));
        assert!(error(r#"{"kinds": {"a": "b"}}"#).contains("the kinds are identity"));
        assert!(error("{").starts_with("0..1"));
        let exception = |row: &str| error(&format!(r#"{{"exceptions": [{row}]}}"#));
        assert!(exception(r#"{"rules": ["duplicate-sid"]}"#).ends_with("an exception gives its `reason`"));
        assert!(exception(r#"{"reason": "x"}"#).ends_with("an exception names its `rules`"));
        assert!(
            exception(r#"{"rules": ["task"], "reason": "x"}"#).contains("there is no rule or group `task`")
        );
        assert!(
            exception(r#"{"rules": ["duplicate-sid"], "reason": "x", "until": "2027-02-30"}"#)
                .contains("not a day")
        );
        assert!(exception(r#"{"rule": ["duplicate-sid"], "reason": "x"}"#).contains("did you mean `rules`?"));
        assert!(error("[]").starts_with("0..2 an object"));
        assert!(
            error(r#"{"accounts": ["12"]}"#).ends_with("the twelve digits of an account is expected here")
        );
        assert!(error(r#"{"regions": "eu-nowhere-1"}"#).ends_with("a Region is expected here"));
        assert!(error(r#"{"complete": 1}"#).ends_with("`true` or `false` is expected here"));
        assert!(error(r#"{"context": [1]}"#).ends_with("a string is expected here"));
        let role = |row: &str| error(&format!(r#"{{"roles": {{"web": {row}}}}}"#));
        assert!(role(r#"{"policie": "a.json"}"#).ends_with("did you mean `policies`?"));
        assert!(
            role(r#"{"attached": "ReadOnlyAccess"}"#)
                .ends_with("the ARN of a managed policy is expected here")
        );
        assert!(role("1").contains("an object with `policies`"));
        let never = |row: &str| error(&format!(r#"{{"never": [{row}]}}"#));
        assert!(never(r#"{"actions": ["iam:*"]}"#).ends_with("a row gives its `reason`"));
        assert!(never(r#"{"actions": [], "reason": "x"}"#).ends_with("something is expected here"));
        assert!(never(r#"{"reason": "x"}"#).contains("a row says what must never be granted"));
        assert!(never(r#"{"public": true, "actions": "*", "reason": "x"}"#).contains("not both"));
        assert!(
            never(r#"{"actions": "iam:PasRole", "reason": "x"}"#).contains("did you mean `iam:PassRole`?")
        );
        assert!(never(r#"{"actions": "iam:*", "resources": "role/x", "reason": "x"}"#).contains("is no ARN"));
        assert!(never(r#"{"action": "iam:*", "reason": "x"}"#).contains("did you mean `actions`?"));
        let require = |row: &str| error(&format!(r#"{{"require": [{row}]}}"#));
        assert!(require(r#"{"field": "Path", "reason": "x"}"#).contains("what it is about: `of`"));
        assert!(
            require(r#"{"of": "rolle", "field": "Path", "reason": "x"}"#).contains("may be about: role,")
        );
        assert!(require(r#"{"of": "role", "reason": "x"}"#).contains("asks for one thing"));
        assert!(
            require(r#"{"of": "role", "field": "Path", "tags": "a", "reason": "x"}"#)
                .contains("asks for one thing")
        );
        assert!(
            require(r#"{"of": "role", "tags": "a", "values": "b", "reason": "x"}"#).contains("`values` are")
        );
        assert!(require(r#"{"of": "role", "field": "a b", "reason": "x"}"#).contains("as AWS spells it"));
        assert!(
            require(r#"{"of": "service", "trustedAccounts": "111122223333", "reason": "x"}"#)
                .contains("those of a role")
        );
        assert!(
            require(r#"{"of": "role", "trustedAccounts": "1", "reason": "x"}"#).contains("twelve digits")
        );
        assert!(require(r#"{"of": "role", "field": "Path"}"#).ends_with("gives its `reason`"));
        assert!(error(r#"{"severity": {"unknown-action": "fatal"}}"#).contains("the severities are `error`"));
        assert!(
            error(r#"{"severity": {"unknown-acton": "error"}}"#).contains("did you mean `unknown-action`?")
        );
        assert!(error(r#"{"overrides": [{"ignore": []}]}"#).contains("an override names its `files`"));
        assert!(error(r#"{"overrides": [{"file": "a"}]}"#).contains("did you mean `files`?"));
        assert!(
            error(r#"{"extends": ["https://example.com/base.jsonc"]}"#)
                .contains("only files of this machine")
        );
        assert!(error(r#"{"locks": ["severty"]}"#).contains("did you mean `severity`?"));
        assert!(error(r#"{"edition": "2020"}"#).contains("knows the editions"));
        assert!(error(r#"{"factsMaxAge": -1}"#).contains("a whole number"));
    }
}
