//! The roles of a repository as a text that other repositories read, and back.

use super::paths;
use super::summary::FileSummary;
use crate::catalog;
use crate::host::resource::{self, Content, InFile, Node, Resource, TextPart};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The version of the form.
const FORM: u64 = 1;

/// Kinds of which everything is told: what has to do with roles and their policies.
const WHOLE: [&str; 7] =
    ["role", "managed-policy", "role-policy", "attachment", "policy-document", "stack", "instance-profile"];

/// What is no resource, and told as it is: how values are handed on, and files that are a policy.
const PLAIN: [&str; 4] = ["output", "module", "trust", "policy"];

/// The roles of a project, what their policies say, and the names of what these refer to. `folder` is that of the
/// project as its paths have it. Values that nothing of it refers to are left out.
pub fn export<'s>(repository: &str, folder: &str, files: impl IntoIterator<Item = &'s FileSummary>) -> Value {
    let files: Vec<&FileSummary> = files.into_iter().collect();
    let mut told: Vec<(&FileSummary, Vec<Resource>)> = Vec::new();
    for file in &files {
        let resources: Vec<Resource> = file.resources.iter().filter_map(telling).collect();
        told.push((file, resources));
    }
    // Values that are referred to, by scope and name.
    let mut wanted: BTreeSet<(Box<str>, Box<str>)> = BTreeSet::new();
    for (file, resources) in &told {
        resources.iter().for_each(|it| references(&file.scope, &it.body, &mut wanted));
    }
    let is_value = |it: &&Resource| matches!(&*it.resource_type, "local" | "variable" | "parameter");
    loop {
        let before = wanted.len();
        for file in &files {
            for value in file.resources.iter().filter(is_value) {
                if wanted.contains(&(file.scope.clone(), name_of(value).into())) {
                    references(&file.scope, &value.body, &mut wanted);
                }
            }
        }
        if wanted.len() == before {
            break;
        }
    }
    let own = |path: &str| path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').to_string();
    let rows = told.into_iter().filter_map(|(file, mut resources)| {
        let values = file.resources.iter().filter(is_value);
        let is_wanted = |it: &&Resource| wanted.contains(&(file.scope.clone(), name_of(it).into()));
        resources.extend(values.filter(is_wanted).cloned());
        let resources: Vec<Value> = resources.iter().map(told_of).collect();
        (!resources.is_empty())
            .then(|| json!({ "path": own(&file.path), "scope": own(&file.scope), "resources": resources }))
    });
    json!({ "passrole": FORM, "repository": repository, "files": rows.collect::<Vec<Value>>() })
}

/// The name by which a value is referred to.
fn name_of(value: &Resource) -> &str {
    value.address.strip_prefix("parameter.").unwrap_or(&value.address)
}

/// A resource as others may know it.
fn telling(resource: &Resource) -> Option<Resource> {
    if PLAIN.contains(&&*resource.resource_type) {
        return Some(resource.clone());
    }
    let kind = catalog::resource_kind(&resource.resource_type)?;
    if WHOLE.contains(&kind.name) {
        return Some(resource.clone());
    }
    // Of everything else the name counts, and never a value.
    if kind.forms.is_empty() && kind.follow.is_empty() {
        return None;
    }
    let names = kind.names.iter().copied().chain(kind.follow.iter().map(|(_, argument)| *argument));
    let members = names.filter_map(|name| Some((name.into(), resource.body.get(name)?.clone())));
    let node = Node::Map(members.collect());
    Some(Resource { body: Content { node, place: InFile::default() }, ..resource.clone() })
}

fn references(scope: &str, item: &Content, found: &mut BTreeSet<(Box<str>, Box<str>)>) {
    match &item.node {
        Node::Text(parts) => {
            for part in parts {
                let TextPart::Ref(path) = part else { continue };
                // `local.prefix.x` is of the local `local.prefix`; a parameter's name is one word.
                let name = path.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
                found.insert((scope.into(), name.into()));
                found.insert((scope.into(), path.split('.').next().unwrap_or_default().into()));
            }
        }
        Node::List(items) | Node::Choice(items) => {
            items.iter().for_each(|item| references(scope, item, found));
        }
        Node::Map(members) => members.iter().for_each(|(_, item)| references(scope, item, found)),
        Node::Open | Node::Nothing => {}
    }
}

fn told_of(resource: &Resource) -> Value {
    let mut row = Map::new();
    row.insert("address".to_string(), json!(resource.address));
    row.insert("type".to_string(), json!(resource.resource_type));
    if resource.is_conditional {
        row.insert("conditional".to_string(), json!(true));
    }
    if resource.is_partial {
        row.insert("partial".to_string(), json!(true));
    }
    row.insert("body".to_string(), written(&resource.body));
    Value::Object(row)
}

