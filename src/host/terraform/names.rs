//! Terraform's names of what AWS names otherwise.

use crate::catalog;
use crate::text::words;

/// The argument of `aws_ecs_task_definition`, or `aws_ecs_service`, for a field of the task definition or service; `None` for the fields
/// of containers, which are JSON.
pub(in crate::host) fn task_argument(field: &str) -> Option<String> {
    let of_service = || {
        catalog::other_shapes()
            .iter()
            .any(|shape| catalog::is_terraform_service_shape(shape.name) && shape.field(field).is_some())
    };
    (catalog::shapes_with_field(field).any(|shape| catalog::is_terraform_task_shape(shape.name))
        || catalog::shapes_with_field(field).next().is_none() && of_service())
    .then(|| snake("", field))
}

/// The same for a field of a structure.
pub(in crate::host) fn argument_of(shape: &str, field: &str) -> Option<String> {
    (catalog::is_terraform_task_shape(shape) || catalog::is_terraform_service_shape(shape))
        .then(|| snake(shape, field))
}

/// The argument for a field of a structure: its words with underscores, but for the few that Terraform calls
/// otherwise.
pub(super) fn snake(shape: &str, field: &str) -> String {
    match catalog::terraform().spelling(shape, field) {
        Some(argument) => argument.to_string(),
        None => words(field).join("_").to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_fields() {
        for (field, argument) in [
            ("executionRoleArn", Some("execution_role_arn")),
            ("volumes", Some("volume")),
            ("fileSystemId", Some("file_system_id")),
            ("portMappings", None),
            ("enableECSManagedTags", Some("enable_ecs_managed_tags")),
            ("managedEBSVolume", Some("managed_ebs_volume")),
        ] {
            assert_eq!(task_argument(field).as_deref(), argument);
        }
        assert_eq!(snake("ServiceManagedEBSVolumeConfiguration", "sizeInGiB"), "size_in_gb");
        assert_eq!(snake("EphemeralStorage", "sizeInGiB"), "size_in_gib");
        assert_eq!(catalog::policy_argument("NotAction"), Some("not_actions"));
    }
}
