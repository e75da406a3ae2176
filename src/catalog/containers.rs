//! Values and limits of container definitions that the API's model does not hold.

use super::tables;

/// How the tokens of a service begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenFormat {
    pub prefix: &'static str,
    /// As a message names it, with its article: "a GitHub token".
    pub title: &'static str,
    /// How many characters follow the prefix at least.
    pub least: usize,
}

/// A list of `schemas/ecs/containers.json` by its name; empty for an unknown one.
pub fn container_values(name: &str) -> &'static [&'static str] {
    tables::CONTAINER_LISTS
        .binary_search_by(|(known, _)| known.cmp(&name))
        .map_or(&[], |at| tables::CONTAINER_LISTS[at].1)
}

/// A limit of `schemas/ecs/containers.json` by its name, in the unit of what it limits (items,
/// characters, MiB, seconds); `None` for an unknown one.
pub fn container_limit(name: &str) -> Option<u32> {
    let at = tables::CONTAINER_LIMITS.binary_search_by(|(known, _)| known.cmp(&name)).ok()?;
    Some(tables::CONTAINER_LIMITS[at].1)
}

/// The forms of a kind of value, for a person to fill in, each with what it is.
pub fn value_formats(of: &str) -> &'static [(&'static str, &'static str)] {
    let found = tables::VALUE_FORMATS.binary_search_by(|row| row.0.cmp(of));
    found.map_or(&[], |at| tables::VALUE_FORMATS[at].1)
}

/// What users call a structure of the ECS API: its own name where there is no other.
pub fn structure_title(name: &'static str) -> &'static str {
    let found = tables::STRUCTURE_TITLES.binary_search_by(|row| row.0.cmp(name));
    found.map_or(name, |at| tables::STRUCTURE_TITLES[at].1)
}

/// Formats by which a token is one whatever the variable is called.
pub fn token_formats() -> &'static [TokenFormat] {
    tables::TOKEN_FORMATS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_limits_are_found() {
        assert_eq!(container_values("capabilities").len(), 38);
        assert_eq!(container_values("nonsense"), &[] as &[&str]);
        assert_eq!(container_limit("environmentFiles"), Some(10));
        assert_eq!(container_limit("nonsense"), None);
        assert!(token_formats().iter().any(|format| format.prefix == "ghp_"));
    }
}
