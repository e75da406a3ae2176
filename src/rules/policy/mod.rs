//! Rules of the group `policy`: one defect a file, in alphabetical order.

mod breadth;
mod conditions;
mod covering;
mod arn_types;
pub(crate) mod elements;
mod escalation;
mod whole_types;

mod action_matches_no_resource;
mod action_needs_all_resources;
mod action_of_other_service;
mod administrator_access;
mod allow_by_exception;
mod allow_everything;
mod any_resource;
mod arn_matches_no_resource_type;
mod arn_name_never_matches;
mod arn_of_other_service;
mod arn_part_never_matches;
mod aws_managed_policy;
mod borrowed_role;
mod bucket_policy_escalation;
mod bucket_policy_without_data_access;
mod condition_asks_for_presence;
mod condition_decides_nothing;
mod condition_key_needs_action;
mod condition_key_not_for_action;
mod condition_key_not_for_service;
mod condition_operator_key_mismatch;
mod condition_value_never_matches;
mod condition_value_type;
mod contradicting_conditions;
mod create_service_linked_role_any_resource;
mod credentials_exposure;
mod data_exfiltration;
mod deny_by_exception;
mod duplicate_key;
mod duplicate_managed_policy;
mod duplicate_sid;
mod dynamodb_attributes_without_select;
mod element_with_its_negation;
mod empty_element;
mod exception_of_everything;
mod for_all_values_lets_absent_pass;
mod for_all_values_without_null;
mod for_any_value_lets_absent_pass;
mod forgeable_condition_key;
mod if_exists_weakens_condition;
mod invalid_arn;
mod invalid_condition_operator;
mod invalid_effect;
mod invalid_policy_arn;
mod invalid_policy_template;
mod invalid_policy_variable;
mod invalid_sid;
mod invalid_version;
mod ip_range_host_bits;
mod irrelevant_condition_key;
mod malformed_action;
mod malformed_condition_key;
mod mfa_check_lets_through;
mod missing_action;
mod missing_dependent_action;
mod missing_effect;
mod missing_paired_condition_key;
mod missing_pass_role;
mod missing_principal;
mod missing_resource;
mod missing_resource_type;
mod missing_set_operator;
mod missing_statement;
mod missing_version;
mod mixed_partitions;
mod needless_if_exists;
mod needless_set_operator;
mod old_version;
mod pass_role_any_resource;
mod pass_role_without_passed_to_service;
mod permissions_management;
mod policy_on_user;
mod policy_too_long;
mod principal_arn_of_session;
mod principal_in_identity_policy;
mod private_source_ip;
mod privilege_escalation;
mod rcp_action;
mod rcp_effect;
mod rcp_principal;
mod rcp_without_service_carve_out;
mod redundant_action;
mod redundant_condition_value;
mod redundant_resource;
mod redundant_statement;
mod resource_matches_no_action;
mod retired_condition_key;
mod s3_prefix_in_negation;
mod scp_action_wildcard;
mod sensitive_key_with_wildcard;
mod service_wildcard;
mod source_key_in_identity_policy;
mod template_parameter_never_matches;
mod too_many_managed_policies;
mod unknown_action;
mod unknown_condition_key;
mod unknown_managed_policy;
mod unknown_policy_element;
mod wildcard_in_arn_service;
mod wildcard_without_like_operator;
mod wrong_element_type;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &action_matches_no_resource::ActionMatchesNoResource,
    &action_needs_all_resources::ActionNeedsAllResources,
    &action_of_other_service::ActionOfOtherService,
    &administrator_access::AdministratorAccess,
    &allow_by_exception::AllowByException,
    &allow_everything::AllowEverything,
    &any_resource::AnyResource,
    &arn_matches_no_resource_type::ArnMatchesNoResourceType,
    &arn_name_never_matches::ArnNameNeverMatches,
    &arn_of_other_service::ArnOfOtherService,
    &arn_part_never_matches::ArnPartNeverMatches,
    &aws_managed_policy::AwsManagedPolicy,
    &borrowed_role::BorrowedRole,
    &bucket_policy_escalation::BucketPolicyEscalation,
    &bucket_policy_without_data_access::BucketPolicyWithoutDataAccess,
    &condition_asks_for_presence::ConditionAsksForPresence,
    &condition_decides_nothing::ConditionDecidesNothing,
    &condition_key_needs_action::ConditionKeyNeedsAction,
    &condition_key_not_for_action::ConditionKeyNotForAction,
    &condition_key_not_for_service::ConditionKeyNotForService,
    &condition_operator_key_mismatch::ConditionOperatorKeyMismatch,
    &condition_value_never_matches::ConditionValueNeverMatches,
    &condition_value_type::ConditionValueType,
    &contradicting_conditions::ContradictingConditions,
    &create_service_linked_role_any_resource::CreateServiceLinkedRoleAnyResource,
    &credentials_exposure::CredentialsExposure,
    &data_exfiltration::DataExfiltration,
    &deny_by_exception::DenyByException,
    &duplicate_key::DuplicateKey,
    &duplicate_managed_policy::DuplicateManagedPolicy,
    &duplicate_sid::DuplicateSid,
    &dynamodb_attributes_without_select::DynamodbAttributesWithoutSelect,
    &element_with_its_negation::ElementWithItsNegation,
    &empty_element::EmptyElement,
    &exception_of_everything::ExceptionOfEverything,
    &for_all_values_lets_absent_pass::ForAllValuesLetsAbsentPass,
    &for_all_values_without_null::ForAllValuesWithoutNull,
    &for_any_value_lets_absent_pass::ForAnyValueLetsAbsentPass,
    &forgeable_condition_key::ForgeableConditionKey,
    &if_exists_weakens_condition::IfExistsWeakensCondition,
    &invalid_arn::InvalidArn,
    &invalid_condition_operator::InvalidConditionOperator,
    &invalid_effect::InvalidEffect,
    &invalid_policy_arn::InvalidPolicyArn,
    &invalid_policy_template::InvalidPolicyTemplate,
    &invalid_policy_variable::InvalidPolicyVariable,
    &invalid_sid::InvalidSid,
    &invalid_version::InvalidVersion,
    &ip_range_host_bits::IpRangeHostBits,
    &irrelevant_condition_key::IrrelevantConditionKey,
    &malformed_action::MalformedAction,
    &malformed_condition_key::MalformedConditionKey,
    &mfa_check_lets_through::MfaCheckLetsThrough,
    &missing_action::MissingAction,
    &missing_dependent_action::MissingDependentAction,
    &missing_effect::MissingEffect,
    &missing_paired_condition_key::MissingPairedConditionKey,
    &missing_pass_role::MissingPassRole,
    &missing_principal::MissingPrincipal,
    &missing_resource::MissingResource,
    &missing_resource_type::MissingResourceType,
    &missing_set_operator::MissingSetOperator,
    &missing_statement::MissingStatement,
    &missing_version::MissingVersion,
    &mixed_partitions::MixedPartitions,
    &needless_if_exists::NeedlessIfExists,
    &needless_set_operator::NeedlessSetOperator,
    &old_version::OldVersion,
    &pass_role_any_resource::PassRoleAnyResource,
    &pass_role_without_passed_to_service::PassRoleWithoutPassedToService,
    &permissions_management::PermissionsManagement,
    &policy_on_user::PolicyOnUser,
    &policy_too_long::PolicyTooLong,
    &principal_arn_of_session::PrincipalArnOfSession,
    &principal_in_identity_policy::PrincipalInIdentityPolicy,
    &private_source_ip::PrivateSourceIp,
    &privilege_escalation::PrivilegeEscalation,
    &rcp_action::RcpAction,
    &rcp_effect::RcpEffect,
    &rcp_principal::RcpPrincipal,
    &rcp_without_service_carve_out::RcpWithoutServiceCarveOut,
    &redundant_action::RedundantAction,
    &redundant_condition_value::RedundantConditionValue,
    &redundant_resource::RedundantResource,
    &redundant_statement::RedundantStatement,
    &resource_matches_no_action::ResourceMatchesNoAction,
    &retired_condition_key::RetiredConditionKey,
    &s3_prefix_in_negation::S3PrefixInNegation,
    &scp_action_wildcard::ScpActionWildcard,
    &sensitive_key_with_wildcard::SensitiveKeyWithWildcard,
    &service_wildcard::ServiceWildcard,
    &source_key_in_identity_policy::SourceKeyInIdentityPolicy,
    &template_parameter_never_matches::TemplateParameterNeverMatches,
    &too_many_managed_policies::TooManyManagedPolicies,
    &unknown_action::UnknownAction,
    &unknown_condition_key::UnknownConditionKey,
    &unknown_managed_policy::UnknownManagedPolicy,
    &unknown_policy_element::UnknownPolicyElement,
    &wildcard_in_arn_service::WildcardInArnService,
    &wildcard_without_like_operator::WildcardWithoutLikeOperator,
    &wrong_element_type::WrongElementType,
];
