//! How long policies may be, and how many may be attached.

use super::tables;

/// A limit of `schemas/iam/global.json`, from the quota pages of IAM, AWS Organizations and the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyLimit {
    /// `managed`, `inlineRole`, `trust`, `scp`, `bucket`, …
    pub name: &'static str,
    /// As a sentence names what has it: `a managed policy`.
    pub title: &'static str,
    /// In characters: what an account starts with.
    pub least: u32,
    /// What it can be raised to.
    pub most: u32,
    /// Whether all policies of that kind share it.
    pub together: bool,
    /// Whether white space between the words counts.
    pub white_space: bool,
}

/// The limit of that name.
pub fn policy_limit(name: &str) -> Option<&'static PolicyLimit> {
    tables::POLICY_LIMITS.iter().find(|limit| limit.name == name)
}

/// How many managed policies a `role`, a `user` or a `group` may have: what an account starts with, and
/// what it can be raised to, from the quota page of IAM. `None` for everything else.
pub fn attached_limit(to: &str) -> Option<(u32, u32)> {
    tables::ATTACHED_LIMITS.iter().find(|(name, _, _)| *name == to).map(|(_, least, most)| (*least, *most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_known_by_name() {
        let limit = |name: &str| policy_limit(name).map(|it| (it.least, it.most));
        assert_eq!(limit("managed"), Some((6144, 6144)));
        assert_eq!(limit("trust"), Some((2048, 8192)));
        assert_eq!(limit("scp"), Some((10240, 10240)));
        assert_eq!(limit("nothing"), None);
        assert!(policy_limit("inlineRole").is_some_and(|it| it.together && !it.white_space));
        assert_eq!(attached_limit("user"), Some((10, 20)));
    }
}
