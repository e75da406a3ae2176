//! What a statement speaks about: which actions, on which resources, and whether anything narrows it.

use super::arn::is_whole_type;
use crate::host::value::StringValue;
use crate::model::{ActionPattern, Effect, Policy, PolicyContext, Statement};

/// `*`, and no other text than stars.
pub fn is_star(resource: &str) -> bool {
    !resource.is_empty() && resource.bytes().all(|byte| byte == b'*')
}

/// Whether a resource stands for everything of its type: `*`, `arn:aws:ecs:*:*:*`,
/// `arn:aws:iam::*:role/*`.
pub fn is_any(resource: &str) -> bool {
    is_star(resource) || is_whole_type(resource)
}

/// The entry of `Resource` by which an allowing statement reaches everything, where no condition narrows
/// it.
pub fn unrestricted<'a>(statement: Statement<'a>, policy: &PolicyContext) -> Option<&'a StringValue> {
    if !statement.allows() || policy.template || !statement.is_unconditional() {
        return None;
    }
    everything(statement)
}

/// The entry of `Resource` that stands for everything.
pub fn everything<'a>(statement: Statement<'a>) -> Option<&'a StringValue> {
    statement.listed_resources().find(|resource| is_any(&resource.text))
}

/// The patterns of a statement that name something less than everything.
pub fn named_patterns<'a>(statement: Statement<'a>) -> impl Iterator<Item = ActionPattern<'a>> + use<'a> {
    statement.listed_actions().filter(|action| !action.string.has_unknown() && !action.is_everything())
}

/// Whether some statement of the policy denies an action on everything, whatever the request.
pub fn is_denied(policy: Policy<'_>, action: &str) -> bool {
    policy.statements().any(|(_, statement)| {
        statement.effect() == Some(Effect::Deny)
            && statement.is_unconditional()
            && everything(statement).is_some()
            && statement.listed_actions().any(|pattern| pattern.covers(action))
    })
}

/// Whether a statement makes an administrator: every action on every resource, whatever the request. It
/// has a finding of its own, which stands for all that this includes.
pub fn is_administrator(statement: Statement<'_>) -> bool {
    statement.allows()
        && statement.is_unconditional()
        && statement.listed_actions().any(|action| action.is_everything())
        && everything(statement).is_some()
}
