//! Rules of the group `policy`: one defect a file, in alphabetical order.

mod elements;

mod action_matches_no_resource;
mod action_needs_all_resources;
mod arn_matches_no_resource_type;
mod arn_part_never_matches;
mod condition_key_not_for_action;
mod condition_operator_key_mismatch;
mod condition_value_type;
mod duplicate_key;
mod duplicate_sid;
mod element_with_its_negation;
mod empty_element;
mod invalid_arn;
mod invalid_condition_operator;
mod invalid_effect;
mod invalid_policy_variable;
mod invalid_sid;
mod invalid_version;
mod malformed_action;
mod malformed_condition_key;
mod missing_action;
mod missing_effect;
mod missing_pass_role;
mod missing_principal;
mod missing_resource;
mod missing_set_operator;
mod missing_statement;
mod missing_version;
mod needless_set_operator;
mod old_version;
mod pass_role_any_resource;
mod pass_role_without_passed_to_service;
mod policy_too_long;
mod principal_in_identity_policy;
mod unknown_action;
mod unknown_condition_key;
mod unknown_policy_element;
mod wildcard_without_like_operator;
mod wrong_element_type;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &action_matches_no_resource::ActionMatchesNoResource,
    &action_needs_all_resources::ActionNeedsAllResources,
    &arn_matches_no_resource_type::ArnMatchesNoResourceType,
    &arn_part_never_matches::ArnPartNeverMatches,
    &condition_key_not_for_action::ConditionKeyNotForAction,
    &condition_operator_key_mismatch::ConditionOperatorKeyMismatch,
    &condition_value_type::ConditionValueType,
    &duplicate_key::DuplicateKey,
    &duplicate_sid::DuplicateSid,
    &element_with_its_negation::ElementWithItsNegation,
    &empty_element::EmptyElement,
    &invalid_arn::InvalidArn,
    &invalid_condition_operator::InvalidConditionOperator,
    &invalid_effect::InvalidEffect,
    &invalid_policy_variable::InvalidPolicyVariable,
    &invalid_sid::InvalidSid,
    &invalid_version::InvalidVersion,
    &malformed_action::MalformedAction,
    &malformed_condition_key::MalformedConditionKey,
    &missing_action::MissingAction,
    &missing_effect::MissingEffect,
    &missing_pass_role::MissingPassRole,
    &missing_principal::MissingPrincipal,
    &missing_resource::MissingResource,
    &missing_set_operator::MissingSetOperator,
    &missing_statement::MissingStatement,
    &missing_version::MissingVersion,
    &needless_set_operator::NeedlessSetOperator,
    &old_version::OldVersion,
    &pass_role_any_resource::PassRoleAnyResource,
    &pass_role_without_passed_to_service::PassRoleWithoutPassedToService,
    &policy_too_long::PolicyTooLong,
    &principal_in_identity_policy::PrincipalInIdentityPolicy,
    &unknown_action::UnknownAction,
    &unknown_condition_key::UnknownConditionKey,
    &unknown_policy_element::UnknownPolicyElement,
    &wildcard_without_like_operator::WildcardWithoutLikeOperator,
    &wrong_element_type::WrongElementType,
];
