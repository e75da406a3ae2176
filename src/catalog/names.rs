//! Names that are no actions, or no longer: retired ones, API operations with another permission, and what the
//! reference has no page for.

use super::tables;
use super::wildcards::wildcard_matches;

/// When an action was last seen in the reference (`YYYY-MM-DD`), if it has gone since autumn 2024.
pub fn retired(full_name: &str) -> Option<&'static str> {
    let name = full_name.to_ascii_lowercase();
    let at = tables::RETIRED.binary_search_by(|(known, _)| (*known).cmp(&name)).ok()?;
    Some(tables::RETIRED[at].1)
}

/// Whether a pattern covers some action that has gone.
pub fn any_retired(pattern: &str) -> bool {
    tables::RETIRED.iter().any(|(name, _)| wildcard_matches(pattern, name, true))
}

/// Whether AWS's own policies name that action or pattern (`service:Name`), though the reference has no
/// page for it.
pub fn is_unlisted(full_name: &str) -> bool {
    let name = full_name.to_ascii_lowercase();
    let all = || name.split_once(':').map(|(service, _)| format!("{service}:*"));
    let known = |name: &str| tables::UNLISTED.binary_search(&name).is_ok();
    known(&name) || all().is_some_and(|all| known(&all))
}

/// Whether that is an API operation whose permission has another name: `Some(Some("s3:ListBucket"))`
/// where the name is known, `Some(None)` where it is not.
pub fn api_name(full_name: &str) -> Option<Option<&'static str>> {
    let name = full_name.to_ascii_lowercase();
    let at = tables::API_NAMES.binary_search_by(|(known, _)| (*known).cmp(&name)).ok()?;
    Some(tables::API_NAMES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_actions_are_told_apart() {
        assert_eq!(retired("account:getchallengequestions"), Some("2025-01-31"));
        assert_eq!(api_name("s3:ListObjectsV2"), Some(Some("s3:ListBucket")));
        assert_eq!(api_name("s3:GetObject"), None);
        assert_eq!(api_name("ecs:RunTasks"), None);
        assert!(is_unlisted("mobilehub:CreateProject") && is_unlisted("payments:GetPaymentAttempt"));
        assert!(!is_unlisted("payments:Get") && !is_unlisted("ecs:RunTasks"));
    }
}
