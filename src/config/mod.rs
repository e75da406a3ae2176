//! The configuration file: `.passrole.jsonc`, JSON with comments.

mod constraints;
mod file;
mod reading;

pub use file::{Config, FileWords, ProjectWords, RoleWords, kind_by_glob};
pub use reading::ConfigError;

use crate::host::DocumentKind;
use crate::rules::RuleSet;
use std::sync::Arc;

/// What holds for one file.
#[derive(Clone)]
pub struct Settings {
    pub rules: Arc<RuleSet>,
    /// Overrides the kind that would be inferred.
    pub kind: Option<DocumentKind>,
}
