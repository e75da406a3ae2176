//! `serverless.yml`: statements of a service's roles, and the templates below `resources`.

use super::attachments::{BOUNDARY, FoundAttachments, POLICIES};
use super::cloudformation::{self, Template};
use super::value::{Holds, Object, OpenPart, Value};
use super::{Document, DocumentKind};

/// Whether a text is a service of the Serverless Framework: it has a provider, and something to deploy.
pub(super) fn is_service(text: &str) -> bool {
    const OTHERS: [&str; 5] = ["service:", "functions:", "resources:", "custom:", "plugins:"];
    let mut has_provider = false;
    let mut has_other = false;
    let mut is_of_aws = false;
    if memchr::memmem::find(text.as_bytes(), b"provider:").is_none() {
        return false;
    }
    for line in text.lines() {
        has_provider |= line.starts_with("provider:");
        has_other |= OTHERS.iter().any(|other| line.starts_with(other));
        is_of_aws |= ["Statement", "statement", "AWS::", "Effect", "managedPolicies", "iamManagedPolicies"]
            .iter()
            .any(|sign| line.contains(sign));
        if has_provider && has_other && is_of_aws {
            return true;
        }
    }
    false
}

/// Takes whatever stands in `${…}` for unknown: the framework fills it in before CloudFormation sees it.
/// IAM's own variables cannot be written there.
pub(super) fn fill_in_later(value: &mut Value) {
    match value {
        Value::Object(object) => object.members.iter_mut().for_each(|it| fill_in_later(&mut it.value)),
        Value::Array(array) => array.items.iter_mut().for_each(fill_in_later),
        Value::String(string) if string.text.contains("${") => {
            let variables = variables(&string.text);
            // A variable alone may stand for a list or an object as well.
            if matches!(&variables[..], [only] if only.start == 0 && only.end as usize == string.text.len()) {
                *value = Value::Unknown(string.span);
                return;
            }
            let is_within = |hole: &OpenPart| {
                variables.iter().any(|known| known.start < hole.end && hole.start < known.end)
            };
            let mut all: Vec<OpenPart> =
                string.open_parts().iter().filter(|hole| !is_within(hole)).copied().collect();
            all.extend(variables);
            all.sort_by_key(|hole| hole.start);
            string.set_open_parts(all.into());
        }
        _ => {}
    }
}

/// `${self:custom.table-${opt:stage}}` is one; one that is not closed goes to the end.
fn variables(text: &str) -> Vec<OpenPart> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut depth, mut at) = (0, 0_u32, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"${") {
            if depth == 0 {
                start = at;
            }
            depth += 1;
            at += 1;
        } else if bytes[at] == b'}' && depth > 0 {
            depth -= 1;
            if depth == 0 {
                found.push(OpenPart::of(start, at + 1, Holds::Anything));
            }
        }
        at += 1;
    }
    if depth > 0 {
        found.push(OpenPart::of(start, bytes.len(), Holds::Anything));
    }
    found
}

/// The templates of a service, as far as they stand in the file: one below `resources`, or a list.
pub(super) fn templates(root: &Value) -> impl Iterator<Item = &Object> {
    let resources = root.as_object().and_then(|root| root.get("resources"));
    resources.into_iter().flat_map(Value::one_or_many).filter_map(Value::as_object)
}

/// The resources of a template, by name.
pub(super) fn resources(template: &Object) -> impl Iterator<Item = (&str, &Object)> {
    let resources = template.object("Resources").into_iter().flat_map(|object| &object.members);
    resources.filter_map(|member| Some((&*member.name.text, member.value.as_object()?)))
}

/// The documents of a section.
pub(super) fn documents(root: &Value, template: Template<'_>) -> Vec<Document> {
    let of_templates = templates(root)
        .flat_map(resources)
        .flat_map(|(name, resource)| cloudformation::resource_documents(name, resource, template));
    let sections = root.as_object().into_iter().flat_map(|root| &root.members);
    let others = sections
        .filter(|section| &*section.name.text != "resources")
        .flat_map(|section| cloudformation::search(&section.value, template.budget))
        // A key of the framework or of a plugin may look like a list of containers.
        .filter(|document| document.kind.is_policy() || document.kind == DocumentKind::TaskDefinition);
    of_templates.chain(others).chain(attachments(root)).collect()
}

/// Managed policies and the boundary of the role that functions get.
fn attachments(root: &Value) -> Option<Document> {
    let provider = root.as_object()?.object("provider")?;
    let role = provider.object("iam").and_then(|iam| iam.object("role"));
    let mut found = FoundAttachments::default();
    let fields = [
        (role, "managedPolicies", POLICIES),
        (role, "permissionsBoundary", BOUNDARY),
        (role, "permissionBoundary", BOUNDARY),
        (Some(provider), "iamManagedPolicies", POLICIES),
        (Some(provider), "rolePermissionsBoundary", BOUNDARY),
    ];
    for (object, name, field) in fields {
        if let Some(member) = object.and_then(|object| object.member(name)) {
            found.add(field, &member.name, member.value.clone());
        }
    }
    found.finish("it is the role of a service of the Serverless Framework")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_hold_variables() {
        let text = "a-${self:x.${opt:stage}}/b-${env:C}-${d";
        let found: Vec<&str> = variables(text).iter().map(|hole| &text[hole.range()]).collect();
        assert_eq!(found, ["${self:x.${opt:stage}}", "${env:C}", "${d"]);
    }

    #[test]
    fn a_service_is_told_from_other_files() {
        assert!(is_service("service: a\nprovider:\n  iam:\n    role:\n      statements: []\n"));
        assert!(!is_service("provider: a\nx: Statement\n"));
        assert!(!is_service("service: a\n  provider: b\nx: Statement\n"));
    }
}
