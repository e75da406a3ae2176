//! What other files may know of one file.

use super::paths;
use crate::catalog;
use crate::host::resource::Resources;
use crate::host::value::Value;
use crate::host::{ContainersAt, Document, DocumentKind, ModuleLinks, Naming, Parsed, Target};
use crate::model::{TaskContext, TaskDefinition, TaskSummary};
use crate::text::Source;
use std::sync::Arc;

/// What other files may know of one file. It borrows nothing and holds no places, so that a change that says
/// nothing new to others leaves it equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSummary {
    /// With `/` between its parts.
    pub path: Box<str>,
    /// How far the names of its resources reach: its folder for a module, else the file itself.
    pub scope: Box<str>,
    pub roles: Vec<RoleSummary>,
    pub tasks: Vec<TaskEntry>,
    pub links: ModuleLinks,
    /// What has to do with roles, references left as they are.
    pub resources: Resources,
}

/// A role, known by its trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSummary {
    /// Its logical id or address in a template or module.
    pub owner: Option<Box<str>>,
    /// The name it gets.
    pub name: Option<Box<str>>,
    /// Names that its file and folder suggest, letters and digits alone.
    pub suggested: Vec<Box<str>>,
    pub exports: Vec<Box<str>>,
}

/// A task definition and the roles that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskEntry {
    pub task: Arc<TaskSummary>,
    pub roles: Vec<RoleReference>,
    /// Names by which other templates import it.
    pub exports: Vec<Box<str>>,
    pub has_task_role: bool,
    /// Where its containers are written, if that is elsewhere, and what they have to know of it.
    pub containers: Option<(ContainersAt, Arc<TaskContext>)>,
}

/// A field that names a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleReference {
    /// In the document's own spelling.
    pub field: Box<str>,
    /// As the catalog names it: `task execution role`.
    pub kind: Box<str>,
    pub target: Target,
}

/// Fields of a task definition that name a role, with the kind of role as the catalog names it.
const ROLE_FIELDS: [(&str, &str); 2] =
    [("taskRoleArn", "task role"), ("executionRoleArn", "task execution role")];

/// Words at the end of a trust policy's file name that do not belong to the role's name.
const ENDINGS: [&str; 8] =
    ["trust", "policy", "assume", "assumerole", "document", "relationship", "json", "role"];

impl FileSummary {
    /// `path` is as the user named the file.
    pub fn of(
        path: &str,
        parsed: &Parsed,
        source: &(impl Source + ?Sized),
        documents: &[Document],
    ) -> FileSummary {
        let path = paths::normal(path);
        let resources = parsed.resources(source, documents);
        let mut summary = FileSummary { links: parsed.module_links(), resources, ..FileSummary::default() };
        for document in documents.iter().filter(|document| !document.is_variant) {
            match document.kind {
                DocumentKind::Trust => summary.roles.push(role(document, &path, &summary.resources)),
                DocumentKind::TaskDefinition => summary.tasks.extend(task(document)),
                _ => {}
            }
        }
        let is_module = matches!(parsed, Parsed::Terraform(_));
        summary.scope = if is_module { paths::folder(&path).into() } else { path.clone().into() };
        summary.path = path.into();
        summary
    }

    /// Whether it is of another repository: it was exported there.
    pub fn is_of_other_repository(&self) -> bool {
        self.path.split('/').next().is_some_and(|first| first.len() > 2 && first.ends_with(':'))
    }

    /// Whether other files may ask for nothing in it.
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty()
            && self.tasks.is_empty()
            && self.resources.is_empty()
            && self.links == ModuleLinks::default()
    }
}

fn role(document: &Document, path: &str, resources: &Resources) -> RoleSummary {
    let owner = document.owner.as_ref();
    // The input of a command, or its answer, names the role beside its trust policy.
    let inputs = if owner.is_none() && !resources.are_policies() { &resources[..] } else { &[] };
    let holder = inputs.iter().find(|resource| {
        let trust = resource.body.get("AssumeRolePolicyDocument");
        trust.is_some_and(|trust| trust.span().covers(document.span))
    });
    let told = holder.and_then(|it| it.body.get("RoleName")?.text()).map(Box::from);
    RoleSummary {
        owner: owner.map(|owner| owner.name.clone()),
        // What stands in a template or module has a name of its own.
        suggested: if owner.is_none() && told.is_none() { suggested(path) } else { Vec::new() },
        name: owner.and_then(|owner| owner.role_name.clone()).or(told),
        exports: owner.map(|owner| owner.exports.clone()).unwrap_or_default(),
    }
}

