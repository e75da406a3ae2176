//! Resources of AWS as Crossplane manages them: those whose fields are a statement, and policies in typed fields.

use super::value::{Array, Member, Object, StringValue, Value};
use super::{Document, DocumentKind, Naming, statement_fields};
use crate::catalog;

/// What every managed resource holds, and no other file of ours.
pub(super) const SIGN: &str = "forProvider";

/// Compositions hold resources in lists of lists; nothing lies deeper.
const DEEPEST: u32 = 16;

/// The elements of a statement as the types of Crossplane call them.
const ELEMENTS: [(&str, &str); 9] = [
    ("sid", "Sid"),
    ("effect", "Effect"),
    ("action", "Action"),
    ("notAction", "NotAction"),
    ("resource", "Resource"),
    ("notResource", "NotResource"),
    ("principal", "Principal"),
    ("notPrincipal", "NotPrincipal"),
    ("condition", "Condition"),
];

/// What types of Crossplane call the kinds of principals.
const PRINCIPALS: [(&str, &str); 3] =
    [("awsPrincipals", "AWS"), ("service", "Service"), ("federated", "Federated")];

/// How a principal of AWS is named; references to other resources are not known.
const NAMED: [&str; 3] = ["iamRoleArn", "iamUserArn", "awsAccountId"];

/// The documents of a manifest, wherever its resources stand: in a composition they are the base of something.
pub(super) fn documents(manifest: &Value) -> Vec<Document> {
    let mut found = Vec::new();
    walk(manifest, 0, &mut found);
    found
}

fn walk(value: &Value, depth: u32, found: &mut Vec<Document>) {
    match value {
        _ if depth > DEEPEST => {}
        Value::Object(object) => {
            if let Some((resource_type, fields)) = resource(object) {
                found.extend(of_resource(&resource_type, fields));
            }
            object.members.iter().for_each(|member| walk(&member.value, depth + 1, found));
        }
        Value::Array(array) => array.items.iter().for_each(|item| walk(item, depth + 1, found)),
        _ => {}
    }
}

/// What Terraform calls a managed resource, and its fields.
fn resource(object: &Object) -> Option<(String, &Object)> {
    let version = object.string("apiVersion")?;
    let (group, rest) = version.text.split_once('.')?;
    let is_aws =
        rest.starts_with("aws.") && rest.contains("bound.io") || rest.starts_with("aws.crossplane.io");
    let kind = object.string("kind").filter(|_| is_aws)?;
    let fields = object.object("spec")?.object(SIGN)?;
    Some((format!("aws_{group}{}", snake(&kind.text)), fields))
}

/// `LayerVersionPermission` as `_layer_version_permission`, `sourceArn` as `source_arn`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

fn of_resource(resource_type: &str, fields: &Object) -> Vec<Document> {
    if let Some(row) = catalog::terraform().statement_fields_of(resource_type) {
        let rename = |member: &Member| Member {
            name: StringValue::standing_for(&snake(&member.name.text), member.name.span),
            value: member.value.clone(),
        };
        let fields = Object { span: fields.span, members: fields.members.iter().map(rename).collect() };
        return statement_fields::document(row, &[&fields], resource_type).into_iter().collect();
    }
    let policies = fields.members.iter().filter_map(|member| member.value.as_object());
    policies.filter(|policy| policy.items("statements").iter().any(is_statement)).map(policy).collect()
}

fn is_statement(value: &Value) -> bool {
    value.as_object().is_some_and(|it| it.has("effect") && (it.has("action") || it.has("notAction")))
}

/// A policy whose elements have types of their own.
fn policy(typed: &Object) -> Document {
    let members = typed.members.iter().filter_map(|member| match (&*member.name.text, &member.value) {
        ("version", value) => Some(named(member, "Version", value.clone())),
        ("id", value) => Some(named(member, "Id", value.clone())),
        ("statements", Value::Array(list)) => {
            let items = list.items.iter().map(statement).collect();
            Some(named(member, "Statement", Value::Array(Array { span: list.span, items })))
        }
        _ => None,
    });
    let policy = Value::Object(Object { span: typed.span, members: members.collect() });
    let reason = "it is a policy in the fields of a managed resource";
    Document { naming: Naming::Fields, ..Document::of(DocumentKind::Resource, reason, policy, "Statement") }
}

