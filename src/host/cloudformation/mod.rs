//! CloudFormation and SAM templates, whichever syntax they are written in.

mod call;
mod choice;
mod environment;
mod faults;
mod intrinsics;
mod names;
mod resources;
mod sam;

use super::attachments::{self, FoundAttachments};
use super::budget::Budget;
use super::places::kind_in;
use super::resource::{Node, Resource};
use super::search::{self, Search};
use super::value::{Array, Object, Value};
use super::{
    Assumed, Document, DocumentKind, Form, Naming, Owner, OwnerKind, Reference, Target, coerce, embedded,
    policy_kind, statement_fields,
};
use crate::catalog;
use crate::host::RoleConsumer;
use call::Call;

pub(super) use environment::{Environment, Template};
pub(super) use names::{property, translate};
pub(super) use resources::others;
pub(super) use sam::{Made, made};

/// The documents of one resource.
pub(super) fn resource_documents(name: &str, resource: &Object, template: Template<'_>) -> Vec<Document> {
    let Some(resource_type) = resource.string("Type") else { return Vec::new() };
    let Some(properties) = resource.object("Properties") else { return Vec::new() };
    let owner = Owner {
        name: name.into(),
        resource_type: resource_type.text.clone(),
        kind: OwnerKind::Resource,
        role_name: role_name(&resource_type.text, properties, template),
        exports: template.environment.exports_of(name),
        origin: construct(resource),
        in_network: catalog::cloudformation()
            .network_of(&resource_type.text)
            .is_some_and(|property| properties.has(property)),
    };
    let place = Place { owner, template };
    match &*resource_type.text {
        "AWS::ECS::TaskDefinition" | "AWS::ECS::DaemonTaskDefinition" => {
            vec![place.task_definition(properties)]
        }
        "AWS::ECS::Service" => vec![place.service(properties)],
        other => {
            let mut found = place.policies(other, properties);
            found.extend(place.statement_fields(other, properties));
            if let Some(attachments) = place.attachments(other, properties) {
                found.push(attachments);
                found.sort_by_key(|document| document.span.start);
            }
            found
        }
    }
}

/// A resource of a template that others may ask about.
pub(super) fn resource(name: &str, object: &Object) -> Option<Resource> {
    let mut found = resources::resource(name, object)?;
    if let (Node::Map(members), Some(role)) = (&mut found.body.node, sam::role_of(name, object)) {
        members.push(("Role".into(), role));
    }
    Some(found)
}

/// The path of the construct that the AWS CDK made the resource of: `Web/TaskDef/TaskRole`.
fn construct(resource: &Object) -> Option<Box<str>> {
    let path = resource.object("Metadata")?.string("aws:cdk:path")?;
    // The construct of the resource itself says nothing.
    let path = path.text.strip_suffix("/Resource").unwrap_or(&path.text);
    (!path.is_empty()).then(|| path.into())
}

/// Where a resource names roles of its template.
pub(super) fn role_consumers(name: &str, resource: &Object, environment: &Environment) -> Vec<RoleConsumer> {
    let mut found = Vec::new();
    let (Some(resource_type), Some(properties)) = (resource.string("Type"), resource.object("Properties"))
    else {
        return found;
    };
    for place in catalog::cloudformation().consumers_of(&resource_type.text) {
        walk_properties(properties, place.path, &mut |value| {
            for value in value.one_or_many() {
                let role = Call::of(value).and_then(|call| call.resource());
                let role = role.filter(|role| environment.type_of(role) == Some("AWS::IAM::Role"));
                found.extend(role.map(|role| RoleConsumer {
                    resource: name.into(),
                    resource_type: resource_type.text.clone(),
                    principals: place.principals,
                    role: role.into(),
                }));
            }
        });
    }
    found
}

