//! References filled in, as far as the module tells what they yield.

use super::module::{KnownValue, Module};
use super::references::resource;
use crate::host::Assumed;
use crate::host::budget::{Budget, weight_of_text};
use crate::host::compose::Composed;
use crate::host::value::{Array, Member, Object, OpenPart, StringValue, Value};
use crate::text::Span;

/// The text of a block and the module it is in.
pub(super) struct Resolver<'a> {
    pub text: &'a str,
    pub module: &'a Module,
    /// How much references may fill in.
    pub budget: &'a Budget,
    /// Whether references to resources are filled in with what is known of the ARNs and names that they come to.
    pub references: bool,
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

    fn reference(&self, text: &str, span: Span, assumed: &mut Vec<Assumed>) -> Option<Value> {
        let name = text.trim();
        let Some(known) = self.known(name) else {
            let (value, is_list) =
                resource(name, |name| self.name(name), span).filter(|_| self.references)?;
            if !self.budget.take(weight_of_text(&value.text), span) {
                return None;
            }
            let value = Value::String(value);
            return Some(if is_list { Value::Array(Array { span, items: vec![value] }) } else { value });
        };
        if !self.budget.take_value(&known.value, span) {
            return None;
        }
        if !known.is_certain {
            assumed.push(Assumed { span, name: name.into() });
        }
        let mut value = known.value.clone();
        value.stand_for(span);
        Some(value)
    }

    /// The name of a resource, by what it is known as.
    fn name(&self, known_as: &str) -> Option<Box<str>> {
        Some(self.module.value(known_as)?.value.as_string()?.text.clone())
    }

    /// What a name stands for, unless that decides whether the block is there. Values that are known in part, and
    /// objects, are for policies alone.
    fn known(&self, name: &str) -> Option<&'a KnownValue> {
        let is_open = |known: &&KnownValue| !known.is_certain && names(self.decided_by, name);
        self.module.value(name).filter(|known| !is_open(known)).filter(|known| match &known.value {
            Value::String(text) => self.references || !text.has_unknown(),
            Value::Object(_) => self.references,
            _ => true,
        })
    }

    fn string(&self, string: &StringValue, assumed: &mut Vec<Assumed>) -> StringValue {
        // Most strings refer to nothing that is known.
        let resolved = |hole: &OpenPart| {
            let text = &string.text[hole.range()];
            let inside = text.strip_prefix("${")?.strip_suffix('}')?.trim();
            let known = self.known(inside).map(|known| (known.value.clone(), known.is_certain));
            let known = known.or_else(|| {
                let (value, is_list) =
                    resource(inside, |name| self.name(name), string.span).filter(|_| self.references)?;
                (!is_list).then_some((Value::String(value), true))
            });
            known.map(|(value, is_certain)| (inside, value, is_certain))
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
            let scalar = resolved(range).and_then(|(name, known, is_certain)| {
                let text = match known {
                    Value::String(text) => StringValue { span: place, runs: Some(Box::default()), ..text },
                    Value::Number(number) => StringValue::standing_for(&number.text, place),
                    Value::Bool(value, _) => StringValue::standing_for(&value.to_string(), place),
                    _ => return None,
                };
                let fits = self.budget.take(weight_of_text(&text.text), place);
                fits.then_some((name, text, is_certain))
            });
            match scalar {
                Some((name, text, is_certain)) => {
                    if !is_certain {
                        assumed.push(Assumed { span: place, name: name.into() });
                    }
                    out.push_all(&text);
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
