//! What a condition says: an operator and a key read together, and whether it holds where the request has
//! no such key.

use super::{Reason, Truth};
use crate::catalog::{self, Family, Operator, SetQualifier};
use crate::host::value::{StringValue, Value};
use crate::model::{ConditionKey, PolicyContext, Statement};

/// One key under an operator that the language has.
#[derive(Debug, Clone, Copy)]
pub struct Test<'a> {
    pub condition: ConditionKey<'a>,
    pub operator: Operator,
}

/// The keys under operators of the language; what a template fills in is left out.
pub fn tests<'a>(statement: Statement<'a>) -> impl Iterator<Item = Test<'a>> {
    statement.conditions().flat_map(|condition| {
        let operator = catalog::parse_operator(&condition.operator.text);
        operator.into_iter().flat_map(move |operator| {
            condition
                .keys()
                .filter(|key| !key.key.has_unknown())
                .map(move |condition| Test { condition, operator })
        })
    })
}

impl<'a> Test<'a> {
    pub fn key(&self) -> &'a str {
        &self.condition.key.text
    }

    pub fn is_on(&self, key: &str) -> bool {
        self.condition.key.text.eq_ignore_ascii_case(key)
    }

    /// The values that are texts and known in full.
    pub fn texts(&self) -> impl Iterator<Item = &'a StringValue> + use<'a> {
        self.condition.values().iter().filter_map(Value::as_string).filter(|text| !text.has_unknown())
    }

    /// Whether an empty list stands where values belong: that is another rule's finding.
    pub fn has_empty_list(&self) -> bool {
        self.condition.value.as_array().is_some_and(|array| array.items.is_empty())
    }

    /// Whether every value is a text or a literal that nothing fills in later.
    pub fn is_known(&self) -> bool {
        self.condition.values().iter().all(|value| match value {
            Value::String(text) => !text.has_unknown() && !text.text.contains("${"),
            other => !other.is_unknown(),
        })
    }

    /// Whether it holds for a request that does not have the key at all.
    pub fn holds_without_key(&self) -> Truth {
        let Operator { base, qualifier, if_exists } = self.operator;
        match (base.family, qualifier) {
            (Family::Null, _) => Truth::any(self.condition.values().iter().map(|value| says(value, true))),
            // Nothing contradicts it.
            (_, Some(SetQualifier::ForAllValues)) => Truth::Yes,
            // No value is there to fit, nor to differ.
            (_, Some(SetQualifier::ForAnyValue)) => Truth::of(if_exists),
            (_, None) => Truth::of(if_exists || base.negated),
        }
    }
}

/// Whether a condition holds for no request without its key. `false` for operators that IAM does not know.
pub fn fails_without(condition: ConditionKey<'_>) -> bool {
    catalog::parse_operator(&condition.operator.text)
        .is_some_and(|operator| Test { condition, operator }.holds_without_key().is_no())
}

/// Whether a value says `true` (or `false`), as text or as JSON.
pub fn says(value: &Value, wanted: bool) -> Truth {
    match value {
        Value::Bool(it, _) => Truth::of(*it == wanted),
        Value::String(text) if text.has_unknown() => Truth::unknown(Reason::FilledIn(text.text.clone())),
        Value::String(text) => {
            Truth::of(text.text.trim().eq_ignore_ascii_case(if wanted { "true" } else { "false" }))
        }
        other if other.is_unknown() => Truth::unknown(Reason::FilledIn("the value".into())),
        _ => Truth::No,
    }
}

/// Whether the condition may hold more than is written: then nothing is said about what it lacks.
pub fn is_open(statement: Statement<'_>, policy: &PolicyContext) -> bool {
    policy.template
        || statement.member("Condition").is_some_and(|member| member.value.as_object().is_none())
        || statement.conditions().any(|condition| {
            condition.operator.has_unknown()
                || condition.value.as_object().is_none()
                || condition.keys().any(|key| key.key.has_unknown())
        })
}

/// Whether the statement holds for no request without that key, as far as its other conditions say.
pub fn demands(statement: Statement<'_>, key: &str) -> Truth {
    Truth::any(tests(statement).filter(|test| test.is_on(key)).map(|test| !test.holds_without_key()))
}

/// Whether the statement has a condition on one of these keys, under whatever operator.
pub fn has_any(statement: Statement<'_>, keys: &[&str]) -> bool {
    statement
        .condition_keys()
        .any(|condition| keys.iter().any(|key| catalog::key_fits(key, &condition.key.text)))
}

/// Whether the statement says in so many words that the key has to be there, or to be absent.
pub fn demands_null(statement: Statement<'_>, key: &str) -> bool {
    tests(statement).any(|test| test.is_on(key) && test.operator.base.family == Family::Null)
}
