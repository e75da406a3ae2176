//! What a configuration says of its project as a whole: accounts, Regions, roles and their files, other repositories.

use super::value::{ConfigError, Setting, object, string};
use crate::catalog;
use crate::text::Span;
use jsonc_parser::ast::{ObjectProp, Value};
use std::path::{Component, Path, PathBuf};

/// What is said of the project as a whole. Paths are absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectWords {
    pub accounts: Vec<Box<str>>,
    pub regions: Vec<Box<str>>,
    pub is_complete: bool,
    /// The repository as its host names it, in the order of owner and name.
    pub repository: Option<(Box<str>, Box<str>)>,
    /// Files of values, each with the folder of the root that it is for.
    pub values: Vec<(FileWords, PathBuf)>,
    pub roles: Vec<RoleWords>,
    /// What other repositories say, with where the configuration names it.
    pub context: Vec<FileWords>,
}

/// A role and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleWords {
    pub name: Box<str>,
    pub trust: Option<FileWords>,
    pub policies: Vec<FileWords>,
    pub attached: Vec<Box<str>>,
}

/// A file that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileWords {
    pub path: PathBuf,
    /// `FILE:LINE` of the configuration.
    pub place: Box<str>,
    span: Span,
}

const KEYS_OF_ROLE: [&str; 3] = ["trust", "policies", "attached"];

impl ProjectWords {
    /// Takes a setting; gives back whether it is one of these.
    pub(super) fn take(&mut self, name: &str, value: &Value<'_>, folder: &Path) -> Result<bool, ConfigError> {
        match name {
            "context" => self.context = files(value, folder)?,
            "roles" => self.roles = roles(value, folder)?,
            "accounts" => {
                let is_account =
                    |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
                self.accounts = checked(value, &is_account, "the twelve digits of an account")?;
            }
            "regions" => self.regions = checked(value, &catalog::is_region, "a Region")?,
            "repository" => {
                let text = string(value)?;
                let parts = text.split_once('/').filter(|(owner, name)| !owner.is_empty() && is_name(name));
                let Some((owner, name)) = parts else {
                    return Err(ConfigError::of(
                        value,
                        "the name of a repository is expected here: `owner/name`",
                    ));
                };
                self.repository = Some((owner.into(), name.into()));
            }
            "values" => self.values = values(value, folder)?,
            "complete" => match value {
                Value::BooleanLit(it) => self.is_complete = it.value,
                other => return Err(ConfigError::of(other, "`true` or `false` is expected here")),
            },
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Laid over those of another file.
    pub(super) fn over(mut self, base: ProjectWords) -> ProjectWords {
        self.accounts.splice(0..0, base.accounts);
        self.regions.splice(0..0, base.regions);
        self.is_complete |= base.is_complete;
        self.repository = self.repository.or(base.repository);
        self.values.splice(0..0, base.values);
        self.context.splice(0..0, base.context);
        // Of a role that both name, what the nearer file says.
        let others = base.roles.into_iter().filter(|role| self.roles.iter().all(|it| it.name != role.name));
        let others: Vec<RoleWords> = others.collect();
        self.roles.splice(0..0, others);
        self
    }

    pub(super) fn locate(&mut self, place: &impl Fn(u32) -> String) {
        let of_roles = self.roles.iter_mut().flat_map(|it| it.trust.iter_mut().chain(&mut it.policies));
        let of_values = self.values.iter_mut().map(|(file, _)| file);
        for file in of_roles.chain(of_values).chain(&mut self.context).filter(|file| file.place.is_empty()) {
            file.place = place(file.span.start).into();
        }
    }
}

/// Files below a folder, or elsewhere.
fn files(value: &Value<'_>, folder: &Path) -> Result<Vec<FileWords>, ConfigError> {
    match value {
        Value::Array(array) => array.elements.iter().map(|element| file(element, folder)).collect(),
        value => Ok(vec![file(value, folder)?]),
    }
}

fn file(value: &Value<'_>, folder: &Path) -> Result<FileWords, ConfigError> {
    let name = string(value)?;
    if name.is_empty() {
        return Err(ConfigError::of(value, "the path of a file is expected here"));
    }
    Ok(FileWords { path: within(folder, name), place: Box::default(), span: Setting::new((), value).span })
}

/// Whether it may be the name of a repository.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || "-_.".contains(char))
}

/// Files of values, and the folders of their roots.
fn values(value: &Value<'_>, folder: &Path) -> Result<Vec<(FileWords, PathBuf)>, ConfigError> {
    let object = object(value, "an object of files is expected here, each with the folder of its root")?;
    let one = |property: &ObjectProp<'_>| {
        let name = property.name.as_str();
        if !is_of_values(Path::new(name)) {
            let message = "a file of values is expected here: `prod.tfvars`, `prod.tfvars.json`";
            return Err(ConfigError::within(Setting::new((), &property.name).span, message.to_string()));
        }
        let span = Setting::new((), &property.name).span;
        let file = FileWords { path: within(folder, name), place: Box::default(), span };
        Ok((file, within(folder, string(&property.value)?)))
    };
    object.properties.iter().map(one).collect()
}

/// Whether a file gives values to the variables of a root of Terraform, by its name.
pub fn is_of_values(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.ends_with(".tfvars") || name.ends_with(".tfvars.json")
}

/// A path from a folder, without the steps that lead nowhere: `./a` and `a` are one file.
fn within(folder: &Path, name: &str) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    folder.join(name).components().filter(|it| *it != Component::CurDir).collect()
}

fn roles(value: &Value<'_>, folder: &Path) -> Result<Vec<RoleWords>, ConfigError> {
    let object = object(value, "an object of role names is expected here, each with its files")?;
    let one = |property: &ObjectProp<'_>| {
        let object = self::object(&property.value, "an object with `policies` and `trust` is expected here")?;
        let mut role = RoleWords { name: property.name.as_str().into(), ..RoleWords::default() };
        for property in &object.properties {
            match property.name.as_str() {
                "trust" => role.trust = Some(file(&property.value, folder)?),
                "policies" => role.policies = files(&property.value, folder)?,
                "attached" => {
                    let is_arn = |text: &str| text.starts_with("arn:") && text.contains(":policy/");
                    role.attached = checked(&property.value, &is_arn, "the ARN of a managed policy")?;
                }
                _ => return Err(ConfigError::unknown(property, &KEYS_OF_ROLE)),
            }
        }
        Ok(role)
    };
    object.properties.iter().map(one).collect()
}

/// Texts of one form, or one of them.
fn checked(
    value: &Value<'_>,
    is_it: &dyn Fn(&str) -> bool,
    what: &str,
) -> Result<Vec<Box<str>>, ConfigError> {
    let one = |value: &Value<'_>| {
        let text = string(value)?;
        if is_it(text) {
            Ok(text.into())
        } else {
            Err(ConfigError::of(value, &format!("{what} is expected here")))
        }
    };
    match value {
        Value::Array(array) => array.elements.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}
