//! What the transform of SAM makes beside what a template has: the roles of functions and of state machines, and
//! the policies with which connectors add to roles.

use super::call::Call;
use super::environment::Environment;
use super::resources::{Intrinsics, PLAIN};
use crate::catalog;
use crate::host::json;
use crate::host::resource::{Content, Expressions, InFile, Node, Resource, TextPart};
use crate::host::value::{Object, StringValue, Value};
use crate::syntax::Tree;

/// A resource of a template of which SAM may make more.
pub(in crate::host) struct Made<'a> {
    pub name: &'a str,
    pub object: &'a Object,
    /// What its places are counted from.
    pub base: u32,
}

/// Events of a function for which SAM gives no more permissions to its role.
const EVENTS_WITHOUT_PERMISSIONS: [&str; 12] = [
    "AlexaSkill",
    "Api",
    "CloudWatchEvent",
    "CloudWatchLogs",
    "Cognito",
    "EventBridgeRule",
    "HttpApi",
    "IoTRule",
    "S3",
    "SNS",
    "Schedule",
    "ScheduleV2",
];

/// Properties for which SAM gives the role of a function more permissions.
const WITH_PERMISSIONS: [&str; 5] =
    ["DeadLetterQueue", "EventInvokeConfig", "KmsKeyArn", "Tracing", "VpcConfig"];

/// Properties that name the role of a resource which connectors know.
const ROLES: [&str; 3] = ["Role", "RoleArn", "ServiceRoleArn"];

