//! `never` and `require`: what no policy may grant, and what must be there.

use super::value::{ConfigError, Globs, about, properties, string, texts};
use crate::catalog::{self, is_account_id};
use crate::rules::own::{Constraints, Demanded, Forbidden, Prohibition, Requirement, Subject};
use crate::text::listed;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use std::path::Path;

/// Everything that a configuration forbids and asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    never: Vec<(Files, Prohibition)>,
    require: Vec<(Files, Requirement)>,
}

/// The files that a row is about, and where the row stands.
#[derive(Debug, Clone, Default)]
struct Files {
    of: Globs,
    except: Globs,
    at: u32,
}

const KEYS_OF_NEVER: [&str; 6] = ["actions", "resources", "public", "files", "except", "reason"];
const KEYS_OF_REQUIRE: [&str; 8] =
    ["of", "field", "values", "tags", "trustedAccounts", "files", "except", "reason"];

impl Rows {
    pub fn take_never(&mut self, value: &Value<'_>, folder: &Path) -> Result<(), ConfigError> {
        for row in rows(value)? {
            self.never.push(prohibition(row, folder)?);
        }
        Ok(())
    }

    pub fn take_require(&mut self, value: &Value<'_>, folder: &Path) -> Result<(), ConfigError> {
        for row in rows(value)? {
            let (files, all) = requirements(row, folder)?;
            self.require.extend(all.into_iter().map(|it| (files.clone(), it)));
        }
        Ok(())
    }

    /// Says where the rows stand.
    pub fn locate(&mut self, place: impl Fn(u32) -> String) {
        // What was taken over from another file keeps its place.
        let never = self.never.iter_mut().filter(|(_, row)| row.place.is_empty());
        never.for_each(|(files, row)| row.place = place(files.at).into());
        let require = self.require.iter_mut().filter(|(_, row)| row.place.is_empty());
        require.for_each(|(files, row)| row.place = place(files.at).into());
    }

    /// With those of a file that is laid over this one.
    pub fn and(mut self, top: Rows) -> Rows {
        self.never.extend(top.never);
        self.require.extend(top.require);
        self
    }

    /// Those that are about a file.
    pub fn of(&self, path: &Path) -> Constraints {
        if self.never.is_empty() && self.require.is_empty() {
            return Constraints::default();
        }
        let Ok(path) = std::path::absolute(path) else { return Constraints::default() };
        let is_about = |files: &Files| {
            files.of.is_about(&path) && (files.except.is_empty() || !files.except.is_about(&path))
        };
        let never = self.never.iter().filter(|(files, _)| is_about(files)).map(|(_, row)| row.clone());
        let require = self.require.iter().filter(|(files, _)| is_about(files)).map(|(_, row)| row.clone());
        Constraints { never: never.collect(), require: require.collect() }
    }
}

fn rows<'v, 'a>(value: &'v Value<'a>) -> Result<&'v [Value<'a>], ConfigError> {
    match value {
        Value::Array(array) => Ok(&array.elements),
        other => Err(ConfigError::of(other, "a list is expected here, each row with its `reason`")),
    }
}

fn reason(value: &Value<'_>) -> Result<Box<str>, ConfigError> {
    match string(value)?.trim() {
        "" => Err(ConfigError::of(value, "a reason says why")),
        reason => Ok(reason.into()),
    }
}

fn prohibition(value: &Value<'_>, folder: &Path) -> Result<(Files, Prohibition), ConfigError> {
    let mut files = Files { at: value.range().start as u32, ..Files::default() };
    let (mut actions, mut resources, mut public, mut why) = (None, None, false, None);
    for property in
        properties(value, "an object with `actions` or `public`, and a `reason`, is expected here")?
    {
        let value = &property.value;
        match property.name.as_str() {
            "actions" => actions = Some(action_patterns(value)?),
            "resources" => resources = Some(resource_patterns(value)?),
            "public" => public = is_true(value)?,
            "files" => files.of = about(value, folder)?,
            "except" => files.except = about(value, folder)?,
            "reason" => why = Some(reason(value)?),
            _ => return Err(ConfigError::unknown(property, &KEYS_OF_NEVER)),
        }
    }
    let what = match (actions, public) {
        (Some(_), true) => {
            return Err(ConfigError::of(value, "a row has `actions` or `public`, not both: write two rows"));
        }
        (None, true) if resources.is_some() => {
            return Err(ConfigError::of(value, "`public` is about every resource: it takes no `resources`"));
        }
        (None, true) => Forbidden::Public,
        (Some(actions), false) => {
            Forbidden::Access { actions, resources: resources.unwrap_or_else(|| vec!["*".to_string()]) }
        }
        (None, false) => {
            return Err(ConfigError::of(
                value,
                "a row says what must never be granted: `actions`, or `\"public\": true`",
            ));
        }
    };
    let reason = why.ok_or_else(|| ConfigError::of(value, "a row gives its `reason`"))?;
    Ok((files, Prohibition { what, reason, place: Box::default() }))
}