/// The name that a role gets, where it is known.
fn role_name(resource_type: &str, properties: &Object, template: Template<'_>) -> Option<Box<str>> {
    let name = properties.get("RoleName").filter(|_| resource_type == "AWS::IAM::Role")?;
    let mut assumed = Vec::new();
    let name = intrinsics::evaluate(name, template, &mut assumed)?;
    let name = name.as_string().filter(|name| assumed.is_empty() && !name.has_unknown())?;
    (!name.text.is_empty()).then(|| name.text.clone())
}

/// Documents in a value outside of any template, where functions may be called all the same.
pub(super) fn search(value: &Value, budget: &Budget) -> Vec<Document> {
    let template = Template { environment: &Environment::default(), budget, references: false };
    let evaluate = |value: &Value, assumed: &mut Vec<Assumed>| intrinsics::evaluate(value, template, assumed);
    Search { within: "", evaluate: &evaluate }.find(value)
}

/// A resource in its template.
struct Place<'a> {
    owner: Owner,
    template: Template<'a>,
}

impl Place<'_> {
    fn task_definition(&self, properties: &Object) -> Document {
        let mut assumed = Vec::new();
        let value = self.evaluate_members(properties, &mut assumed);
        let mut value = Value::Object(value);
        let is_daemon = &*self.owner.resource_type == "AWS::ECS::DaemonTaskDefinition";
        let shape = match catalog::input_shape("RegisterDaemonTaskDefinition") {
            Some(shape) if is_daemon => shape,
            _ => catalog::task_definition_shape(),
        };
        let mut misspelt = Vec::new();
        names::conform(&mut value, shape.name, &mut misspelt);
        let reason = format!("it is `{}`", self.owner.resource_type);
        let references = self.references(
            properties,
            &[("ExecutionRoleArn", "executionRoleArn"), ("TaskRoleArn", "taskRoleArn")],
            &["AWS::IAM::Role"],
        );
        self.finish(
            Document {
                naming: Naming::CloudFormation,
                form: if is_daemon { Form::Daemon } else { Form::Plain },
                misspelt,
                references,
                ..Document::of(DocumentKind::TaskDefinition, reason, value, "containerDefinitions")
            },
            assumed,
        )
    }

    fn service(&self, properties: &Object) -> Document {
        let mut assumed = Vec::new();
        let mut value = Value::Object(self.evaluate_members(properties, &mut assumed));
        let mut misspelt = Vec::new();
        if let Some(shape) = catalog::input_shape("CreateService") {
            names::conform(&mut value, shape.name, &mut misspelt);
        }
        let reason = format!("it is `{}`", self.owner.resource_type);
        let references = self.references(
            properties,
            &[("TaskDefinition", "taskDefinition")],
            &["AWS::ECS::TaskDefinition"],
        );
        let document = Document {
            naming: Naming::CloudFormation,
            misspelt,
            references,
            ..Document::of(DocumentKind::Service, reason, value, "")
        };
        self.finish(document, assumed)
    }

    fn finish(&self, document: Document, assumed: Vec<Assumed>) -> Document {
        Document { owner: Some(self.owner.clone()), assumed, ..document }
    }

    fn evaluate_members(&self, object: &Object, assumed: &mut Vec<Assumed>) -> Object {
        match intrinsics::evaluate(&Value::Object(object.clone()), self.template, assumed) {
            Some(Value::Object(object)) => object,
            _ => Object { span: object.span, members: Vec::new() },
        }
    }

    /// What properties refer to: resources of the template of one of these types, exports of others, names.
    fn references(&self, properties: &Object, fields: &[(&str, &str)], types: &[&str]) -> Vec<Reference> {
        fields
            .iter()
            .filter_map(|(property, field)| {
                let value = properties.get(property)?;
                let target = self.target(value, types)?;
                Some(Reference { field: (*field).into(), target, span: value.span() })
            })
            .collect()
    }

    fn target(&self, value: &Value, types: &[&str]) -> Option<Target> {
        let Some(call) = Call::of(value) else {
            return Target::literal(value.as_string()?);
        };
        if call.function == "Fn::ImportValue" {
            return call::literal(call.argument).map(Target::Import);
        }
        if let Some(resource) = call.resource() {
            return types
                .contains(&self.template.environment.type_of(resource)?)
                .then(|| Target::Resource(resource.into()));
        }
        // `arn:aws:iam::${AWS::AccountId}:role/web`: the account is open, the name is not.
        let mut assumed = Vec::new();
        let text = intrinsics::evaluate(value, self.template, &mut assumed)?;
        Target::literal(text.as_string().filter(|_| assumed.is_empty())?)
    }

    fn policies(&self, resource_type: &str, properties: &Object) -> Vec<Document> {
        let mut found = Vec::new();
        for place in catalog::cloudformation().policies_of(resource_type) {
            walk_properties(properties, place.path, &mut |value| {
                let mut documents = self.policy(value, kind_in(place, properties), place.path);
                if let Some(first) = documents.first_mut() {
                    first.errors.extend(faults::of(value));
                }
                found.extend(documents);
            });
        }
        // Types that are not known, and policies where their type has no place for them.
        if found.is_empty() && !catalog::cloudformation().has_other_grammar(resource_type) {
            let within = format!("inside of `{}`", self.owner.resource_type);
            let evaluate = |value: &Value, assumed: &mut Vec<Assumed>| {
                intrinsics::evaluate(value, self.template, assumed)
            };
            let search = Search { within: &within, evaluate: &evaluate };
            found.extend(search.find(&Value::Object(properties.clone())).into_iter().map(|document| {
                Document {
                    owner: Some(self.owner.clone()),
                    // What stands behind a resource of one's own fills in what it likes.
                    is_partial: document.is_partial || is_custom(resource_type),
                    ..document
                }
            }));
        }
        found
    }

    /// The statements whose elements are properties.
    fn statement_fields(&self, resource_type: &str, properties: &Object) -> Option<Document> {
        let row = catalog::cloudformation().statement_fields_of(resource_type)?;
        let mut assumed = Vec::new();
        let mut fields = Vec::new();
        if row.path.is_empty() {
            fields.push(Value::Object(properties.clone()));
        } else {
            walk_properties(properties, row.path, &mut |value| {
                fields.extend(value.one_or_many().iter().cloned())
            });
        }
        let fields: Vec<Value> = fields
            .iter()
            .filter_map(|value| intrinsics::evaluate(value, self.template, &mut assumed))
            .collect();
        let objects: Vec<&Object> = fields.iter().filter_map(Value::as_object).collect();
        let document = statement_fields::document(row, &objects, resource_type)?;
        Some(self.finish(document, assumed))
    }

    /// What the resource attaches; `None` where that is nothing.
    fn attachments(&self, resource_type: &str, properties: &Object) -> Option<Document> {
        let mut found = FoundAttachments::default();
        for place in catalog::cloudformation().attachments_of(resource_type) {
            let Some(written) = place.path.first().and_then(|first| properties.member(first)) else {
                continue;
            };
            let mut values = Vec::new();
            walk_properties(properties, place.path, &mut |value| {
                self.attached(value, &mut values, &mut found.assumed);
            });
            // SAM's lists have policies and templates of policies among the names.
            if catalog::takes_policy_names(resource_type) && place.field == attachments::POLICIES {
                let typed = Place {
                    owner: self.owner.clone(),
                    template: Template { references: true, ..self.template },
                };
                let mut values = Vec::new();
                walk_properties(properties, place.path, &mut |value| {
                    // What rests on a default is noted above.
                    typed.attached(value, &mut values, &mut Vec::new());
                });
                for template in values.iter().flat_map(sam::templates) {
                    let is_known = matches!(&template.members[..], [only] if catalog::sam_policy_template(&only.name.text).is_some());
                    // Where a role is named, SAM makes none, and looks at no more than the templates that it knows.
                    if is_known || !properties.has("Role") {
                        found.add(attachments::TEMPLATES, &written.name, Value::Object(template.clone()));
                    }
                }
            }
            let is_attached = |value: &Value| !matches!(value, Value::Object(_));
            for mut value in values.into_iter().filter(is_attached) {
                if let Value::Array(array) = &mut value {
                    array.items.retain(is_attached);
                }
                found.add(place.field, &written.name, value);
            }
        }
        let document = found.finish(format!("it is attached by `{resource_type}`"))?;
        Some(Document { owner: Some(self.owner.clone()), ..document })
    }

    /// A value of a property that attaches. Of the items that a condition chooses from each is by itself,
    /// since they are not there together.
    fn attached(&self, value: &Value, found: &mut Vec<Value>, assumed: &mut Vec<Assumed>) {
        each_branch(value, &mut |branch| {
            let mut evaluate = |value: &Value| intrinsics::evaluate(value, self.template, assumed);
            let Value::Array(array) = branch else {
                found.extend(evaluate(branch));
                return;
            };
            let is_choice = |item: &&Value| Call::of(item).is_some_and(|call| call.function == "Fn::If");
            let (choices, certain): (Vec<&Value>, Vec<&Value>) = array.items.iter().partition(is_choice);
            let items = certain.into_iter().filter_map(&mut evaluate).collect();
            found.push(Value::Array(Array { span: array.span, items }));
            for choice in choices {
                each_branch(choice, &mut |branch| found.extend(evaluate(branch)));
            }
        });
    }

    fn policy(&self, value: &Value, kind: Option<DocumentKind>, path: &[&str]) -> Vec<Document> {
        let mut assumed = Vec::new();
        let template = Template { references: true, ..self.template };
        let Some(value) = intrinsics::evaluate(value, template, &mut assumed) else {
            return Vec::new();
        };
        let property = path.join(".");
        let reason = format!("it stands in `{property}` of `{}`", self.owner.resource_type);
        match value {
            Value::Object(_) => {
                // SAM's lists name policies and templates of policies, too.
                if path == ["Policies"] && !policy_kind::is_policy(&value) {
                    return Vec::new();
                }
                // One statement, without the policy around it.
                let is_alone = matches!(path.last(), Some(&"Statement" | &"CustomStatements"));
                let mut value = if is_alone { search::around(value) } else { value };
                coerce::to_strings(&mut value);
                let kind = kind.unwrap_or_else(|| inferred(&value));
                vec![self.finish(Document::of(kind, reason, value, "Statement"), assumed)]
            }
            Value::String(text) => embedded::json(&text, kind, &reason)
                .into_iter()
                .map(|document| self.finish(document, assumed.clone()))
                .collect(),
            Value::Array(array) => {
                array.items.iter().flat_map(|item| self.policy(item, kind, path)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether a function of one's own makes the resource.
fn is_custom(resource_type: &str) -> bool {
    resource_type.starts_with("Custom::") || resource_type == "AWS::CloudFormation::CustomResource"
}

/// Calls back for every value at a path of properties, lists walked through.
fn walk_properties<'v>(object: &'v Object, path: &[&str], visit: &mut dyn FnMut(&'v Value)) {
    let [first, rest @ ..] = path else { return };
    let Some(value) = object.get(first) else { return };
    each_branch(value, &mut |value| {
        if rest.is_empty() {
            visit(value);
            return;
        }
        for item in value.one_or_many() {
            each_branch(item, &mut |item| {
                if let Some(object) = item.as_object() {
                    walk_properties(object, rest, visit);
                }
            });
        }
    });
}

fn inferred(value: &Value) -> DocumentKind {
    policy_kind::infer(policy_kind::statements(value).iter(), "").0
}

/// A value, or both values that a condition chooses from.
fn each_branch<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v Value)) {
    match Call::of(value) {
        Some(call) if call.function == "Fn::If" => {
            call.list().iter().skip(1).for_each(|branch| each_branch(branch, visit));
        }
        _ => visit(value),
    }
}
