//! Roles that nothing uses, and grants that no task uses: only where the configuration says that the project holds
//! everything.

use super::deployers::{self, UsedRole};
use super::lookup::{Located, Project};
use super::needs;
use super::role::NamedRole;
use super::statements::RoleStatement;
use super::verdict::UnusedThing;
use super::words::Words;
use crate::catalog;
use crate::graph::{FileSummary, Reason};
use std::sync::Arc;

pub fn unused<'a>(project: &Project<'a>, own: &'a Arc<FileSummary>) -> Vec<UnusedThing> {
    if !project.view.stated().is_complete || own.resources.is_empty() {
        return Vec::new();
    }
    let uses = deployers::uses(project);
    // What names a role by something that is not known may mean any of them.
    if uses.iter().any(|used| used.found.is_none() && used.arn.is_open()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for resource in &own.resources {
        let at = Located { file: own, resource };
        if at.kind_name() != "role" || at.is_data() || resource.is_conditional || resource.is_partial {
            continue;
        }
        let role = NamedRole::Declared(at, Reason::Reference);
        let trusted = project.trust_of(&role).unwrap_or_default();
        let is_of_tasks = trusted.iter().any(|statement| {
            let principals = statement.principals.map(|it| format!("{:?}", it.node)).unwrap_or_default();
            // What else assumes a role may stand outside of what is read.
            statement.allows && principals.contains(catalog::principal_of_role("task role"))
        });
        let is_used = || uses.iter().any(|used| used.found.as_ref().is_some_and(|it| it.is(&role)));
        if is_of_tasks && !is_used() {
            let name = at.name_item().unwrap_or(&resource.body);
            found.push(UnusedThing::Role { span: name.span(), role: at.title().into() });
        }
    }
    grants(project, own, &uses, &mut found);
    passed(project, own, &uses, &mut found);
    found
}

/// Roles that policies of this file pass to tasks, and that no task uses.
fn passed<'a>(
    project: &Project<'a>,
    own: &'a Arc<FileSummary>,
    uses: &[UsedRole<'a>],
    found: &mut Vec<UnusedThing>,
) {
    for (document, at) in deployers::policies(own) {
        let Some(statements) = project.statements(at.file, document) else { continue };
        let is_pass = |it: &&RoleStatement<'a>| {
            let is_here = it.file.is_none_or(|file| file.path == own.path);
            let names_it =
                it.actions.iter().any(|action| action.plain().eq_ignore_ascii_case("iam:PassRole"));
            is_here && it.allows && !it.not_action && !it.not_resource && names_it
        };
        for statement in statements.iter().filter(is_pass) {
            // To whom a role is passed, other services may tell that the project does not show.
            let to_tasks = statement.conditions.iter().any(|it| {
                it.key.eq_ignore_ascii_case("iam:PassedToService")
                    && it.values.iter().all(|value| value.plain() == catalog::principal_of_role("task role"))
            });
            for resource in statement.resources.iter().filter(|it| to_tasks && it.is_known()) {
                let is_used = uses.iter().any(|used| resource.may_be(&used.arn));
                let name = resource.text.rsplit('/').next().unwrap_or_default();
                if !is_used && resource.text.contains(":role/") && !name.is_empty() {
                    found.push(UnusedThing::Passed { span: statement.resource_span, role: name.into() });
                }
            }
        }
    }
}

/// Grants of this file to execution roles that none of their tasks asks for.
fn grants<'a>(
    project: &Project<'a>,
    own: &'a Arc<FileSummary>,
    uses: &[UsedRole<'a>],
    found: &mut Vec<UnusedThing>,
) {
    let mut seen: Vec<NamedRole<'a>> = Vec::new();
    for used in uses.iter().filter(|used| used.field.kind == "task execution role") {
        let Some(named) = used.found.clone() else { continue };
        if seen.iter().any(|it| it.is(&named)) {
            continue;
        }
        seen.push(named.clone());
        let of_role: Vec<&UsedRole<'a>> =
            uses.iter().filter(|other| other.found.as_ref().is_some_and(|it| it.is(&named))).collect();
        // What else uses it, reads what nobody tells.
        if of_role.iter().any(|other| other.field.kind != "task execution role") {
            continue;
        }
        let Some(role) = project.role(named) else { continue };
        let needs: Vec<needs::Need<'a>> =
            of_role.iter().flat_map(|it| needs::of_task(project, it.field.at)).collect();
        let is_partial = of_role.iter().any(|it| it.field.at.resource.is_partial);
        let is_here = |it: &&RoleStatement<'a>| it.file.is_some_and(|file| file.path == own.path);
        for statement in role.statements.iter().filter(is_here) {
            let reads = statement.actions.iter().all(|action| catalog::is_read_for_tasks(&action.plain()));
            if is_partial || !statement.allows || statement.not_action || statement.not_resource || !reads {
                continue;
            }
            let is_needed = |resource: &Words<'a>| {
                needs.iter().any(|need| need.resources.iter().any(|needed| resource.may_be(needed)))
            };
            let is_named = |it: &&Words<'a>| it.is_known() || it.plain().matches('*').count() == 1;
            for resource in statement.resources.iter().filter(is_named) {
                let is_specific = resource.text.split(':').nth(5).is_some_and(|it| it.len() > 3)
                    && !resource.text.ends_with([':', '/']);
                if is_specific && !is_needed(resource) {
                    found.push(UnusedThing::Grant {
                        span: statement.resource_span,
                        role: role.title.clone().into(),
                        action: statement.actions.first().map(Words::plain).unwrap_or_default().into(),
                        resource: super::marks::readable(&resource.shown).into(),
                    });
                }
            }
        }
    }
}
