//! One configuration file: what may stand in it, and what is wrong with it.

use crate::catalog::{self, ModuleArgument};
use crate::diagnostic::Level;
use crate::host::DocumentKind;
use crate::rules::{self, RuleSet};
use crate::suppression::{Cover, Origin, Row, Suppression};
use crate::text::{Span, listed};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use std::path::Path;
use std::sync::Arc;

/// A configuration file, read.
#[derive(Debug, Clone, Default)]
pub struct Config {
    pub level: Option<Level>,
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    /// Globs below the file's folder, each with the kind that its files hold.
    kinds: Vec<(Gitignore, DocumentKind)>,
    exceptions: Vec<(Vec<Gitignore>, Row)>,
    modules: Vec<ModuleRow>,
}

/// What the arguments of a Terraform module hold.
#[derive(Debug, Clone)]
struct ModuleRow {
    /// As the registry names it, or the folder that it stands in.
    module: String,
    arguments: Vec<(Box<str>, ModuleArgument)>,
}

/// What is wrong with a configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    span: Span,
    message: String,
}

const KEYS: [&str; 7] = ["$schema", "level", "select", "ignore", "kinds", "exceptions", "modules"];
const KEYS_OF_EXCEPTION: [&str; 5] = ["files", "anchor", "rules", "reason", "until"];

impl Config {
    pub const FILE_NAME: &'static str = ".passrole.jsonc";

    /// Reads a configuration whose globs are meant from `folder`.
    pub fn parse(text: &str, folder: &Path) -> Result<Config, ConfigError> {
        let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default())
            .map_err(|error| ConfigError::at(error.range(), error.kind().to_string()))?;
        let mut config = Config::default();
        let object = match &parsed.value {
            None => return Ok(config),
            Some(Value::Object(object)) => object,
            Some(other) => return Err(ConfigError::of(other, "an object is expected here")),
        };
        for property in &object.properties {
            match property.name.as_str() {
                "$schema" => {}
                "level" => config.level = Some(level(&property.value)?),
                "select" => config.select = names(&property.value)?,
                "ignore" => config.ignore = names(&property.value)?,
                "kinds" => config.kinds = kinds(&property.value, folder)?,
                "exceptions" => config.exceptions = exceptions(&property.value, folder)?,
                "modules" => config.modules = modules(&property.value, folder)?,
                other => return Err(ConfigError::unknown(property, other, &KEYS[1..])),
            }
        }
        Ok(config)
    }

    /// The exceptions that are about a file.
    pub fn exceptions_of(&self, path: &Path) -> Vec<Row> {
        let Some(path) = std::path::absolute(path).ok().filter(|_| !self.exceptions.is_empty()) else {
            return Vec::new();
        };
        let is_about = |globs: &[Gitignore]| {
            globs.is_empty()
                || globs
                    .iter()
                    .any(|glob| path.starts_with(glob.path()) && glob.matched(&path, false).is_ignore())
        };
        self.exceptions.iter().filter(|(globs, _)| is_about(globs)).map(|(_, row)| row.clone()).collect()
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

    /// Says where the file's exceptions stand: `place` makes `FILE:LINE` of an offset.
    pub fn locate(&mut self, place: impl Fn(u32) -> String) {
        for (_, row) in &mut self.exceptions {
            row.place = place(row.suppression.span.start).into();
        }
    }

    /// The kind that a file was given by a glob; the last one that fits counts.
    pub fn kind_of(&self, path: &Path) -> Option<DocumentKind> {
        let path = std::path::absolute(path).ok()?;
        self.kinds
            .iter()
            .rev()
            .find(|(glob, _)| path.starts_with(glob.path()) && glob.matched(&path, false).is_ignore())
            .map(|(_, kind)| *kind)
    }
}

/// The kind that one of those globs, meant from `folder`, gives a file; the last one that fits counts. A
/// glob that is none gives nothing.
pub fn kind_by_glob(globs: &[(String, DocumentKind)], folder: &Path, file: &Path) -> Option<DocumentKind> {
    globs
        .iter()
        .rev()
        .find(|(glob, _)| {
            self::glob(folder, glob)
                .is_ok_and(|glob| file.starts_with(glob.path()) && glob.matched(file, false).is_ignore())
        })
        .map(|(_, kind)| *kind)
}

fn glob(folder: &Path, line: &str) -> Result<Gitignore, ignore::Error> {
    let mut builder = GitignoreBuilder::new(folder);
    builder.add_line(None, line)?;
    builder.build()
}

fn level(value: &Value<'_>) -> Result<Level, ConfigError> {
    match string(value)? {
        "default" => Ok(Level::Default),
        "pedantic" => Ok(Level::Pedantic),
        _ => Err(ConfigError::of(value, "the levels are `default` and `pedantic`")),
    }
}

fn string<'a>(value: &'a Value<'_>) -> Result<&'a str, ConfigError> {
    match value {
        Value::StringLit(string) => Ok(&string.value),
        other => Err(ConfigError::of(other, "a string is expected here")),
    }
}

/// Rules or groups, each of which must be known.
fn names(value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
    let Value::Array(array) = value else {
        return Err(ConfigError::of(value, "a list of rules or groups is expected here"));
    };
    array
        .elements
        .iter()
        .map(|element| {
            let name = string(element)?.to_string();
            RuleSet::choose(Level::Default, std::slice::from_ref(&name), &[])
                .map_err(|unknown| ConfigError::of(element, &unknown.to_string()))?;
            Ok(name)
        })
        .collect()
}

