use crate::access;
use crate::catalog::{self, ResourceType, Service};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::StringValue;
use crate::model::{Arn, Policy, PolicyContext};
use crate::rules::Rule;
use crate::text::{enumerated, quoted};
use std::collections::HashSet;

declare_rule! {
    /// Finds actions that are allowed on one of the resources that a request names, and not on the others.
    ///
    /// Some requests name resources of several types: a VPC endpoint and its VPC, an alias and its key, a table, its database
    /// and the catalog. AWS asks for the action on each of them, and denies it where one is not allowed.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "ec2:CreateVpcEndpoint", "Resource": "arn:aws:ec2:*:111122223333:vpc-endpoint/*" }
    /// ```
    ///
    /// Add the resources of the other types, here `arn:aws:ec2:*:111122223333:vpc/*`. The statements of a policy are read
    /// together. Allow the finding where another policy of the same role has the rest: in a template or module, where a role
    /// often has several, it is advice.
    ///
    /// See the service's table of actions in the Service Authorization Reference: required resource types have a star.
    pub MissingResourceType {
        id: "missing-resource-type",
        group: Policy,
        reads: [Policy],
        on: [Identity, Session, Boundary],
        templates: Silent,
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "an action is allowed on one of the resources that it needs, and not on the others",
        sources: ["parliament/RESOURCE_MISMATCH"],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for MissingResourceType {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let mut told = HashSet::new();
        for (base, statement) in policy.statements().filter(|(_, it)| it.allows()) {
            for action in statement.listed_actions().filter(|it| !it.string.has_unknown()) {
                let groups = catalog::needed_together(action.text());
                let Some(service) = catalog::service(action.service).filter(|_| !groups.is_empty()) else {
                    continue;
                };
                if !told.insert(action.text().to_ascii_lowercase()) {
                    continue;
                }
                let Some(resources) = resources(policy, action.text()) else { continue };
                let (there, missing): (Vec<_>, Vec<_>) = groups
                    .iter()
                    .partition(|group| group.iter().any(|name| is_listed(service, name, &resources)));
                // Where none is, the statement is wrong as a whole: another rule's.
                if there.is_empty() || missing.is_empty() {
                    continue;
                }
                let wanted = |group: &&&[&str]| {
                    let of = group.first().and_then(|name| service.resource_type(name));
                    of.and_then(|of: ResourceType| of.arn_formats().next())
                };
                let formats: Vec<&str> = missing.iter().filter_map(wanted).collect();
                let names = |groups: &[&&[&str]]| {
                    enumerated(
                        groups.iter().filter_map(|group| group.first()).map(|name| format!("`{name}`")),
                    )
                };
                // Roles of templates and modules have several policies more often than not.
                let is_one_of_several = policy.document.owner.is_some();
                let on = if missing.len() == 1 { "another resource" } else { "other resources" };
                let finding = acc.report(
                    action.string.content_span().shifted(base),
                    format!("`{}` needs {on} beside {}: {}", action.text(), names(&there), names(&missing)),
                );
                finding.note(format!(
                    "A request names all of them, and AWS asks for the action on each. Add {}, unless another policy of the \
                     role has it.",
                    quoted(formats.iter().take(5))
                ));
                if is_one_of_several || groups.len() > OFTEN_SPLIT {
                    finding.severity(Severity::Info);
                }
            }
        }
    }
}

/// Of more types than that, policies are often split: `ec2:RunInstances`.
const OFTEN_SPLIT: usize = 3;

/// What a policy allows an action on; `None` where that may be more than is written.
fn resources<'a>(policy: Policy<'a>, action: &str) -> Option<Vec<&'a StringValue>> {
    let mut found = Vec::new();
    for (_, statement) in policy.statements().filter(|(_, it)| it.allows()) {
        if statement.object.is_open() || statement.actions().any(|it| it.string.has_unknown()) {
            return None;
        }
        if !statement.grants(action) {
            continue;
        }
        if !statement.object.has("Resource")
            || statement.object.get("Resource").is_some_and(|it| it.is_unknown())
        {
            return None;
        }
        for resource in statement.object.get("Resource").map_or(&[][..], |it| it.one_or_many()) {
            let resource = resource.as_string()?;
            if resource.is_wholly_unknown() || !resource.text.starts_with("arn:") {
                return None;
            }
            found.push(resource);
        }
    }
    Some(found)
}

/// Whether one of some ARNs may be that of a resource of a type.
fn is_listed(service: Service, name: &str, resources: &[&StringValue]) -> bool {
    let Some(of) = service.resource_type(name) else { return true };
    resources.iter().any(|resource| {
        let Ok(arn) = Arn::parse(&resource.text) else { return true };
        let is_of_service = |format: &str| {
            arn.service.contains(['*', '?']) || format.split(':').nth(2).is_some_and(|it| it == arn.service)
        };
        of.arn_formats()
            .any(|format| is_of_service(format) && access::resource_fits(&arn, format, resource.open_parts()))
    })
}
