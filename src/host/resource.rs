//! Resources of a template, of a module or of a folder of JSON, with what they refer to left as it is: what others
//! may ask about them.

use super::embedded::masked;
use super::value::{Object, StringValue, Value};
use super::{Document, DocumentKind, Naming, OfUnit, Placed, json};
use crate::catalog;
use crate::syntax::Tree;
use crate::text::Span;
use std::fmt::{self, Debug, Formatter};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

/// The resources of a file. Those of plain documents are made when somebody asks for them: on most keystrokes nobody
/// does.
#[derive(Clone)]
pub struct Resources {
    made: Arc<LazyLock<Vec<Resource>, Make>>,
    is_empty: bool,
    are_policies: bool,
    passes_no_roles: bool,
}

type Make = Box<dyn FnOnce() -> Vec<Resource> + Send + Sync>;

impl Resources {
    /// Whether there are none; makes none.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Whether they are policies by themselves, which use no role. Makes none.
    pub fn are_policies(&self) -> bool {
        self.are_policies
    }

    /// Whether they are policies by themselves of which no statement passes a role: nothing of others is known of
    /// them then. Makes none.
    pub fn pass_no_roles(&self) -> bool {
        self.passes_no_roles
    }
}

impl From<Vec<Resource>> for Resources {
    fn from(all: Vec<Resource>) -> Resources {
        let is_empty = all.is_empty();
        Resources {
            made: Arc::new(LazyLock::new(Box::new(move || all))),
            is_empty,
            are_policies: false,
            passes_no_roles: false,
        }
    }
}

impl Default for Resources {
    fn default() -> Resources {
        Vec::new().into()
    }
}

impl Deref for Resources {
    type Target = [Resource];

    fn deref(&self) -> &[Resource] {
        &self.made
    }
}

impl<'r> IntoIterator for &'r Resources {
    type Item = &'r Resource;
    type IntoIter = std::slice::Iter<'r, Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Resources {
    fn eq(&self, other: &Resources) -> bool {
        Arc::ptr_eq(&self.made, &other.made) || self.is_empty == other.is_empty && **self == **other
    }
}

impl Eq for Resources {}

impl Debug for Resources {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// A resource that others may refer to, or that refers to others.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its logical id or address; what modules have beside resources: `local.name`, `output.name`, `module.name`.
    /// Empty for a file that is one resource.
    pub address: Box<str>,
    /// `AWS::IAM::Role`, `aws_iam_role`, `trust`.
    pub resource_type: Box<str>,
    /// Whether it may be left out, or be there several times.
    pub is_conditional: bool,
    /// Whether a part of it could not be read.
    pub is_partial: bool,
    pub body: Content,
}

/// What of a task definition concerns no other file: an edit there is no news to them.
const OWN_MATTER: [&str; 3] = ["containerDefinitions", "volumes", "volume"];

impl PartialEq for Resource {
    /// Whether both say the same to others.
    fn eq(&self, other: &Resource) -> bool {
        fn said(resource: &Resource) -> impl Iterator<Item = (&str, &Content)> {
            let is_own = |name: &str| OWN_MATTER.iter().any(|own| is_name(name, own));
            resource.body.members().filter(move |(name, _)| !is_own(name))
        }
        let is_task = |resource: &Resource| {
            catalog::resource_kind(&resource.resource_type).is_some_and(|kind| kind.name == "task-definition")
        };
        let bodies = || match is_task(self) {
            true => said(self).eq(said(other)),
            false => self.body == other.body,
        };
        self.address == other.address
            && self.resource_type == other.resource_type
            && self.is_conditional == other.is_conditional
            && self.is_partial == other.is_partial
            && bodies()
    }
}

impl Eq for Resource {}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub node: Node,
    pub place: InFile,
}

/// Where something stands in its file. All places are alike: where something stands is not what it says.
#[derive(Debug, Clone, Copy, Default)]
pub struct InFile(pub Span);

impl PartialEq for InFile {
    fn eq(&self, _: &InFile) -> bool {
        true
    }
}

impl Eq for InFile {}

/// A value, as far as its file tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Text(Vec<TextPart>),
    List(Vec<Content>),
    Map(Vec<(Box<str>, Content)>),
    /// One of these, or none.
    Choice(Vec<Content>),
    /// Worked out elsewhere.
    Open,
    /// Left out.
    Nothing,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextPart {
    Known(Box<str>),
    /// What a resource, a variable or an output yields, by its path: `aws_iam_role.task.arn`, `TaskRole.Arn`.
    Ref(Box<str>),
    /// What another template exports by that name.
    Import(Box<str>),
    Open,
}