/// The roles and policies that SAM makes of the resources of a template.
pub(in crate::host) fn made(
    all: &[Made<'_>],
    globals: Option<&Object>,
    environment: &Environment,
) -> Vec<Resource> {
    let mut found = Vec::new();
    for declared in all {
        let type_name = type_of(declared.object);
        let mut made: Vec<Resource> = Vec::new();
        if type_name.starts_with("AWS::Serverless::") {
            made.extend(role(declared, type_name, globals));
        }
        let connectors = Connectors { all, environment };
        if type_name == "AWS::Serverless::Connector"
            && let Some(properties) = declared.object.object("Properties")
        {
            let source = properties.object("Source");
            made.extend(
                source
                    .into_iter()
                    .flat_map(|source| connectors.policies(declared.name, &End::Written(source), properties)),
            );
        }
        for connector in declared.object.object("Connectors").into_iter().flat_map(|object| &object.members) {
            let Some(properties) = connector.value.as_object().and_then(|it| it.object("Properties")) else {
                continue;
            };
            let name = format!("{}{}", declared.name, connector.name.text);
            made.extend(connectors.policies(&name, &End::Around(declared.name), properties));
        }
        made.iter_mut().for_each(|resource| resource.body.shift(declared.base));
        found.extend(made);
    }
    found
}

/// The reference to the role that SAM makes for a resource; `None` where the resource names one, and for others.
pub(super) fn role_of(name: &str, object: &Object) -> Option<Content> {
    let is_maker = matches!(type_of(object), "AWS::Serverless::Function" | "AWS::Serverless::StateMachine");
    let properties = object.object("Properties");
    let names_one = properties.is_some_and(|it| it.has("Role"));
    let place = properties.and_then(|it| it.member("Policies")).map_or(object.span, |it| it.name.span);
    let node = Node::Text(vec![TextPart::Ref(format!("{name}Role.Arn").into())]);
    (is_maker && !names_one).then_some(Content { node, place: InFile(place) })
}

fn type_of(object: &Object) -> &str {
    object.string("Type").map_or("", |text| &text.text)
}

/// The role of a function or a state machine that names none.
fn role(declared: &Made<'_>, type_name: &str, globals: Option<&Object>) -> Option<Resource> {
    let object = declared.object;
    role_of(declared.name, object)?;
    let place = InFile(object.span);
    let mut policies = Vec::new();
    let mut managed = Vec::new();
    let properties = object.object("Properties");
    if let Some(given) = properties.and_then(|it| it.get("Policies")) {
        sort(given, &mut policies, &mut managed);
    }
    let is_function = type_name == "AWS::Serverless::Function";
    if is_function {
        managed.push(managed_policy("AWSLambdaBasicExecutionRole", place));
    }
    let has_more = properties.is_some_and(|properties| {
        WITH_PERMISSIONS.iter().any(|name| properties.has(name)) || is_function && has_polling(properties)
    });
    if has_more {
        policies.push(Content { node: Node::Open, place });
    }
    let list = |items: Vec<Content>| Content { node: Node::List(items), place };
    let mut members: Vec<(Box<str>, Content)> =
        vec![("Policies".into(), list(policies)), ("ManagedPolicyArns".into(), list(managed))];
    let of_globals = || {
        let section = type_name.rsplit("::").next().unwrap_or_default();
        globals?.object(section)?.get("PermissionsBoundary")
    };
    let boundary = properties.and_then(|it| it.get("PermissionsBoundary"));
    if let Some(boundary) = boundary.or_else(of_globals) {
        members.push(("PermissionsBoundary".into(), Content { place, ..Content::of(boundary, &PLAIN) }));
    }
    let made_for = Node::Text(vec![TextPart::Known(declared.name.into())]);
    members.push(("MadeFor".into(), Content { node: made_for, place }));
    Some(Resource {
        address: format!("{}Role", declared.name).into(),
        resource_type: "AWS::IAM::Role".into(),
        is_conditional: object.has("Condition"),
        is_partial: object.is_open(),
        body: Content { node: Node::Map(members), place },
    })
}

fn has_polling(properties: &Object) -> bool {
    let events = properties.object("Events").into_iter().flat_map(|events| &events.members);
    events
        .map(|event| event.value.as_object().map_or("", type_of))
        .any(|event| !EVENTS_WITHOUT_PERMISSIONS.contains(&event))
}

/// The items of `Policies` by what SAM takes them for.
fn sort(value: &Value, policies: &mut Vec<Content>, managed: &mut Vec<Content>) {
    let place = InFile(value.span());
    if let Some(call) = Call::of(value) {
        if call.function != "Fn::If" {
            managed.push(Content::of(value, &PLAIN));
            return;
        }
        let (mut own, mut attached) = (Vec::new(), Vec::new());
        call.list().iter().skip(1).for_each(|branch| sort(branch, &mut own, &mut attached));
        let choice = |items: Vec<Content>| Content { node: Node::Choice(items), place };
        policies.extend(Some(own).filter(|own| !own.is_empty()).map(choice));
        managed.extend(Some(attached).filter(|attached| !attached.is_empty()).map(choice));
        return;
    }
    match value {
        Value::Array(array) => array.items.iter().for_each(|item| sort(item, policies, managed)),
        Value::String(text) if text.text.starts_with("arn:") || text.has_unknown() => {
            managed.push(Content::of(value, &PLAIN));
        }
        Value::String(text) => managed.push(managed_policy(&text.text, place)),
        Value::Object(object) if object.has("Statement") => {
            policies.push(inline(Content::of(value, &PLAIN)));
        }
        Value::Object(object) => {
            let template = match &object.members[..] {
                [only] => template(&only.name, &only.value, place),
                _ => None,
            };
            policies.push(template.map_or(Content { node: Node::Open, place }, inline));
        }
        Value::Null(_) | Value::Missing(_) => {}
        _ => policies.push(Content { node: Node::Open, place }),
    }
}

fn inline(document: Content) -> Content {
    let place = document.place;
    Content { node: Node::Map(vec![("PolicyDocument".into(), document)]), place }
}

/// A managed policy by the name that SAM takes for its ARN.
fn managed_policy(name: &str, place: InFile) -> Content {
    let node = match catalog::managed_policy_named(name) {
        Some(path) => Node::Text(vec![TextPart::Known(format!("arn:aws:iam::aws:policy/{path}").into())]),
        None => Node::Open,
    };
    Content { node, place }
}

/// The policy that SAM makes of a policy template; `None` where there is none of that name.
fn template(name: &StringValue, given: &Value, place: InFile) -> Option<Content> {
    let template = catalog::sam_policy_template(&name.text)?;
    let given = given.as_object()?;
    Some(document(template.statements, &Intrinsics { given: Some(given) }, place))
}

/// A policy of statements of a table, all of which stand at one place of the file.
fn document(statements: &str, expressions: &dyn Expressions, place: InFile) -> Content {
    let tree = Tree::parse(statements);
    let statements = tree.value().map(|value| json::raw(value, 0, statements));
    let mut statements = match &statements {
        Some(value) => Content::of(value, expressions),
        None => Content { node: Node::Open, place },
    };
    put(&mut statements, place);
    Content { node: Node::Map(vec![("Statement".into(), statements)]), place }
}

fn put(item: &mut Content, place: InFile) {
    item.place = place;
    match &mut item.node {
        Node::List(items) | Node::Choice(items) => items.iter_mut().for_each(|item| put(item, place)),
        Node::Map(members) => members.iter_mut().for_each(|(_, item)| put(item, place)),
        Node::Text(_) | Node::Open | Node::Nothing => {}
    }
}

/// Where a connector begins: what it says, or the resource that it stands in.
enum End<'a> {
    Written(&'a Object),
    Around(&'a str),
}

/// One end of a connector, as far as it is known.
struct Reached<'a> {
    resource: Option<&'a str>,
    written: Option<&'a Object>,
}

impl<'a> End<'a> {
    fn reached(&self) -> Reached<'a> {
        match self {
            End::Around(name) => Reached { resource: Some(name), written: None },
            End::Written(object) => {
                Reached { resource: object.string("Id").map(|id| &*id.text), written: Some(object) }
            }
        }
    }
}

