//! What rules on conditions share: an operator and a key read together, what a condition says of absent
//! keys, and edits that touch a whole operator.

use super::elements;
use crate::catalog::{self, Family, Operator, SetQualifier};
use crate::host::value::{StringValue, Value};
use crate::host::{Edit, NewValue};
use crate::model::{ConditionKey, PolicyContext, Statement};

/// One key under an operator that the language has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Test<'a> {
    pub condition: ConditionKey<'a>,
    pub operator: Operator,
}

/// The keys under operators of the language; what a template fills in is left out.
pub(super) fn tests<'a>(statement: Statement<'a>) -> impl Iterator<Item = Test<'a>> {
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
    pub fn holds_without_key(&self) -> bool {
        match (self.operator.base.family, self.operator.qualifier) {
            (Family::Null, _) => self.condition.values().iter().any(|value| says(value, true)),
            (_, Some(SetQualifier::ForAllValues)) => true,
            (_, Some(SetQualifier::ForAnyValue)) => self.operator.if_exists,
            (_, None) => self.operator.if_exists || self.operator.base.negated,
        }
    }
}

/// Whether a value says `true` (or `false`), as text or as JSON.
pub(super) fn says(value: &Value, wanted: bool) -> bool {
    match value {
        Value::Bool(it, _) => *it == wanted,
        Value::String(text) => text.text.trim().eq_ignore_ascii_case(if wanted { "true" } else { "false" }),
        _ => false,
    }
}

/// Whether the condition may hold more than is written: then nothing is said about what it lacks.
pub(super) fn is_open(statement: Statement<'_>, policy: &PolicyContext) -> bool {
    policy.template
        || statement.member("Condition").is_some_and(|member| member.value.as_object().is_none())
        || statement.conditions().any(|condition| {
            condition.operator.has_unknown()
                || condition.value.as_object().is_none()
                || condition.keys().any(|key| key.key.has_unknown())
        })
}

/// Whether the statement holds for no request without that key, as far as its other conditions say.
pub(super) fn demands(statement: Statement<'_>, key: &str) -> bool {
    tests(statement).any(|test| test.is_on(key) && !test.holds_without_key())
}

/// Whether the statement has a condition on one of these keys, under whatever operator.
pub(super) fn has_any(statement: Statement<'_>, keys: &[&str]) -> bool {
    statement
        .condition_keys()
        .any(|condition| keys.iter().any(|key| catalog::key_fits(key, &condition.key.text)))
}

/// The edit that gives an operator another name; `None` where one of its keys does not fit the new one,
/// or where the statement has an operator of that name.
pub(super) fn rename(
    statement: Statement<'_>,
    operator: &StringValue,
    name: &str,
    fits: impl Fn(ConditionKey<'_>) -> bool,
) -> Option<Vec<Edit>> {
    let condition = statement.conditions().find(|condition| condition.operator.span == operator.span)?;
    (operator.is_written()
        && condition.keys().all(fits)
        && elements::operator_is_free(statement, operator, name))
    .then(|| vec![Edit::ReplaceText { span: operator.content_span(), text: name.into() }])
}

/// The edit that asks for the key's presence: `"Null": { key: "false" }`.
pub(super) fn null_guard(statement: Statement<'_>, key: &str) -> Option<Edit> {
    let condition = statement.object.object("Condition")?;
    let value = NewValue::String("false".into());
    let null = statement.conditions().find(|it| it.operator.text.eq_ignore_ascii_case("Null"));
    Some(match null {
        Some(null) => Edit::InsertMember { object: null.value.as_object()?.span, name: key.into(), value },
        None => Edit::InsertMember {
            object: condition.span,
            name: "Null".into(),
            value: serde_json::json!({ key: "false" }),
        },
    })
}

/// Whether the statement says in so many words that the key has to be there, or to be absent.
pub(super) fn demands_null(statement: Statement<'_>, key: &str) -> bool {
    tests(statement).any(|test| test.is_on(key) && test.operator.base.family == Family::Null)
}
