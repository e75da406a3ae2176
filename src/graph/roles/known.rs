//! Roles and users by their names or ARNs, with the place of each of their policies.

use super::lookup::{Located, Project};
use super::role::{NamedRole, PolicyAt};
use crate::graph::FileSummary;
use crate::graph::index::{Graph, Key, role_name};
use crate::graph::reason::Reason;
use crate::graph::resolve::View;
use std::sync::Arc;

/// A role or user of the project.
#[derive(Debug, Clone)]
pub struct KnownIdentity {
    /// Its name, or the address of a resource whose name is made up.
    pub title: String,
    pub is_user: bool,
    /// The file that it stands in, as the graph names it, and its logical id or address.
    pub file: Box<str>,
    pub address: Box<str>,
    /// Whether files are only called like it.
    pub is_by_file_name: bool,
    pub policies: Vec<PolicyAt>,
    pub boundary: Option<PolicyAt>,
    pub trust: Option<PolicyAt>,
    /// Why not everything is known.
    pub open: Option<String>,
    /// Whether some of what it has is there under a condition.
    pub has_choices: bool,
}

/// The roles and users of that name, logical id, address or ARN: several where several places have one.
pub fn known_identities(graph: &Graph, name_or_arn: &str) -> Vec<KnownIdentity> {
    let own = Arc::new(FileSummary::default());
    let view = View::new(graph, &own);
    let project = Project { view: &view };
    let is_arn = name_or_arn.starts_with("arn:");
    let parts: Vec<&str> = name_or_arn.split(':').collect();
    let account = parts.get(4).copied().filter(|it| is_arn && !it.is_empty());
    let resource = if is_arn { parts.get(5).copied().unwrap_or_default() } else { name_or_arn };
    // Of a session the role counts, which is its first part.
    let (kinds, name): (&[&'static str], &str) = match resource.split_once('/') {
        Some(("assumed-role", rest)) => (&["role"], rest.split('/').next().unwrap_or(rest)),
        Some(("role", rest)) => (&["role"], role_name(rest)),
        Some(("user", rest)) => (&["user"], role_name(rest)),
        _ if is_arn => (&[], ""),
        _ => (&["role", "user"], role_name(name_or_arn)),
    };
    let mut found: Vec<NamedRole<'_>> = Vec::new();
    for kind in kinds {
        for file in view.find(&Key::Kind(kind)) {
            let all = file.resources.iter().map(|resource| Located { file, resource });
            let of_kind = all.filter(|at| at.kind_name() == *kind && !at.is_data());
            let is_it = |at: &Located<'_>| {
                let is_address = !is_arn && *at.resource.address == *name_or_arn;
                let is_named = match at.name() {
                    Some(own) => own == name,
                    None => at
                        .name_item()
                        .and_then(|item| project.words(file, item, false))
                        .is_some_and(|words| words.is_known() && words.text == name),
                };
                is_address || is_named && account.is_none_or(|account| project.may_be_of(file, account))
            };
            let declared = of_kind.filter(is_it).map(|at| NamedRole::Declared(at, Reason::Name));
            found.extend(declared);
        }
    }
    if found.is_empty() && kinds.contains(&"role") && !name.is_empty() {
        found.extend(project.role_by_name(&own, account, name));
    }
    found.into_iter().filter_map(|role| known(&project, role)).collect()
}

fn known(project: &Project<'_>, found: NamedRole<'_>) -> Option<KnownIdentity> {
    let (address, is_by_file_name, is_user) = match &found {
        NamedRole::Declared(at, _) => (at.resource.address.clone(), false, found.is_user()),
        NamedRole::Named { .. } => (Box::default(), true, false),
    };
    let trust = match &found {
        NamedRole::Declared(at, _) => {
            let document = at.get("AssumeRolePolicyDocument").or_else(|| at.get("assume_role_policy"));
            document.map(|document| {
                let statements = project.statements(at.file, document).unwrap_or_default();
                let first = statements.first().map(|it| (it.file.unwrap_or(at.file), it.span));
                let (file, span) = first.unwrap_or((at.file, document.span()));
                PolicyAt::File(file.path.clone(), span)
            })
        }
        NamedRole::Named { trust, .. } => match &trust[..] {
            [only] => Some(PolicyAt::File(only.file.path.clone(), only.resource.body.span())),
            _ => None,
        },
    };
    let role = project.role(found)?;
    let own = role.policies.iter().map(|(file, span)| PolicyAt::File(file.path.clone(), *span));
    let of_aws = role.of_aws.iter().cloned().map(PolicyAt::Managed);
    Some(KnownIdentity {
        title: role.title.clone(),
        is_user,
        file: role.file.path.clone(),
        address,
        is_by_file_name,
        policies: own.chain(of_aws).collect(),
        boundary: role.limit.clone(),
        trust,
        open: role.open.clone(),
        has_choices: role.statements.iter().any(|it| it.is_maybe),
    })
}
