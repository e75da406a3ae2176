//! Terraform's names of what AWS names otherwise.

use crate::catalog;

/// Elements of a policy and the arguments of `aws_iam_policy_document`.
const POLICY: [(&str, &str); 12] = [
    ("Version", "version"),
    ("Id", "policy_id"),
    ("Statement", "statement"),
    ("Sid", "sid"),
    ("Effect", "effect"),
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
    ("Principal", "principals"),
    ("NotPrincipal", "not_principals"),
    ("Condition", "condition"),
];

/// Fields whose argument is not the same name with underscores.
const SPELT_OTHERWISE: [(&str, &str); 12] = [
    ("loadBalancers", "load_balancer"),
    ("placementStrategy", "ordered_placement_strategy"),
    ("serviceName", "name"),
    ("services", "service"),
    ("clientAliases", "client_alias"),
    ("volumeConfigurations", "volume_configuration"),
    ("vpcLatticeConfigurations", "vpc_lattice_configurations"),
    ("volumes", "volume"),
    ("inferenceAccelerators", "inference_accelerator"),
    ("sizeInGiB", "size_in_gib"),
    ("configuredAtLaunch", "configure_at_launch"),
    ("fsxWindowsFileServerVolumeConfiguration", "fsx_windows_file_server_volume_configuration"),
];

/// The argument of `aws_iam_policy_document` for an element.
pub(in crate::host) fn policy_argument(element: &str) -> Option<&'static str> {
    POLICY.iter().find(|(known, _)| *known == element).map(|(_, argument)| *argument)
}

/// The element for an argument of `aws_iam_policy_document`.
pub(super) fn policy_element(argument: &str) -> Option<&'static str> {
    POLICY.iter().find(|(_, known)| *known == argument).map(|(element, _)| *element)
}

/// The argument of `aws_ecs_task_definition`, or `aws_ecs_service`, for a field of the task definition or service; `None` for the fields
/// of containers, which are JSON.
pub(in crate::host) fn task_argument(field: &str) -> Option<String> {
    let of_service = || {
        catalog::other_shapes().iter().any(|shape| is_of_service(shape.name) && shape.field(field).is_some())
    };
    (catalog::shapes_with_field(field).any(|shape| is_outside(shape.name))
        || catalog::shapes_with_field(field).next().is_none() && of_service())
    .then(|| snake(field))
}

/// The same for a field of a structure.
pub(in crate::host) fn argument_of(shape: &str, field: &str) -> Option<String> {
    (is_outside(shape) || is_of_service(shape)).then(|| snake(field))
}

/// The same for services.
fn is_of_service(shape: &str) -> bool {
    matches!(
        shape,
        "CreateServiceRequest"
            | "CapacityProviderStrategyItem"
            | "LoadBalancer"
            | "PlacementConstraint"
            | "PlacementStrategy"
            | "ServiceRegistry"
            | "ServiceVolumeConfiguration"
    ) || shape.starts_with("ServiceConnect")
}

/// Whether a structure is written as arguments and blocks.
fn is_outside(shape: &str) -> bool {
    shape == catalog::task_definition_shape().name
        || shape.ends_with("VolumeConfiguration")
        || matches!(
            shape,
            "Volume"
                | "EFSAuthorizationConfig"
                | "EphemeralStorage"
                | "FSxWindowsFileServerAuthorizationConfig"
                | "InferenceAccelerator"
                | "ProxyConfiguration"
                | "RuntimePlatform"
                | "TaskDefinitionPlacementConstraint"
        )
}

pub(super) fn snake(field: &str) -> String {
    if let Some((_, argument)) = SPELT_OTHERWISE.iter().find(|(known, _)| *known == field) {
        return (*argument).to_string();
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
        assert_eq!(policy_argument("NotAction"), Some("not_actions"));
    }
}
