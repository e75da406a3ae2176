//! The AWS facts built into the binary: actions, resource types, condition keys, service principals, the
//! shapes of task definitions. Knows no documents.
//!
//! `build.rs` makes all of it from `schemas/`; nothing is built at run time.

mod account;
mod agent_variables;
mod arn;
mod containers;
mod eks;
mod escalation;
mod fargate;
mod field_notes;
mod field_support;
mod hosts;
mod key_traits;
mod keys;
mod log_drivers;
mod managed_policies;
mod modules;
mod names;
mod nearest;
mod oidc_providers;
mod operators;
mod opposites;
mod pass_role;
mod policy_limits;
mod policy_owners;
mod principals;
mod reference;
mod references;
mod regions;
mod roles;
mod search;
mod service_callers;
mod task_definition;
mod usage;
mod wildcards;

/// What `build.rs` made of the small files of `schemas/`.
mod tables {
    use super::agent_variables::{AgentValue, AgentVariable};
    use super::containers::TokenFormat;
    use super::escalation::Escalation;
    use super::fargate::FargateSize;
    use super::field_notes::{FieldNotes, Platforms};
    use super::field_support::{FieldSupport, Platform, Refusal};
    use super::hosts::{
        AttachesTo, AttachmentPlace, ConsumerPlace, PlacedKind, PolicyPlace, StatementFields, TemplateNames,
    };
    use super::key_traits::{ExtraAction, KeyFormat, KeyTraits};
    use super::keys::{GlobalKey, ValueType};
    use super::log_drivers::LogOptions;
    use super::modules::ModuleArgument;
    use super::oidc_providers::OidcProvider;
    use super::operators::{BaseOperator, Family};
    use super::pass_role::PassRole;
    use super::policy_limits::PolicyLimit;
    use super::policy_owners::PolicyOwner;
    use super::principals::RoleKind;
    use super::references::{Gives, ReferenceType};
    use super::roles::{
        DeployWork, FeatureNeed, ModuleProduct, ProductPart, ResourceKind, RoleFieldRow, SamConnector,
        SamTemplate,
    };
    use super::service_callers::WayOfAssuming;
    use super::task_definition::{Field, FieldType, Limits, Shape};
    use super::usage::{PolicyPurpose, StatementSnippet};

    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}

pub use account::{is_account_id, meant_account_id};
pub use agent_variables::{AgentValue, AgentVariable, agent_variable, agent_variables};
pub use arn::{Arn, ArnPart, ArnProblem};
pub use containers::{
    TokenFormat, container_limit, container_values, structure_title, token_formats, value_formats,
};
pub use eks::{eks_names, meant_annotation};
pub use escalation::{Escalation, bucket_actions, credential_actions, data_actions, escalations};
pub use fargate::{
    FargateSize, fargate_families, fargate_size, fargate_sizes, is_old_platform_version, is_platform_version,
    parse_cpu, parse_memory,
};
pub use field_notes::{
    FieldNotes, Platforms, exclusive_fields, field_notes, open_log_options, proxy_properties,
};
pub use field_support::{FieldSupport, Platform, Refusal, field_support, managed_instances_attributes};
pub use hosts::{
    AttachesTo, AttachmentPlace, ConsumerPlace, PlacedKind, PolicyPlace, StatementFields, TemplateNames,
    attaches_one_each, attaches_to, check_of_other_tool, cloudformation, is_terraform_service_shape,
    is_terraform_task_shape, narrower_checks, policy_argument, policy_element, policy_written_into,
    takes_policy_names, terraform,
};
pub use key_traits::{ExtraAction, KeyFormat, KeyTraits, actions_with_extras, key_traits};
pub use keys::{GlobalKey, ValueType, global_key, global_keys, is_tag_key, key_fits};
pub use log_drivers::{LogOptions, log_drivers, log_options};
pub use managed_policies::{
    facts_as_of, is_elevated_managed_policy, is_managed_policy, is_managed_policy_name, managed_policies,
    managed_policies_as_of, managed_policy_document, managed_policy_documents_as_of, managed_policy_named,
    name_of_managed_policy, nearest_managed_policy, withdrawn_managed_policy,
};
pub use modules::{ModuleArgument, module_arguments, module_of_source};
pub use names::{
    any_retired, api_name, is_disputed, is_generated, is_name_without_slash, is_newer_operation,
    is_of_samples, is_unlisted, lists_further_actions, means_no_action, meant_action, meant_key,
    needed_together, prefix_of_product, retired, takes_only_all_resources,
};
pub use nearest::{
    Guess, guess, nearest, nearest_action, nearest_condition_key, nearest_principal, nearest_service,
};
pub use oidc_providers::{OidcProvider, github_contexts, oidc_provider, oidc_providers};
pub use operators::{BaseOperator, Family, Operator, SetQualifier, operators, parse_operator};
pub use pass_role::{PassRole, pass_role, pass_roles, passes_roles};
pub use policy_limits::{PolicyLimit, attached_limit, policy_limit};
pub use policy_owners::{PolicyOwner, policy_owner, policy_owner_of_service};
pub use roles::{
    DeployWork, FeatureNeed, ModuleProduct, ProductPart, ResourceKind, RoleFieldRow, SamConnector,
    SamTemplate, command_inputs, deploy_action, deploy_command, deploying_actions, is_read_for_tasks,
    managed_actions, module_product, need_of, other_credentials, resource_kind, role_fields, role_users,
    sam_connectors, sam_policy_template, sam_policy_templates, sam_resource_type, signs_of_roles,
};

pub use principals::{
    RoleKind, is_service_domain, is_service_principal, misspelt_principal, principal_of_role, role_kinds,
    service_principals, words_behind_task, words_of_containers, words_of_principal,
};
pub use reference::{
    AccessLevel, Action, ConditionKey, ResourceType, ResourceUse, Service, action, condition_key, expand,
    service, services,
};
pub use references::{
    ReferenceType, Yield, cloudformation_reference, policy_template_arn, reference, terraform_reference,
    terraform_references_of,
};
pub use regions::{is_region, partition_of_region, partitions};
pub use service_callers::{
    WayOfAssuming, has_linked_role, never_set_for_services, role_callers_name_source, sends_source,
    session_actions, source_keys, source_services, ways_of_assuming,
};
pub use task_definition::{
    DAEMON_ARN, Field, FieldType, Limits, READ_ONLY_FIELDS, READ_ONLY_SERVICE_FIELDS, Shape, input_shape,
    is_task_shape, other_shapes, required_by_ecs, shape, shapes, shapes_with_field, task_definition_shape,
};
pub use usage::{
    PolicyPurpose, StatementSnippet, everyday_names, key_values, policies_of_roles, sources_of_service,
    statement_snippets, taken_by_name, token_claim, usual, usual_actions, usual_place,
};
pub use wildcards::{PatternPiece, covers, is_same_letter, is_wildcard, wildcard_covers, wildcard_matches};
