//! Rules of the group `service`: inputs that refer to a task definition, one defect a file, in alphabetical
//! order.

mod conflicting_service_fields;
mod exec_into_read_only_container;
mod exec_without_init_process;
mod inputs;
mod invalid_service_field_value;
mod invalid_service_name;
mod launch_type_mismatch;
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
use crate::catalog::Shape;
use crate::host::Document;

/// The input that a document is: of `create-service`, `update-service`, `run-task` or `start-task`. `None`
/// for other documents.
pub fn shape_of(document: &Document) -> Option<&'static Shape> {
    inputs::operation(document, inputs::of(document)?).shape()
}

pub(super) static RULES: &[&dyn Rule] = &[
    &conflicting_service_fields::ConflictingServiceFields,
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
