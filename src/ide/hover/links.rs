//! Pages of AWS's documentation.

use crate::catalog::{Action, Family, Service};

/// The service's page in the service authorization reference, at a part of it.
fn reference(service: Service, part: &str) -> String {
    let slug: String = service
        .title()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|char| char.to_ascii_lowercase())
        .collect();
    format!(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_{slug}.html#{slug}-{part}"
    )
}

pub(crate) fn action(action: Action) -> String {
    reference(action.service(), action.name())
}

pub(super) fn keys(service: Service) -> String {
    reference(service, "policy-keys")
}

pub(super) fn resource_types(service: Service) -> String {
    reference(service, "resources-for-iam-policies")
}

const GUIDE: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide";

pub(super) fn global_key(name: &str) -> String {
    let anchor: String = name
        .trim_start_matches("aws:")
        .split('/')
        .next()
        .unwrap_or_default()
        .chars()
        .map(|char| char.to_ascii_lowercase())
        .collect();
    format!("{GUIDE}/reference_policies_condition-keys.html#condition-keys-{anchor}")
}

pub(super) fn operator(family: Family) -> String {
    let anchor = match family {
        Family::String => "String",
        Family::Numeric => "Numeric",
        Family::Date => "Date",
        Family::Bool => "Boolean",
        Family::Binary => "BinaryEquals",
        Family::IpAddress => "IPAddress",
        Family::Arn => "ARN",
        Family::Null => "Null",
    };
    format!("{GUIDE}/reference_policies_elements_condition_operators.html#Conditions_{anchor}")
}

pub(super) fn element(name: &str) -> String {
    format!("{GUIDE}/reference_policies_elements_{}.html", name.to_ascii_lowercase())
}