fn statement(typed: &Value) -> Value {
    let Value::Object(object) = typed else { return Value::Unknown(typed.span()) };
    let members = object.members.iter().filter_map(|member| {
        let (_, element) = ELEMENTS.iter().find(|(name, _)| *member.name.text == **name)?;
        let value = match *element {
            "Principal" | "NotPrincipal" => principal(&member.value),
            "Condition" => condition(&member.value),
            _ => member.value.clone(),
        };
        Some(named(member, element, value))
    });
    Value::Object(Object { span: object.span, members: members.collect() })
}

fn principal(typed: &Value) -> Value {
    let Value::Object(object) = typed else { return Value::Unknown(typed.span()) };
    let anybody = object.member("allowAnon").filter(|it| matches!(it.value, Value::Bool(true, _)));
    if let Some(anybody) = anybody {
        return Value::String(StringValue::standing_for("*", anybody.span()));
    }
    let members = object.members.iter().filter_map(|member| {
        let (_, kind) = PRINCIPALS.iter().find(|(name, _)| *member.name.text == **name)?;
        let value = match &member.value {
            Value::Array(list) if *kind == "AWS" => {
                let items = list.items.iter().map(named_principal).collect();
                Value::Array(Array { span: list.span, items })
            }
            other => other.clone(),
        };
        Some(named(member, kind, value))
    });
    Value::Object(Object { span: object.span, members: members.collect() })
}

/// The ARN or account of a principal of AWS.
fn named_principal(typed: &Value) -> Value {
    let written = typed.as_object().and_then(|it| NAMED.iter().find_map(|name| it.get(name)));
    written.cloned().unwrap_or_else(|| Value::String(StringValue::unknown(typed.span())))
}

/// `- operatorKey: StringEquals, conditions: [{ key, stringValue }]`.
fn condition(typed: &Value) -> Value {
    let Value::Array(list) = typed else { return Value::Unknown(typed.span()) };
    let operators = list.items.iter().filter_map(Value::as_object).filter_map(|it| {
        let operator = it.string("operatorKey")?.clone();
        let keys = it.objects("conditions").filter_map(|pair| {
            let value = pair.members.iter().find(|it| it.name.text.ends_with("Value"))?.value.clone();
            Some(Member { name: pair.string("key")?.clone(), value })
        });
        Some(Member {
            name: operator,
            value: Value::Object(Object { span: it.span, members: keys.collect() }),
        })
    });
    Value::Object(Object { span: list.span, members: operators.collect() })
}

fn named(member: &Member, element: &str, value: Value) -> Member {
    Member { name: StringValue::standing_for(element, member.name.span), value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn a_managed_resource_is_known_by_its_group_and_kind() {
        assert_eq!(snake("LayerVersionPermission"), "_layer_version_permission");
        assert_eq!(snake("sourceArn"), "source_arn");
        let span = Span::new(0, 0);
        let text = |text: &str| Value::String(StringValue::standing_for(text, span));
        let member = |name: &str, value| Member { name: StringValue::standing_for(name, span), value };
        let object = |members: Vec<Member>| Object { span, members };
        let of = |version: &str| {
            let spec = object(vec![member(SIGN, Value::Object(object(Vec::new())))]);
            let it = object(vec![
                member("apiVersion", text(version)),
                member("kind", text("Permission")),
                member("spec", Value::Object(spec)),
            ]);
            resource(&it).map(|(resource_type, _)| resource_type)
        };
        assert_eq!(of("lambda.aws.upbound.io/v1beta1").as_deref(), Some("aws_lambda_permission"));
        assert_eq!(of("lambda.aws.m.upbound.io/v1beta1").as_deref(), Some("aws_lambda_permission"));
        assert_eq!(of("lambda.aws.crossplane.io/v1beta1").as_deref(), Some("aws_lambda_permission"));
        assert_eq!(of("storage.gcp.upbound.io/v1beta1"), None);
    }
}
