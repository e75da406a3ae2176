//! Calls of intrinsic functions, as a template writes them.

use crate::host::value::{Member, Value};
use crate::text::Span;

/// A function call: an object with nothing but a function's name.
pub(super) struct Call<'a> {
    /// `Ref`, `Fn::Sub`.
    pub function: &'a str,
    pub argument: &'a Value,
    pub span: Span,
}

impl<'a> Call<'a> {
    pub fn of(value: &'a Value) -> Option<Call<'a>> {
        let object = value.as_object()?;
        let [Member { name, value }] = &object.members[..] else { return None };
        let function = &*name.text;
        // `Fn` alone is a function whose name has been broken up.
        let is_function = function.starts_with("Fn::") || matches!(function, "Ref" | "Fn");
        (is_function || function == "Condition" && !name.is_written()).then_some(Call {
            function,
            argument: value,
            span: object.span,
        })
    }

    /// The arguments, where they are a list.
    pub fn list(&self) -> &'a [Value] {
        self.argument.as_array().map_or(&[], |array| &array.items)
    }

    /// The resource that the call refers to.
    pub fn resource(&self) -> Option<&'a str> {
        let name = match (self.function, self.argument) {
            ("Ref", Value::String(name)) => &*name.text,
            ("Fn::GetAtt", Value::String(path)) => path.text.split_once('.')?.0,
            ("Fn::GetAtt", Value::Array(array)) => &*array.items.first()?.as_string()?.text,
            ("Fn::Sub", Value::String(text)) => {
                let inside = text.text.strip_prefix("${")?.strip_suffix('}')?;
                inside.split('.').next()?
            }
            _ => return None,
        };
        (!name.contains(['$', '{', ':'])).then_some(name)
    }
}

/// A text that is known, or that of a name that is composed (`${Stage}-role`): two templates that compose it
/// alike mean the same, unless it holds what is each stack's own.
pub(super) fn literal(value: &Value) -> Option<Box<str>> {
    let text = match Call::of(value) {
        Some(call) if call.function == "Fn::Sub" => call.argument.as_string(),
        _ => value.as_string(),
    };
    text.map(|text| text.text.clone()).filter(|text| !text.is_empty() && !text.contains("AWS::Stack"))
}
