//! References filled in, as far as the module tells what they yield.

use super::handed::{KnownValue, Rest};
use super::module::{Module, is_literal};
use super::open::put;
use super::references::{names, resource};
use super::structures;
use crate::host::Assumed;
use crate::host::budget::{Budget, weight_of_text};
use crate::host::compose::Composed;
use crate::host::value::{Array, Member, Object, OpenPart, StringValue, Value};
use crate::text::Span;
use std::borrow::Cow;

/// The text of a block and the module it is in.
pub(super) struct Resolver<'a> {
    pub text: &'a str,
    pub module: &'a Module,
    /// For which of the module's callers it is looked at, where they are told apart.
    pub caller: Option<usize>,
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
        let known = match self.is_of_containers {
            true => {
                self.module.look_for_containers(name, self.caller).filter(|known| self.is_there(name, known))
            }
            false => self.known(name),
        };
        let Some(known) = known else {
            let (value, is_list) =
                resource(name, |name| self.module.name(name), span).filter(|_| self.references)?;
            if !self.budget.take(weight_of_text(&value.text), span) {
                return None;
            }
            let value = Value::String(value);
            return Some(if is_list { Value::Array(Array { span, items: vec![value] }) } else { value });
        };
        if !self.budget.take_value(&known.value, span) {
            return None;
        }
        assume(&known.rests_on, span, assumed);
        let mut value = known.into_owned().value;
        value.stand_for(span);
        structures::leave_open(&mut value);
        Some(value)
    }

    /// Whether the block is there whatever the value is. Where a variable decides that, its default says nothing.
    fn is_there(&self, name: &str, known: &KnownValue) -> bool {
        let is_default = |rest: &Rest| rest.given_by.is_none() && names(self.decided_by, &rest.name);
        !(known.rests_on.iter().any(is_default) || !known.is_certain() && names(self.decided_by, name))
    }

    /// What a name stands for, unless that decides whether the block is there. Values that are known in part, and
    /// objects, are for policies alone.
    fn known(&self, name: &str) -> Option<Cow<'a, KnownValue>> {
        let known = self.module.look(name, self.caller)?;
        // What a caller gives as a policy, or as its ARN, is judged where it is written.
        if known.rests_on.iter().any(|rest| rest.given_by.is_some()) && self.module.is_taken(name) {
            return None;
        }
        let fits = match &known.value {
            Value::String(text) => self.references || !text.has_unknown(),
            Value::Object(_) => self.references && known.rests_on.iter().all(|rest| rest.given_by.is_none()),
            Value::Array(array) => {
                let is_text = |item: &Value| matches!(item, Value::String(_) | Value::Unknown(_));
                is_literal(&known.value) || self.references && array.items.iter().all(is_text)
            }
            _ => true,
        };
        (fits && self.is_there(name, &known)).then_some(known)
    }

    fn string(&self, string: &StringValue, assumed: &mut Vec<Assumed>) -> StringValue {
        // Most strings refer to nothing that is known.
        let resolved = |hole: &OpenPart| {
            let text = &string.text[hole.range()];
            let inside = text.strip_prefix("${")?.strip_suffix('}')?.trim();
            let known = self.known(inside).map(Cow::into_owned);
            known.or_else(|| {
                let (value, is_list) = resource(inside, |name| self.module.name(name), string.span)
                    .filter(|_| self.references)?;
                (!is_list).then(|| KnownValue::certain(Value::String(value)))
            })
        };
        if !string.is_written() || !string.open_parts().iter().any(|range| resolved(range).is_some()) {
            return string.clone();
        }
        let mut out = Composed::new(string.span);
        let mut at = 0;
        for range in string.open_parts() {
            let bytes = range.range();
            out.push(string, at..bytes.start);
            at = bytes.end;
            let place = string.part(bytes.clone());
            let scalar = resolved(range).and_then(|known| {
                let text = match known.value {
                    Value::String(text) => text.standing_at(place),
                    Value::Number(number) => StringValue::standing_for(&number.text, place),
                    Value::Bool(value, _) => StringValue::standing_for(&value.to_string(), place),
                    _ => return None,
                };
                let fits = self.budget.take(weight_of_text(&text.text), place);
                fits.then_some((text, known.rests_on))
            });
            match scalar {
                Some((text, rests_on)) => {
                    assume(&rests_on, place, assumed);
                    out.push_all(&text);
                }
                None => out.push_unknown(string, bytes),
            }
        }
        out.push(string, at..string.text.len());
        out.finish()
    }
}

/// Says of a place what stands there rests on.
fn assume(rests_on: &[Rest], span: Span, assumed: &mut Vec<Assumed>) {
    assumed.extend(rests_on.iter().map(|rest| Assumed {
        span,
        name: rest.name.clone(),
        given_by: rest.given_by.clone(),
        is_certain: rest.is_certain,
    }));
}
