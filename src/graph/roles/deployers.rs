//! Policies that let somebody deploy: whether they pass the roles that go with it.

use super::callers::{RoleField, role_arn, role_fields};
use super::grant::entry_in;
use super::instances::folder_of;
use super::lookup::{Located, Project};
use super::marks::{ANY, PART, STAR};
use super::role::NamedRole;
use super::statements::{Demand, JOINED, RoleStatement, answer, context_of};
use super::verdict::{Passing, ProjectPlace};
use super::words::Words;
use crate::catalog;
use crate::graph::FileSummary;
use crate::graph::Reason;
use crate::graph::index::{Graph, Key};
use crate::host::resource::{Content, Node, TextPart};
use crate::text::Span;
use std::sync::Arc;

const PASS: &str = "iam:PassRole";

/// Whether a project has a resource that uses a role.
pub fn has_users(graph: &Graph) -> bool {
    !graph.is_empty() && catalog::role_users().any(|kind| graph.find(&Key::Kind(kind)).next().is_some())
}

/// The policies that a file holds, each by itself.
pub fn policies<'a>(own: &'a Arc<FileSummary>) -> Vec<(&'a Content, Located<'a>)> {
    let mut found = Vec::new();
    for resource in &own.resources {
        let at = Located { file: own, resource };
        match at.kind_name() {
            "role" | "user" => {
                for list in ["Policies", "inline_policy"] {
                    for policy in resource.body.all(list).flat_map(Content::items) {
                        let document = policy.get("PolicyDocument").or_else(|| policy.get("policy"));
                        found.extend(document.map(|document| (document, at)));
                    }
                }
            }
            // Policies of SAM may stand by themselves, or as their statements alone.
            "function" => {
                let policies = resource.body.all("Policies").flat_map(Content::items);
                found.extend(policies.filter(|it| it.get("Statement").is_some()).map(|it| (it, at)));
            }
            "managed-policy" | "role-policy" | "user-policy" if !at.is_data() => {
                let document = at.get("PolicyDocument").or_else(|| at.get("policy"));
                found.extend(document.map(|document| (document, at)));
            }
            _ if &*resource.resource_type == "policy" => found.push((&resource.body, at)),
            _ => {}
        }
    }
    found
}

/// A use of a role anywhere in the project.
pub struct UsedRole<'a> {
    pub field: RoleField<'a>,
    pub arn: Words<'a>,
    pub found: Option<NamedRole<'a>>,
    principal: &'static str,
}

pub fn uses<'a>(project: &Project<'a>) -> Vec<UsedRole<'a>> {
    let users = catalog::role_users().flat_map(|kind| project.of_kind(kind)).filter(|at| !at.is_data());
    users
        .flat_map(role_fields)
        .filter_map(|field| {
            let principal = catalog::principal_of_role(field.kind);
            let arn = role_arn(project, field)?;
            Some(UsedRole { field, arn, found: project.role_named(field.at.file, field.item), principal })
        })
        .collect()
}

impl UsedRole<'_> {
    fn title(&self) -> String {
        match &self.found {
            Some(found) => found.title(),
            None => self.arn.shown.rsplit('/').next().unwrap_or_default().to_string(),
        }
    }

    pub fn place(&self, own: &FileSummary) -> ProjectPlace {
        let file = &self.field.at.file.path;
        ProjectPlace { file: (*file != own.path).then(|| file.clone()), span: self.field.item.span() }
    }

    pub fn evidence(&self, own: &FileSummary) -> String {
        super::callers::evidence(own, &self.field)
    }

    /// What is wrong with a policy at a place that lets an action be done with this role.
    fn passing(&self, own: &FileSummary, span: Span, action: &str) -> Passing {
        Passing {
            span,
            role: self.title().into(),
            kind: self.field.kind.into(),
            evidence: self.evidence(own).into(),
            service: self.principal.into(),
            passed_to: Vec::new(),
            action: action.into(),
            reason: self.found.as_ref().map_or(Reason::Name, NamedRole::reason),
            used_at: self.place(own),
            grant: None,
        }
    }

    fn is_same_role(&self, other: &UsedRole<'_>) -> bool {
        match (&self.found, &other.found) {
            (Some(a), Some(b)) => a.is(b),
            _ => self.arn.text == other.arn.text,
        }
    }
}

