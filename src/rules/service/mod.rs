//! Rules of the group `service`: inputs that refer to a task definition, one defect a file, in alphabetical
//! order.

mod conflicting_daemon_settings;
mod conflicting_deployment_settings;
mod conflicting_launch_settings;
mod conflicting_load_balancer_settings;
mod conflicting_placement_settings;
mod conflicting_volume_settings;
mod conflicts;
mod exec_into_read_only_container;
mod exec_without_init_process;
mod invalid_service_field_value;
mod invalid_service_name;
mod launch_type_mismatch;
mod linked_task;
mod missing_service_field;
mod network_configuration_mismatch;
mod old_platform_version;
mod public_task_address;
mod unknown_port_name;
mod unknown_service_container;
mod unknown_service_field;
mod unknown_service_volume;
mod wrong_service_field_type;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &conflicting_daemon_settings::ConflictingDaemonSettings,
    &conflicting_deployment_settings::ConflictingDeploymentSettings,
    &conflicting_launch_settings::ConflictingLaunchSettings,
    &conflicting_load_balancer_settings::ConflictingLoadBalancerSettings,
    &conflicting_placement_settings::ConflictingPlacementSettings,
    &conflicting_volume_settings::ConflictingVolumeSettings,
    &exec_into_read_only_container::ExecIntoReadOnlyContainer,
    &exec_without_init_process::ExecWithoutInitProcess,
    &invalid_service_field_value::InvalidServiceFieldValue,
    &invalid_service_name::InvalidServiceName,
    &launch_type_mismatch::LaunchTypeMismatch,
    &missing_service_field::MissingServiceField,
    &network_configuration_mismatch::NetworkConfigurationMismatch,
    &old_platform_version::OldPlatformVersion,
    &public_task_address::PublicTaskAddress,
    &unknown_port_name::UnknownPortName,
    &unknown_service_container::UnknownServiceContainer,
    &unknown_service_field::UnknownServiceField,
    &unknown_service_volume::UnknownServiceVolume,
    &wrong_service_field_type::WrongServiceFieldType,
];
