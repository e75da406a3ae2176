//! Kubernetes manifests: the `aws-auth` ConfigMap and service accounts that name a role.

use super::budget::Budget;
use super::resource::{Content, NoExpressions, Resource};
use super::value::{Array, Object, StringValue, Value};
use super::yaml::parse_value;
use super::{Document, DocumentKind, PROBE};

/// What the annotations of service accounts start with.
pub(super) const ANNOTATION: &str = "eks.amazonaws.com/";

/// Members of the ConfigMap's data that are YAML of their own, written as a string.
const MAPPINGS: [&str; 3] = ["mapRoles", "mapUsers", "mapAccounts"];

/// Whether a text is manifests, whatever the strings in them hold.
pub(super) fn is_manifest(text: &str) -> bool {
    let has_line = |start: &str| text.lines().any(|line| line.starts_with(start));
    has_line("apiVersion:") && has_line("kind:") && !has_line("Resources:")
}

/// The documents of one manifest.
pub(super) fn documents(manifest: &Value, budget: &Budget) -> Vec<Document> {
    let Some(object) = manifest.as_object() else { return Vec::new() };
    let kind = object.string("kind").map_or("", |kind| &kind.text);
    let metadata = object.object("metadata");
    let name = metadata.and_then(|metadata| metadata.string("name")).map_or("", |name| &name.text);
    let items = object.items("items");
    if kind == "List" {
        return items.iter().flat_map(|item| documents(item, budget)).collect();
    }
    let is_written = |data: &Object| data.members.iter().any(|member| member.name.text.contains(PROBE));
    let has_mappings = |data: &Object| {
        MAPPINGS.iter().any(|mapping| data.has(mapping)) || name == "aws-auth" && is_written(data)
    };
    if let Some(data) = object.object("data")
        && has_mappings(data)
        && matches!(kind, "ConfigMap" | "")
        && matches!(name, "aws-auth" | "")
    {
        let reason = match name {
            "" => "its data has mappings of roles or users",
            _ => "it is the ConfigMap `aws-auth`",
        };
        return vec![Document::of(DocumentKind::AwsAuth, reason, with_mappings(data, budget), "")];
    }
    // The data alone, as documentation shows it.
    if kind.is_empty() && has_mappings(object) {
        let reason = "it has mappings of roles or users";
        return vec![Document::of(DocumentKind::AwsAuth, reason, with_mappings(object, budget), "")];
    }
    if kind == "ServiceAccount"
        && let Some(Value::Object(annotations)) = metadata.and_then(|metadata| metadata.get("annotations"))
        && (is_written(annotations)
            || annotations.members.iter().any(|member| member.name.text.starts_with(ANNOTATION)))
    {
        let reason = "it is a ServiceAccount with annotations of Amazon EKS";
        let value = Value::Object(annotations.clone());
        return vec![Document::of(DocumentKind::ServiceAccount, reason, value, "")];
    }
    Vec::new()
}

/// The service accounts of a manifest.
pub(super) fn service_accounts(manifest: &Value) -> Vec<Resource> {
    let Some(object) = manifest.as_object() else { return Vec::new() };
    let kind = object.string("kind").map_or("", |kind| &kind.text);
    if kind == "List" {
        return object.items("items").iter().flat_map(service_accounts).collect();
    }
    let account = || Resource {
        address: Box::default(),
        resource_type: "service-account".into(),
        is_conditional: false,
        is_partial: false,
        body: Content::of(manifest, &NoExpressions),
    };
    (kind == "ServiceAccount" && object.has("metadata")).then(account).into_iter().collect()
}

/// The data with the lists that its strings are.
fn with_mappings(data: &Object, budget: &Budget) -> Value {
    let mut data = data.clone();
    for member in &mut data.members {
        if MAPPINGS.contains(&&*member.name.text)
            && let Value::String(text) = &member.value
            && let Some(list) = list(text, budget)
        {
            member.value = list;
        }
    }
    Value::Object(data)
}

/// The list that a string holds as YAML; `None` where it does not hold one.
fn list(text: &StringValue, budget: &Budget) -> Option<Value> {
    if text.text.trim().is_empty() || text.text.trim() == "\"\"" || text.text.trim() == "``" {
        return Some(Value::Array(Array { span: text.span, items: Vec::new() }));
    }
    let mut value = parse_value(&text.text, budget)?;
    value.as_array()?;
    value.relocate(text);
    if let Value::Array(array) = &mut value {
        // A list that is written as a list starts at its first item, this one where its string does.
        array.span = text.span;
    }
    Some(value)
}
