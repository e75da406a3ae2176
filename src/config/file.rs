//! One configuration file: what may stand in it, and what is wrong with it.

use crate::diagnostic::Level;
use crate::host::DocumentKind;
use crate::rules::RuleSet;
use crate::text::{Span, listed};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use std::path::Path;

/// A configuration file, read.
#[derive(Debug, Clone, Default)]
pub struct Config {
    pub level: Option<Level>,
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    /// Globs below the file's folder, each with the kind that its files hold.
    kinds: Vec<(Gitignore, DocumentKind)>,
}

/// What is wrong with a configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    span: Span,
    message: String,
}

const KEYS: [&str; 5] = ["$schema", "level", "select", "ignore", "kinds"];

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
                other => return Err(ConfigError::unknown(property, other)),
            }
        }
        Ok(config)
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

impl ConfigError {
    fn at(range: jsonc_parser::common::Range, message: String) -> ConfigError {
        ConfigError { span: Span::new(range.start as u32, range.end as u32), message }
    }

    fn of(value: &Value<'_>, message: &str) -> ConfigError {
        ConfigError::at(value.range(), message.to_string())
    }

    fn unknown(property: &ObjectProp<'_>, name: &str) -> ConfigError {
        let hint = crate::catalog::nearest(name, KEYS.into_iter()).map_or_else(
            || format!("the settings are {}", listed(&KEYS[1..])),
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
        assert!(error("[]").starts_with("0..2 an object"));
    }
}
