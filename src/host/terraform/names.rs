//! Terraform's names of what AWS names otherwise.

use crate::catalog;

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
    .then(|| snake(field))
}

/// The same for a field of a structure.
pub(in crate::host) fn argument_of(shape: &str, field: &str) -> Option<String> {
    (catalog::is_terraform_task_shape(shape) || catalog::is_terraform_service_shape(shape))
        .then(|| snake(field))
}

pub(super) fn snake(field: &str) -> String {
    if let Some(argument) = catalog::terraform().spelling("", field) {
        return argument.to_string();
    }
    let mut out = String::with_capacity(field.len() + 4);
    for char in field.chars() {
        if char.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(char.to_ascii_lowercase());
    }
    out
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
        ] {
            assert_eq!(task_argument(field).as_deref(), argument);
        }
        assert_eq!(catalog::policy_argument("NotAction"), Some("not_actions"));
    }
}
