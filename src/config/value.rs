//! The values of a configuration file, each with its place, and what is wrong with them.

use crate::text::{Span, listed};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};
use std::path::Path;

/// What is wrong with a configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    span: Span,
    message: String,
}

/// Something that stands in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    pub value: T,
    pub span: Span,
    /// `FILE:LINE`, once that is known.
    pub place: Box<str>,
}

impl<T> Setting<T> {
    pub(super) fn new(value: T, at: &impl Ranged) -> Setting<T> {
        Setting { value, span: span(at.range()), place: Box::default() }
    }

    pub(super) fn locate(&mut self, place: &impl Fn(u32) -> String) {
        if self.place.is_empty() {
            self.place = place(self.span.start).into();
        }
    }
}

pub(super) fn span(range: Range) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

pub(super) fn string<'a>(value: &'a Value<'_>) -> Result<&'a str, ConfigError> {
    match value {
        Value::StringLit(string) => Ok(&string.value),
        other => Err(ConfigError::of(other, "a string is expected here")),
    }
}

pub(super) fn number(value: &Value<'_>) -> Result<u32, ConfigError> {
    match value {
        Value::NumberLit(number) => number.value.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| ConfigError::of(value, "a whole number is expected here"))
}

pub(super) fn object<'a, 'b>(value: &'a Value<'b>, expected: &str) -> Result<&'a Object<'b>, ConfigError> {
    match value {
        Value::Object(object) => Ok(object),
        other => Err(ConfigError::of(other, expected)),
    }
}

/// The items of a list, each read.
pub(super) fn list<T>(
    value: &Value<'_>,
    expected: &str,
    read: impl Fn(&Value<'_>) -> Result<T, ConfigError>,
) -> Result<Vec<T>, ConfigError> {
    match value {
        Value::Array(array) => array.elements.iter().map(read).collect(),
        other => Err(ConfigError::of(other, expected)),
    }
}

/// A glob, or several, meant from a folder.
pub(super) fn globs(value: &Value<'_>, folder: &Path) -> Result<Vec<Gitignore>, ConfigError> {
    let one = |value: &Value<'_>| {
        glob(folder, string(value)?).map_err(|error| ConfigError::of(value, &format!("not a glob: {error}")))
    };
    match value {
        Value::Array(array) => array.elements.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}

/// Files by globs; all of them where there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Globs(Vec<Gitignore>);

impl Globs {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The path is absolute.
    pub fn is_about(&self, path: &Path) -> bool {
        self.0.is_empty() || self.0.iter().any(|glob| fits(glob, path))
    }
}

/// The files that something is about: a glob, or several.
pub(super) fn about(value: &Value<'_>, folder: &Path) -> Result<Globs, ConfigError> {
    globs(value, folder).map(Globs)
}

pub(super) fn properties<'v, 'a>(
    value: &'v Value<'a>,
    otherwise: &str,
) -> Result<&'v [ObjectProp<'a>], ConfigError> {
    object(value, otherwise).map(|object| object.properties.as_slice())
}

/// A text, or several: at least one.
pub(super) fn texts(value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
    let one = |value: &Value<'_>| string(value).map(str::to_string);
    let all = match value {
        Value::Array(array) => array.elements.iter().map(one).collect::<Result<Vec<_>, _>>()?,
        single => vec![one(single)?],
    };
    match all.iter().any(|text| text.is_empty()) || all.is_empty() {
        true => Err(ConfigError::of(value, "something is expected here")),
        false => Ok(all),
    }
}

pub(super) fn glob(folder: &Path, line: &str) -> Result<Gitignore, ignore::Error> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut builder = GitignoreBuilder::new(folder);
    builder.add_line(None, line)?;
    builder.build()
}

/// Whether a glob fits a file, or a folder that it is in. The path is absolute.
pub(super) fn fits(glob: &Gitignore, path: &Path) -> bool {
    path.starts_with(glob.path()) && glob.matched_path_or_any_parents(path, false).is_ignore()
}

impl ConfigError {
    pub(super) fn at(range: Range, message: String) -> ConfigError {
        ConfigError { span: span(range), message }
    }

    pub(super) fn within(span: Span, message: String) -> ConfigError {
        ConfigError { span, message }
    }

    pub(super) fn of(value: &Value<'_>, message: &str) -> ConfigError {
        ConfigError::at(value.range(), message.to_string())
    }

    pub(super) fn unknown(property: &ObjectProp<'_>, known: &[&str]) -> ConfigError {
        let name = property.name.as_str();
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