fn task(document: &Document) -> Option<TaskEntry> {
    let task = TaskSummary::of(document)?;
    let head = document.object()?;
    let references = ROLE_FIELDS.into_iter().filter_map(|(field, kind)| {
        let reference = document.references.iter().find(|it| *it.field == *field);
        let target = match (reference, head.get(field)) {
            (Some(reference), _) => reference.target.clone(),
            (None, Some(Value::String(role))) if document.naming == Naming::Aws => Target::literal(role)?,
            _ => return None,
        };
        let field = crate::host::spelt(document.naming, field).unwrap_or_else(|| field.to_string());
        Some(RoleReference { field: field.into(), kind: kind.into(), target })
    });
    Some(TaskEntry {
        roles: references.collect(),
        exports: document.owner.as_ref().map(|owner| owner.exports.clone()).unwrap_or_default(),
        has_task_role: head.has("taskRoleArn"),
        containers: document
            .containers_at
            .clone()
            .zip(TaskDefinition::of(document).map(|it| Arc::new(it.context()))),
        task: Arc::new(task),
    })
}

impl RoleReference {
    /// The service that assumes the role.
    pub fn principal(&self) -> Option<&'static str> {
        catalog::role_kinds().iter().find(|kind| *kind.name == *self.kind).map(|kind| kind.principal)
    }
}

/// Letters and digits alone, in lower case: `ecs-task-role` and `ecsTaskRole` are one name.
pub(super) fn plain(name: &str) -> String {
    plain_letters(name).collect()
}

fn plain_letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase())
}

/// Whether two spellings are of one name.
pub(super) fn is_same_plain(a: &str, b: &str) -> bool {
    a == b || plain_letters(a).eq(plain_letters(b))
}

/// The names of roles that a file's name suggests: its stem, and with one ending after the other taken off.
/// Where nothing is left (`web-task/trust-policy.json`), the folder's name.
fn suggested(path: &str) -> Vec<Box<str>> {
    names_in(path, &ENDINGS)
}

fn names_in(path: &str, endings: &[&str]) -> Vec<Box<str>> {
    let name = paths::name(path);
    let is_ending = |word: &str| endings.iter().any(|it| it.eq_ignore_ascii_case(word));
    let words_of = |part: &'_ str| -> Vec<String> {
        let words = part.split(|char: char| !char.is_ascii_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_string).collect()
    };
    let parts: Vec<&str> = name.split('.').filter(|part| !part.is_empty()).collect();
    let mut words = words_of(parts.first().copied().unwrap_or(name));
    // `trust.web-task.json`
    if parts.len() > 2 && words.iter().all(|word| is_ending(word)) {
        words = words_of(parts[1]);
    }
    if words.iter().all(|word| is_ending(word)) {
        let folder = plain(paths::name(paths::folder(path)));
        return if folder.is_empty() { Vec::new() } else { vec![folder.into()] };
    }
    let mut found: Vec<Box<str>> = vec![plain(&words.concat()).into()];
    while words.len() > 1 && words.last().is_some_and(|word| is_ending(word)) {
        words.pop();
        found.push(plain(&words.concat()).into());
    }
    // `trust_web-task.json`
    while words.len() > 1 && is_ending(&words[0]) {
        words.remove(0);
        found.push(plain(&words.concat()).into());
    }
    found
}

/// Words at the end of the name of a policy's file that do not belong to the role's name.
const POLICY_ENDINGS: [&str; 10] = [
    "policy",
    "policies",
    "permissions",
    "permission",
    "inline",
    "iam",
    "document",
    "json",
    "statements",
    "role",
];

/// The names of roles that the file of a policy suggests: as for trust policies, and its folder's name.
pub(super) fn policy_names(path: &str) -> Vec<Box<str>> {
    let mut found = names_in(path, &POLICY_ENDINGS);
    let folder = plain(paths::name(paths::folder(path)));
    if !folder.is_empty() && !found.iter().any(|name| **name == *folder) {
        found.push(folder.into());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_suggests_roles() {
        let names = |path| suggested(path).into_iter().map(String::from).collect::<Vec<_>>();
        assert_eq!(
            names("iam/web-reader-trust-policy.json"),
            ["webreadertrustpolicy", "webreadertrust", "webreader"]
        );
        assert_eq!(names("iam/web-task/trust-policy.json"), ["webtask"]);
        assert_eq!(names("iam/trust_web-task.json"), ["trustwebtask", "webtask"]);
        assert_eq!(names("iam/trust.web-task.json"), ["webtask"]);
        assert_eq!(names("trust.json"), [""; 0]);
    }
}
