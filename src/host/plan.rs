//! `terraform show -json`: policies and containers among the values that are planned, or that a state has.

use super::places::{kind_in, walk};
use super::value::{Object, Value};
use super::{Document, DocumentKind, Naming, Owner, OwnerKind, embedded};
use crate::catalog;
use crate::syntax::{Kind, MemberRef, ValueRef, decode};
use crate::text::Source;

/// Modules lie in each other no deeper.
const DEEPEST: u32 = 32;

/// The values of a plan or a state; `None` where the text is neither.
pub(super) fn values<'t>(root: ValueRef<'t>, source: &(impl Source + ?Sized)) -> Option<ValueRef<'t>> {
    let name = |member: MemberRef<'_>| {
        let name = member.name().filter(|name| name.kind() == Kind::String)?;
        Some(decode(&source.slice(name.span())).text)
    };
    let get = |wanted: &str| {
        root.members().find(|it| name(*it).as_deref() == Some(wanted)).and_then(MemberRef::value)
    };
    // Most files end here: their first members have other names.
    get("format_version")?;
    get("terraform_version").or_else(|| get("resource_changes")).or_else(|| get("planned_values"))?;
    get("planned_values").or_else(|| get("values"))
}

/// Whether Terraform wrote it: a plan, or a state in any of its forms. Nobody edits it.
pub(super) fn is_written_by_terraform(root: ValueRef<'_>, source: &(impl Source + ?Sized)) -> bool {
    const OF_ALL: [&str; 2] = ["format_version", "terraform_version"];
    const OF_ONE: [&str; 6] =
        ["planned_values", "values", "resource_changes", "prior_state", "resources", "lineage"];
    let has = |names: &[&str]| {
        root.members().any(|member| {
            let name = member.name().filter(|name| name.kind() == Kind::String);
            name.is_some_and(|name| names.contains(&&*decode(&source.slice(name.span())).text))
        })
    };
    has(&OF_ALL) && has(&OF_ONE)
}

/// The documents in the values, each with the address of its resource.
pub(super) fn documents(values: &Value) -> Vec<Document> {
    let mut found = Vec::new();
    if let Some(root) = values.as_object().and_then(|values| values.object("root_module")) {
        module(root, 0, &mut found);
    }
    found.sort_by_key(|document| document.span.start);
    found
}

fn module(module_object: &Object, depth: u32, found: &mut Vec<Document>) {
    module_object.items("resources").iter().filter_map(Value::as_object).for_each(|it| resource(it, found));
    if depth < DEEPEST {
        let children = module_object.items("child_modules").iter().filter_map(Value::as_object);
        children.for_each(|child| module(child, depth + 1, found));
    }
}

fn resource(resource: &Object, found: &mut Vec<Document>) {
    let text = |name: &str| resource.string(name).map_or("", |text| &*text.text);
    let (resource_type, address) = (text("type"), text("address"));
    let Some(values) = resource.object("values") else { return };
    // What is marked as sensitive is not looked at.
    let is_open = |argument: &str| !resource.object("sensitive_values").is_some_and(|it| it.has(argument));
    let mut add = |value: &Value, kind: Option<DocumentKind>, argument: &str| {
        if let Value::String(text) = value {
            let reason = format!("it stands in `{argument}` of `{address}`");
            found.extend(embedded::json(text, kind, &reason).into_iter().map(|document| Document {
                naming: Naming::Fields,
                owner: Some(Owner {
                    name: address.into(),
                    resource_type: resource_type.into(),
                    kind: OwnerKind::Resource,
                    in_network: false,
                    role_name: None,
                    exports: Vec::new(),
                    origin: Some(address.into()),
                }),
                ..document
            }));
        }
    };
    for place in catalog::terraform().policies_of(resource_type) {
        let argument = place.path.join(".");
        if place.path.first().is_some_and(|first| is_open(first)) {
            walk(values, place.path, &mut |value| add(value, kind_in(place, values), &argument));
        }
    }
    let argument = "container_definitions";
    if let Some(value) = values.get(argument).filter(|_| is_open(argument)) {
        add(value, Some(DocumentKind::ContainerDefinitions), argument);
    }
}
