//! What a condition says: an operator and a key read together, and whether it holds where the request has
//! no such key.

use super::{Reason, Truth};
use crate::catalog::{self, Family, Operator, SetQualifier};
use crate::host::value::{Member, Object, StringValue, Value};
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

    /// The value that fits every text, under an operator that knows wildcards.
    pub fn star(&self) -> Option<&'a StringValue> {
        let is_star =
            |text: &&StringValue| !text.text.is_empty() && text.text.bytes().all(|byte| byte == b'*');
        self.texts().find(is_star).filter(|_| self.operator.base.wildcards)
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

/// Whether operators or keys of the condition are not known, as where a template chooses from several.
pub fn is_chosen(statement: Statement<'_>) -> bool {
    statement.object.object("Condition").is_some_and(|condition| {
        let is_open = |operator: &Member| operator.value.as_object().is_some_and(Object::is_open);
        condition.is_open() || condition.members.iter().any(is_open)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::operators;
    use crate::text::Span;

    const NOWHERE: Span = Span::new(0, 0);

    fn string(text: &str) -> StringValue {
        StringValue::plain(text, NOWHERE)
    }

    fn member(name: &str, value: Value) -> Member {
        Member { name: string(name), value }
    }

    fn object(members: Vec<Member>) -> Object {
        Object { members, span: NOWHERE }
    }

    /// Whether the condition holds for a request without its key.
    fn without_key(operator: &str, value: Value) -> Option<Truth> {
        let (written, key) = (string(operator), string("aws:PrincipalTag/team"));
        let siblings = object(vec![member(&key.text, value.clone())]);
        let condition = ConditionKey { operator: &written, key: &key, value: &value, siblings: &siblings };
        let operator = catalog::parse_operator(operator)?;
        let truth = Test { condition, operator }.holds_without_key();
        assert_eq!(fails_without(condition), truth.is_no());
        Some(truth)
    }

    /// "Condition operators" of the IAM user guide, all of them: with and without a set operator and `IfExists`.
    #[test]
    fn every_operator_says_what_it_makes_of_an_absent_key() {
        let negated = [
            "StringNotEquals",
            "StringNotEqualsIgnoreCase",
            "StringNotLike",
            "NumericNotEquals",
            "DateNotEquals",
            "NotIpAddress",
            "ArnNotEquals",
            "ArnNotLike",
        ];
        let mut seen = 0;
        for base in operators().filter(|base| base.family != Family::Null) {
            let plain = negated.contains(&base.name);
            for (set, suffix, expected) in [
                ("", "", plain),
                ("", "IfExists", true),
                ("ForAllValues:", "", true),
                ("ForAllValues:", "IfExists", true),
                // The one that a negated operator does not turn around: there is no value that differs.
                ("ForAnyValue:", "", false),
                ("ForAnyValue:", "IfExists", true),
            ] {
                let operator = format!("{set}{}{suffix}", base.name);
                let truth = without_key(&operator, Value::String(string("x")));
                assert_eq!(truth, Some(Truth::of(expected)), "{operator}");
                seen += 1;
            }
        }
        assert_eq!(seen, 26 * 6);
    }

    #[test]
    fn null_holds_without_the_key_where_it_says_true() {
        let list = |items: Vec<Value>| Value::Array(crate::host::value::Array { span: NOWHERE, items });
        let text = |text: &str| Value::String(string(text));
        for set in ["", "ForAllValues:", "ForAnyValue:"] {
            let operator = format!("{set}Null");
            for (value, expected) in [
                (text("true"), Truth::Yes),
                (text("True"), Truth::Yes),
                (Value::Bool(true, NOWHERE), Truth::Yes),
                (text("false"), Truth::No),
                (Value::Bool(false, NOWHERE), Truth::No),
                (list(vec![text("false"), text("true")]), Truth::Yes),
                (list(vec![]), Truth::No),
                (
                    Value::String(StringValue::unknown_as("${Ask}", NOWHERE)),
                    Truth::unknown(Reason::FilledIn("${Ask}".into())),
                ),
            ] {
                assert_eq!(without_key(&operator, value.clone()), Some(expected), "{operator} {value:?}");
            }
        }
        assert_eq!(without_key("NullIfExists", text("true")), None);
    }

    #[test]
    fn an_operator_that_iam_does_not_know_fails_for_nobody() {
        let (operator, key, value) = (string("StringEqual"), string("k"), Value::Null(NOWHERE));
        let siblings = object(vec![member("k", value.clone())]);
        let condition = ConditionKey { operator: &operator, key: &key, value: &value, siblings: &siblings };
        assert!(!fails_without(condition));
    }

    #[test]
    fn a_statement_demands_a_key_that_one_of_its_conditions_cannot_do_without() {
        let key = "aws:userid";
        let of = |operators: &[(&str, Value)]| {
            let tests = operators
                .iter()
                .map(|(name, value)| member(name, Value::Object(object(vec![member(key, value.clone())]))))
                .collect();
            let statement = object(vec![member("Condition", Value::Object(object(tests)))]);
            demands(Statement { object: &statement }, "AWS:UserId")
        };
        let text = |text: &str| Value::String(string(text));
        assert!(of(&[("ForAllValues:StringEquals", text("a"))]).is_no());
        assert!(of(&[("ForAllValues:StringEquals", text("a")), ("Null", text("false"))]).is_yes());
        assert!(of(&[("StringNotEquals", text("a")), ("ForAnyValue:StringNotEquals", text("a"))]).is_yes());
        let asked = Value::String(StringValue::unknown_as("${Ask}", NOWHERE));
        assert!(of(&[("Null", asked)]).why().is_some());
        assert!(of(&[]).is_no());
    }
}
