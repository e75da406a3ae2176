//! A role as a person asks for it: its trust, its policies, who uses it and for what, who passes it.

use super::deployers::{self, UsedRole};
use super::lookup::{Located, Project, attached_roles};
use super::role::NamedRole;
use super::verdict::ProjectPlace;
use crate::graph::FileSummary;
use crate::graph::index::Graph;
use crate::graph::resolve::View;
use crate::host::resource::{Content, Node};
use crate::text::Span;
use std::sync::Arc;

/// What is known of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFacts {
    pub title: Box<str>,
    /// Where it is named, or declared, in the file that is asked about.
    pub span: Span,
    /// Where it is declared: its resource, or the files that bear its name.
    pub declared: Vec<ProjectPlace>,
    /// Who may assume it; `None` where its trust policy is not known.
    pub trusted: Option<Vec<Box<str>>>,
    /// Its policies in the project, each by what attaches it.
    pub policies: Vec<ProjectPlace>,
    /// The managed policies of AWS that it has.
    pub managed: Vec<Box<str>>,
    /// Why not all is known.
    pub open: Option<Box<str>>,
    pub uses: Vec<RoleUser>,
    /// The statements that pass it by its name.
    pub passed: Vec<ProjectPlace>,
}

/// Something that uses a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleUser {
    pub place: ProjectPlace,
    /// What for: `task execution role`.
    pub kind: &'static str,
    /// The kind of the user: `task-definition`.
    pub of: &'static str,
    /// `` `taskRoleArn` of `task.json` ``.
    pub evidence: Box<str>,
}

/// The role that stands at a place of a file: named by a field, or declared there.
pub fn role_at(graph: &Graph, own: &Arc<FileSummary>, offset: u32) -> Option<RoleFacts> {
    let view = View::new(graph, own);
    let project = Project { view: &view };
    let touches = |item: &&Content| item.span().touches(offset);
    for resource in &own.resources {
        let at = Located { file: own, resource };
        for field in super::callers::role_fields(at) {
            if touches(&field.item) {
                let named = project.role_named(own, field.item);
                let named = named.or_else(|| project.role_beside(at, field.item, field.kind))?;
                return about(&project, own, named, field.item.span());
            }
        }
        if let Some(item) = attached_roles(resource).into_iter().find(|item| touches(item)) {
            return about(&project, own, project.role_named(own, item)?, item.span());
        }
        let name = at.name_item().filter(|_| at.kind_name() == "role" && !at.is_data());
        if let Some(item) = name.filter(|item| touches(item)) {
            return about(
                &project,
                own,
                NamedRole::Declared(at, crate::graph::Reason::Reference),
                item.span(),
            );
        }
    }
    // A policy that passes it.
    for (document, at) in deployers::policies(own) {
        let mut found = None;
        texts_at(document, offset, &mut found);
        let Some(item) = found else { continue };
        let words = project.words(at.file, item, false);
        let is_role = words.is_some_and(|it| it.text.contains(":role/"));
        if let Some(named) = project.role_named(own, item).filter(|_| is_role) {
            return about(&project, own, named, item.span());
        }
    }
    None
}

/// The innermost text at a place.
fn texts_at<'a>(item: &'a Content, offset: u32, found: &mut Option<&'a Content>) {
    match &item.node {
        Node::Text(_) if item.span().touches(offset) => *found = Some(item),
        Node::List(items) | Node::Choice(items) => items.iter().for_each(|it| texts_at(it, offset, found)),
        Node::Map(members) => members.iter().for_each(|(_, it)| texts_at(it, offset, found)),
        _ => {}
    }
}

/// Every role that a file declares, with the place of each.
pub fn roles_of(graph: &Graph, own: &Arc<FileSummary>) -> Vec<RoleFacts> {
    let view = View::new(graph, own);
    let project = Project { view: &view };
    let declared = own.resources.iter().map(|resource| Located { file: own, resource });
    let roles: Vec<Located<'_>> = declared.filter(|at| at.kind_name() == "role" && !at.is_data()).collect();
    if roles.is_empty() {
        return Vec::new();
    }
    let known = Known::of(&project);
    let of = |at: Located<'_>| {
        let at = project.resource(&at.file.scope, &at.resource.address).unwrap_or(at);
        let found = NamedRole::Declared(at, crate::graph::Reason::Reference);
        facts(&project, own, found, at.resource.body.span(), &known)
    };
    roles.into_iter().filter_map(of).collect()
}

