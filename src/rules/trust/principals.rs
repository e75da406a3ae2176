//! What the rules on principals share, so that one slip gives one finding.

use crate::access::{self, Test};
use crate::catalog::{self, Family};
use crate::host::value::{StringValue, Value};
use crate::host::{Edit, NewValue};
use crate::model::{Condition, ConditionKey, Policy, PolicyContext, Statement};

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
    catalog::misspelt_principal(name).or_else(|| {
        let near = catalog::nearest_principal(name)?;
        (near.is_plain && near.word.starts_with("ecs-tasks.")).then_some(near.word)
    })
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
pub(crate) fn services<'a>(statement: Statement<'a>) -> impl Iterator<Item = &'a StringValue> + use<'a> {
    statement.principals().flat_map(|principal| principal.services()).filter(|name| !name.has_unknown())
}

/// The statements that let somebody assume the role, with the base of their spans.
pub(super) fn assuming<'a>(policy: Policy<'a>) -> impl Iterator<Item = (u32, Statement<'a>)> + use<'a> {
    policy.statements().filter(|(_, statement)| {
        statement.allows() && statement.listed_actions().any(|action| action.covers("sts:AssumeRole"))
    })
}

/// The issuer that a federated principal names, as its condition keys start with it:
/// `token.actions.githubusercontent.com`. `None` for SAML providers, for patterns and for what is filled
/// in later.
pub(super) fn oidc_issuer(value: &StringValue) -> Option<&str> {
    let name = &*value.text;
    match name.split_once(":oidc-provider/") {
        Some((_, issuer)) => {
            // The account may be open.
            let is_known = !value.is_unknown_in(name.len() - issuer.len()..name.len());
            (is_known && !issuer.is_empty() && !issuer.contains(['*', '$'])).then_some(issuer)
        }
        None if value.has_unknown() || name.contains("${") => None,
        None => (!name.starts_with("arn:") && name.contains('.') && !name.contains("://")).then_some(name),
    }
}

/// The OIDC providers whose tokens a statement lets in, with the strings that name them.
pub(crate) fn oidc_issuers<'a>(
    statement: Statement<'a>,
) -> impl Iterator<Item = (&'a StringValue, &'a str)> + use<'a> {
    let lets_in = statement.allows()
        && statement.listed_actions().any(|action| action.covers("sts:AssumeRoleWithWebIdentity"));
    statement
        .principal()
        .filter(|_| lets_in)
        .into_iter()
        .flat_map(|principal| principal.entries())
        .filter(|entry| &*entry.kind.text == "Federated")
        .flat_map(move |entry| {
            let named = oidc_issuer(entry.value);
            // Of a provider that stands elsewhere the conditions tell which it is.
            let is_open = is_open_provider(entry.value);
            let told = if is_open { issuers_of_keys(statement) } else { Vec::new() };
            named.into_iter().chain(told).map(move |issuer| (entry.value, issuer))
        })
}

/// Whether a federated principal is an OIDC provider that stands elsewhere: a reference, or a name that is filled in.
pub(super) fn is_open_provider(value: &StringValue) -> bool {
    value.has_unknown() && oidc_issuer(value).is_none() && !value.text.contains(":saml-provider/")
}

/// The issuers whose keys the conditions name, each once: those that many customers share, and clusters.
fn issuers_of_keys(statement: Statement<'_>) -> Vec<&str> {
    let mut issuers: Vec<&str> = statement
        .condition_keys()
        .filter(|key| !key.key.has_unknown())
        .filter_map(|key| Some(key.key.text.rsplit_once(':')?.0))
        .filter(|issuer| catalog::oidc_provider(issuer).is_some() || issuer.starts_with("oidc.eks."))
        .collect();
    issuers.sort_unstable();
    issuers.dedup();
    issuers
}

/// The claim that a condition key is about, where it is one of that issuer's.
pub(crate) fn claim_of<'a>(key: &'a str, issuer: &str) -> Option<&'a str> {
    let head = key.get(..issuer.len()).filter(|head| head.eq_ignore_ascii_case(issuer))?;
    key[head.len()..].strip_prefix(':')
}

/// Whether a condition key is of some OIDC provider, and of none of these: another rule's matter.
pub(super) fn is_of_another(key: &str, issuers: &[(&StringValue, &str)]) -> bool {
    let Some((prefix, _)) = key.rsplit_once(':') else { return false };
    let bare = prefix.strip_prefix("https://").unwrap_or(prefix);
    bare.contains('.')
        && !key.contains("${")
        && !issuers.iter().any(|(_, issuer)| claim_of(key, issuer).is_some())
}

