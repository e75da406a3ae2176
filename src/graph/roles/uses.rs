//! Backwards: what a role is used for.

use super::callers::{evidence, first, role_fields};
use super::instances::folder_of;
use super::lookup::{Located, Project};
use super::role::NamedRole;
use crate::graph::index::Key;
use crate::graph::resolve::View;
use crate::graph::summary::{RoleSummary, plain};
use crate::graph::{FileSummary, Reason};
use crate::host::MADE;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a role is used for: the kind of role, who says so, and why we think that the role is meant.
pub(in crate::graph) fn uses_of(
    view: &View<'_>,
    own: &Arc<FileSummary>,
    role: &RoleSummary,
) -> Vec<(&'static str, Box<str>, Reason)> {
    let project = Project { view };
    let mut keys = Vec::new();
    if let Some(owner) = &role.owner {
        keys.push(Key::Attaches(own.scope.clone(), owner.clone()));
        keys.push(Key::AttachesElsewhere);
    }
    keys.extend(role.name.iter().map(|name| Key::AttachesNamed(plain(name).into())));
    keys.extend(role.suggested.iter().map(|name| Key::AttachesNamed(name.clone())));
    let is_it = |found: &NamedRole<'_>| match found {
        NamedRole::Declared(at, _) => {
            folder_of(&at.file.scope) == &*own.scope
                && match &role.owner {
                    Some(owner) => **owner == *at.resource.address.trim_end_matches(MADE),
                    None => role.name.as_deref() == at.name(),
                }
        }
        NamedRole::Named { trust, .. } => trust.iter().any(|at| at.file.path == own.path),
    };
    let mut files = BTreeSet::new();
    let mut found = Vec::new();
    for key in keys {
        for file in view.find(&Key::Uses(Box::new(key))) {
            if !files.insert(&file.path) {
                continue;
            }
            for resource in &file.resources {
                let at = Located { file, resource };
                if at.kind_name() == "instance-profile" && !is_of_capacity_provider(&project, at) {
                    continue;
                }
                for field in role_fields(at) {
                    let named = project.role_named(file, field.item);
                    if let Some(named) = named.filter(|it| is_it(it)) {
                        let evidence = evidence(own, &field).into();
                        found.push((field.kind, evidence, named.reason()));
                    }
                }
            }
        }
    }
    if found.is_empty() && role.owner.is_none() && role.name.is_none() {
        found.extend(use_beside(&project, own, is_it));
    }
    found
}

/// What the project's only task definition uses the role for whose files are called by its kind alone.
fn use_beside<'a>(
    project: &Project<'a>,
    own: &FileSummary,
    is_it: impl Fn(&NamedRole<'_>) -> bool,
) -> Option<(&'static str, Box<str>, Reason)> {
    let task = project.of_kind("task-definition").next()?;
    let field = role_fields(task).into_iter().find(|field| {
        project.role_named(task.file, field.item).is_none()
            && project.role_beside(task, field.item, field.kind).is_some_and(|named| is_it(&named))
    })?;
    Some((field.kind, evidence(own, &field).into(), Reason::Beside))
}

/// Whether a capacity provider launches its instances with an instance profile.
fn is_of_capacity_provider<'a>(project: &Project<'a>, profile: Located<'a>) -> bool {
    project.of_kind("capacity-provider").any(|provider| {
        let path = "managedInstancesProvider/instanceLaunchTemplate/ec2InstanceProfileArn";
        let named = first(&provider.resource.body, path);
        named.and_then(|item| project.target(provider.file, item)).is_some_and(|at| at.is(&profile))
    })
}