fn about<'a>(
    project: &Project<'a>,
    own: &'a Arc<FileSummary>,
    found: NamedRole<'a>,
    span: Span,
) -> Option<RoleFacts> {
    facts(project, own, found, span, &Known::of(project))
}

/// What the project says of all roles.
struct Known<'a> {
    uses: Vec<UsedRole<'a>>,
    policies: Vec<(&'a Content, Located<'a>)>,
}

impl<'a> Known<'a> {
    fn of(project: &Project<'a>) -> Known<'a> {
        let kinds = ["role", "user", "managed-policy", "role-policy", "user-policy", "function"];
        let mut files: Vec<&'a Arc<FileSummary>> = kinds
            .iter()
            .flat_map(|kind| project.of_kind(kind).map(|at| at.file))
            .chain(project.policy_files())
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Known {
            uses: deployers::uses(project),
            policies: files.into_iter().flat_map(deployers::policies).collect(),
        }
    }
}

fn facts<'a>(
    project: &Project<'a>,
    own: &'a Arc<FileSummary>,
    found: NamedRole<'a>,
    span: Span,
    known: &Known<'a>,
) -> Option<RoleFacts> {
    let place = |file: &FileSummary, span: Span| ProjectPlace {
        file: (file.path != own.path).then(|| file.path.clone()),
        span,
    };
    let declared = match &found {
        NamedRole::Declared(at, _) => {
            let name = at.name_item().unwrap_or(&at.resource.body);
            vec![place(at.file, name.span())]
        }
        NamedRole::Named { trust, policies, .. } => {
            trust.iter().chain(policies).map(|at| place(at.file, at.resource.body.span())).collect()
        }
    };
    let trusted = project.trust_of(&found).map(|statements| {
        let mut names: Vec<Box<str>> = Vec::new();
        for statement in statements.iter().filter(|it| it.allows) {
            let words = |item: &Content| match item.text() {
                Some(text) => text.into(),
                None => "…".into(),
            };
            if let Some(principals) = statement.principals {
                leaves(principals, &mut |item| names.push(words(item)));
            }
        }
        names.dedup();
        names
    });
    let uses: Vec<&UsedRole<'_>> =
        known.uses.iter().filter(|it| it.found.as_ref().is_some_and(|other| other.is(&found))).collect();
    let arns: Vec<_> = uses.iter().map(|it| &it.arn).collect();
    let mut passed = Vec::new();
    for (document, at) in &known.policies {
        let Some(statements) = project.statements(at.file, document) else { continue };
        for statement in statements {
            let is_own = statement.file.is_some_and(|file| file.path == at.file.path);
            let passes = statement.allows && !statement.not_action && statement.may_have("iam:PassRole");
            if is_own && passes && arns.iter().any(|arn| deployers::names(&statement, arn)) {
                passed.push(place(at.file, statement.resource_span));
            }
        }
    }
    let users = uses.iter().map(|it| RoleUser {
        place: it.place(own),
        kind: it.field.kind,
        of: it.field.at.kind_name(),
        evidence: it.evidence(own).into(),
    });
    let users: Vec<RoleUser> = users.collect();
    let role = project.role(found)?;
    Some(RoleFacts {
        title: role.title.clone().into(),
        span,
        declared,
        trusted,
        policies: role.policies.iter().map(|it| place(it.file, it.span)).collect(),
        managed: role.managed.iter().map(|it| it.as_str().into()).collect(),
        open: role.open.map(Into::into),
        uses: users,
        passed,
    })
}

fn leaves<'c>(item: &'c Content, visit: &mut dyn FnMut(&'c Content)) {
    match &item.node {
        Node::Text(_) | Node::Open => visit(item),
        Node::List(items) | Node::Choice(items) => items.iter().for_each(|it| leaves(it, visit)),
        // `principals { type = "Service" identifiers = […] }`
        Node::Map(members) => {
            let named = members.iter().filter(|(name, _)| !matches!(&**name, "type"));
            named.for_each(|(_, it)| leaves(it, visit));
        }
        Node::Nothing => {}
    }
}
