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

/// The resource types of which a request for an action names one each, where these are several: all of them have to be
/// allowed.
pub fn needed_together(full_name: &str) -> &'static [&'static [&'static str]] {
    let name = full_name.to_ascii_lowercase();
    match tables::SEVERAL_RESOURCES.binary_search_by(|(known, _)| (*known).cmp(&name)) {
        Ok(at) => tables::SEVERAL_RESOURCES[at].1,
        Err(_) => &[],
    }
}

/// Whether a service's own guide lists more actions than the reference.
pub fn lists_further_actions(service: &str) -> bool {
    tables::DISPUTED_SERVICES.contains(&service)
}

/// Whether a guide or a message of AWS names it, though the reference does not.
pub fn is_disputed(full_name: &str) -> bool {
    tables::DISPUTED_ACTIONS.contains(&&*full_name.to_ascii_lowercase())
}

/// Whether authors write it where a statement is to allow nothing.
pub fn means_no_action(full_name: &str) -> bool {
    tables::NO_ACTIONS.contains(&&*full_name.to_ascii_lowercase())
}

/// Whether it stands in policies of AWS's own documentation where it does nothing.
pub fn is_of_samples(full_name: &str) -> bool {
    tables::SAMPLE_ACTIONS.contains(&&*full_name.to_ascii_lowercase())
}

/// Whether the AWS CDK writes it beside the other actions of a statement, where it does nothing.
pub fn is_generated(full_name: &str, has: impl Fn(&str) -> bool) -> bool {
    let name = full_name.to_ascii_lowercase();
    let row = tables::GENERATED_ACTIONS.iter().find(|(action, _)| *action == name);
    row.is_some_and(|(_, beside)| beside.iter().all(|other| has(other)))
}

/// The action that a name which no spelling leads to stands for.
pub fn meant_action(full_name: &str) -> Option<&'static str> {
    meant(tables::MEANT_ACTIONS, full_name)
}

/// The condition key that stands under another prefix.
pub fn meant_key(name: &str) -> Option<&'static str> {
    meant(tables::MEANT_KEYS, name)
}

fn meant(table: &'static [(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let at = table.binary_search_by(|(known, _)| (*known).cmp(&name)).ok()?;
    Some(table[at].1)
}

/// Whether that is an API operation younger than the list of actions, so that there may be an action of its
/// name by now.
pub fn is_newer_operation(full_name: &str) -> bool {
    tables::NEWER_OPERATIONS.binary_search(&&*full_name.to_ascii_lowercase()).is_ok()
}

/// The prefix of the service that a product's or an SDK's name stands for: `states` for `stepfunctions`.
pub fn prefix_of_product(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let at = tables::SERVICE_NAMES.binary_search_by(|(known, _)| (*known).cmp(&name)).ok()?;
    Some(tables::SERVICE_NAMES[at].1)
}

/// Whether the names that stand in a placeholder of a service's ARN formats hold no slash: `BucketName` of
/// `s3`. `service` is the service part of the ARN.
pub fn is_name_without_slash(service: &str, placeholder: &str) -> bool {
    let rows = tables::NAMES_WITHOUT_SLASH;
    rows.binary_search_by(|(known, _)| (*known).cmp(service))
        .is_ok_and(|at| rows[at].1.binary_search(&placeholder).is_ok())
}

/// Whether a service compares actions without a resource type with `*` alone, and never with an ARN that has
/// no name.
pub fn takes_only_all_resources(service: &str) -> bool {
    tables::ONLY_ALL_RESOURCES.binary_search(&service).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_something_is_nothing_itself() {
        for (name, action) in tables::MEANT_ACTIONS {
            assert!(crate::catalog::action(name).is_none(), "{name} is an action");
            assert!(crate::catalog::action(action).is_some(), "{action} is none");
        }
        for (name, key) in tables::MEANT_KEYS {
            assert!(crate::catalog::condition_key(name).is_none(), "{name} is a key");
            assert!(crate::catalog::condition_key(key).is_some(), "{key} is none");
        }
    }

    #[test]
    fn names_that_are_no_actions_are_told_apart() {
        assert_eq!(retired("account:getchallengequestions"), Some("2025-01-31"));
        assert_eq!(api_name("s3:ListObjectsV2"), Some(Some("s3:ListBucket")));
        assert_eq!(api_name("s3:GetObject"), None);
        assert_eq!(api_name("ecs:RunTasks"), None);
        assert!(is_unlisted("mobilehub:CreateProject") && is_unlisted("payments:GetPaymentAttempt"));
        assert!(!is_unlisted("payments:Get") && !is_unlisted("ecs:RunTasks"));
        assert!(is_newer_operation("lambda:CreateRuntime") && api_name("lambda:CreateRuntime").is_none());
        assert_eq!(prefix_of_product("StepFunctions"), Some("states"));
        assert!(is_name_without_slash("s3", "BucketName") && !is_name_without_slash("s3", "ObjectName"));
        assert!(takes_only_all_resources("ec2") && !takes_only_all_resources("logs"));
    }
}