fn kinds(value: &Value<'_>, folder: &Path) -> Result<Vec<(Gitignore, DocumentKind)>, ConfigError> {
    let Value::Object(object) = value else {
        return Err(ConfigError::of(value, "an object of globs and kinds is expected here"));
    };
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    object
        .properties
        .iter()
        .map(|property| {
            let name = string(&property.value)?;
            let kind =
                DocumentKind::chosen(name).map_err(|known| ConfigError::of(&property.value, &known))?;
            let glob = glob(&folder, property.name.as_str())
                .map_err(|error| ConfigError::of(&property.value, &format!("not a glob: {error}")))?;
            Ok((glob, kind))
        })
        .collect()
}

fn exceptions(value: &Value<'_>, folder: &Path) -> Result<Vec<(Vec<Gitignore>, Row)>, ConfigError> {
    let Value::Array(array) = value else {
        return Err(ConfigError::of(value, "a list of exceptions is expected here"));
    };
    array.elements.iter().map(|element| exception(element, folder)).collect()
}

fn exception(value: &Value<'_>, folder: &Path) -> Result<(Vec<Gitignore>, Row), ConfigError> {
    let Value::Object(object) = value else {
        return Err(ConfigError::of(value, "an object with `rules` and `reason` is expected here"));
    };
    let (mut files, mut anchor, mut names, mut reason, mut until) = (Vec::new(), None, Vec::new(), "", None);
    for property in &object.properties {
        let value = &property.value;
        match property.name.as_str() {
            "files" => files = globs(value, folder)?,
            "anchor" => anchor = Some(string(value)?.into()),
            "rules" => names = rules_or_cases(value)?,
            "reason" => reason = string(value)?,
            "until" => {
                let day =
                    string(value)?.parse().ok().filter(|_| string(value).is_ok_and(|it| it.len() == 10));
                until = Some(day.ok_or_else(|| {
                    ConfigError::of(value, "this is not a day: write year, month and day, as in `2027-03-01`")
                })?);
            }
            other => return Err(ConfigError::unknown(property, other, &KEYS_OF_EXCEPTION)),
        }
    }
    if names.is_empty() {
        return Err(ConfigError::of(value, "an exception names its `rules`"));
    }
    if reason.trim().is_empty() {
        return Err(ConfigError::of(value, "an exception gives its `reason`"));
    }
    let range = value.range();
    let suppression = Suppression {
        span: Span::new(range.start as u32, range.end as u32),
        rules: names,
        until,
        reason: reason.trim().into(),
        cover: Cover::File,
        origin: Origin::Configuration,
    };
    Ok((files, Row { place: Box::default(), anchor, suppression: Arc::new(suppression) }))
}

fn modules(value: &Value<'_>, folder: &Path) -> Result<Vec<ModuleRow>, ConfigError> {
    let Value::Object(object) = value else {
        return Err(ConfigError::of(value, "an object of modules and their arguments is expected here"));
    };
    let argument = |property: &ObjectProp<'_>| {
        let name = string(&property.value)?;
        let names = ModuleArgument::ALL.map(ModuleArgument::name);
        let holds = ModuleArgument::ALL.into_iter().find(|it| it.name() == name);
        let holds = holds.ok_or_else(|| {
            ConfigError::of(&property.value, &format!("an argument holds one of these: {}", listed(names)))
        })?;
        Ok((property.name.as_str().into(), holds))
    };
    let row = |property: &ObjectProp<'_>| {
        let Value::Object(arguments) = &property.value else {
            return Err(ConfigError::of(&property.value, "an object of arguments is expected here"));
        };
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

/// A glob, or several.
fn globs(value: &Value<'_>, folder: &Path) -> Result<Vec<Gitignore>, ConfigError> {
    let one = |value: &Value<'_>| {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        glob(&folder, string(value)?).map_err(|error| ConfigError::of(value, &format!("not a glob: {error}")))
    };
    match value {
        Value::Array(array) => array.elements.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}

/// Rules and cases, each with its place. A group is too wide for an exception.
fn rules_or_cases(value: &Value<'_>) -> Result<Vec<(Box<str>, Span)>, ConfigError> {
    let Value::Array(array) = value else {
        return Err(ConfigError::of(value, "a list of rules is expected here"));
    };
    let one = |element: &Value<'_>| {
        let name = string(element)?;
        rules::rules_meant(name).map_err(|unknown| ConfigError::of(element, &unknown.to_string()))?;
        let range = element.range();
        Ok((name.into(), Span::new(range.start as u32, range.end as u32)))
    };
    array.elements.iter().map(one).collect()
}

impl ConfigError {
    fn at(range: jsonc_parser::common::Range, message: String) -> ConfigError {
        ConfigError { span: Span::new(range.start as u32, range.end as u32), message }
    }

    fn of(value: &Value<'_>, message: &str) -> ConfigError {
        ConfigError::at(value.range(), message.to_string())
    }

    fn unknown(property: &ObjectProp<'_>, name: &str, known: &[&str]) -> ConfigError {
        let hint = crate::catalog::nearest(name, known.iter().copied()).map_or_else(
            || format!("the settings are {}", listed(known)),
            |it| format!("did you mean `{it}`?"),
        );
        ConfigError::at(property.name.range(), format!("there is no setting `{name}`; {hint}"))
    }

    /// In the file's text.
    pub fn span(&self) -> Span {
        self.span
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

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
        assert_eq!(config.level, Some(Level::Pedantic));
        assert_eq!(config.ignore, ["duplicate-sid", "task"]);
        assert_eq!(config.kind_of(Path::new("/repo/org/a.json")), Some(DocumentKind::Scp));
        assert_eq!(config.kind_of(Path::new("/repo/a.json")), None);
        assert_eq!(config.kind_of(Path::new("/elsewhere/org/a.json")), None);
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
    }
}