/// Whether a statement names a role by itself, not by a wildcard nor by something that others fill in.
pub fn names(statement: &RoleStatement<'_>, role: &Words<'_>) -> bool {
    let name = |words: &Words<'_>| {
        let name = words.text.rsplit_once('/').map_or("", |(_, name)| name).to_string();
        let is_told = !name.is_empty() && !name.contains([STAR, ANY, PART]);
        is_told.then_some(name)
    };
    let Some(wanted) = name(role) else { return false };
    !statement.not_resource
        && statement.resources.iter().any(|pattern| {
            !pattern.text.contains(STAR) && name(pattern).as_ref() == Some(&wanted) && pattern.may_be(role)
        })
}

/// Whether statements may allow a role to be passed to the service that it is used for.
fn may_pass(statements: &[RoleStatement<'_>], used: &UsedRole<'_>) -> bool {
    let context = context_of(&[("iam:PassedToService", used.principal)]);
    let resources = std::slice::from_ref(&used.arn);
    !answer(statements, None, Demand { action: PASS, resources, context: &context }).granted().is_no()
}

/// Whether a policy may allow a role to be passed at all: a quick look, as most certainly do not.
fn may_allow_passing(document: &Content) -> bool {
    let is_it = |action: &Content| match action.text() {
        Some(text) => text.contains(['$', '&']) || catalog::wildcard_matches(text, PASS, true),
        None => true,
    };
    let may = |statement: &Content| match &statement.node {
        Node::Map(_) => {
            let actions = statement.get("Action").or_else(|| statement.get("actions"));
            actions.is_some_and(|actions| actions.items().iter().any(is_it))
        }
        Node::Nothing => false,
        _ => true,
    };
    match &document.node {
        Node::Map(_) => {
            document.all("Statement").flat_map(Content::items).any(may)
                || JOINED.iter().any(|name| document.get(name).is_some())
        }
        _ => true,
    }
}

/// What is wrong with what the policies of a file pass.
pub fn passings<'a>(project: &Project<'a>, own: &'a Arc<FileSummary>) -> Vec<Passing> {
    let all = policies(own);
    let mut found = Vec::new();
    if all.is_empty() {
        return found;
    }
    let mut known: Option<Vec<UsedRole<'a>>> = None;
    for (document, at) in all.into_iter().filter(|(document, _)| may_allow_passing(document)) {
        let Some(statements) = project.statements(own, document) else { continue };
        let passing: Vec<&RoleStatement<'a>> = statements
            .iter()
            .filter(|it| {
                it.allows
                    && !it.not_action
                    && it.may_have(PASS)
                    && it.file.is_none_or(|file| file.path == own.path)
            })
            .collect();
        if passing.is_empty() {
            continue;
        }
        let uses = known.get_or_insert_with(|| uses(project));
        wrong_service(own, &statements, &passing, uses, &mut found);
        // What the holder's other policies pass counts, too.
        let others = holder(project, at, &statements);
        let Some(others) = others else { continue };
        missing(project, own, &others, &passing, uses, at, &mut found);
    }
    found
}

/// The statements of everything that the holder of a policy has; `None` where that is not known.
fn holder<'a>(
    project: &Project<'a>,
    at: Located<'a>,
    own: &[RoleStatement<'a>],
) -> Option<Vec<RoleStatement<'a>>> {
    let declared = match at.kind_name() {
        "role" => Some(NamedRole::Declared(at, Reason::Reference)),
        "role-policy" => super::lookup::attached_roles(at.resource)
            .first()
            .and_then(|item| project.role_named(at.file, item)),
        _ => None,
    };
    match declared {
        Some(found) => {
            let role = project.role(found)?;
            role.is_closed().then_some(role.statements)
        }
        None => Some(own.to_vec()),
    }
}

