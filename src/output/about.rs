//! What passrole says of itself: its version, and where its pages are.

use crate::catalog;
use std::sync::LazyLock;

/// The project.
pub const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The page of a rule.
pub fn page_of_rule(id: &str) -> String {
    format!("{HOME}/blob/main/docs/rules/{id}.md")
}

/// The version, with the day of the facts that everything is judged by.
pub fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        format!("{} (facts of AWS as of {})", env!("CARGO_PKG_VERSION"), catalog::facts_as_of())
    });
    &VERSION
}
