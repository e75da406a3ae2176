//! What is known of single condition keys beyond their type: how their values look, whom they trust, what
//! they need beside them.

use super::keys::key_fits;
use super::search::search;
use super::tables;

/// How a key's values look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyFormat {
    /// `vpc-` and 8 or 17 characters.
    Vpc,
    /// `vpce-` and 8 or 17 characters.
    VpcEndpoint,
    /// Twelve digits.
    Account,
    /// `o-` and 10 to 32 characters.
    Organization,
    /// `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`.
    OrganizationPath,
    /// `eu-west-1`.
    Region,
    /// `ecs-tasks.amazonaws.com`.
    ServicePrincipal,
    /// `s3.eu-west-1.amazonaws.com`.
    RegionalServicePrincipal,
    /// The ARN of a KMS key; neither its id nor an alias.
    KmsKey,
}

/// An action that a request needs on top, where it sets what a key tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtraAction {
    /// The action whose request carries the key: `s3:PutObject`.
    pub of: &'static str,
    /// What is checked beside it: `s3:PutObjectTagging`.
    pub needs: &'static str,
}

/// What is known of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTraits {
    /// Maybe with a placeholder.
    pub name: &'static str,
    pub format: Option<KeyFormat>,
    /// The keys to use in its place; empty for keys that are current.
    pub instead: &'static [&'static str],
    /// Whether the caller writes its value into the request as they like.
    pub forgeable: bool,
    /// Keys of which one belongs beside it: alone it does not tell networks apart. Empty for most.
    pub pair: &'static [&'static str],
    pub extra_action: Option<ExtraAction>,
    /// Whether it tells of the resource itself, and so is the same for every request on it.
    pub of_resource: bool,
    /// Whether AWS's own policies use it both with and without set operator, whatever the reference says.
    pub either_arity: bool,
    /// Whether a star by itself is a value that requests have.
    pub star_is_value: bool,
    /// Whether it keeps strangers out, so that a request without it must not pass.
    pub guards: bool,
    /// Whether it tells the account of a caller who calls directly, where what is to stand in its place does not.
    pub tells_direct_callers: bool,
    /// Of which resources it compares ARNs: their service, and how the part behind the account begins.
    /// `ecs:cluster/`.
    pub resource: Option<&'static str>,
}

/// What is known of a key; case does not count, placeholders take any text. `None` for most.
pub fn key_traits(key: &str) -> Option<&'static KeyTraits> {
    let rows = tables::KEY_TRAITS;
    match search(rows.len(), key, |index| rows[index].name) {
        Ok(index) => Some(&rows[index]),
        // Only tags have placeholders.
        Err(_) if !key.contains('/') => None,
        Err(_) => rows.iter().filter(|row| row.name.ends_with('>')).find(|row| key_fits(row.name, key)),
    }
}

/// Every action that is the `of` of an [`ExtraAction`].
pub fn actions_with_extras() -> &'static [&'static str] {
    tables::ACTIONS_WITH_EXTRAS
}

#[cfg(test)]
mod tests {
    use super::super::condition_key;
    use super::*;

    #[test]
    fn every_key_with_traits_is_a_key() {
        for row in tables::KEY_TRAITS {
            assert_eq!(key_traits(row.name), Some(row));
            assert!(condition_key(row.name).is_some() || !row.instead.is_empty(), "{}", row.name);
            for other in row.pair.iter().chain(row.instead) {
                assert!(condition_key(other).is_some(), "{other}");
            }
            if let Some(extra) = row.extra_action {
                for action in [extra.of, extra.needs] {
                    assert!(super::super::action(action).is_some(), "{action}");
                }
            }
        }
        assert_eq!(key_traits("AWS:sourcevpc").and_then(|row| row.format), Some(KeyFormat::Vpc));
        assert!(key_traits("s3:RequestObjectTag/team").is_some_and(|row| row.extra_action.is_some()));
        assert_eq!(key_traits("aws:PrincipalTag/team"), None);
    }
}
