//! How long policies may be.

use super::tables;

/// The characters that a policy of that use may have, white space outside of texts not counted: what an
/// account starts with, and what it can be raised to. Uses are those of `schemas/iam/global.json`, from
/// the quota pages of IAM and AWS Organizations: `managed`, `inlineRole`, `trust`, `session`, `scp`,
/// `rcp`, …
pub fn policy_limit(of: &str) -> Option<(u32, u32)> {
    tables::POLICY_LIMITS.iter().find(|(name, _, _)| *name == of).map(|(_, least, most)| (*least, *most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_known_by_use() {
        assert_eq!(policy_limit("managed"), Some((6144, 6144)));
        assert_eq!(policy_limit("trust"), Some((2048, 8192)));
        assert_eq!(policy_limit("nothing"), None);
    }
}
