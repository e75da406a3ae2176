//! References filled in, as far as the module tells what they yield.

use super::module::{KnownValue, Module};
use super::open::{open_member, put};
use super::references::resource;
use super::structures::reference;
use crate::host::Assumed;
use crate::host::budget::{Budget, weight_of_text};
use crate::host::compose::Composed;
use crate::host::value::{Array, Member, Object, OpenPart, StringValue, Value};
use crate::text::Span;

/// The text of a block and the module it is in.
pub(super) struct Resolver<'a> {
    pub text: &'a str,
    pub module: &'a Module,
    /// See [`super::parse::Block::spreads`].
    pub spreads: &'a [Span],
    /// Whether references may lead to what container definitions are put together from.
    pub is_of_containers: bool,
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
                let mut members = Vec::with_capacity(object.members.len());
                // Blocks of one name stand beside each other; of what `merge` puts together, the last counts.
                let mut is_merged = false;
                for member in &object.members {
                    let name = self.string(&member.name, assumed);
                    match self.evaluate(&member.value, assumed) {
                        Value::Object(inner) if self.is_spread(&member.value) => {
                            is_merged = true;
                            inner.members.into_iter().for_each(|member| put(&mut members, member, true));
                        }
                        value if is_merged => put(&mut members, Member { name, value }, true),
                        value => members.push(Member { name, value }),
                    }
                }
                Value::Object(Object { span: object.span, members })
            }
            Value::Array(array) => {
                let mut items = Vec::with_capacity(array.items.len());
                for item in &array.items {
                    match self.evaluate(item, assumed) {
                        Value::Array(inner) if self.is_spread(item) => items.extend(inner.items),
                        value => items.push(value),
                    }
                }
                Value::Array(Array { span: array.span, items })
            }
            Value::String(string) => Value::String(self.string(string, assumed)),
            other => other.clone(),
        }
    }

    /// Whether what a value refers to is taken into what is around it.
    fn is_spread(&self, value: &Value) -> bool {
        let Value::Unknown(span) = value else { return false };
        self.spreads.binary_search_by_key(&span.start, |spread| spread.start).is_ok()
    }

    fn reference(&self, text: &str, span: Span, assumed: &mut Vec<Assumed>) -> Option<Value> {
        let name = text.trim();
        if self.is_of_containers
            && let Some(known) = self.module.structure(name).filter(|known| known.is_certain)
            && self.budget.take_value(&known.value, span)
        {
            let mut value = known.value.clone();
            value.stand_for(span);
            return Some(filled(value, self.module, self.budget, 0));
        }
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

/// How far one local leads to another.
const DEEPEST: u32 = 8;

/// Fills in what such a value refers to, as far as it is known.
fn filled(value: Value, module: &Module, budget: &Budget, depth: u32) -> Value {
    match value {
        Value::String(string) => match reference(&string) {
            Some((name, _)) => {
                known(name, string.span, module, budget, depth).unwrap_or(Value::Unknown(string.span))
            }
            None => Value::String(string),
        },
        Value::Object(object) => {
            let mut members = Vec::with_capacity(object.members.len());
            for member in object.members {
                let spread = member.value.as_string().and_then(reference).filter(|(_, is_spread)| *is_spread);
                let Some((name, _)) = spread else {
                    let value = filled(member.value, module, budget, depth);
                    put(&mut members, Member { name: member.name, value }, true);
                    continue;
                };
                let span = member.name.span;
                match known(name, span, module, budget, depth) {
                    Some(Value::Object(inner)) => {
                        inner.members.into_iter().for_each(|it| put(&mut members, it, true));
                    }
                    _ => members.push(open_member(span)),
                }
            }
            Value::Object(Object { span: object.span, members })
        }
        Value::Array(mut array) => {
            let mut items = Vec::with_capacity(array.items.len());
            for item in array.items {
                let is_spread = item.as_string().and_then(reference).is_some_and(|(_, is_spread)| is_spread);
                match filled(item, module, budget, depth) {
                    Value::Array(inner) if is_spread => items.extend(inner.items),
                    value => items.push(value),
                }
            }
            array.items = items;
            Value::Array(array)
        }
        other => other,
    }
}

fn known(name: &str, span: Span, module: &Module, budget: &Budget, depth: u32) -> Option<Value> {
    if depth >= DEEPEST {
        return None;
    }
    let known = module.value(name).or_else(|| module.structure(name))?;
    // A variable's default would have to be told as that.
    if !known.is_certain || !budget.take_value(&known.value, span) {
        return None;
    }
    let mut value = known.value.clone();
    value.stand_for(span);
    Some(filled(value, module, budget, depth + 1))
}
