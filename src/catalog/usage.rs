//! What people reach for first: it orders lists, and decides nothing.

use super::tables;

/// The list of that name in `schemas/iam/usage.json`, the likeliest first; empty for an unknown one.
pub fn usual(list: &str) -> &'static [&'static str] {
    find(tables::USUAL, list)
}

/// Where a name stands in such a list.
pub fn usual_place(list: &str, name: &str) -> Option<usize> {
    usual(list).iter().position(|it| it.eq_ignore_ascii_case(name))
}

/// The actions of a service that are used most, without its prefix; empty where none are known to be.
pub fn usual_actions(service: &str) -> &'static [&'static str] {
    find(tables::USUAL_ACTIONS, service)
}

/// What a field takes that wants the name of such a thing: the type in CloudFormation, the one of Terraform, and its
/// attribute.
pub fn taken_by_name(thing: &str) -> &'static [&'static str] {
    find(tables::TAKEN_BY_NAME, thing)
}

/// Other names by which people call services, with the services' prefixes: `fargate`, `step functions`.
pub fn everyday_names() -> &'static [(&'static str, &'static str)] {
    tables::EVERYDAY_NAMES
}

/// AWS managed policies that fit the roles of a service, by path.
pub fn policies_of_roles(principal: &str) -> &'static [&'static str] {
    find(tables::POLICIES_OF_ROLES, principal)
}

/// Values that a condition key may have, and forms of them with `${Name}` for what is filled in; empty where
/// nothing is known. Case does not count.
pub fn key_values(key: &str) -> &'static [&'static str] {
    let row = tables::KEY_VALUES.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
    row.map_or(&[], |(_, values)| values)
}

/// What `aws:SourceArn` looks like where that service calls.
pub fn sources_of_service(principal: &str) -> &'static [&'static str] {
    find(tables::SOURCES_OF_SERVICES, principal)
}

/// What a claim of an issuer's tokens looks like; empty where that is not known.
pub fn token_claim(issuer: &str, claim: &str) -> &'static [&'static str] {
    let issuer = if issuer.contains("oidc.eks.") { "*" } else { issuer };
    find(tables::TOKEN_CLAIMS, &format!("{issuer}:{claim}"))
}

/// Which policies a statement belongs into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyPurpose {
    Identity,
    Resource,
    Trust,
}

/// A whole statement to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementSnippet {
    pub title: &'static str,
    pub about: &'static str,
    pub within: PolicyPurpose,
    /// With `${Name}` for what is filled in.
    pub json: &'static str,
}

pub fn statement_snippets() -> &'static [StatementSnippet] {
    tables::STATEMENTS
}

fn find(table: &'static [(&'static str, &'static [&'static str])], name: &str) -> &'static [&'static str] {
    table.binary_search_by(|(known, _)| (*known).cmp(name)).map_or(&[], |at| table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn what_is_usual_is_known() {
        assert!(usual("services").iter().all(|it| catalog::service(it).is_some()));
        assert!(everyday_names().iter().all(|(_, it)| catalog::service(it).is_some()));
        for (service, actions) in tables::USUAL_ACTIONS {
            let service = catalog::service(service).unwrap();
            actions.iter().for_each(|it| assert!(service.action(it).is_some(), "{service:?}:{it}"));
        }
        usual("keys").iter().for_each(|it| assert!(catalog::condition_key(it).is_some(), "{it}"));
        for (key, _) in tables::KEY_VALUES {
            assert!(catalog::condition_key(key).is_some(), "{key}");
        }
        for policy in usual("managedPolicies") {
            assert!(catalog::is_managed_policy(policy), "{policy}");
        }
        let operators = || catalog::operators().map(|it| it.name);
        assert!(operators().all(|it| usual("operators").contains(&it)));
        for snippet in statement_snippets() {
            let statement: serde_json::Value = serde_json::from_str(snippet.json).unwrap();
            for action in statement["Action"].as_array().into_iter().flatten() {
                let action = action.as_str().unwrap();
                assert!(action.contains('$') || catalog::action(action).is_some(), "{action}");
            }
        }
        assert!(token_claim("oidc.eks.eu-west-1.amazonaws.com/id/1", "sub").len() == 1);
    }
}
