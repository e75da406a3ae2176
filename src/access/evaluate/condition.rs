//! Whether one condition holds for a request.

use super::request::{Given, RequestContext};
use super::values::compares;
use crate::access::{Case, Filling, Pattern, Reading, Reason, Test, Truth};
use crate::catalog::{self, BaseOperator, Family, Operator, SetQualifier, wildcard_matches};
use crate::host::value::{StringValue, Value};
use crate::model::{Condition, ConditionKey};
use crate::text::Span;
use std::borrow::Cow;
use std::ops::Range;

/// What is known of a request, in the eyes of one policy.
#[derive(Clone, Copy)]
pub(in crate::access) struct Eyes<'r> {
    pub context: &'r RequestContext,
    /// Whether `${…}` is a policy variable there.
    pub variables: bool,
}

/// Whether every key under an operator holds for what is known of a request, in a policy that has variables.
pub fn condition_holds(condition: Condition<'_>, context: &RequestContext) -> Truth {
    operator_holds(condition, Eyes { context, variables: true })
}

/// The same, as a policy of whatever version reads it.
pub(super) fn operator_holds(condition: Condition<'_>, eyes: Eyes<'_>) -> Truth {
    let name = &condition.operator;
    if name.has_unknown() {
        return Truth::unknown(Reason::FilledIn(name.text.clone()));
    }
    let Some(operator) = catalog::parse_operator(&name.text) else {
        let why = format!("`{}` is no condition operator", name.text);
        return Truth::unknown(Reason::Refused(why.into()));
    };
    if condition.value.as_object().is_none() {
        return Truth::unknown(unread(condition.value, "an operator takes an object of condition keys"));
    }
    Truth::all(condition.keys().map(|key| key_holds(key, operator, eyes)))
}

/// Why a value cannot be read: filled in later, or not what belongs there.
pub(super) fn unread(value: &Value, what: &str) -> Reason {
    match value {
        Value::String(text) if text.has_unknown() => Reason::FilledIn(text.text.clone()),
        Value::Unknown(_) | Value::Apart(_) | Value::Missing(_) => {
            Reason::FilledIn("what a template puts there".into())
        }
        _ => Reason::Refused(what.into()),
    }
}

fn key_holds(key: ConditionKey<'_>, operator: Operator, eyes: Eyes<'_>) -> Truth {
    if key.key.has_unknown() {
        return Truth::unknown(Reason::FilledIn(key.key.text.clone()));
    }
    let without = || Test { condition: key, operator }.holds_without_key();
    let values = match eyes.context.look(&key.key.text) {
        Given::Unknown(reason) => {
            // What the key does not decide, its values do not either; but where it does, they do as well.
            let mut why = Truth::unknown(reason);
            if operator.base.variables && eyes.variables {
                for value in key.values().iter().filter_map(Value::as_string) {
                    why = why.and(variables_of(value, eyes));
                }
            }
            return why;
        }
        Given::Absent => return without(),
        Given::Partly(value) => vec![value],
        Given::Values(values) => values.into_iter().map(whole).collect(),
    };
    if operator.base.family == Family::Null {
        return !without();
    }
    let fits = |given: &StringValue| {
        Truth::any(key.values().iter().map(|wanted| fits(operator.base, wanted, given, eyes)))
    };
    let holds = |given: &StringValue| if operator.base.negated { !fits(given) } else { fits(given) };
    // To a set operator, an empty text is an empty set.
    let mut set = values.iter().filter(|given| !given.text.is_empty());
    match operator.qualifier {
        Some(SetQualifier::ForAllValues) => Truth::all(set.map(holds)),
        Some(SetQualifier::ForAnyValue) => Truth::any(set.by_ref().map(holds)),
        None if operator.base.negated => Truth::all(values.iter().map(holds)),
        None => Truth::any(values.iter().map(holds)),
    }
}

/// A value of the request, all of it known.
fn whole(text: Box<str>) -> StringValue {
    StringValue::new(text, Span::new(0, 0), Some(Box::default()), Box::default())
}

/// `Yes` where every variable of a value is known, or absent for certain.
fn variables_of(value: &StringValue, eyes: Eyes<'_>) -> Truth {
    crate::model::PolicyVariable::all(value, false).map(|variable| fill(variable.inside.trim(), eyes)).fold(
        Truth::Yes,
        |sum, filling| match filling {
            Filling::Open(reason) => sum.and(Truth::unknown(reason)),
            _ => sum,
        },
    )
}

