//! Condition keys: those that requests for the statement's actions carry, then the global ones.

use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind};
use crate::catalog::{self, ConditionKey, Family, ValueType};
use crate::host::DocumentKind;
use crate::ide::prose;
use crate::model::ActionPattern;
use std::collections::BTreeMap;

/// Above this many actions the keys are those of the services, not of each action.
const MANY: usize = 400;

pub(super) fn complete(at: &At<'_>, operator: &str) -> Vec<Item> {
    let operator = catalog::parse_operator(operator);
    let siblings = at.siblings();
    let mut keys: BTreeMap<&str, (ConditionKey, u16)> = BTreeMap::new();
    for pattern in at.statement().iter().flat_map(|statement| statement.actions()) {
        for key in keys_of(pattern) {
            let is_own =
                key.name().split(':').next().is_some_and(|it| it.eq_ignore_ascii_case(pattern.service));
            keys.entry(key.name()).or_insert((key, if is_own { 30 } else { 60 }));
        }
    }
    // Those of a service that is typed, whatever the actions are.
    if let Some((prefix, _)) = at.writing.typed.before.split_once(':')
        && let Some(service) = catalog::service(prefix)
    {
        for key in service.condition_keys() {
            keys.entry(key.name()).or_insert((key, 90));
        }
    }
    let global = catalog::global_keys().filter_map(|key| catalog::condition_key(key.name));
    for key in global {
        keys.entry(key.name()).or_insert((key, 120));
    }
    let context = Asker::of(at);
    let null = operator.is_some_and(|operator| operator.base.family == Family::Null);
    let mut items: Vec<Item> = keys
        .into_values()
        .filter(|(key, _)| !siblings.contains(key.name()))
        .map(|(key, rank)| {
            let value = match key.value_type() {
                _ if null => Skeleton::Choice(&["true", "false"]),
                ValueType::Bool => Skeleton::Choice(&["true", "false"]),
                _ if key.is_multivalued() => Skeleton::List(vec![Skeleton::empty()]),
                _ => Skeleton::empty(),
            };
            let many = if key.is_multivalued() { ", many values" } else { "" };
            let detail = format!("{}{many}", key.value_type().name());
            // Keys that the operator cannot compare come last.
            let fits = operator.is_none_or(|operator| family_fits(operator.base.family, key.value_type()));
            let usual = catalog::usual_place("keys", key.name()).map_or(40, |it| it as u16);
            // What only that operator compares.
            let is_own = operator.is_some_and(|operator| {
                operator.base.family != Family::String
                    && operator.base.family != Family::Null
                    && family_fits(operator.base.family, key.value_type())
            });
            let rank = context.rank(key.name()).unwrap_or(if rank < 100 && usual < 40 {
                usual / 2 + 5
            } else {
                rank + usual
            });
            let rank = if fits { rank + u16::from(!is_own) } else { rank + 400 };
            // The reference writes it small, the guides and everybody else do not.
            let name = match key.name().strip_prefix("saml:") {
                Some(claim) => format!("SAML:{claim}"),
                None => key.name().to_string(),
            };
            skeleton::member(at.writing, ItemKind::Key, name, detail, &value, false)
                .ranked(rank)
                .about(prose::condition_key(key.name()))
        })
        .collect();
    // The claims of the provider's tokens: each provider has keys of its own.
    for issuer in &context.issuers {
        for (claim, rank) in [("aud", 0), ("sub", 1)] {
            let name = format!("{issuer}:{claim}");
            if !siblings.contains(&name) {
                items.retain(|item| item.label != name);
                let value = if null { Skeleton::Choice(&["true", "false"]) } else { Skeleton::empty() };
                let detail = if claim == "aud" { "whom the token is for" } else { "whose token it is" };
                let item = skeleton::member(at.writing, ItemKind::Key, name, detail, &value, false);
                items.push(item.ranked(rank));
            }
        }
    }
    items
}

/// What the statement says of who asks.
#[derive(Default)]
pub(super) struct Asker {
    /// Issuers of the OIDC providers in the statement.
    pub issuers: Vec<String>,
    /// Service principals in it.
    pub services: Vec<String>,
    accounts: bool,
    saml: bool,
    is_trust: bool,
}

impl Asker {
    pub(super) fn of(at: &At<'_>) -> Asker {
        let mut context =
            Asker { is_trust: at.place.document.kind == DocumentKind::Trust, ..Asker::default() };
        let Some(statement) = at.statement() else { return context };
        for principal in statement.principals() {
            let Some(object) = principal.member.value.as_object() else { continue };
            for member in &object.members {
                let texts = member.value.one_or_many().iter().filter_map(|it| it.as_string());
                match &*member.name.text {
                    "Federated" if texts.clone().any(|text| text.text.contains(":saml-provider/")) => {
                        context.saml = true;
                    }
                    "Federated" => context.issuers.extend(texts.filter_map(|text| {
                        let issuer = text.text.split_once(":oidc-provider/").map(|(_, issuer)| issuer);
                        let direct = !text.text.contains(':') && text.text.contains('.');
                        issuer.map(str::to_string).or_else(|| direct.then(|| text.text.to_string()))
                    })),
                    "Service" => context.services.extend(texts.map(|text| text.text.to_string())),
                    "AWS" => context.accounts = true,
                    _ => {}
                }
            }
        }
        context
    }

    /// Where a key stands in this statement by what it is about; `None` leaves that to others.
    fn rank(&self, key: &str) -> Option<u16> {
        let is_claim = key.split(':').next().is_some_and(|prefix| prefix.contains('.'));
        if is_claim {
            let prefix = key.split(':').next().unwrap_or_default();
            return Some(if self.issuers.iter().any(|it| it == prefix) { 4 } else { 350 });
        }
        if self.saml {
            let first = ["SAML:aud", "SAML:iss", "SAML:sub", "SAML:sub_type"];
            return first.iter().position(|it| it.eq_ignore_ascii_case(key)).map(|it| it as u16);
        }
        if !self.is_trust && self.services.is_empty() {
            return None;
        }
        let first: &[&str] = if !self.services.is_empty() {
            &["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID"]
        } else if self.accounts {
            &["sts:ExternalId", "aws:PrincipalOrgID", "aws:PrincipalArn", "aws:MultiFactorAuthPresent"]
        } else {
            &[]
        };
        first.iter().position(|it| *it == key).map(|it| it as u16)
    }
}

fn keys_of(pattern: ActionPattern<'_>) -> Vec<ConditionKey> {
    if pattern.is_everything() || pattern.service.contains(['*', '?']) {
        return Vec::new();
    }
    let actions: Vec<_> = catalog::expand(pattern.text()).take(MANY + 1).collect();
    if actions.len() > MANY || actions.is_empty() {
        return catalog::service(pattern.service)
            .map(|service| service.condition_keys().collect())
            .unwrap_or_default();
    }
    actions.into_iter().flat_map(|action| action.condition_keys()).collect()
}

/// Whether operators of a family compare values of a type.
pub(super) fn family_fits(family: Family, value_type: ValueType) -> bool {
    match value_type {
        ValueType::String => matches!(family, Family::String | Family::Null),
        ValueType::Arn => matches!(family, Family::Arn | Family::String | Family::Null),
        ValueType::Bool => matches!(family, Family::Bool | Family::String | Family::Null),
        ValueType::Numeric => matches!(family, Family::Numeric | Family::Null),
        ValueType::Date => matches!(family, Family::Date | Family::Numeric | Family::Null),
        ValueType::IpAddress => matches!(family, Family::IpAddress | Family::Null),
        ValueType::Binary => matches!(family, Family::Binary | Family::Null),
    }
}
