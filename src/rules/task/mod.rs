//! Rules of the group `task`: one defect a file, in alphabetical order.

mod blocking_log_mode;
mod conflicting_volume_configuration;
mod container_memory_too_small;
mod container_over_task;
mod container_runs_as_root;
mod dependency_cycle;
mod duplicate_container_name;
mod duplicate_environment_variable;
mod duplicate_port;
mod duplicate_volume_name;
mod fargate_network_mode;
mod fargate_size_mismatch;
mod fargate_timeout_out_of_range;
mod fargate_without_execution_role;
mod fault_injection_without_effect;
mod field_not_with_awsvpc;
mod health_check_timeout_over_interval;
mod host_port_mismatch;
mod invalid_container_name;
mod invalid_credential_spec;
mod invalid_environment_file;
mod invalid_firelens_configuration;
mod invalid_image;
mod invalid_ip_address;
mod invalid_log_option_value;
mod invalid_mount_path;
mod invalid_port_name;
mod invalid_port_range;
mod invalid_proxy_configuration;
mod invalid_resource_requirement;
mod invalid_role_arn;
mod invalid_secret_reference;
mod invalid_tag;
mod invalid_task_name;
mod invalid_task_size;
mod invalid_trusted_execution;
mod invalid_volume_configuration;
mod links_without_bridge;
mod log_driver_not_for_launch_type;
mod malformed_environment_variable;
mod malformed_health_check_command;
mod missing_container_memory;
mod missing_container_port;
mod missing_essential_container;
mod missing_health_check;
mod missing_log_configuration;
mod missing_log_option;
mod missing_log_router;
pub(in crate::rules) mod missing_task_field;
mod mutable_image_tag;
pub(in crate::rules) mod names;
mod port_mapping_without_network;
mod privileged_container;
mod read_only_task_field;
mod reserved_host_port;
mod restart_policy_without_effect;
mod root_on_host_network;
mod same_role_twice;
mod secret_in_environment;
mod secrets;
mod secrets_without_execution_role;
pub(in crate::rules) mod shape_walk;
mod shared_host_namespace;
mod start_timeout_without_effect;
mod swappiness_without_max_swap;
mod task_definition_in_list;
mod task_definition_too_large;
pub(in crate::rules) mod task_field_out_of_range;
mod ulimit_over_hard_limit;
mod ulimit_without_effect;
mod unencrypted_efs_transit;
mod unknown_capability;
mod unknown_dependency;
mod unknown_log_option;
mod unknown_security_option;
mod unknown_source_container;
pub(in crate::rules) mod unknown_task_field;
pub(in crate::rules) mod unknown_task_field_value;
mod unknown_tmpfs_option;
mod unknown_volume;
mod unmeetable_dependency;
mod unsupported_platform;
mod unsupported_system_control;
mod unsupported_task_field;
mod unusable_repository_credentials;
mod unused_volume;
mod values;
mod writable_root_filesystem;
pub(in crate::rules) mod wrong_task_field_type;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &blocking_log_mode::BlockingLogMode,
    &conflicting_volume_configuration::ConflictingVolumeConfiguration,
    &container_memory_too_small::ContainerMemoryTooSmall,
    &container_over_task::ContainerOverTask,
    &container_runs_as_root::ContainerRunsAsRoot,
    &dependency_cycle::DependencyCycle,
    &duplicate_container_name::DuplicateContainerName,
    &duplicate_environment_variable::DuplicateEnvironmentVariable,
    &duplicate_port::DuplicatePort,
    &duplicate_volume_name::DuplicateVolumeName,
    &fargate_network_mode::FargateNetworkMode,
    &fargate_size_mismatch::FargateSizeMismatch,
    &fargate_timeout_out_of_range::FargateTimeoutOutOfRange,
    &fargate_without_execution_role::FargateWithoutExecutionRole,
    &fault_injection_without_effect::FaultInjectionWithoutEffect,
    &field_not_with_awsvpc::FieldNotWithAwsvpc,
    &health_check_timeout_over_interval::HealthCheckTimeoutOverInterval,
    &host_port_mismatch::HostPortMismatch,
    &invalid_container_name::InvalidContainerName,
    &invalid_credential_spec::InvalidCredentialSpec,
    &invalid_environment_file::InvalidEnvironmentFile,
    &invalid_firelens_configuration::InvalidFirelensConfiguration,
    &invalid_image::InvalidImage,
    &invalid_ip_address::InvalidIpAddress,
    &invalid_log_option_value::InvalidLogOptionValue,
    &invalid_mount_path::InvalidMountPath,
    &invalid_port_name::InvalidPortName,
    &invalid_port_range::InvalidPortRange,
    &invalid_proxy_configuration::InvalidProxyConfiguration,
    &invalid_resource_requirement::InvalidResourceRequirement,
    &invalid_role_arn::InvalidRoleArn,
    &invalid_secret_reference::InvalidSecretReference,
    &invalid_tag::InvalidTag,
    &invalid_task_name::InvalidTaskName,
    &invalid_task_size::InvalidTaskSize,
    &invalid_trusted_execution::InvalidTrustedExecution,
    &invalid_volume_configuration::InvalidVolumeConfiguration,
    &links_without_bridge::LinksWithoutBridge,
    &log_driver_not_for_launch_type::LogDriverNotForLaunchType,
    &malformed_environment_variable::MalformedEnvironmentVariable,
    &malformed_health_check_command::MalformedHealthCheckCommand,
    &missing_container_memory::MissingContainerMemory,
    &missing_container_port::MissingContainerPort,
    &missing_essential_container::MissingEssentialContainer,
    &missing_health_check::MissingHealthCheck,
    &missing_log_configuration::MissingLogConfiguration,
    &missing_log_option::MissingLogOption,
    &missing_log_router::MissingLogRouter,
    &missing_task_field::MissingTaskField,
    &mutable_image_tag::MutableImageTag,
    &port_mapping_without_network::PortMappingWithoutNetwork,
    &privileged_container::PrivilegedContainer,
    &read_only_task_field::ReadOnlyTaskField,
    &reserved_host_port::ReservedHostPort,
    &restart_policy_without_effect::RestartPolicyWithoutEffect,
    &root_on_host_network::RootOnHostNetwork,
    &same_role_twice::SameRoleTwice,
    &secret_in_environment::SecretInEnvironment,
    &secrets_without_execution_role::SecretsWithoutExecutionRole,
    &shared_host_namespace::SharedHostNamespace,
    &start_timeout_without_effect::StartTimeoutWithoutEffect,
    &swappiness_without_max_swap::SwappinessWithoutMaxSwap,
    &task_definition_in_list::TaskDefinitionInList,
    &task_definition_too_large::TaskDefinitionTooLarge,
    &task_field_out_of_range::TaskFieldOutOfRange,
    &ulimit_over_hard_limit::UlimitOverHardLimit,
    &ulimit_without_effect::UlimitWithoutEffect,
    &unencrypted_efs_transit::UnencryptedEfsTransit,
    &unknown_capability::UnknownCapability,
    &unknown_dependency::UnknownDependency,
    &unknown_log_option::UnknownLogOption,
    &unknown_security_option::UnknownSecurityOption,
    &unknown_source_container::UnknownSourceContainer,
    &unknown_task_field::UnknownTaskField,
    &unknown_task_field_value::UnknownTaskFieldValue,
    &unknown_tmpfs_option::UnknownTmpfsOption,
    &unknown_volume::UnknownVolume,
    &unmeetable_dependency::UnmeetableDependency,
    &unsupported_platform::UnsupportedPlatform,
    &unsupported_system_control::UnsupportedSystemControl,
    &unsupported_task_field::UnsupportedTaskField,
    &unusable_repository_credentials::UnusableRepositoryCredentials,
    &unused_volume::UnusedVolume,
    &writable_root_filesystem::WritableRootFilesystem,
    &wrong_task_field_type::WrongTaskFieldType,
];
