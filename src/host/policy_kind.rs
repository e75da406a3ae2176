//! What a policy is for, told by its statements and its path.

use super::DocumentKind;
use super::value::{Array, Object, Value};
use crate::catalog;

/// The kind of document that a file of JSON is for by its name; `None` where that says nothing.
pub fn kind_by_name(path: &str) -> Option<DocumentKind> {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = Words::of(file);
    if !name.has(&["json", "jsonc"]) {
        return None;
    }
    let folder = path.rsplit(['/', '\\']).nth(1).map(Words::of);
    let in_policies = folder.is_some_and(|it| it.has(&["policies", "policy"]));
    if name.has_pair("task", "definition") || name.has(&["taskdef", "taskdefinition", "taskdefs"]) {
        Some(DocumentKind::TaskDefinition)
    } else if name.has_pair("container", "definitions") {
        Some(DocumentKind::ContainerDefinitions)
    } else if name.has(&["trust"]) || name.has_pair("assume", "role") {
        Some(DocumentKind::Trust)
    } else if name.has(&["policy", "policies", "scp", "rcp"]) || in_policies {
        Some(infer(std::iter::empty(), path).0)
    } else {
        None
    }
}

/// Whether documents of that kind have a member of that name.
pub fn is_member_of(kind: DocumentKind, name: &str) -> bool {
    match kind {
        DocumentKind::TaskDefinition => catalog::task_definition_shape().field(name).is_some(),
        kind if kind.is_policy() => matches!(name, "Version" | "Id" | "Statement" | "$schema"),
        _ => false,
    }
}

/// The first statements tell; a policy of thousands is looked at no longer.
const STATEMENTS: usize = 50;

/// The kind of a policy, and why we think so, in words a user can check.
pub(super) fn infer<'a>(statements: impl Iterator<Item = &'a Value>, path: &str) -> (DocumentKind, Box<str>) {
    let mut principal = None;
    let mut resource = false;
    let mut federated = false;
    let mut every_action = false;
    let (mut actions, mut sts) = (0, 0);
    for statement in statements.filter_map(Value::as_object).take(STATEMENTS) {
        for member in &statement.members {
            match &*member.name.text {
                "Principal" => {
                    principal = principal.or(Some("Principal"));
                    federated |= member.value.as_object().is_some_and(|object| object.has("Federated"));
                }
                "NotPrincipal" => principal = principal.or(Some("NotPrincipal")),
                "Resource" | "NotResource" => resource = true,
                "Action" => {
                    for action in member.value.one_or_many().iter().filter_map(Value::as_string) {
                        actions += 1;
                        every_action |= &*action.text == "*";
                        let prefix = action.text.get(..4);
                        sts += usize::from(prefix.is_some_and(|it| it.eq_ignore_ascii_case("sts:")));
                    }
                }
                _ => {}
            }
        }
    }
    let all_sts = actions > 0 && sts == actions;
    let name = Words::of(path.rsplit(['/', '\\']).next().unwrap_or(path));
    let path = Words::of(path);
    // Repositories keep policies on resources for the same purpose in one folder with them: those may be about
    // every action.
    let names_rcp = |words: &Words| words.has(&["rcp", "rcps"]) || words.has_pair("resource", "control");
    let is_on_resource =
        principal.is_some() && (path.has_pair("resource", "based") || every_action && !names_rcp(&name));
    if names_rcp(&path) && !is_on_resource {
        return (DocumentKind::Rcp, "its path names resource control policies".into());
    }
    // Beside a principal, which does not belong there, only the short word is taken as meant.
    if path.has(&["scp", "scps"]) || principal.is_none() && path.has_pair("service", "control") {
        return (DocumentKind::Scp, "its path names service control policies".into());
    }
    match principal {
        Some(element) if all_sts && !resource => (
            DocumentKind::Trust,
            format!("a statement has a `{element}`, none has a resource, and every action is of AWS STS")
                .into(),
        ),
        Some(_) if federated && !resource && sts > 0 => (
            DocumentKind::Trust,
            "a statement has a federated principal, none has a resource, and an action is of AWS STS".into(),
        ),
        Some(_) if federated && !resource && actions == 0 => {
            (DocumentKind::Trust, "a statement has a federated principal, and none has a resource".into())
        }
        Some(element) if !resource && path.has(&["trust", "assume"]) => {
            (DocumentKind::Trust, format!("a statement has a `{element}`, and the file is named so").into())
        }
        Some(element) if all_sts => (
            DocumentKind::Trust,
            format!("a statement has a `{element}`, and every action is of AWS STS").into(),
        ),
        Some(element) => (DocumentKind::Resource, format!("a statement has a `{element}`").into()),
        None if all_sts && !resource => {
            (DocumentKind::Trust, "every action is of AWS STS, and no statement has a `Resource`".into())
        }
        None if path.has(&["boundary", "boundaries"]) => {
            (DocumentKind::Boundary, "its path names permissions boundaries".into())
        }
        None => (DocumentKind::Identity, "no statement has a `Principal`".into()),
    }
}

/// The statements of a policy; none where the value is none.
pub(super) fn statements(policy: &Value) -> &[Value] {
    policy.as_object().and_then(|object| object.get("Statement")).map_or(&[], Value::one_or_many)
}

/// Whether a value has what only policies have: statements with their elements.
pub(super) fn is_policy(value: &Value) -> bool {
    let mut objects = statements(value).iter().filter_map(Value::as_object);
    objects.clone().any(has_element) && !objects.next().is_some_and(is_of_stack)
}

/// Whether an action is one of those that a stack policy of CloudFormation names: `Update:Replace`. It looks like a
/// policy of IAM, and is none.
pub(super) fn is_action_of_stack(action: &str) -> bool {
    action.get(..7).is_some_and(|prefix| prefix.eq_ignore_ascii_case("Update:"))
}

fn is_of_stack(statement: &Object) -> bool {
    let first = statement.get("Action").and_then(|action| action.one_or_many().first());
    first.and_then(Value::as_string).is_some_and(|action| is_action_of_stack(&action.text))
}

/// Whether a list is one of statements: tools such as the Serverless Framework take them without the
/// policy around.
pub(super) fn is_statements(array: &Array) -> bool {
    let effect =
        |object: &Object| object.string("Effect").is_some_and(|it| matches!(&*it.text, "Allow" | "Deny"));
    array.items.iter().filter_map(Value::as_object).any(|object| {
        effect(object) && (object.has("Action") || object.has("NotAction")) && !is_of_stack(object)
    })
}

fn has_element(statement: &Object) -> bool {
    statement.members.iter().any(|member| is_statement_element(&member.name.text))
}

/// Names that a statement has and hardly anything else.
pub(super) fn is_statement_element(name: &str) -> bool {
    matches!(name, "Effect" | "Action" | "NotAction" | "Resource" | "NotResource" | "Principal")
}

/// The words of a path: `policies/SCP/deny-all.json` is `policies`, `scp`, `deny`, `all`, `json`.
struct Words(Vec<String>);

impl Words {
    fn of(path: &str) -> Words {
        Words(
            path.split(|char: char| !char.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_ascii_lowercase)
                .collect(),
        )
    }

    fn has(&self, any: &[&str]) -> bool {
        self.0.iter().any(|word| any.contains(&&**word))
    }

    fn has_pair(&self, first: &str, second: &str) -> bool {
        self.0.windows(2).any(|pair| pair[0] == first && pair[1] == second)
    }
}