fn wrong_service(
    own: &FileSummary,
    statements: &[RoleStatement<'_>],
    passing: &[&RoleStatement<'_>],
    uses: &[UsedRole<'_>],
    found: &mut Vec<Passing>,
) {
    for statement in passing {
        let condition =
            statement.conditions.iter().find(|it| it.key.eq_ignore_ascii_case("iam:PassedToService"));
        let Some(condition) =
            condition.filter(|it| !it.is_open && it.values.iter().all(Words::is_known_pattern))
        else {
            continue;
        };
        for used in uses.iter().filter(|used| names(statement, &used.arn)) {
            let passed_to = |service: &str| context_of(&[("iam:PassedToService", service)]);
            let of_role = || uses.iter().filter(|other| other.is_same_role(used));
            // One role for two purposes, or passed rightly elsewhere in the policy.
            let is_right = of_role().any(|other| !condition.holds(&passed_to(other.principal)).is_no());
            if is_right || may_pass(statements, used) {
                continue;
            }
            if found.iter().any(|it| it.span == condition.span) {
                continue;
            }
            found.push(Passing {
                passed_to: condition.values.iter().map(|it| it.shown.clone().into()).collect(),
                ..used.passing(own, condition.span, PASS)
            });
        }
    }
}

fn missing<'a>(
    project: &Project<'a>,
    own: &'a Arc<FileSummary>,
    statements: &[RoleStatement<'_>],
    passing: &[&RoleStatement<'a>],
    uses: &[UsedRole<'_>],
    at: Located<'_>,
    found: &mut Vec<Passing>,
) {
    for &(action, kinds) in catalog::deploying_actions() {
        let deploys = statements.iter().any(|it| {
            it.allows
                && !it.not_action
                && it.actions.iter().any(|pattern| pattern.plain().eq_ignore_ascii_case(action))
                && !is_of_service(it)
        });
        // Whether a schedule's role may run its task is told where the schedule names it.
        let is_of_caller = action.starts_with("ecs:") && action.ends_with("Task") && is_used(at, uses);
        if !deploys || is_of_caller {
            continue;
        }
        let wanted: Vec<&UsedRole<'_>> =
            uses.iter().filter(|used| kinds.contains(&used.field.kind)).collect();
        // Every statement that passes roles names them; whoever passes by a wildcard passes these or means others.
        let is_specific = passing.iter().all(|it| {
            !it.resources_are_open
                && !it.resources.is_empty()
                && it.resources.iter().all(|it| !it.text.contains(STAR) && !it.is_open())
        });
        for used in wanted.iter().filter(|used| !may_pass(statements, used)) {
            // The same task definition's other role is named: so this policy is for it.
            let sibling = wanted.iter().any(|other| {
                other.field.at.is(&used.field.at)
                    && !other.is_same_role(used)
                    && passing.iter().any(|it| names(it, &other.arn))
            });
            // There is one role that may be meant, or one task definition whose roles may be.
            let is_only = is_specific
                && wanted.iter().all(|other| other.is_same_role(used) || other.field.at.is(&used.field.at));
            // Passed by a name, to the wrong service: that is told already.
            let is_named = passing.iter().any(|it| names(it, &used.arn));
            if is_named || !(sibling || is_only) {
                continue;
            }
            let Some(first) = passing.first() else { continue };
            let title = used.title();
            if found.iter().any(|it| *it.role == *title && it.passed_to.is_empty()) {
                continue;
            }
            found.push(Passing {
                grant: entry_in(project, own, first, &used.arn),
                ..used.passing(own, first.resource_span, action)
            });
        }
    }
}

/// Whether a statement is about rules that Step Functions makes to learn when a task ends. They pass no role.
fn is_of_service(statement: &RoleStatement<'_>) -> bool {
    const RULES: &str = ":rule/StepFunctions";
    !statement.resources.is_empty() && statement.resources.iter().all(|it| it.text.contains(RULES))
}

/// Whether the role that holds a policy is used by something of the project.
fn is_used(policy: Located<'_>, uses: &[UsedRole<'_>]) -> bool {
    let names: Vec<&str> = match policy.kind_name() {
        "role" => vec![&policy.resource.address],
        _ => Vec::new(),
    };
    uses.iter().any(|used| match &used.found {
        Some(NamedRole::Declared(at, _)) => {
            folder_of(&at.file.scope) == folder_of(&policy.file.scope)
                && (names.contains(&&*at.resource.address)
                    || super::lookup::attached_roles(policy.resource)
                        .iter()
                        .any(|item| names_address(item, at)))
        }
        Some(NamedRole::Named { policies, .. }) => policies.iter().any(|at| at.file.path == policy.file.path),
        None => false,
    })
}

/// Whether a value is a reference to that resource.
fn names_address(item: &Content, at: &Located<'_>) -> bool {
    match &item.node {
        Node::Text(pieces) => {
            matches!(&pieces[..], [TextPart::Ref(path)] if path.starts_with(&*at.resource.address))
        }
        _ => false,
    }
}
