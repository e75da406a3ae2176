//! Locals that container definitions are put together from: `jsonencode([local.web, merge(local.base, { … })])`.

use crate::host::budget::weight;
use crate::host::value::{Member, Object, StringValue, Value};
use crate::text::{Source, Span};

/// What is larger is no container definition.
const LARGEST: u64 = 256 * 1024;

/// Fields that containers have and hardly anything else.
const FIELDS: [&str; 9] = [
    "image",
    "portMappings",
    "essential",
    "logConfiguration",
    "environment",
    "secrets",
    "mountPoints",
    "healthCheck",
    "dependsOn",
];

/// Whether an object may be a container definition, or a part of one.
pub(super) fn is_container(object: &Object) -> bool {
    FIELDS.iter().any(|field| object.has(field))
}

/// Whether it may be a container definition, a part of one, or a list of them.
pub(super) fn is_of_containers(value: &Value) -> bool {
    let is_part = |value: &Value| value.as_object().is_some_and(is_container);
    let is_it = match value {
        Value::Array(array) => array.items.iter().any(is_part),
        other => is_part(other),
    };
    is_it && weight(value) < LARGEST
}

/// The same value without its file: references become texts, `${local.name}`, and those whose items or
/// members are taken into what is around them `${...local.name}`.
pub(super) fn portable(value: &Value, text: &str, spreads: &[Span]) -> Value {
    match value {
        Value::Unknown(span) => {
            let is_spread = spreads.binary_search_by_key(&span.start, |it| it.start).is_ok();
            let name = text.slice(*span);
            let name = name.trim();
            if span.is_empty() || name.contains('\n') {
                return Value::Unknown(*span);
            }
            let mark = if is_spread { "..." } else { "" };
            Value::String(StringValue::unknown_as(&format!("${{{mark}{name}}}"), *span))
        }
        Value::Object(object) => {
            let members = object.members.iter().map(|member| Member {
                name: member.name.clone(),
                value: portable(&member.value, text, spreads),
            });
            Value::Object(Object { span: object.span, members: members.collect() })
        }
        Value::Array(array) => {
            let mut array = array.clone();
            array.items.iter_mut().for_each(|item| *item = portable(item, text, spreads));
            Value::Array(array)
        }
        other => other.clone(),
    }
}

/// Leaves open what references without their file lead to nothing that is known.
pub(super) fn leave_open(value: &mut Value) {
    match value {
        Value::String(string) if reference(string).is_some() => *value = Value::Unknown(string.span),
        Value::Array(array) => array.items.iter_mut().for_each(leave_open),
        Value::Object(object) => {
            for member in &mut object.members {
                let is_spread = member.value.as_string().and_then(reference).is_some_and(|(_, is)| is);
                if is_spread {
                    member.name = StringValue::unknown(member.name.span);
                }
                leave_open(&mut member.value);
            }
        }
        _ => {}
    }
}

/// The name in a text that is a reference and nothing else, and whether it is taken into what is around it.
pub(super) fn reference(string: &StringValue) -> Option<(&str, bool)> {
    if string.is_written() || !string.is_wholly_unknown() {
        return None;
    }
    let inside = string.text.strip_prefix("${")?.strip_suffix('}')?;
    Some(match inside.strip_prefix("...") {
        Some(name) => (name, true),
        None => (inside, false),
    })
}

/// The local or the variable that a value is.
pub(super) fn local<'t>(value: &Value, text: &'t str) -> Option<&'t str> {
    let Value::Unknown(span) = value else { return None };
    let name = text.get(span.as_usize())?.trim();
    let rest = name.strip_prefix("local.").or_else(|| name.strip_prefix("var."))?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (!rest.is_empty() && rest.bytes().all(is_name)).then_some(name)
}
