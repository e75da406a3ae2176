//! Where passrole and its pages are found.

/// The project.
pub const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The page of a rule.
pub fn page_of_rule(id: &str) -> String {
    format!("{HOME}/blob/main/docs/rules/{id}.md")
}
