//! What to write into a role's policy so that it has what it lacks: the entry, or else the statement.

use super::instances;
use super::lookup::{Located, Project};
use super::marks::{ANY, NAME, ONE, PART, STAR, is_unique};
use super::role::{Role, RolePolicyPlace};
use super::statements::{RoleStatement, context_of};
use super::words::Words;
use crate::graph::FileSummary;
use crate::host::{Edit, NewValue, reference};
use serde_json::{Map, json};
use std::sync::Arc;

/// What gives a role what it lacks, and nothing beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleGrant {
    /// The file of the policy as the project has it; `None` where it is the file that is judged.
    pub file: Option<Box<str>>,
    pub edits: Vec<Edit>,
    /// Whether others have the same policy.
    pub is_shared: bool,
}

/// What is to be granted.
#[derive(Clone, Copy)]
pub struct WantedGrant<'w> {
    pub actions: &'w [&'static str],
    /// Any of them will do; the first is written.
    pub resources: &'w [Words<'w>],
    pub context: &'w [(&'w str, &'w str)],
}

/// `None` where the role has no policy in the project, or where the resource cannot be written in its file.
pub fn grant<'a>(
    project: &Project<'a>,
    own: &FileSummary,
    role: &Role<'a>,
    wanted: WantedGrant<'_>,
) -> Option<RoleGrant> {
    let place = role.policies.iter().find(|it| !it.is_shared).or(role.policies.first())?;
    if place.file.is_of_other_repository() {
        return None;
    }
    let value = written(project, place.file, wanted.resources)?;
    let edits = entry(place, &role.statements, wanted, &value).unwrap_or_else(|| {
        vec![Edit::InsertStatement { within: place.span, value: statement(wanted, &value) }]
    });
    let file = (place.file.path != own.path).then(|| place.file.path.clone());
    // What a module writes, it writes for each of its callers.
    let is_of_module = instances::call_of(&place.file.scope).is_some();
    Some(RoleGrant { file, edits, is_shared: place.is_shared || is_of_module })
}

/// The same where a statement of a policy that is judged by itself names what its holder may do.
pub fn entry_in<'a>(
    project: &Project<'a>,
    own: &'a Arc<FileSummary>,
    statement: &RoleStatement<'a>,
    resource: &Words<'_>,
) -> Option<RoleGrant> {
    let value = written(project, own, std::slice::from_ref(resource))?;
    let array = statement.resource_list?;
    Some(RoleGrant { file: None, edits: vec![Edit::InsertItem { array, value }], is_shared: false })
}

/// An entry in a statement that grants nothing more by it: further actions where the resource is that one,
/// or a further resource where the actions are those.
fn entry(
    place: &RolePolicyPlace<'_>,
    statements: &[RoleStatement<'_>],
    wanted: WantedGrant<'_>,
    value: &NewValue,
) -> Option<Vec<Edit>> {
    let resource = wanted.resources.first()?;
    let fits = |it: &&RoleStatement<'_>| {
        it.allows
            && !it.is_maybe
            && !it.not_action
            && !it.not_resource
            && !it.resources_are_open
            && !it.conditions_are_open
            && it.is_shared == place.is_shared
            && it.file.is_some_and(|file| file.path == place.file.path)
    };
    let service = wanted.actions.first()?.split(':').next().unwrap_or_default();
    let context = context_of(wanted.context);
    for it in statements.iter().filter(fits) {
        if let (Some(array), [only], []) = (it.action_list, &it.resources[..], &it.conditions[..])
            && wanted.context.is_empty()
            && only.plain() == resource.text
            && it.actions.iter().all(|it| it.plain().split(':').next() == Some(service))
        {
            let items = wanted.actions.iter();
            return Some(items.map(|action| Edit::InsertItem { array, value: json!(action) }).collect());
        }
        let is_wanted = |action: &Words<'_>| {
            wanted.actions.iter().any(|wanted| action.plain().eq_ignore_ascii_case(wanted))
        };
        let asks_alike = it.conditions.iter().all(|condition| {
            let is_known = |(key, _): &&(&str, &str)| key.eq_ignore_ascii_case(&condition.key);
            wanted.context.iter().any(|it| is_known(&it)) && !condition.holds(&context).is_no()
        }) && it.conditions.is_empty() == wanted.context.is_empty();
        if let Some(array) = it.resource_list
            && it.actions.len() == wanted.actions.len()
            && it.actions.iter().all(is_wanted)
            && asks_alike
        {
            return Some(vec![Edit::InsertItem { array, value: value.clone() }]);
        }
    }
    None
}

