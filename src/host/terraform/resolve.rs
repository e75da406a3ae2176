//! References filled in, as far as the module tells what they yield.

use super::module::{KnownValue, Module};
use crate::host::Assumed;
use crate::host::budget::{Budget, weight_of_text};
use crate::host::compose::Composed;
use crate::host::value::{Array, Hole, Member, Object, StringValue, Value};
use crate::text::Span;

/// The text of a block and the module it is in.
pub(super) struct Resolver<'a> {
    pub text: &'a str,
    pub module: &'a Module,
    /// How much references may fill in.
    pub budget: &'a Budget,
    /// The expression that says whether the block is there at all; empty where it always is.
    pub decided_by: &'a str,
}

impl<'a> Resolver<'a> {
    /// What stands at a place.
    pub fn source(&self, span: Span) -> &'a str {
        self.text.get(span.as_usize()).unwrap_or_default()
    }

    /// The value with every reference that is known filled in.
    pub fn evaluate(&self, value: &Value, assumed: &mut Vec<Assumed>) -> Value {
        match value {
            Value::Unknown(span) => {
                self.reference(self.source(*span), *span, assumed).unwrap_or(Value::Unknown(*span))
            }
            Value::Object(object) => {
                let members = object
                    .members
                    .iter()
                    .map(|member| Member {
                        name: self.string(&member.name, assumed),
                        value: self.evaluate(&member.value, assumed),
                    })
                    .collect();
                Value::Object(Object { span: object.span, members })
            }
            Value::Array(array) => {
                let items = array.items.iter().map(|item| self.evaluate(item, assumed)).collect();
                Value::Array(Array { span: array.span, items })
            }
            Value::String(string) => Value::String(self.string(string, assumed)),
            other => other.clone(),
        }
    }

    /// What a name stands for, unless that decides whether the block is there.
    fn known(&self, name: &str) -> Option<&'a KnownValue> {
        self.module.value(name).filter(|known| known.is_certain || !names(self.decided_by, name))
    }

    fn reference(&self, text: &str, span: Span, assumed: &mut Vec<Assumed>) -> Option<Value> {
        let name = text.trim();
        let known = self.known(name).filter(|known| self.budget.take_value(&known.value, span))?;
        if !known.is_certain {
            assumed.push(Assumed { span, name: name.into() });
        }
        let mut value = known.value.clone();
        value.stand_for(span);
        Some(value)
    }

    fn string(&self, string: &StringValue, assumed: &mut Vec<Assumed>) -> StringValue {
        // Most strings refer to nothing that is known.
        let resolved = |hole: &Hole| {
            let text = &string.text[hole.range()];
            let inside = text.strip_prefix("${")?.strip_suffix('}')?;
            self.known(inside.trim()).map(|known| (inside.trim(), known))
        };
        if !string.is_written() || !string.unknown.iter().any(|range| resolved(range).is_some()) {
            return string.clone();
        }
        let mut out = Composed::new(string.span);
        let mut at = 0;
        for range in &string.unknown {
            let bytes = range.range();
            out.push(string, at..bytes.start);
            at = bytes.end;
            let place = string.part(bytes.clone());
            let scalar = resolved(range).and_then(|(name, known)| {
                let text = match &known.value {
                    Value::String(text) => text.text.clone(),
                    Value::Number(number) => number.text.clone(),
                    Value::Bool(value, _) => value.to_string().into(),
                    _ => return None,
                };
                let fits = self.budget.take(weight_of_text(&text), place);
                fits.then_some((name, text, known.is_certain))
            });
            match scalar {
                Some((name, text, is_certain)) => {
                    if !is_certain {
                        assumed.push(Assumed { span: place, name: name.into() });
                    }
                    out.stand_in(&text, place, false);
                }
                None => out.push_unknown(string, bytes),
            }
        }
        out.push(string, at..string.text.len());
        out.finish()
    }
}

/// Whether an expression has a name in it.
fn names(expression: &str, name: &str) -> bool {
    let goes_on = |byte: Option<&u8>| {
        byte.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.'))
    };
    let bytes = expression.as_bytes();
    expression.match_indices(name).any(|(at, _)| {
        !goes_on(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !goes_on(bytes.get(at + name.len()))
    })
}
