//! Condition operators and condition keys.

use super::{list, pages};
use crate::catalog::{self, Action, SetQualifier, ValueType};
use crate::ide::prose;
use crate::model::Statement;
use std::fmt::Write;

pub(super) fn operator(text: &str) -> Option<String> {
    let operator = catalog::parse_operator(text)?;
    let base = operator.base;
    let mut out = format!("**{text}** · compares {}", base.family.name());
    if let Some(prose) = prose::operator(base.name) {
        let _ = write!(out, "\n\n{prose}");
    }
    match operator.qualifier {
        Some(SetQualifier::ForAllValues) => out.push_str(
            "\n\n`ForAllValues`: every value in the request must match. It holds, too, where the request has none.",
        ),
        Some(SetQualifier::ForAnyValue) => {
            out.push_str("\n\n`ForAnyValue`: one matching value in the request is enough.");
        }
        None => {}
    }
    if operator.if_exists {
        out.push_str("\n\n`IfExists`: holds, too, where the request has no such key.");
    }
    if base.variables {
        out.push_str("\n\nPolicy variables such as `${aws:username}` are resolved.");
    }
    let _ = write!(out, "\n\n[IAM User Guide]({})", pages::operator(base.family));
    Some(out)
}

/// About what is no operator, but may have been meant as one.
pub(super) fn unknown_operator(text: &str) -> Option<String> {
    let near = catalog::guess(text, catalog::operators().map(|it| it.name))?;
    Some(format!("**{text}**\n\nNo condition operator. Did you mean `{}`?", near.word))
}

/// About a value of a key whose values are of a known set, or of a form.
pub(super) fn value(key: &str, text: &str) -> Option<String> {
    if let Some(partition) = catalog::partition_of_region(text) {
        return Some(format!("**{text}** · Region of partition `{partition}`"));
    }
    let of_accounts = catalog::key_traits(key).and_then(|it| it.format) == Some(catalog::KeyFormat::Account);
    if of_accounts && catalog::is_account_id(text) {
        return Some(format!("**{text}** · id of an AWS account"));
    }
    let global = catalog::condition_key(key).and_then(|it| it.as_global()).map_or(&[][..], |it| it.values);
    let values: Vec<&str> = catalog::key_values(key).iter().chain(global).copied().collect();
    if !values.iter().any(|it| it.eq_ignore_ascii_case(text)) {
        return None;
    }
    let mut out = format!("**{text}** · value of `{key}`");
    let others: Vec<&str> = values.into_iter().filter(|it| !it.eq_ignore_ascii_case(text)).collect();
    if !others.is_empty() {
        out.push_str("\n\nOthers: ");
        list(&mut out, others.iter().copied(), others.len());
    }
    Some(out)
}

pub(super) fn key(text: &str, statement: Option<Statement<'_>>) -> Option<String> {
    let Some(key) = catalog::condition_key(text) else {
        let mut out = format!("**{text}** · claim of a token");
        claim(&mut out, text);
        return out.contains("\n\n").then_some(out);
    };
    let many = if key.is_multivalued() { "many values" } else { "one value" };
    let mut out = format!("**{text}** · {}, {many}", key.value_type().name());
    if key.name() != text {
        let _ = write!(out, "\n\nListed as `{}`.", key.name());
    }
    if let Some(prose) = prose::condition_key(key.name()) {
        let _ = write!(out, "\n\n{prose}");
    }
    claim(&mut out, text);
    if let Some(global) = key.as_global() {
        let _ = write!(out, "\n\nGlobal key, about the {}.", global.about);
        if let Some(present) = present(global.present) {
            let _ = write!(out, " {present}");
        }
        if !global.values.is_empty() {
            out.push_str("\n\nValues: ");
            list(&mut out, global.values.iter().copied(), global.values.len());
        }
        if !global.services.is_empty() {
            out.push_str("\n\nSet by ");
            list(&mut out, global.services.iter().copied(), global.services.len());
        }
        if global.sensitive {
            out.push_str("\n\nName exact values: a wildcard opens it to strangers.");
        }
    } else if let Some(service) = text.split_once(':').and_then(|(prefix, _)| catalog::service(prefix)) {
        let _ = write!(out, "\n\nKey of {}.", service.title());
    }
    if key.is_multivalued() {
        out.push_str("\n\nCompare it with `ForAnyValue:` or `ForAllValues:`.");
    }
    if key.value_type() == ValueType::Arn {
        out.push_str("\n\nCompare it with `ArnLike` or `ArnEquals`.");
    }
    let known = catalog::key_values(key.name());
    if !known.is_empty() {
        out.push_str("\n\nValues such as ");
        list(&mut out, known.iter().copied(), known.len());
    }
    holds_for(&mut out, text, statement);
    if let Some(page) = pages::of_key(text) {
        let book =
            if key.as_global().is_some() { "IAM User Guide" } else { "Service Authorization Reference" };
        let _ = write!(out, "\n\n[{book}]({page})");
    }
    Some(out)
}

