//! Names of AWS managed policies.

use super::tables;

/// What is known of a managed policy's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagedPolicy {
    Live,
    /// No longer attachable.
    Retired,
}

/// Whether a managed policy of AWS has that name, its path left out; case does not count. Walks through
/// all of them.
pub fn is_managed_policy_name(name: &str) -> bool {
    tables::MANAGED_POLICIES
        .iter()
        .chain(tables::RETIRED_MANAGED_POLICIES)
        .any(|known| known.rsplit('/').next().is_some_and(|known| known.eq_ignore_ascii_case(name)))
}

/// Looks up the part of the ARN behind `policy/`, path included: `service-role/AmazonECS…`.
pub fn managed_policy(name: &str) -> Option<ManagedPolicy> {
    if tables::MANAGED_POLICIES.binary_search(&name).is_ok() {
        Some(ManagedPolicy::Live)
    } else if tables::RETIRED_MANAGED_POLICIES.binary_search(&name).is_ok() {
        Some(ManagedPolicy::Retired)
    } else {
        None
    }
}