/// How a host reads what it does not know as a value.
pub(super) trait Expressions {
    /// A value that is a call of a function.
    fn call(&self, _value: &Value) -> Option<Node> {
        None
    }

    /// What stands at a place that is no literal.
    fn unknown(&self, _span: Span) -> Node {
        Node::Open
    }

    /// What stands for a part of a text, with its marks: `${aws_kms_key.k.arn}`.
    fn part(&self, _text: &str) -> TextPart {
        TextPart::Open
    }
}

/// A host whose unknown parts tell nothing.
pub(super) struct NoExpressions;

impl Expressions for NoExpressions {}

/// Members whose text is JSON.
const JSON_TEXTS: [&str; 10] = [
    "container_properties",
    "policy",
    "assume_role_policy",
    "container_definitions",
    "definition",
    "DefinitionString",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "DefinitionBody",
    "policyDocument",
];

/// Deeper values are left open.
const DEEPEST: usize = 64;

impl Content {
    pub(super) fn of(value: &Value, expressions: &dyn Expressions) -> Content {
        item(value, expressions, 0)
    }

    pub(super) fn shift(&mut self, base: u32) {
        self.place.0 = self.place.0.shifted(base);
        match &mut self.node {
            Node::List(items) | Node::Choice(items) => items.iter_mut().for_each(|item| item.shift(base)),
            Node::Map(members) => members.iter_mut().for_each(|(_, item)| item.shift(base)),
            Node::Text(_) | Node::Open | Node::Nothing => {}
        }
    }

    pub fn span(&self) -> Span {
        self.place.0
    }

    /// The member of a name, however it is spelt: `executionRoleArn`, `ExecutionRoleArn`, `execution_role_arn`.
    pub fn get(&self, name: &str) -> Option<&Content> {
        self.members().find(|(known, _)| is_name(known, name)).map(|(_, item)| item)
    }

