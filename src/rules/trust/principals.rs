//! What the rules on principals share, so that one slip gives one finding.

use crate::catalog;
use crate::host::value::StringValue;
use crate::model::{Policy, Statement};

/// The principal that a service's misspelt name stands for beyond doubt: a well-known slip, or one that
/// is near to the principal of ECS tasks.
pub(super) fn misspelt(name: &str) -> Option<&'static str> {
    if catalog::is_service_principal(name) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let name = lower.trim().trim_start_matches("https://").trim_end_matches('/');
    if catalog::is_service_principal(name) {
        // Another case or a stray scheme: a matter of form.
        return None;
    }
    catalog::misspelt_principal(name)
        .or_else(|| catalog::nearest_principal(name).filter(|near| near.starts_with("ecs-tasks.")))
}

/// Whether a service's name has the form of one: lower case, with a dot, no wildcard, no ARN.
pub(super) fn is_well_formed_service(name: &str) -> bool {
    name.contains('.')
        && !name.starts_with('.')
        && !name.ends_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

/// The service principals of a statement, as far as they are known in full.
pub(super) fn services<'a>(statement: Statement<'a>) -> impl Iterator<Item = &'a StringValue> + use<'a> {
    statement.principals().flat_map(|principal| principal.services()).filter(|name| !name.has_unknown())
}

/// The statements that let somebody assume the role, with the base of their spans.
pub(super) fn assuming<'a>(policy: Policy<'a>) -> impl Iterator<Item = (u32, Statement<'a>)> + use<'a> {
    policy.statements().filter(|(_, statement)| {
        statement.allows() && statement.listed_actions().any(|action| action.covers("sts:AssumeRole"))
    })
}