/// A value: known texts as they are; what is put together or open as an object whose only member begins with `$`.
fn written(item: &Content) -> Value {
    match &item.node {
        Node::Text(parts) => match &parts[..] {
            [] => json!(""),
            [TextPart::Known(text)] => json!(text),
            parts => json!({ "$text": parts.iter().map(part).collect::<Vec<Value>>() }),
        },
        Node::List(items) => items.iter().map(written).collect(),
        Node::Choice(items) => json!({ "$choice": items.iter().map(written).collect::<Vec<Value>>() }),
        Node::Map(members) => {
            let mut names = BTreeSet::new();
            let is_plain = members.iter().all(|(name, _)| names.insert(name) && !name.starts_with('$'));
            if is_plain {
                return members.iter().map(|(name, item)| (name.to_string(), written(item))).collect();
            }
            // Blocks of one name may be several.
            let pairs = members.iter().map(|(name, item)| json!([name, written(item)]));
            json!({ "$members": pairs.collect::<Vec<Value>>() })
        }
        Node::Open => json!({ "$open": true }),
        Node::Nothing => Value::Null,
    }
}

fn part(part: &TextPart) -> Value {
    match part {
        TextPart::Known(text) => json!(text),
        TextPart::Ref(path) => json!({ "ref": path }),
        TextPart::Import(name) => json!({ "import": name }),
        TextPart::Open => Value::Null,
    }
}

/// What a file of another repository says: an export, or the answer of `get-account-authorization-details`. `name`
/// is what the file is called. `Err`: what is wrong with it, and where in the text, as far as that is known.
pub fn import(name: &str, text: &str) -> Result<Vec<FileSummary>, (Option<usize>, String)> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| (Some(error.line()), format!("this is not JSON: {error}")))?;
    if value.get("RoleDetailList").is_some() {
        let path = format!("{name}:/{name}");
        let resources = resource::of_json_input(text);
        return Ok(vec![FileSummary {
            path: path.clone().into(),
            scope: path.into(),
            resources: resources.into(),
            ..FileSummary::default()
        }]);
    }
    let wrong = |what: &str| (None, what.to_string());
    match value.get("passrole").and_then(Value::as_u64) {
        Some(FORM) => {}
        Some(other) => return Err((None, format!("form {other} is not known: write it with this version"))),
        None => {
            return Err(wrong(
                "this is neither what `passrole export` writes nor what `aws iam \
                 get-account-authorization-details` answers",
            ));
        }
    }
    let repository = value.get("repository").and_then(Value::as_str).unwrap_or(name);
    let files = value.get("files").and_then(Value::as_array).ok_or_else(|| wrong("`files` is not a list"))?;
    let mut found = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let text = |member: &str| {
            let text = file.get(member).and_then(Value::as_str);
            text.ok_or_else(|| (None, format!("`files[{index}].{member}` is not a string")))
        };
        let of = |path: &str| paths::normal(&format!("{repository}:/{path}"));
        let rows = file.get("resources").and_then(Value::as_array);
        let rows = rows.ok_or_else(|| (None, format!("`files[{index}].resources` is not a list")))?;
        let resources = rows.iter().map(read).collect::<Option<Vec<Resource>>>();
        let resources = resources.ok_or_else(|| (None, format!("`files[{index}].resources` is broken")))?;
        let (path, scope) = (of(text("path")?), of(text("scope")?));
        found.push(FileSummary {
            path: path.into(),
            scope: scope.into(),
            resources: resources.into(),
            ..FileSummary::default()
        });
    }
    Ok(found)
}

fn read(row: &Value) -> Option<Resource> {
    let is = |name: &str| row.get(name).and_then(Value::as_bool).unwrap_or_default();
    Some(Resource {
        address: row.get("address")?.as_str()?.into(),
        resource_type: row.get("type")?.as_str()?.into(),
        is_conditional: is("conditional"),
        is_partial: is("partial"),
        body: content(row.get("body")?, 0)?,
    })
}

/// Deeper values are none that `export` writes.
const DEEPEST: usize = 128;