/// Whether a value of the request fits one value of the policy, by the operator's positive form.
fn fits(operator: &BaseOperator, wanted: &Value, given: &StringValue, eyes: Eyes<'_>) -> Truth {
    let unread = |what| Truth::unknown(unread(wanted, what));
    let string: Cow<'_, StringValue> = match wanted {
        Value::String(string) => Cow::Borrowed(string),
        Value::Bool(value, span) => {
            Cow::Owned(StringValue::plain(if *value { "true" } else { "false" }, *span))
        }
        Value::Number(number) => Cow::Owned(StringValue::plain(&number.text, number.span)),
        _ => return unread("a condition's value is a text, a number or a boolean"),
    };
    let ignores_case = operator.name.ends_with("IgnoreCase");
    let case = if ignores_case { Case::Ignored } else { Case::Counts };
    match operator.family {
        Family::String => {
            let reading = Reading { case, wildcards: operator.wildcards, variables: eyes.variables };
            fits_text(&string, reading, given, eyes)
        }
        Family::Arn => fits_arn(&string, given, eyes),
        _ if string.has_unknown() => unread(""),
        _ if given.has_unknown() => Truth::unknown(Reason::FilledIn(given.text.clone())),
        _ => Truth::of(compares(operator, &string.text, &given.text)),
    }
}

/// Each of the six parts by itself.
fn fits_arn(wanted: &StringValue, given: &StringValue, eyes: Eyes<'_>) -> Truth {
    if wanted.is_wholly_unknown() {
        return Truth::unknown(Reason::FilledIn(wanted.text.clone()));
    }
    if given.has_unknown() {
        let reading = Reading { case: Case::Counts, wildcards: true, variables: eyes.variables };
        return fits_text(wanted, reading, given, eyes);
    }
    let given: Vec<&str> = given.text.splitn(6, ':').collect();
    let parts = arn_parts(wanted);
    if given.len() != 6 || given[0] != "arn" {
        return Truth::No;
    }
    if parts.len() != 6 {
        // What is filled in may be several parts.
        return match wanted.open_parts().first() {
            Some(_) => Truth::unknown(Reason::FilledIn(wanted.text.clone())),
            None => Truth::No,
        };
    }
    let reading = Reading { case: Case::Counts, wildcards: true, variables: eyes.variables };
    Truth::all(parts.into_iter().zip(given).map(|(part, given)| matches(wanted, part, reading, given, eyes)))
}

/// The parts of an ARN between colons that stand in no variable and in nothing that is filled in later.
pub(in crate::access) fn arn_parts(arn: &StringValue) -> Vec<Range<usize>> {
    let mut parts = Vec::with_capacity(6);
    let (mut start, mut in_variable) = (0, false);
    let bytes = arn.text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'$' if bytes.get(at + 1) == Some(&b'{') => in_variable = true,
            b'}' => in_variable = false,
            b':' if !in_variable && parts.len() < 5 && !arn.is_unknown_in(at..at + 1) => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(start..arn.text.len());
    parts
}

/// Whether a text of the request, of which parts may not be known, fits a string of the policy.
pub(super) fn fits_text(
    string: &StringValue,
    reading: Reading,
    given: &StringValue,
    eyes: Eyes<'_>,
) -> Truth {
    let all = 0..string.text.len();
    if !given.has_unknown() {
        return matches(string, all, reading, &given.text, eyes);
    }
    match Pattern::filled(&string.text, all, string.open_parts(), reading, &|inside| fill(inside, eyes)) {
        Some(pattern) => pattern.covers(&Pattern::literal(given, 0..given.text.len())),
        None => Truth::No,
    }
}

/// Whether a text fits a part of a string of the policy.
fn matches(string: &StringValue, part: Range<usize>, reading: Reading, text: &str, eyes: Eyes<'_>) -> Truth {
    let written = &string.text[part.clone()];
    let has_variables = reading.variables && written.contains("${");
    if !has_variables && !string.is_unknown_in(part.clone()) {
        let ignores_case = reading.case == Case::Ignored;
        return Truth::of(match reading.wildcards {
            true => wildcard_matches(written, text, ignores_case),
            false if ignores_case => written.to_lowercase() == text.to_lowercase(),
            false => written == text,
        });
    }
    match Pattern::filled(&string.text, part, string.open_parts(), reading, &|inside| fill(inside, eyes)) {
        Some(pattern) => pattern.matches(text),
        None => Truth::No,
    }
}

/// What a policy variable comes to; `inside` stands between its braces.
pub(in crate::access) fn fill(inside: &str, eyes: Eyes<'_>) -> Filling {
    let (key, default) = match inside.split_once(',') {
        Some((key, default)) => {
            let default = default.trim();
            (key.trim(), default.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')))
        }
        None => (inside, None),
    };
    match eyes.context.look(key) {
        Given::Unknown(reason) => Filling::Open(reason),
        Given::Partly(value) => Filling::Open(Reason::FilledIn(value.text)),
        Given::Values(values) if values.len() == 1 => Filling::Text(values[0].clone()),
        _ => default.map_or(Filling::Nothing, |default| Filling::Text(default.into())),
    }
}
