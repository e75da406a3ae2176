//! The configuration file: `.passrole.jsonc`, JSON with comments.

mod constraints;
mod file;

pub use file::{Config, ConfigError, kind_by_glob};

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
