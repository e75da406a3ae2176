//! Rules of the group `task`: one defect a file, in alphabetical order.

mod container_over_task;
mod dependency_cycle;
mod duplicate_container_name;
mod fargate_network_mode;
mod fargate_size_mismatch;
mod fargate_unsupported_field;
mod fargate_without_execution_role;
mod field_not_with_awsvpc;
mod host_port_mismatch;
mod log_driver_not_for_launch_type;
mod missing_container_memory;
mod missing_essential_container;
mod missing_log_option;
mod missing_task_field;
mod names;
mod read_only_task_field;
mod secrets_without_execution_role;
mod shape_walk;
mod task_field_out_of_range;
mod unknown_dependency;
mod unknown_log_option;
mod unknown_source_container;
mod unknown_task_field;
mod unknown_task_field_value;
mod unknown_volume;
mod unmeetable_dependency;
mod unused_volume;
mod wrong_task_field_type;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &container_over_task::ContainerOverTask,
    &dependency_cycle::DependencyCycle,
    &duplicate_container_name::DuplicateContainerName,
    &fargate_network_mode::FargateNetworkMode,
    &fargate_size_mismatch::FargateSizeMismatch,
    &fargate_unsupported_field::FargateUnsupportedField,
    &fargate_without_execution_role::FargateWithoutExecutionRole,
    &field_not_with_awsvpc::FieldNotWithAwsvpc,
    &host_port_mismatch::HostPortMismatch,
    &log_driver_not_for_launch_type::LogDriverNotForLaunchType,
    &missing_container_memory::MissingContainerMemory,
    &missing_essential_container::MissingEssentialContainer,
    &missing_log_option::MissingLogOption,
    &missing_task_field::MissingTaskField,
    &read_only_task_field::ReadOnlyTaskField,
    &secrets_without_execution_role::SecretsWithoutExecutionRole,
    &task_field_out_of_range::TaskFieldOutOfRange,
    &unknown_dependency::UnknownDependency,
    &unknown_log_option::UnknownLogOption,
    &unknown_source_container::UnknownSourceContainer,
    &unknown_task_field::UnknownTaskField,
    &unknown_task_field_value::UnknownTaskFieldValue,
    &unknown_volume::UnknownVolume,
    &unmeetable_dependency::UnmeetableDependency,
    &unused_volume::UnusedVolume,
    &wrong_task_field_type::WrongTaskFieldType,
];
