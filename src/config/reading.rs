//! What the readers of a configuration's parts share: values with their places, and what is wrong with them.

use crate::text::{Span, listed};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use std::path::Path;

/// What is wrong with a configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    span: Span,
    message: String,
}

/// Files by globs; all of them where there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Globs(Vec<Gitignore>);

impl Globs {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn is_about(&self, path: &Path) -> bool {
        let fits = |glob: &Gitignore| path.starts_with(glob.path()) && glob.matched(path, false).is_ignore();
        self.0.is_empty() || self.0.iter().any(fits)
    }
}

pub(super) fn glob(folder: &Path, line: &str) -> Result<Gitignore, ignore::Error> {
    let mut builder = GitignoreBuilder::new(folder);
    builder.add_line(None, line)?;
    builder.build()
}

pub(super) fn string<'a>(value: &'a Value<'_>) -> Result<&'a str, ConfigError> {
    match value {
        Value::StringLit(string) => Ok(&string.value),
        other => Err(ConfigError::of(other, "a string is expected here")),
    }
}

pub(super) fn properties<'v, 'a>(
    value: &'v Value<'a>,
    otherwise: &str,
) -> Result<&'v [ObjectProp<'a>], ConfigError> {
    match value {
        Value::Object(object) => Ok(&object.properties),
        other => Err(ConfigError::of(other, otherwise)),
    }
}

/// A text, or several: at least one.
pub(super) fn texts(value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
    let all = match value {
        Value::Array(array) => array
            .elements
            .iter()
            .map(|element| Ok(string(element)?.to_string()))
            .collect::<Result<Vec<_>, ConfigError>>()?,
        single => vec![string(single)?.to_string()],
    };
    match all.iter().any(|text| text.is_empty()) || all.is_empty() {
        true => Err(ConfigError::of(value, "something is expected here")),
        false => Ok(all),
    }
}

/// A glob, or several.
pub(super) fn globs(value: &Value<'_>, folder: &Path) -> Result<Globs, ConfigError> {
    let one = |value: &Value<'_>| {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        glob(&folder, string(value)?).map_err(|error| ConfigError::of(value, &format!("not a glob: {error}")))
    };
    match value {
        Value::Array(array) => array.elements.iter().map(one).collect::<Result<_, _>>().map(Globs),
        value => Ok(Globs(vec![one(value)?])),
    }
}

impl ConfigError {
    pub(super) fn at(range: jsonc_parser::common::Range, message: String) -> ConfigError {
        ConfigError { span: Span::new(range.start as u32, range.end as u32), message }
    }

    pub(super) fn of(value: &Value<'_>, message: &str) -> ConfigError {
        ConfigError::at(value.range(), message.to_string())
    }

    pub(super) fn unknown(property: &ObjectProp<'_>, name: &str, known: &[&str]) -> ConfigError {
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