/// Whether something in the conditions is filled in later, so that nothing can be said of what is absent.
pub(crate) fn has_open_condition(statement: Statement<'_>) -> bool {
    statement.object.get("Condition").is_some_and(Value::is_unknown)
        || statement.conditions().any(|it: Condition<'_>| it.value.is_unknown() || it.operator.has_unknown())
        || statement.condition_keys().any(|key| key.key.has_unknown())
}

/// Whether some condition of an `Allow` keeps strangers out: it is about the caller, their network or the source of the
/// request, and asks for values that not everybody has. A value that is only excluded lets all others in.
pub(in crate::rules) fn keeps_strangers_out(statement: Statement<'_>) -> bool {
    statement.condition_keys().any(condition_keeps_strangers_out)
}

/// The same of one condition.
pub(super) fn condition_keeps_strangers_out(condition: ConditionKey<'_>) -> bool {
    if !is_about_caller(&condition.key.text) {
        return false;
    }
    let Some(operator) = catalog::parse_operator(&condition.operator.text) else { return true };
    let test = Test { condition, operator };
    if catalog::global_key(test.key()).is_none() {
        return true;
    }
    match operator.base.family {
        Family::Null => condition.values().iter().any(|value| !access::says(value, true).is_yes()),
        _ if operator.base.negated => false,
        Family::IpAddress => test.texts().all(|text| !text.text.ends_with("/0")),
        _ => test.star().is_none(),
    }
}

/// Whether a condition on that key may keep strangers out. Keys of services get the benefit of the doubt.
pub(super) fn is_about_caller(key: &str) -> bool {
    match catalog::condition_key(key).and_then(|known| known.as_global()) {
        Some(global) => {
            matches!(global.about, "principal" | "session" | "network")
                || global.present.starts_with("service-principal-call")
        }
        None => true,
    }
}

/// Whether some condition says for whom or for what a service makes the request.
pub(crate) fn names_source(statement: Statement<'_>) -> bool {
    statement.condition_keys().any(|key| {
        let is = |known: &&str| key.key.text.eq_ignore_ascii_case(known);
        // What was there before them says it as well.
        catalog::source_keys().iter().chain(&["aws:SourceOwner"]).any(is)
            || key.values().iter().any(names_account)
    })
}

/// Whether a value holds an account, or something that is filled in later: an encryption context with an
/// ARN in it says on whose behalf a service calls as well.
fn names_account(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            text.has_unknown()
                || text.text.contains("${")
                || text.text.split(|char: char| !char.is_ascii_digit()).any(catalog::is_account_id)
        }
        other => other.is_unknown(),
    }
}

/// The session actions that a trust policy keeps from a service which cannot do without: where the first
/// statement that lets the service in has its actions, which are absent, and how to add them.
pub(super) fn missing_session_actions(
    policy: Policy<'_>,
    context: &PolicyContext,
    service: &str,
) -> Option<(crate::text::Span, Vec<&'static str>, Edit)> {
    if context.template {
        return None;
    }
    let missing: Vec<&'static str> = catalog::session_actions(service)
        .iter()
        .copied()
        .filter(|wanted| {
            !policy.statements().any(|(_, statement)| {
                statement.listed_actions().any(|action| action.string.has_unknown() || action.covers(wanted))
            })
        })
        .collect();
    if missing.is_empty() {
        return None;
    }
    assuming(policy).filter(|(_, statement)| services(*statement).any(|it| &*it.text == service)).find_map(
        |(base, statement)| {
            let member = statement.member("Action")?;
            let names = || missing.iter().map(|action| NewValue::String((*action).to_string()));
            let span = member.value.span().shifted(base);
            let written = match &member.value {
                Value::Array(array) => array
                    .items
                    .iter()
                    .map(|item| item.as_string().map(|action| NewValue::String(action.text.to_string())))
                    .collect::<Option<Vec<NewValue>>>()?,
                Value::String(action) => vec![NewValue::String(action.text.to_string())],
                _ => return None,
            };
            let edit = match (&member.value, missing.as_slice()) {
                (Value::Array(array), [one]) => Edit::InsertItem {
                    array: array.span.shifted(base),
                    value: NewValue::String((*one).to_string()),
                },
                _ => Edit::ReplaceValue {
                    span,
                    value: NewValue::Array(written.into_iter().chain(names()).collect()),
                },
            };
            Some((span, missing.clone(), edit))
        },
    )
}
