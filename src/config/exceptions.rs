//! `exceptions`: rows of what is not told, and why.

use super::value::{ConfigError, globs, list, object, span, string};
use crate::rules;
use crate::suppression::{Cover, Origin, Row, Suppression};
use crate::text::Span;
use ignore::gitignore::Gitignore;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use std::path::Path;
use std::sync::Arc;

const KEYS: [&str; 6] = ["files", "anchor", "rules", "reason", "until", "owner"];

/// Each with the globs of the files that it is about; without any, it is about all.
pub(super) type Exception = (Vec<Gitignore>, Row);

pub(super) fn exceptions(value: &Value<'_>, folder: &Path) -> Result<Vec<Exception>, ConfigError> {
    list(value, "a list of exceptions is expected here", |element| exception(element, folder))
}

fn exception(value: &Value<'_>, folder: &Path) -> Result<Exception, ConfigError> {
    let object = object(value, "an object with `rules` and `reason` is expected here")?;
    let (mut files, mut anchor, mut names, mut reason) = (Vec::new(), None, Vec::new(), "");
    let (mut until, mut owner) = (None, "");
    for property in &object.properties {
        let value = &property.value;
        match property.name.as_str() {
            "files" => files = globs(value, folder)?,
            "anchor" => anchor = Some(string(value)?.into()),
            "rules" => names = rules_or_cases(value)?,
            "reason" => reason = string(value)?,
            "owner" => owner = string(value)?,
            "until" => {
                let day =
                    string(value)?.parse().ok().filter(|_| string(value).is_ok_and(|it| it.len() == 10));
                until = Some(day.ok_or_else(|| {
                    ConfigError::of(value, "this is not a day: write year, month and day, as in `2027-03-01`")
                })?);
            }
            _ => return Err(ConfigError::unknown(property, &KEYS)),
        }
    }
    if names.is_empty() {
        return Err(ConfigError::of(value, "an exception names its `rules`"));
    }
    if reason.trim().is_empty() {
        return Err(ConfigError::of(value, "an exception gives its `reason`"));
    }
    let suppression = Suppression {
        span: span(value.range()),
        rules: names,
        until,
        reason: reason.trim().into(),
        owner: Some(owner.trim()).filter(|owner| !owner.is_empty()).map(Into::into),
        cover: Cover::File,
        origin: Origin::Configuration,
    };
    Ok((files, Row { place: Box::default(), anchor, suppression: Arc::new(suppression) }))
}

/// Rules and cases, each with its place. A group is too wide for an exception.
fn rules_or_cases(value: &Value<'_>) -> Result<Vec<(Box<str>, Span)>, ConfigError> {
    list(value, "a list of rules is expected here", |element| {
        let name = string(element)?;
        rules::rules_meant(name).map_err(|unknown| ConfigError::of(element, &unknown.to_string()))?;
        Ok((name.into(), span(element.range())))
    })
}
