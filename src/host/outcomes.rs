//! What a condition chooses from, looked at together: outcomes side by side, as far as they can stand so.

use super::value::{Array, Member, StringValue, Value};
use crate::text::Span;

/// A place that takes no room: what stands there is not written.
pub(super) fn mark(span: Span) -> Span {
    Span::new(span.start, span.start)
}

/// How many objects lie above the values of a `Condition`: operators, then keys.
pub(super) const CONDITION: usize = 2;

/// Outcomes with so many objects above their values: of which more may be there, or less.
pub(super) fn side_by_side(outcomes: impl Iterator<Item = Value>, depth: usize, span: Span) -> Value {
    let merged = outcomes.reduce(|before, outcome| both(before, outcome, depth, span));
    open(merged.unwrap_or(Value::Unknown(span)), depth, span)
}

fn both(one: Value, other: Value, depth: usize, span: Span) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) if depth > 0 => {
            for member in other.members {
                let same = one.members.iter_mut().find(|it| {
                    !it.name.has_unknown() && it.name.text.eq_ignore_ascii_case(&member.name.text)
                });
                match same {
                    Some(same) => {
                        let before = std::mem::replace(&mut same.value, Value::Unknown(span));
                        same.value = both(before, member.value, depth - 1, span);
                    }
                    None => one.members.push(member),
                }
            }
            Value::Object(one)
        }
        (one, other) if depth == 0 => {
            let items = one.one_or_many().iter().chain(other.one_or_many()).cloned().collect();
            Value::Array(Array { span, items })
        }
        _ => Value::Unknown(span),
    }
}

/// The value as one of which more may be there, or less.
fn open(value: Value, depth: usize, span: Span) -> Value {
    let nothing = Value::Unknown(mark(span));
    match value {
        Value::Object(mut object) if depth > 0 => {
            object.members.push(Member { name: StringValue::unknown(mark(span)), value: nothing });
            Value::Object(object)
        }
        Value::Array(mut array) if depth == 0 => {
            array.items.push(nothing);
            Value::Array(array)
        }
        value if depth == 0 && !value.is_unknown() => {
            Value::Array(Array { span, items: vec![value, nothing] })
        }
        _ => Value::Unknown(span),
    }
}
