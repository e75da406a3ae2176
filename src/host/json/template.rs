//! CloudFormation templates written in JSON.

use super::lower;
use crate::host::Document;
use crate::host::cloudformation::{self, Environment};
use crate::host::document::Origin;
use crate::host::value::Value;
use crate::syntax::{Kind, MemberRef, Tree, ValueRef, decode};
use crate::text::Source;
use std::sync::Arc;

/// The documents of a template; `None` where the text is none. Those of resources whose nodes are the
/// same as in `before` are taken over.
pub(super) fn documents(
    tree: &Tree,
    source: &(impl Source + ?Sized),
    before: &[Document],
) -> Option<Vec<Document>> {
    let root = tree.value()?;
    let text = |value: ValueRef<'_>| decode(&source.slice(value.span())).text;
    let name = |member: MemberRef<'_>| member.name().filter(|name| name.kind() == Kind::String).map(text);
    let section = |wanted: &str| {
        root.members().find(|member| name(*member).as_deref() == Some(wanted)).and_then(MemberRef::value)
    };
    let resources = section("Resources")?;
    let mut environment = Environment::default();
    if let Some(Value::Object(parameters)) = section("Parameters").map(|value| lower::raw(value, source)) {
        environment.add_parameters(&parameters);
    }
    if let Some(Value::Object(outputs)) = section("Outputs").map(|value| lower::raw(value, source)) {
        environment.add_outputs(&outputs);
    }
    let mut found: Vec<(String, ValueRef<'_>)> = Vec::new();
    for member in resources.members() {
        let (Some(id), Some(resource)) = (name(member), member.value()) else { continue };
        let of_type = resource.members().find(|member| name(*member).as_deref() == Some("Type"));
        if let Some(value) = of_type.and_then(MemberRef::value).filter(|value| value.kind() == Kind::String) {
            let resource_type = text(value);
            if resource_type.contains("::") {
                environment.add_resource(&id, &resource_type);
                found.push((id, resource));
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    let known = before.iter().find_map(|document| document.origin.as_ref()).map(|origin| &origin.environment);
    let environment = match known {
        Some(known) if **known == environment => known.clone(),
        _ => Arc::new(environment),
    };
    Some(
        found
            .into_iter()
            .flat_map(|(id, resource)| of_resource(&id, resource, source, &environment, before))
            .collect(),
    )
}

fn of_resource(
    id: &str,
    resource: ValueRef<'_>,
    source: &(impl Source + ?Sized),
    environment: &Arc<Environment>,
    before: &[Document],
) -> Vec<Document> {
    let start = resource.span().start;
    let Some(node) = resource.node() else { return Vec::new() };
    let taken: Vec<Document> = before
        .iter()
        .filter_map(|document| {
            let origin = document.origin.as_ref()?;
            let is_same = origin.node.is_same(node)
                && Arc::ptr_eq(&origin.environment, environment)
                && document.owner.as_ref().is_some_and(|owner| *owner.name == *id);
            is_same.then(|| {
                let mut moved = document.shifted(start.wrapping_sub(origin.start));
                moved.origin = Some(Origin { start, ..origin.clone() });
                moved
            })
        })
        .collect();
    if !taken.is_empty() {
        return taken;
    }
    let Value::Object(object) = lower::raw(resource, source) else { return Vec::new() };
    let mut documents = cloudformation::resource_documents(id, &object, environment);
    for document in &mut documents {
        document.origin = Some(Origin { node: node.clone(), start, environment: environment.clone() });
        document.is_partial |= node.has_problems();
    }
    documents
}