fn statement(wanted: WantedGrant<'_>, resource: &NewValue) -> NewValue {
    let actions = match wanted.actions {
        [only] => json!(only),
        several => json!(several),
    };
    let mut members = Map::new();
    members.insert("Effect".to_string(), json!("Allow"));
    members.insert("Action".to_string(), actions);
    members.insert("Resource".to_string(), resource.clone());
    if !wanted.context.is_empty() {
        let asked: Map<String, NewValue> =
            wanted.context.iter().map(|(key, value)| ((*key).to_string(), json!(value))).collect();
        members.insert("Condition".to_string(), json!({ "StringEquals": asked }));
    }
    NewValue::Object(members)
}

/// A resource as a policy of that file names it: by a reference where it is declared beside, else by its ARN.
fn written<'a>(
    project: &Project<'a>,
    file: &'a Arc<FileSummary>,
    resources: &[Words<'_>],
) -> Option<NewValue> {
    let words = resources.first()?;
    if words.text == "*" {
        return Some(json!("*"));
    }
    let is_template = file.resources.iter().any(|it| it.resource_type.contains("::"));
    if let [at, others @ ..] = &words.of[..]
        && others.iter().all(|other| other.is(at))
        && at.file.scope == file.scope
        && !at.resource.is_conditional
        && !at.is_data()
        && let Some(value) = referred(project, *at, &words.text, is_template)
    {
        return Some(value);
    }
    if words.text.chars().any(is_unique) || !words.text.starts_with("arn:") {
        return None;
    }
    let parts: Vec<&str> = words.text.splitn(6, ':').collect();
    let [_, partition, service, region, account, resource] = parts[..] else { return None };
    if service.contains([ANY, PART, NAME, STAR]) || resource.starts_with([ANY, STAR]) {
        return None;
    }
    let open = |part: &str, name: &str, otherwise: &str| match part.chars().any(|it| matches!(it, ANY | PART))
    {
        true if is_template => format!("${{AWS::{name}}}"),
        true => otherwise.to_string(),
        false => part.to_string(),
    };
    let partition = open(partition, "Partition", "aws");
    let region = open(region, "Region", "*");
    let account = open(account, "AccountId", "*");
    let arn = format!("arn:{partition}:{service}:{region}:{account}:{}", pattern(resource));
    let has_names = is_template && arn.contains("${AWS::");
    Some(if has_names { json!({ "Fn::Sub": arn }) } else { json!(arn) })
}

/// The part of an ARN behind its account, as a pattern.
fn pattern(resource: &str) -> String {
    let streams = format!(":log-stream:{ANY}");
    let resource = resource.replace(&streams, ":*");
    resource
        .chars()
        .map(|letter| match letter {
            ANY | PART | NAME | STAR => '*',
            ONE => '?',
            other => other,
        })
        .collect()
}

/// What is declared beside, as a reference that yields its ARN, with what stands behind that.
fn referred<'a>(project: &Project<'a>, at: Located<'_>, text: &str, is_template: bool) -> Option<NewValue> {
    let kind = at.kind()?;
    let address = &at.resource.address;
    // Found anew: the reference lives as long as the project.
    let at = project.resource(&at.file.scope, address)?;
    let by_ref = is_template && kind.by_ref == "arn";
    if !by_ref && !kind.attributes.iter().any(|(name, _)| *name == "arn") {
        return None;
    }
    let base = project.yielded(at, if by_ref { "" } else { "arn" });
    let tail = |text: &str| text.splitn(6, ':').nth(5).unwrap_or_default().to_string();
    let base = tail(&base);
    let (base, has_streams) = match base.strip_suffix(&format!(":{STAR}")) {
        Some(base) => (base.to_string(), true),
        None => (base, false),
    };
    let wanted = tail(text).replace(STAR, &ONE.to_string());
    let behind = wanted.strip_prefix(&*base.replace(STAR, &ONE.to_string()))?;
    let behind = pattern(behind);
    let behind = if has_streams { behind.strip_prefix(":*")?.to_string() } else { behind };
    if base.is_empty() || behind.chars().any(is_unique) {
        return None;
    }
    Some(match (is_template, &*behind) {
        (true, "") if by_ref => json!({ "Ref": address }),
        (true, "") => json!({ "Fn::GetAtt": [address, "Arn"] }),
        (true, behind) if by_ref => json!({ "Fn::Sub": format!("${{{address}}}{behind}") }),
        (true, behind) => json!({ "Fn::Sub": format!("${{{address}.Arn}}{behind}") }),
        (false, behind) => reference(&format!("{address}.arn"), behind),
    })
}