struct Connectors<'c, 'a> {
    all: &'c [Made<'a>],
    environment: &'c Environment,
}

impl<'a> Connectors<'_, 'a> {
    /// The managed policies that SAM makes of a connector, each attached to the role of one end.
    fn policies(&self, name: &str, source: &End<'a>, properties: &'a Object) -> Vec<Resource> {
        let source = source.reached();
        let kinds = properties.get("Permissions").map_or(&[][..], Value::one_or_many);
        let mut found = Vec::new();
        let destinations = properties.get("Destination").map_or(&[][..], Value::one_or_many);
        for (index, destination) in destinations.iter().enumerate() {
            let place = InFile(destination.span());
            let destination = match destination {
                Value::Object(object) => End::Written(object).reached(),
                _ => continue,
            };
            let (from, to) = (self.type_of(&source), self.type_of(&destination));
            let ends = Ends { source: &source, destination: &destination };
            let mut add = |holder: &Reached<'a>, document: Content| {
                let Some(role) = self.role_of(holder) else { return };
                let roles = Content { node: Node::List(vec![role]), place };
                let members = vec![("PolicyDocument".into(), document), ("Roles".into(), roles)];
                found.push(Resource {
                    address: format!("{name}Policy{index}").into(),
                    resource_type: "AWS::IAM::ManagedPolicy".into(),
                    is_conditional: false,
                    is_partial: false,
                    body: Content { node: Node::Map(members), place },
                });
            };
            match (from, to) {
                (Some(from), Some(to)) => {
                    let is_wanted = |access: &str| {
                        kinds.iter().any(|kind| kind.as_string().is_none_or(|it| &*it.text == access))
                    };
                    for row in catalog::sam_connectors(from, to).filter(|row| is_wanted(row.access)) {
                        let holder = if row.is_of_source { &source } else { &destination };
                        add(holder, document(row.statements, &ends, place));
                    }
                }
                // What is connected is not known, so that either end may get anything.
                _ => {
                    for holder in [&source, &destination] {
                        add(holder, Content { node: Node::Open, place });
                    }
                }
            }
        }
        found
    }

    /// The type of an end as CloudFormation has it.
    fn type_of(&self, end: &Reached<'a>) -> Option<&str> {
        let written = || end.written?.string("Type").map(|text| &*text.text);
        let known = end.resource.and_then(|name| self.environment.type_of(name)).or_else(written)?;
        Some(catalog::sam_resource_type(known))
    }

    /// The role of an end, where it has one.
    fn role_of(&self, end: &Reached<'a>) -> Option<Content> {
        if let Some(name) = end.written.and_then(|it| it.get("RoleName")) {
            return Some(Content::of(name, &PLAIN));
        }
        let name = end.resource?;
        let declared = self.all.iter().find(|it| it.name == name)?;
        if let Some(role) = role_of(name, declared.object) {
            return Some(role);
        }
        let properties = declared.object.object("Properties")?;
        let own = ROLES.iter().find_map(|name| properties.get(name));
        let of_targets = || {
            let targets = properties.items("Targets").iter().filter_map(Value::as_object);
            targets.filter_map(|target| target.get("RoleArn")).next()
        };
        own.or_else(of_targets).map(|role| Content::of(role, &PLAIN))
    }
}

