//! Statements that a resource has as fields of its own, one for each element: Lambda permissions, permissions
//! of QuickSight.

use super::value::{Array, Member, Object, StringValue, Value};
use super::{Document, DocumentKind, Naming};
use crate::catalog::StatementFields;
use crate::text::Span;

/// The policy that the fields of a resource are; `fields` are those of one statement each, functions and
/// references filled in. `None` where no action is named.
pub(super) fn document(row: &StatementFields, fields: &[&Object], resource_type: &str) -> Option<Document> {
    let statements: Vec<Value> =
        fields.iter().filter_map(|object| statement(row, object)).map(Value::Object).collect();
    let span = statements.iter().map(Value::span).reduce(Span::to)?;
    let start = Span::new(span.start, span.start);
    let version = Value::String(StringValue::standing_for("2012-10-17", start));
    let members = vec![
        Member { name: StringValue::standing_for("Version", start), value: version },
        Member {
            name: StringValue::standing_for("Statement", start),
            value: Value::Array(Array { span, items: statements }),
        },
    ];
    let reason = format!("fields of `{resource_type}` are a statement");
    let policy = Value::Object(Object { span, members });
    Some(Document {
        naming: Naming::Fields,
        // The resource is not named, and what the service adds is not known.
        is_open: true,
        ..Document::of(DocumentKind::Resource, reason, policy, "Statement")
    })
}

fn statement(row: &StatementFields, fields: &Object) -> Option<Object> {
    let action = fields.member(row.action)?;
    let principal = fields.member(row.principal);
    let named: Vec<(&Member, &str, &str)> = row
        .conditions
        .iter()
        .filter_map(|(field, operator, key)| Some((fields.member(field)?, *operator, *key)))
        .collect();
    let written = [Some(action), principal].into_iter().flatten();
    let span = written.chain(named.iter().map(|(it, ..)| *it)).map(Member::span).reduce(Span::to)?;
    let start = Span::new(span.start, span.start);
    let standing = |name: &str, value: Value| Member { name: StringValue::standing_for(name, start), value };
    let mut members = vec![standing("Effect", Value::String(StringValue::standing_for("Allow", start)))];
    let mut action_value = action.value.clone();
    strings(&mut action_value);
    members.push(Member { name: named_as(&action.name, "Action"), value: action_value });
    if let Some(principal) = principal {
        members.push(Member {
            name: named_as(&principal.name, "Principal"),
            value: principal_of(&principal.value),
        });
    }
    members.push(standing("Resource", Value::String(StringValue::unknown(start))));
    let mut operators: Vec<Member> = Vec::new();
    for (field, operator, key) in named {
        if matches!(field.value, Value::Null(_)) {
            continue;
        }
        let mut value = field.value.clone();
        strings(&mut value);
        let place = field.span();
        let keys = Object { span: place, members: vec![Member { name: named_as(&field.name, key), value }] };
        let name = StringValue::standing_for(operator, field.name.span);
        operators.push(Member { name, value: Value::Object(keys) });
    }
    if let (Some(first), Some(last)) = (operators.first(), operators.last()) {
        let place = first.span().to(last.span());
        // Two fields of one operator would be two operators of one name.
        let merged = merged(operators);
        members.push(standing("Condition", Value::Object(Object { span: place, members: merged })));
    }
    members.sort_by_key(|member| member.name.span.start);
    Some(Object { span, members })
}

fn merged(operators: Vec<Member>) -> Vec<Member> {
    let mut merged: Vec<Member> = Vec::new();
    for operator in operators {
        match merged.iter_mut().find(|known| known.name.text == operator.name.text) {
            Some(Member { value: Value::Object(known), .. }) => {
                if let Value::Object(more) = operator.value {
                    known.span = known.span.to(more.span);
                    known.members.extend(more.members);
                }
            }
            _ => merged.push(operator),
        }
    }
    merged
}

/// A service, an account or everybody, told by how it is written.
fn principal_of(value: &Value) -> Value {
    let span = value.span();
    let Value::String(text) = value else { return Value::Unknown(span) };
    let is_account = text.text.len() == 12 && text.text.bytes().all(|byte| byte.is_ascii_digit());
    let of = if text.text.contains(".amazon") {
        "Service"
    } else if is_account || text.text.starts_with("arn:") {
        "AWS"
    } else if &*text.text == "*" {
        return value.clone();
    } else {
        return Value::Unknown(span);
    };
    let start = Span::new(span.start, span.start);
    let name = StringValue::standing_for(of, start);
    Value::Object(Object { span, members: vec![Member { name, value: value.clone() }] })
}

/// What is not known is a text that is not known.
fn strings(value: &mut Value) {
    match value {
        Value::Unknown(span) => *value = Value::String(StringValue::unknown(*span)),
        Value::Array(array) => array.items.iter_mut().for_each(strings),
        _ => {}
    }
}

fn named_as(name: &StringValue, element: &str) -> StringValue {
    if *name.text == *element { name.clone() } else { StringValue::standing_for(element, name.span) }
}
