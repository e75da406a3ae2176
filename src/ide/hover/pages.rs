//! Pages of AWS's documentation.

use crate::catalog::{self, Action, Family, Service};

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

/// The page of the AWS managed policy with that name.
pub(super) fn managed_policy(name: &str) -> String {
    format!("https://docs.aws.amazon.com/aws-managed-policy/latest/reference/{name}.html")
}

/// Where an entry of `Action` is described; `None` for wildcards and unknown ones.
pub(in crate::ide) fn of_action(text: &str) -> Option<String> {
    Some(action(catalog::action(text)?))
}

/// Where a condition key is described; `None` for an unknown one.
pub(in crate::ide) fn of_key(text: &str) -> Option<String> {
    match catalog::condition_key(text)?.as_global() {
        Some(global) => Some(global_key(global.name)),
        None => text.split_once(':').and_then(|(prefix, _)| catalog::service(prefix)).map(keys),
    }
}

/// Where the managed policy of an ARN is described; `None` for other texts.
pub(in crate::ide) fn of_managed_policy(text: &str) -> Option<String> {
    let arn = catalog::Arn::parse(text).ok().filter(|arn| arn.service == "iam" && arn.account == "aws")?;
    let path = arn.resource.strip_prefix("policy/").filter(|path| catalog::is_managed_policy(path))?;
    Some(managed_policy(catalog::name_of_managed_policy(path)))
}