fn requirements(value: &Value<'_>, folder: &Path) -> Result<(Files, Vec<Requirement>), ConfigError> {
    let mut files = Files { at: value.range().start as u32, ..Files::default() };
    let (mut of, mut field, mut values, mut why) = (None, None, None, None);
    let mut what: Vec<Demanded> = Vec::new();
    let mut kinds = 0;
    for property in
        properties(value, "an object with `of`, what must be there, and a `reason`, is expected here")?
    {
        let value = &property.value;
        match property.name.as_str() {
            "of" => of = Some(subject(value)?),
            "field" => {
                field = Some(way(value)?);
                kinds += 1;
            }
            "values" => values = Some(texts(value)?),
            "tags" => {
                what.extend(texts(value)?.into_iter().map(|tag| Demanded::Tag(tag.into())));
                kinds += 1;
            }
            "trustedAccounts" => {
                what.push(Demanded::Accounts(accounts(value)?));
                kinds += 1;
            }
            "files" => files.of = about(value, folder)?,
            "except" => files.except = about(value, folder)?,
            "reason" => why = Some(reason(value)?),
            _ => return Err(ConfigError::unknown(property, &KEYS_OF_REQUIRE)),
        }
    }
    let wrong = |message: &str| Err(ConfigError::of(value, message));
    let Some(of) = of else { return wrong("a row says what it is about: `of`") };
    if kinds != 1 {
        return wrong("a row asks for one thing: a `field`, `tags` or `trustedAccounts`");
    }
    if values.is_some() && field.is_none() {
        return wrong("`values` are those of a `field`");
    }
    if matches!(what.first(), Some(Demanded::Accounts(_))) && of != Subject::Role {
        return wrong("`trustedAccounts` are those of a role: write `\"of\": \"role\"`");
    }
    let Some(reason) = why else { return wrong("a row gives its `reason`") };
    let values = values.unwrap_or_default().into_iter().map(Box::from).collect();
    what.extend(field.map(|path| Demanded::Field { path, values }));
    let all =
        what.into_iter().map(|what| Requirement { of, what, reason: reason.clone(), place: Box::default() });
    Ok((files, all.collect()))
}

fn subject(value: &Value<'_>) -> Result<Subject, ConfigError> {
    let name = string(value)?;
    Subject::ALL.into_iter().find(|it| it.name() == name).ok_or_else(|| {
        let known = listed(Subject::ALL.map(Subject::name));
        ConfigError::of(value, &format!("a row may be about: {known}"))
    })
}

fn is_true(value: &Value<'_>) -> Result<bool, ConfigError> {
    match value {
        Value::BooleanLit(it) if it.value => Ok(true),
        other => Err(ConfigError::of(other, "`public` is `true`, or is left out")),
    }
}

/// The way to a field: names between slashes.
fn way(value: &Value<'_>) -> Result<Vec<Box<str>>, ConfigError> {
    let text = string(value)?;
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || "_-".contains(it))
    };
    if !text.split('/').all(is_name) {
        return Err(ConfigError::of(
            value,
            "a field is named as AWS spells it, with slashes on the way down: `containerDefinitions/logConfiguration/logDriver`",
        ));
    }
    Ok(text.split('/').map(Box::from).collect())
}

fn accounts(value: &Value<'_>) -> Result<Vec<Box<str>>, ConfigError> {
    let all = texts(value)?;
    match all.iter().find(|it| !is_account_id(it)) {
        Some(wrong) => Err(ConfigError::of(value, &format!("`{wrong}` is no account: it has twelve digits"))),
        None => Ok(all.into_iter().map(Box::from).collect()),
    }
}

/// Patterns of actions, each of which stands for some: one that stands for none would forbid nothing.
fn action_patterns(value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
    let all = texts(value)?;
    for pattern in &all {
        if catalog::expand(pattern).next().is_some() {
            continue;
        }
        let service = pattern.split(':').next().unwrap_or_default();
        let names: Vec<String> =
            catalog::expand(&format!("{service}:*")).map(|action| action.to_string()).collect();
        let hint = catalog::nearest(pattern, names.iter().map(String::as_str))
            .map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
        return Err(ConfigError::of(
            value,
            &format!("`{pattern}` stands for no action that passrole knows{hint}"),
        ));
    }
    Ok(all)
}

fn resource_patterns(value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
    let all = texts(value)?;
    match all.iter().find(|it| *it != "*" && !(it.starts_with("arn:") && it.matches(':').count() >= 5)) {
        Some(wrong) => Err(ConfigError::of(
            value,
            &format!("`{wrong}` is no ARN: write one, with `*` and `?` for what may vary"),
        )),
        None => Ok(all),
    }
}
