//! Rules of the group `task`: one defect a file, in alphabetical order.

mod conflicting_volume_configuration;
mod container_over_task;
mod dependency_cycle;
mod duplicate_container_name;
mod duplicate_volume_name;
mod fargate_network_mode;
mod fargate_size_mismatch;
mod fargate_without_execution_role;
mod fault_injection_without_effect;
mod field_not_with_awsvpc;
mod host_port_mismatch;
mod invalid_proxy_configuration;
mod invalid_role_arn;
mod invalid_tag;
mod invalid_task_name;
mod invalid_task_size;
mod invalid_trusted_execution;
mod invalid_volume_configuration;
mod log_driver_not_for_launch_type;
mod missing_container_memory;
mod missing_essential_container;
mod missing_log_option;
pub(in crate::rules) mod missing_task_field;
mod names;
mod read_only_task_field;
mod same_role_twice;
mod secrets_without_execution_role;
pub(in crate::rules) mod shape_walk;
mod task_definition_in_list;
mod task_definition_too_large;
pub(in crate::rules) mod task_field_out_of_range;
mod unknown_dependency;
mod unknown_log_option;
mod unknown_source_container;
pub(in crate::rules) mod unknown_task_field;
pub(in crate::rules) mod unknown_task_field_value;
mod unknown_volume;
mod unmeetable_dependency;
mod unsupported_platform;
mod unsupported_task_field;
mod unused_volume;
pub(in crate::rules) mod wrong_task_field_type;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &conflicting_volume_configuration::ConflictingVolumeConfiguration,
    &container_over_task::ContainerOverTask,
    &dependency_cycle::DependencyCycle,
    &duplicate_container_name::DuplicateContainerName,
    &duplicate_volume_name::DuplicateVolumeName,
    &fargate_network_mode::FargateNetworkMode,
    &fargate_size_mismatch::FargateSizeMismatch,
    &fargate_without_execution_role::FargateWithoutExecutionRole,
    &fault_injection_without_effect::FaultInjectionWithoutEffect,
    &field_not_with_awsvpc::FieldNotWithAwsvpc,
    &host_port_mismatch::HostPortMismatch,
    &invalid_proxy_configuration::InvalidProxyConfiguration,
    &invalid_role_arn::InvalidRoleArn,
    &invalid_tag::InvalidTag,
    &invalid_task_name::InvalidTaskName,
    &invalid_task_size::InvalidTaskSize,
    &invalid_trusted_execution::InvalidTrustedExecution,
    &invalid_volume_configuration::InvalidVolumeConfiguration,
    &log_driver_not_for_launch_type::LogDriverNotForLaunchType,
    &missing_container_memory::MissingContainerMemory,
    &missing_essential_container::MissingEssentialContainer,
    &missing_log_option::MissingLogOption,
    &missing_task_field::MissingTaskField,
    &read_only_task_field::ReadOnlyTaskField,
    &same_role_twice::SameRoleTwice,
    &secrets_without_execution_role::SecretsWithoutExecutionRole,
    &task_definition_in_list::TaskDefinitionInList,
    &task_definition_too_large::TaskDefinitionTooLarge,
    &task_field_out_of_range::TaskFieldOutOfRange,
    &unknown_dependency::UnknownDependency,
    &unknown_log_option::UnknownLogOption,
    &unknown_source_container::UnknownSourceContainer,
    &unknown_task_field::UnknownTaskField,
    &unknown_task_field_value::UnknownTaskFieldValue,
    &unknown_volume::UnknownVolume,
    &unmeetable_dependency::UnmeetableDependency,
    &unsupported_platform::UnsupportedPlatform,
    &unsupported_task_field::UnsupportedTaskField,
    &unused_volume::UnusedVolume,
    &wrong_task_field_type::WrongTaskFieldType,
];
