//! Rules of the group `policy`: one defect a file, in alphabetical order.

mod elements;

mod duplicate_key;
mod duplicate_sid;
mod element_with_its_negation;
mod empty_element;
mod invalid_effect;
mod invalid_sid;
mod invalid_version;
mod missing_action;
mod missing_effect;
mod missing_principal;
mod missing_resource;
mod missing_statement;
mod missing_version;
mod old_version;
mod principal_in_identity_policy;
mod unknown_policy_element;
mod wrong_element_type;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &duplicate_key::DuplicateKey,
    &duplicate_sid::DuplicateSid,
    &element_with_its_negation::ElementWithItsNegation,
    &empty_element::EmptyElement,
    &invalid_effect::InvalidEffect,
    &invalid_sid::InvalidSid,
    &invalid_version::InvalidVersion,
    &missing_action::MissingAction,
    &missing_effect::MissingEffect,
    &missing_principal::MissingPrincipal,
    &missing_resource::MissingResource,
    &missing_statement::MissingStatement,
    &missing_version::MissingVersion,
    &old_version::OldVersion,
    &principal_in_identity_policy::PrincipalInIdentityPolicy,
    &unknown_policy_element::UnknownPolicyElement,
    &wrong_element_type::WrongElementType,
];
