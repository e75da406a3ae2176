//! Where a condition of the template chooses: both outcomes are looked at, as far as they can stand side by side.

use super::call::Call;
use crate::host::outcomes::{CONDITION, mark, side_by_side};
use crate::host::value::{Array, Member, Object, Value};
use crate::text::Span;

/// What a choice comes to where that is said of a whole element of a statement; `None` where no condition chooses.
pub(super) fn of_element(member: &Member) -> Option<Value> {
    match &*member.name.text {
        "Statement" => statements(member),
        "Action" | "NotAction" | "Resource" | "NotResource" => entries(&member.value),
        "Condition" => has_choice(&member.value, CONDITION).then(|| chosen(&member.value, CONDITION)),
        _ => None,
    }
}

/// A call that chooses.
pub(super) fn call(value: &Value) -> Option<Call<'_>> {
    Call::of(value).filter(|call| call.function == "Fn::If")
}

/// The outcomes of a choice, without those that leave the value out.
fn outcomes<'a>(call: &Call<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    call.list().iter().skip(1).filter(|it| !is_no_value(it))
}

fn is_no_value(value: &Value) -> bool {
    Call::of(value).is_some_and(|call| {
        call.function == "Ref" && call.argument.as_string().is_some_and(|it| &*it.text == "AWS::NoValue")
    })
}

/// The same statement without its name: that of the other outcome may be the same.
pub(super) fn nameless(mut statement: Value) -> Value {
    if let Value::Object(object) = &mut statement {
        object.members.retain(|member| &*member.name.text != "Sid");
    }
    statement
}

/// A list in the place of an item: it is not put into the one around it, and AWS takes no lists in lists.
pub(super) fn list_in_list(span: Span) -> Value {
    Value::Array(Array { span, items: vec![Value::Unknown(span)] })
}

/// The statements of both branches, where a condition chooses from whole lists.
fn statements(member: &Member) -> Option<Value> {
    let call = call(&member.value)?;
    let branches = call.list().iter().skip(1).flat_map(Value::one_or_many);
    let items = branches.cloned().map(nameless).collect();
    Some(Value::Array(Array { span: call.span, items }))
}

/// The entries of both branches, where a condition chooses actions or resources. Which of them are there is
/// not known, and neither is whether some are there twice: so an entry that is not known stands with them.
fn entries(value: &Value) -> Option<Value> {
    let is_choice = |value: &Value| call(value).is_some();
    let has_choice =
        is_choice(value) || value.as_array().is_some_and(|array| array.items.iter().any(is_choice));
    if !has_choice {
        return None;
    }
    let (mut items, mut choices) = (Vec::new(), None);
    collect(value, false, &mut items, &mut choices);
    items.extend(choices.map(Value::Unknown));
    Some(Value::Array(Array { span: value.span(), items }))
}

/// `in_list`: whether the value is an item of the element's list.
fn collect(value: &Value, in_list: bool, items: &mut Vec<Value>, choices: &mut Option<Span>) {
    match (call(value), value) {
        (Some(call), _) => {
            let branches: Vec<&Value> = outcomes(&call).collect();
            if branches.len() > 1 {
                *choices = Some(mark(call.span));
            }
            for branch in branches {
                if let Value::Array(list) = branch
                    && in_list
                {
                    items.push(list_in_list(list.span));
                }
                collect(branch, in_list, items, choices);
            }
        }
        (None, Value::Array(array)) => {
            array.items.iter().for_each(|item| collect(item, true, items, choices));
        }
        _ => items.push(value.clone()),
    }
}

/// Whether a condition of the template chooses operators, keys or values.
fn has_choice(value: &Value, depth: usize) -> bool {
    match value {
        _ if call(value).is_some() => true,
        Value::Object(object) if depth > 0 => {
            object.members.iter().any(|member| has_choice(&member.value, depth - 1))
        }
        Value::Array(array) if depth == 0 => array.items.iter().any(|item| call(item).is_some()),
        _ => false,
    }
}

/// The operators, keys or values of both outcomes side by side.
fn chosen(value: &Value, depth: usize) -> Value {
    if let Some(call) = call(value) {
        return side_by_side(outcomes(&call).map(|outcome| chosen(outcome, depth)), depth, call.span);
    }
    match value {
        Value::Object(object) if depth > 0 && Call::of(value).is_none() => {
            let member = |member: &Member| Member {
                name: member.name.clone(),
                value: chosen(&member.value, depth - 1),
            };
            Value::Object(Object { span: object.span, members: object.members.iter().map(member).collect() })
        }
        Value::Array(array) if depth == 0 => {
            let (mut items, mut choices) = (Vec::new(), None);
            collect(value, false, &mut items, &mut choices);
            items.extend(choices.map(Value::Unknown));
            Value::Array(Array { span: array.span, items })
        }
        other => other.clone(),
    }
}