    /// All members of that name: blocks.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Content> {
        self.members().filter(move |(known, _)| is_name(known, name)).map(|(_, item)| item)
    }

    pub fn members(&self) -> impl Iterator<Item = (&str, &Content)> {
        let members = match &self.node {
            Node::Map(members) => &members[..],
            _ => &[],
        };
        members.iter().map(|(name, item)| (&**name, item))
    }

    /// The items of a list; the value itself where it is none.
    pub fn items(&self) -> &[Content] {
        match &self.node {
            Node::List(items) => items,
            Node::Nothing => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The text, where it is known in full.
    pub fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(pieces) => match &pieces[..] {
                [] => Some(""),
                [TextPart::Known(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether two spellings are of one name.
fn is_name(a: &str, b: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
    }
    a == b || letters(a).eq(letters(b))
}

fn item(value: &Value, expressions: &dyn Expressions, depth: usize) -> Content {
    let place = InFile(value.span());
    if depth > DEEPEST {
        return Content { node: Node::Open, place };
    }
    if let Some(node) = expressions.call(value) {
        return Content { node, place };
    }
    let node = match value {
        Value::Object(object) => Node::Map(members(object, expressions, depth)),
        Value::Array(array) => {
            Node::List(array.items.iter().map(|it| item(it, expressions, depth + 1)).collect())
        }
        Value::String(text) => Node::Text(pieces(text, expressions)),
        Value::Number(number) => Node::Text(vec![TextPart::Known(number.text.clone())]),
        Value::Bool(value, _) => Node::Text(vec![TextPart::Known(value.to_string().into())]),
        Value::Null(_) => Node::Nothing,
        Value::Unknown(span) => expressions.unknown(*span),
        Value::Missing(_) | Value::Apart(_) => Node::Open,
    };
    Content { node, place }
}

fn members(object: &Object, expressions: &dyn Expressions, depth: usize) -> Vec<(Box<str>, Content)> {
    let member = |member: &super::value::Member| {
        let name = &member.name.text;
        let json = match &member.value {
            Value::String(text) if JSON_TEXTS.contains(&&**name) => in_text(text),
            _ => None,
        };
        let value = item(json.as_ref().unwrap_or(&member.value), expressions, depth + 1);
        (name.clone(), value)
    };
    object.members.iter().map(member).collect()
}

/// The value that a text holds as JSON.
pub(super) fn in_text(text: &StringValue) -> Option<Value> {
    if !text.text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let masked = masked(text);
    let tree = Tree::parse(&masked);
    let mut value = json::raw(tree.value()?, 0, masked.as_str());
    value.relocate(text);
    Some(value)
}

fn pieces(text: &StringValue, expressions: &dyn Expressions) -> Vec<TextPart> {
    let mut found = Vec::new();
    let mut push = |known: &str| {
        if !known.is_empty() {
            found.push(TextPart::Known(known.into()));
        }
    };
    if text.open_parts().is_empty() {
        push(&text.text);
        return found;
    }
    let mut at = 0;
    for range in text.open_parts() {
        let (start, end) = (range.start as usize, range.end as usize);
        if let Some(known) = text.text.get(at..start).filter(|known| !known.is_empty()) {
            found.push(TextPart::Known(known.into()));
        }
        found.push(expressions.part(text.text.get(start..end).unwrap_or_default()));
        at = end;
    }
    if let Some(known) = text.text.get(at..).filter(|known| !known.is_empty()) {
        found.push(TextPart::Known(known.into()));
    }
    found
}

/// The documents of a file that is no template, each a resource of the kind that it is.
pub(super) fn of_documents(documents: &[Document]) -> Resources {
    let of_aws = || documents.iter().filter(|document| document.naming == Naming::Aws);
    let plain: Vec<Plain> = of_aws().filter_map(Plain::of).collect();
    if plain.is_empty() {
        return Resources::default();
    }
    let are_policies = plain.iter().all(|it| it.is_policy);
    let passes = |document: &Document| {
        document.kind == DocumentKind::Identity
            && document.units.iter().any(|placed| placed.unit.known::<PassesRoles>().0)
    };
    let passes_no_roles = are_policies && !of_aws().any(passes);
    let make: Make = Box::new(move || plain.into_iter().map(Plain::resource).collect());
    Resources { made: Arc::new(LazyLock::new(make)), is_empty: false, are_policies, passes_no_roles }
}

/// Whether a statement may allow a role to be passed; unless it certainly does not, it may.
struct PassesRoles(bool);

impl OfUnit for PassesRoles {
    fn of(value: &Value) -> PassesRoles {
        let names_it = |action: &Value| match action {
            Value::String(text) => {
                text.has_unknown() || catalog::wildcard_matches(&text.text, PASS_ROLE, true)
            }
            _ => true,
        };
        let is_of_actions = |name: &str| is_name(name, "Action") || is_name(name, "actions");
        PassesRoles(value.as_object().is_none_or(|statement| {
            let mut actions = statement.members.iter().filter(|it| is_of_actions(&it.name.text));
            actions.any(|it| it.value.one_or_many().iter().any(names_it))
        }))
    }
}

const PASS_ROLE: &str = "iam:PassRole";

/// What of a document its resource is made of.
struct Plain {
    resource_type: &'static str,
    is_policy: bool,
    is_partial: bool,
    span: Span,
    head: Arc<Value>,
    units: Vec<Placed>,
    units_span: Option<Span>,
}

impl Plain {
    fn of(document: &Document) -> Option<Plain> {
        let resource_type = match document.kind {
            DocumentKind::Trust => "trust",
            DocumentKind::Identity => "policy",
            DocumentKind::Boundary => "boundary",
            DocumentKind::TaskDefinition => "task-definition",
            DocumentKind::Service => "service",
            DocumentKind::ContainerDefinitions => "container-definitions",
            DocumentKind::AwsAuth => "aws-auth",
            _ => return None,
        };
        Some(Plain {
            resource_type,
            is_policy: document.kind.is_policy(),
            is_partial: document.is_partial || !document.errors.is_empty(),
            span: document.span,
            head: document.head.clone(),
            units: document.units.clone(),
            units_span: document.units_span,
        })
    }

    fn resource(self) -> Resource {
        let mut body = Content::of(&self.head, &NoExpressions);
        let units = self.units.iter().map(|placed| {
            let mut item = Content::of(&placed.unit.value, &NoExpressions);
            item.shift(placed.base);
            item
        });
        let place = InFile(self.units_span.unwrap_or_default());
        let units = Content { node: Node::List(units.collect()), place };
        if !matches!(body.node, Node::Map(_)) {
            body.node = Node::Map(Vec::new());
        }
        if let Node::Map(members) = &mut body.node {
            let name = if self.is_policy { "Statement" } else { "containerDefinitions" };
            members.retain(|(known, _)| &**known != name);
            if self.units_span.is_some() {
                members.push((name.into(), units));
            }
        }
        body.place = InFile(self.span);
        Resource {
            address: Box::default(),
            resource_type: self.resource_type.into(),
            is_conditional: false,
            is_partial: self.is_partial,
            body,
        }
    }
}

/// Whether an object whose members have these names may be the input of such a command, or a part of one.
pub(super) fn may_be_input(names: &[String]) -> bool {
    let has = |members: &[&str]| members.iter().all(|name| names.iter().any(|known| known == name));
    // What is wrapped, and the answer of `get-account-authorization-details`.
    has(&["Role"])
        || has(&["RoleDetailList"])
        || has(&TARGET)
        || catalog::command_inputs().iter().any(|(members, _)| has(members))
}

/// What a target of EventBridge has.
const TARGET: [&str; 2] = ["RoleArn", "EcsParameters"];

/// Where the answer of `get-account-authorization-details` keeps what it tells of.
const ACCOUNT: [(&str, &str); 2] = [("RoleDetailList", "role"), ("Policies", "managed-policy")];

/// The resources that the input of a command makes, or a part of it that is handed over by itself; those of which
/// the answer of a command tells.
pub(super) fn of_input(value: &Value) -> Vec<Resource> {
    let body = Content::of(value, &NoExpressions);
    let has =
        |item: &Content, members: &[&str]| members.iter().all(|name| item.members().any(|it| it.0 == *name));
    let is_target = |item: &Content| has(item, &TARGET);
    let within = |name: &str, body: Content| {
        let place = body.place;
        Content { node: Node::Map(vec![(name.into(), body)]), place }
    };
    if has(&body, &["RoleDetailList"]) {
        return of_account(&body);
    }
    let (resource_type, body) = match body.node {
        Node::List(ref items) if !items.is_empty() && items.iter().all(is_target) => {
            ("event-rule", within("Targets", body))
        }
        Node::Map(_) if is_target(&body) => ("schedule", within("Target", body)),
        Node::Map(_) => {
            // The answer of `get-role`.
            let wrapped = body.get("Role").filter(|role| has(role, &["RoleName"])).cloned();
            let body = wrapped.unwrap_or(body);
            match catalog::command_inputs().iter().find(|(members, _)| has(&body, members)) {
                Some((_, resource_type)) => (*resource_type, body),
                None => return Vec::new(),
            }
        }
        _ => return Vec::new(),
    };
    vec![one(resource_type, body)]
}

fn one(resource_type: &str, body: Content) -> Resource {
    Resource {
        address: Box::default(),
        resource_type: resource_type.into(),
        is_conditional: false,
        is_partial: false,
        body,
    }
}

/// The roles and policies of an account, in the words that templates have for them. What is attached to a role and
/// what its policies say stands in one answer: nothing of them is left open.
fn of_account(answer: &Content) -> Vec<Resource> {
    let mut found = Vec::new();
    for (list, resource_type) in ACCOUNT {
        for item in answer.get(list).into_iter().flat_map(Content::items) {
            let Node::Map(members) = &item.node else { continue };
            let mut members = members.clone();
            let mut put = |name: &str, value: Option<Content>| {
                members.extend(value.map(|value| (name.into(), value)));
            };
            let list_of = |name: &str, member: &str| {
                let list = item.get(name)?;
                let items = list.items().iter().filter_map(|it| it.get(member)).cloned().collect();
                Some(Content { node: Node::List(items), place: list.place })
            };
            let address = match resource_type {
                "role" => {
                    put("inline_policy", item.get("RolePolicyList").cloned());
                    put("ManagedPolicyArns", list_of("AttachedManagedPolicies", "PolicyArn"));
                    let boundary = item.get("PermissionsBoundary");
                    let arn = boundary.and_then(|it| it.get("PermissionsBoundaryArn")).cloned();
                    members.retain(|(name, _)| &**name != "PermissionsBoundary");
                    members.extend(arn.map(|arn| ("PermissionsBoundary".into(), arn)));
                    // Whose every policy is told here.
                    let told = Node::Text(vec![TextPart::Known("true".into())]);
                    members.push(("IsTold".into(), Content { node: told, place: item.place }));
                    item.get("RoleName")
                }
                _ => {
                    let versions = item.get("PolicyVersionList");
                    let default = versions.into_iter().flat_map(Content::items).find(|version| {
                        version.get("IsDefaultVersion").and_then(Content::text) == Some("true")
                    });
                    put("PolicyDocument", default.and_then(|version| version.get("Document")).cloned());
                    item.get("PolicyName")
                }
            };
            let address = address.and_then(Content::text).unwrap_or_default().into();
            let body = Content { node: Node::Map(members), place: item.place };
            found.push(Resource { address, ..one(resource_type, body) });
        }
    }
    found
}

/// The resources that a text tells of, where it is the input or the answer of a command.
pub fn of_json_input(text: &str) -> Vec<Resource> {
    let tree = Tree::parse(text);
    tree.value().map(|root| of_input(&json::raw(root, 0, text))).unwrap_or_default()
}

/// A JSON text as a value.
pub fn of_json(text: &str) -> Option<Content> {
    let tree = Tree::parse(text);
    Some(Content::of(&json::raw(tree.value()?, 0, text), &NoExpressions))
}