/// What a claim of a provider's tokens says, and what it looks like.
fn claim(out: &mut String, text: &str) {
    let Some((issuer, claim)) = text.rsplit_once(':').filter(|(issuer, _)| issuer.contains('.')) else {
        return;
    };
    let says = match claim {
        "sub" => "The subject of the token: whose it is.",
        "aud" => "The audience of the token: for whom it was issued.",
        _ => return,
    };
    let _ = write!(out, "\n\n{says}");
    if let Some(provider) = catalog::oidc_provider(issuer) {
        let _ = write!(out, " The provider is {}.", provider.title);
    }
    let forms = catalog::token_claim(issuer, claim);
    if !forms.is_empty() {
        out.push_str("\n\nForms: ");
        list(out, forms.iter().copied(), forms.len());
    }
}

/// Which of the statement's actions carry the key.
fn holds_for(out: &mut String, key: &str, statement: Option<Statement<'_>>) {
    let Some(statement) = statement else { return };
    let patterns: Vec<_> = statement.actions().filter(|pattern| !pattern.is_everything()).collect();
    let actions: Vec<Action> = patterns
        .iter()
        .filter(|pattern| !pattern.service.contains(['*', '?']))
        .flat_map(|pattern| catalog::expand(pattern.text()))
        .take(500)
        .collect();
    if actions.is_empty() {
        return;
    }
    let (with, without): (Vec<Action>, Vec<Action>) =
        actions.into_iter().partition(|action| action.accepts_condition_key(key));
    let names = |actions: &[Action]| actions.iter().map(Action::to_string).collect::<Vec<_>>();
    if without.is_empty() {
        out.push_str("\n\nAll actions of this statement may carry it.");
    } else if with.is_empty() {
        out.push_str("\n\nNo action of this statement carries it.");
    } else {
        let names = names(&without);
        out.push_str("\n\nNot carried by ");
        list(out, names.iter().map(String::as_str), names.len());
        out.push('.');
    }
}

/// When a request carries a global key, in words.
fn present(code: &str) -> Option<&'static str> {
    Some(match code {
        "always" => "Every request carries it.",
        "signed" => "Every signed request carries it.",
        "org-principal" => "Carried where the caller's account is in an organization.",
        "tagged-principal" => "Carried where the caller has that tag.",
        "service-principal-call" => "Carried where an AWS service calls in its own name.",
        "service-principal-call+org" => {
            "Carried where an AWS service calls in its own name, for a resource of an organization."
        }
        "iam-user-only" => "Carried for IAM users only.",
        "temporary-credentials" => "Carried with temporary credentials only.",
        "vpc-endpoint" => "Carried by requests through a VPC endpoint.",
        "vpc-endpoint+org" => "Carried by requests through a VPC endpoint whose owner is in an organization.",
        "not-via-vpc-endpoint" => "Not carried by requests through a VPC endpoint.",
        "most-actions" => "Most actions carry it.",
        "org-resource" => "Carried where the resource's account is in an organization.",
        "tagged-resource" => "Carried where the resource has that tag.",
        "forward-access-session" => "Carried where a service calls on somebody's behalf.",
        "tags-in-request" => "Carried where the request sets or removes tags.",
        "browser-link" => "Carried where a browser followed a link.",
        "source-identity-set" => "Carried where a source identity was set.",
        _ => return None,
    })
}
