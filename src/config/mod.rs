//! The configuration file: `.passrole.jsonc`, JSON with comments.

mod constraints;
mod exceptions;
mod file;
mod project;
mod value;
mod write;

pub use file::{Config, Held, kind_by_glob};
pub use project::{FileWords, ProjectWords, RoleWords, is_of_values};
pub use value::{ConfigError, Setting};
pub use write::{NewException, with_exception};

use crate::host::DocumentKind;
use crate::rules::RuleSet;
use std::sync::Arc;

/// What holds for one file.
#[derive(Clone)]
pub struct Settings {
    pub rules: Arc<RuleSet>,
    /// Overrides the kind that would be inferred.
    pub kind: Option<DocumentKind>,
    /// Whether it is only looked at where it is named.
    pub is_excluded: bool,
}
