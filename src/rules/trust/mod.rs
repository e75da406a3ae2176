//! Rules of the group `trust`: one defect a file, in alphabetical order.

mod openness;
pub(crate) mod principals;

mod allow_with_not_principal;
mod audience_set_operator;
mod deny_with_not_principal;
mod github_any_branch;
mod invalid_principal;
mod key_never_set_for_service;
mod missing_oidc_condition;
mod missing_roles_anywhere_action;
mod missing_tag_session;
mod missing_token_audience;
mod oidc_condition_never_holds;
mod oidc_condition_too_wide;
mod oidc_key_of_another_provider;
mod redundant_principal;
mod resource_open_to_anybody;
mod role_without_source;
mod service_without_source;
mod trust_any_principal;
mod trust_policy_action;
mod trust_policy_not_principal;
mod trust_policy_resource;
mod trusted_whole_account;
mod unknown_service_principal;
mod wrong_service_principal;

pub use openness::{Openness, open_to_anybody};

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &allow_with_not_principal::AllowWithNotPrincipal,
    &audience_set_operator::AudienceSetOperator,
    &deny_with_not_principal::DenyWithNotPrincipal,
    &github_any_branch::GithubAnyBranch,
    &invalid_principal::InvalidPrincipal,
    &key_never_set_for_service::KeyNeverSetForService,
    &missing_oidc_condition::MissingOidcCondition,
    &missing_roles_anywhere_action::MissingRolesAnywhereAction,
    &missing_tag_session::MissingTagSession,
    &missing_token_audience::MissingTokenAudience,
    &oidc_condition_never_holds::OidcConditionNeverHolds,
    &oidc_condition_too_wide::OidcConditionTooWide,
    &oidc_key_of_another_provider::OidcKeyOfAnotherProvider,
    &redundant_principal::RedundantPrincipal,
    &resource_open_to_anybody::ResourceOpenToAnybody,
    &role_without_source::RoleWithoutSource,
    &service_without_source::ServiceWithoutSource,
    &trust_any_principal::TrustAnyPrincipal,
    &trust_policy_action::TrustPolicyAction,
    &trust_policy_not_principal::TrustPolicyNotPrincipal,
    &trust_policy_resource::TrustPolicyResource,
    &trusted_whole_account::TrustedWholeAccount,
    &unknown_service_principal::UnknownServicePrincipal,
    &wrong_service_principal::WrongServicePrincipal,
];
