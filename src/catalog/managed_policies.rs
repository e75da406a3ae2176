//! AWS managed policies, by what stands behind `policy/` in their ARNs: `service-role/AWSLambdaRole`.

use super::nearest::nearest;
use super::tables;

/// Every one that can be looked up, in order.
pub fn managed_policies() -> &'static [&'static str] {
    tables::MANAGED_POLICIES
}

/// What the one of that path and name says, as JSON; `None` where its content is not known.
pub fn managed_policy_document(path: &str) -> Option<&'static str> {
    let table = tables::MANAGED_POLICY_DOCUMENTS;
    table.binary_search_by_key(&path, |(path, _)| path).ok().map(|index| table[index].1)
}

/// When those were read.
pub fn managed_policy_documents_as_of() -> &'static str {
    tables::MANAGED_POLICY_DOCUMENTS_AS_OF
}

/// The day of the facts about actions, resources and condition keys: `2026-10-27`.
pub fn facts_as_of() -> &'static str {
    tables::FACTS_AS_OF
}

/// When the list was made: `2026-10-27`.
pub fn managed_policies_as_of() -> &'static str {
    tables::MANAGED_POLICIES_AS_OF
}

/// Whether there is one of that path and name.
pub fn is_managed_policy(path: &str) -> bool {
    tables::MANAGED_POLICIES.binary_search(&path).is_ok()
}

/// The name without its path.
pub fn name_of_managed_policy(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The path and name of the one with that name, whatever its path; the case of letters does not count.
/// Names are unique.
pub fn managed_policy_named(name: &str) -> Option<&'static str> {
    // Every path is looked at, so the end is compared first.
    let is_of = |path: &&str| {
        let start = path.len().wrapping_sub(name.len());
        path.as_bytes().get(start..).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
            && (start == 0 || path.as_bytes()[start - 1] == b'/')
    };
    tables::MANAGED_POLICIES.iter().copied().find(is_of)
}

/// Whether AWS has, or once had, one with that name; case does not count.
pub fn is_managed_policy_name(name: &str) -> bool {
    managed_policy_named(name).is_some()
        || tables::WITHDRAWN_MANAGED_POLICIES.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// Whether AWS has withdrawn the one with that name, and which it names in its place: `None` where it has
/// not, `Some(None)` where nothing stands in for it.
pub fn withdrawn_managed_policy(name: &str) -> Option<Option<&'static str>> {
    tables::WITHDRAWN_MANAGED_POLICIES.iter().find(|(known, _)| *known == name).map(|(_, by)| *by)
}

/// Whether the one of that path and name allows everything, or lets who has it get there. The case of
/// letters does not count, since IAM does not look at it.
pub fn is_elevated_managed_policy(path: &str) -> bool {
    tables::ELEVATED_MANAGED_POLICIES.iter().any(|known| known.eq_ignore_ascii_case(path))
}

/// The path and name of the one that a misspelt name most likely means. A name that differs in its number
/// alone may be a newer version, and means none.
pub fn nearest_managed_policy(name: &str) -> Option<&'static str> {
    let names = tables::MANAGED_POLICIES
        .iter()
        .filter(|path| !path.starts_with("aws-service-role/"))
        .map(|path| name_of_managed_policy(path));
    let near = nearest(name, names)?;
    (without_version(near) != without_version(name)).then(|| managed_policy_named(near)).flatten()
}

/// `AmazonGuardDutyFullAccess` of `AmazonGuardDutyFullAccess_v2`.
fn without_version(name: &str) -> &str {
    name.trim_end_matches(|char: char| char.is_ascii_digit()).trim_end_matches(['v', 'V', '_'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_found_by_path_and_by_name() {
        let path = "service-role/AmazonECSTaskExecutionRolePolicy";
        assert!(is_managed_policy(path) && !is_managed_policy("AmazonECSTaskExecutionRolePolicy"));
        assert_eq!(managed_policy_named("amazonECSTaskExecutionRolePolicy"), Some(path));
        assert_eq!(nearest_managed_policy("AmazonECSTaskExecutonRolePolicy"), Some(path));
        assert_eq!(nearest_managed_policy("AmazonGuardDutyFullAccess_v9"), None);
        assert_eq!(withdrawn_managed_policy("AWSLambdaFullAccess"), Some(Some("AWSLambda_FullAccess")));
        assert_eq!(withdrawn_managed_policy("AWSMobileHub_ReadOnly"), Some(None));
        assert_eq!(withdrawn_managed_policy("AWSLambda_FullAccess"), None);
    }
}