fn content(value: &Value, depth: usize) -> Option<Content> {
    if depth > DEEPEST {
        return None;
    }
    let all = |items: &Value| -> Option<Vec<Content>> {
        items.as_array()?.iter().map(|it| content(it, depth + 1)).collect()
    };
    let node = match value {
        Value::Null => Node::Nothing,
        Value::String(text) if text.is_empty() => Node::Text(Vec::new()),
        Value::String(text) => Node::Text(vec![TextPart::Known(text.as_str().into())]),
        Value::Bool(value) => Node::Text(vec![TextPart::Known(value.to_string().into())]),
        Value::Number(value) => Node::Text(vec![TextPart::Known(value.to_string().into())]),
        Value::Array(_) => Node::List(all(value)?),
        Value::Object(members) => match members.iter().next() {
            Some((name, value)) if name.starts_with('$') && members.len() == 1 => match &**name {
                "$open" => Node::Open,
                "$choice" => Node::Choice(all(value)?),
                "$text" => Node::Text(value.as_array()?.iter().map(text_part).collect::<Option<_>>()?),
                "$members" => {
                    let pair = |pair: &Value| {
                        let name = pair.get(0)?.as_str()?;
                        Some((name.into(), content(pair.get(1)?, depth + 1)?))
                    };
                    Node::Map(value.as_array()?.iter().map(pair).collect::<Option<_>>()?)
                }
                _ => return None,
            },
            _ => {
                let member = |(name, value): (&String, &Value)| {
                    Some((name.as_str().into(), content(value, depth + 1)?))
                };
                Node::Map(members.iter().map(member).collect::<Option<_>>()?)
            }
        },
    };
    Some(Content { node, place: InFile::default() })
}

fn text_part(value: &Value) -> Option<TextPart> {
    match value {
        Value::Null => Some(TextPart::Open),
        Value::String(text) => Some(TextPart::Known(text.as_str().into())),
        other => match (other.get("ref"), other.get("import")) {
            (Some(path), _) => Some(TextPart::Ref(path.as_str()?.into())),
            (None, Some(name)) => Some(TextPart::Import(name.as_str()?.into())),
            (None, None) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: Vec<TextPart>) -> Content {
        Content { node: Node::Text(parts), place: InFile::default() }
    }

    #[test]
    fn what_is_told_is_read_back_as_it_was() {
        let known = |it: &str| text(vec![TextPart::Known(it.into())]);
        let body = Content {
            node: Node::Map(vec![
                ("RoleName".into(), known("web")),
                ("statement".into(), known("a")),
                ("statement".into(), text(vec![TextPart::Ref("local.a".into()), TextPart::Open])),
                ("$odd".into(), Content { node: Node::Open, place: InFile::default() }),
                ("Nothing".into(), Content { node: Node::Nothing, place: InFile::default() }),
                ("Empty".into(), text(Vec::new())),
                (
                    "Choice".into(),
                    Content {
                        node: Node::Choice(vec![text(vec![TextPart::Import("x".into())])]),
                        place: InFile::default(),
                    },
                ),
            ]),
            place: InFile::default(),
        };
        let resource = |address: &str, resource_type: &str, body: Content| Resource {
            address: address.into(),
            resource_type: resource_type.into(),
            is_conditional: true,
            is_partial: false,
            body,
        };
        let value = |it: &str| Content {
            node: Node::Map(vec![("value".into(), known(it))]),
            place: InFile::default(),
        };
        let file = FileSummary {
            path: "repo/iam/roles.tf".into(),
            scope: "repo/iam".into(),
            resources: vec![
                resource("aws_iam_role.web", "aws_iam_role", body),
                resource("local.a", "local", value("a")),
                resource("local.password", "local", value("hunter2")),
                resource(
                    "aws_secretsmanager_secret_version.x",
                    "aws_secretsmanager_secret_version",
                    value("s"),
                ),
            ]
            .into(),
            ..FileSummary::default()
        };
        let told = export("infra", "repo", [&file]);
        let read = import("context.json", &told.to_string()).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!((&*read[0].path, &*read[0].scope), ("infra:/iam/roles.tf", "infra:/iam"));
        assert_eq!(read[0].resources[0], file.resources[0]);
        assert!(read[0].resources.iter().any(|it| &*it.address == "local.a"));
        // What nothing refers to is nobody's business.
        assert!(!told.to_string().contains("hunter2"), "{told}");
    }

    #[test]
    fn what_is_no_export_is_told_with_its_reason() {
        let reason = |text: &str| import("x.json", text).unwrap_err();
        assert_eq!(reason("{\n  \"passrole\": 1,\n}").0, Some(3));
        assert!(reason("{}").1.starts_with("this is neither"));
        assert!(reason(r#"{ "passrole": 9 }"#).1.starts_with("form 9"));
        assert!(
            reason(r#"{ "passrole": 1, "files": [{ "path": 1, "resources": [] }] }"#)
                .1
                .contains("`files[0].path`")
        );
    }
}
