//! Scalars as the host turns them into what AWS asks for: CloudFormation and Terraform both convert
//! `256` to `"256"` and back.

use super::value::{Number, StringValue, Value};
use crate::catalog::FieldType;

/// The scalar as the type that its field asks for, where it can be converted.
pub(super) fn to_type(value: &mut Value, field_type: &FieldType) {
    match field_type {
        FieldType::String | FieldType::Enum(_) => to_string(value),
        FieldType::Map => {
            if let Value::Object(object) = value {
                object.members.iter_mut().for_each(|member| to_string(&mut member.value));
            }
        }
        FieldType::Integer | FieldType::Number => {
            if let Value::String(string) = value
                && !string.has_unknown()
                && string.text.parse::<f64>().is_ok()
            {
                *value = Value::Number(Number { text: string.text.clone(), span: string.span });
            }
        }
        FieldType::Boolean => {
            if let Value::String(string) = value
                && let Ok(known) = string.text.to_ascii_lowercase().parse()
            {
                *value = Value::Bool(known, string.span);
            }
        }
        FieldType::List(_) | FieldType::Structure(_) | FieldType::Document => {}
    }
}

/// Every scalar of a policy as a string, and what is not known as a string of which nothing is known.
pub(super) fn to_strings(policy: &mut Value) {
    let Value::Object(policy) = policy else { return };
    for member in &mut policy.members {
        match &mut member.value {
            // A statement that is not known is none.
            Value::Array(statements) if &*member.name.text == "Statement" => {
                statements
                    .items
                    .iter_mut()
                    .filter(|item| item.as_object().is_some())
                    .for_each(all_to_strings);
            }
            Value::Unknown(_) => {}
            other => all_to_strings(other),
        }
    }
}

fn all_to_strings(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.members.iter_mut().for_each(|member| all_to_strings(&mut member.value))
        }
        Value::Array(array) => array.items.iter_mut().for_each(all_to_strings),
        Value::Unknown(span) => *value = Value::String(StringValue::unknown(*span)),
        scalar => to_string(scalar),
    }
}

fn to_string(value: &mut Value) {
    let (text, span) = match value {
        Value::Number(number) => (number.text.clone(), number.span),
        Value::Bool(known, span) => (known.to_string().into(), *span),
        _ => return,
    };
    // What is written is the text, unless it stands for something else: `yes`.
    *value = Value::String(if text.len() as u32 == span.len() {
        StringValue::plain(&text, span)
    } else {
        StringValue::standing_for(&text, span)
    });
}
