//! Rules of the group `trust`: one defect a file, in alphabetical order.

mod principals;

mod invalid_principal;
mod missing_oidc_condition;
mod missing_tag_session;
mod trust_any_principal;
mod trust_policy_action;
mod trust_policy_not_principal;
mod trust_policy_resource;
mod unknown_service_principal;
mod wrong_service_principal;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &invalid_principal::InvalidPrincipal,
    &missing_oidc_condition::MissingOidcCondition,
    &missing_tag_session::MissingTagSession,
    &trust_any_principal::TrustAnyPrincipal,
    &trust_policy_action::TrustPolicyAction,
    &trust_policy_not_principal::TrustPolicyNotPrincipal,
    &trust_policy_resource::TrustPolicyResource,
    &unknown_service_principal::UnknownServicePrincipal,
    &wrong_service_principal::WrongServicePrincipal,
];
