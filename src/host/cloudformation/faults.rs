//! Calls of intrinsic functions that CloudFormation refuses: an argument of another type, a function in the place of a
//! name.

use super::call::Call;
use crate::host::HostError;
use crate::host::value::{Array, Value};
use crate::text::Span;

/// The faults in a value, as the template writes it.
pub(super) fn of(value: &Value) -> Vec<HostError> {
    let mut found = Vec::new();
    walk(value, &mut found);
    found
}

fn walk(value: &Value, found: &mut Vec<HostError>) {
    if let Some(call) = Call::of(value) {
        if let Some(wanted) = misfit(&call) {
            let function = call.function;
            report(call.argument.span(), format!("`{function}` takes {wanted}"), found);
            return;
        }
        walk(call.argument, found);
        return;
    }
    match value {
        Value::Object(object) => {
            for member in &object.members {
                let name = &*member.name.text;
                if member.name.is_wholly_unknown() && is_function_for_name(name) {
                    let what =
                        format!("`{}` cannot stand for a name: names are texts", &name[2..name.len() - 1]);
                    report(member.name.span, what, found);
                }
                walk(&member.value, found);
            }
        }
        Value::Array(array) => array.items.iter().for_each(|item| walk(item, found)),
        _ => {}
    }
}

/// `${Fn::Sub}`, which the reader of the file puts for a call in the place of a name.
fn is_function_for_name(name: &str) -> bool {
    name.strip_prefix("${").is_some_and(|rest| rest.starts_with("Fn::") || rest == "Ref}")
}

fn report(span: Span, message: String, found: &mut Vec<HostError>) {
    found.push(HostError { span, message: message.into(), syntax: "CloudFormation", is_refused: true });
}

/// What a function takes, where it is called with something else. What another function yields may be right.
fn misfit(call: &Call<'_>) -> Option<&'static str> {
    let argument = call.argument;
    if argument.is_unknown() || Call::of(argument).is_some() {
        return None;
    }
    let items = match argument {
        Value::Array(Array { items, .. }) => Some(items.as_slice()),
        _ => None,
    };
    let is_text =
        |value: &Value| !matches!(value, Value::Object(_) | Value::Array(_)) || Call::of(value).is_some();
    let (fits, wanted) = match call.function {
        "Ref" => (is_text(argument), "the name of a resource or a parameter"),
        "Fn::Sub" => (
            is_text(argument)
                || items.is_some_and(|items| {
                    matches!(items, [text, Value::Object(_)] if is_text(text))
                        // Of one item, the second is not there yet.
                        || matches!(items, [text] if is_text(text))
                }),
            "a string, or a list of a string and an object of its variables",
        ),
        "Fn::Join" => (
            items
                .is_some_and(|items| matches!(items, [between, parts] if is_text(between) && is_list(parts))),
            "a list of two: what stands between the parts, and the list of the parts",
        ),
        "Fn::GetAtt" => (
            items.map_or_else(|| is_text(argument), |items| items.len() == 2),
            "a resource and the name of its attribute",
        ),
        "Fn::If" => (
            items.is_some_and(|items| items.len() == 3),
            "a list of three: a condition, the value if it holds, and the value if not",
        ),
        "Fn::Select" => (items.is_some_and(|items| items.len() == 2), "a list of two: an index and a list"),
        "Fn::Split" => {
            (items.is_some_and(|items| items.len() == 2), "a list of two: the delimiter and the string")
        }
        _ => return None,
    };
    (!fits).then_some(wanted)
}

fn is_list(value: &Value) -> bool {
    value.as_array().is_some() || value.is_unknown() || Call::of(value).is_some()
}
