//! Whether a resource policy lets everybody in.

use super::principals::{condition_keeps_strangers_out, has_open_condition, is_about_caller};
use crate::catalog::{self, SetQualifier};
use crate::host::DocumentKind;
use crate::model::{ConditionKey, Effect, Policy, Principal};
use crate::text::Span;

/// How far it is known that a statement lets everybody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    Open,
    /// Its condition is filled in later.
    Undecided,
}

/// Where a resource policy lets everybody in: the places of its principals. `file_stem` is the file's name without
/// extension, in lower case.
pub fn open_to_anybody(policy: Policy<'_>, file_stem: &str, folder: &str) -> Vec<(Span, Openness)> {
    if policy.kind() != DocumentKind::Resource
        || is_of_endpoint(policy, file_stem, folder)
        || denies_strangers(policy)
    {
        return Vec::new();
    }
    let allowing = policy.statements().filter(|(_, statement)| statement.allows());
    let open = allowing.filter_map(|(base, statement)| {
        let place = match (statement.principal(), statement.not_principal()) {
            (Some(principal), _) if principal.is_everyone() => star_of(principal)?.shifted(base),
            (None, Some(_)) => statement.member("NotPrincipal")?.name.content_span().shifted(base),
            _ => return None,
        };
        if statement.condition_keys().any(keeps_out_for_certain) {
            return None;
        }
        let is_open = has_open_condition(statement) || statement.condition_keys().any(is_filled_in_later);
        Some((place, if is_open { Openness::Undecided } else { Openness::Open }))
    });
    open.collect()
}

/// Whether it belongs to a VPC endpoint: that limits what may be called through it, and lets nobody in.
pub(super) fn is_of_endpoint(policy: Policy<'_>, file_stem: &str, folder: &str) -> bool {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["endpoint", "vpce"].iter().any(|word| text.contains(word))
    };
    says(file_stem)
        || says(folder)
        || policy.document.owner.as_ref().is_some_and(|owner| says(&owner.resource_type))
}

/// The usual form for private APIs: everybody is allowed, and strangers are denied.
pub(super) fn denies_strangers(policy: Policy<'_>) -> bool {
    policy.statements().any(|(_, statement)| {
        statement.effect() == Some(Effect::Deny)
            && statement.principals().any(|principal| principal.negated || principal.is_everyone())
            && (statement.not_principal().is_some()
                || has_open_condition(statement)
                || statement.condition_keys().any(|key| is_about_caller(&key.key.text)))
    })
}

/// The star that stands for everybody.
pub(super) fn star_of(principal: Principal<'_>) -> Option<Span> {
    let star = principal
        .text()
        .or_else(|| principal.entries().find(|entry| &*entry.value.text == "*").map(|entry| entry.value))?;
    Some(star.content_span())
}

/// Whether a condition certainly keeps strangers out: it asks for a value that not everybody has, and that has to be
/// there.
fn keeps_out_for_certain(key: ConditionKey<'_>) -> bool {
    let Some(operator) = catalog::parse_operator(&key.operator.text) else { return false };
    !operator.if_exists
        && operator.qualifier != Some(SetQualifier::ForAllValues)
        && !is_filled_in_later(key)
        && condition_keeps_strangers_out(key)
}

fn is_filled_in_later(key: ConditionKey<'_>) -> bool {
    is_about_caller(&key.key.text) && key.values().iter().any(|value| value.is_unknown())
}