/// What statements of a connector refer to: `%{Destination.Arn}`.
struct Ends<'e, 'a> {
    source: &'e Reached<'a>,
    destination: &'e Reached<'a>,
}

impl Expressions for Ends<'_, '_> {
    fn call(&self, value: &Value) -> Option<Node> {
        let text = value.as_string()?;
        let mut parts = Vec::new();
        let mut rest = &*text.text;
        while let Some((before, behind)) = rest.split_once("%{") {
            let (inside, after) = behind.split_once('}')?;
            parts.extend(Some(before).filter(|it| !it.is_empty()).map(|it| TextPart::Known(it.into())));
            self.push(inside, &mut parts);
            rest = after;
        }
        parts.extend(Some(rest).filter(|it| !it.is_empty()).map(|it| TextPart::Known(it.into())));
        Some(Node::Text(parts))
    }
}

impl Ends<'_, '_> {
    fn push(&self, path: &str, parts: &mut Vec<TextPart>) {
        let (end, attribute) = match path.split_once('.') {
            Some(("Source", attribute)) => (self.source, attribute),
            Some(("Destination", attribute)) => (self.destination, attribute),
            _ => return parts.push(TextPart::Open),
        };
        if let Some(given) = end.written.and_then(|it| it.get(attribute)) {
            match Content::of(given, &PLAIN).node {
                Node::Text(more) => parts.extend(more),
                _ => parts.push(TextPart::Open),
            }
            return;
        }
        parts.push(match end.resource.filter(|_| matches!(attribute, "Arn" | "Name")) {
            Some(name) => TextPart::Ref(format!("{name}.{attribute}").into()),
            None => TextPart::Open,
        });
    }
}

/// Items of `Policies` that are neither the name of a managed policy nor a policy: templates of policies, right or
/// wrong.
pub(super) fn templates(value: &Value) -> impl Iterator<Item = &Object> {
    let objects = value.one_or_many().iter().filter_map(Value::as_object);
    objects.filter(|object| !object.has("Statement") && !object.is_open())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn value(text: &str) -> Value {
        json::raw(Tree::parse(text).value().unwrap(), 0, text)
    }

    #[test]
    fn a_template_grants_what_sam_makes_of_it() {
        let given = value(r#"{"S3ReadPolicy": {"BucketName": {"Ref": "Bucket"}}}"#);
        let (mut policies, mut managed) = (Vec::new(), Vec::new());
        sort(&given, &mut policies, &mut managed);
        assert!(managed.is_empty());
        let statements = policies[0].get("PolicyDocument").and_then(|it| it.get("Statement")).unwrap();
        let resources = statements.items()[0].get("Resource").unwrap().items();
        let Node::Text(parts) = &resources[0].node else { panic!("{resources:?}") };
        assert!(parts.contains(&TextPart::Ref("Bucket".into())), "{parts:?}");
        assert!(statements.items().iter().all(|it| it.span() == given.span()));
    }

    #[test]
    fn what_a_connector_refers_to_is_what_its_ends_yield() {
        let source = Reached { resource: Some("Fn"), written: None };
        let object = value(r#"{"Arn": "arn:aws:s3:::b"}"#);
        let destination = Reached { resource: None, written: object.as_object() };
        let ends = Ends { source: &source, destination: &destination };
        let text = Value::String(StringValue::plain("%{Destination.Arn}/*-%{Source.Arn}", Span::default()));
        let expected = Node::Text(vec![
            TextPart::Known("arn:aws:s3:::b".into()),
            TextPart::Known("/*-".into()),
            TextPart::Ref("Fn.Arn".into()),
        ]);
        assert_eq!(ends.call(&text), Some(expected));
    }
}
