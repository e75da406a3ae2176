//! What rules on conditions share: edits that touch a whole operator.

use super::elements;
use crate::catalog::{self, Guess};
use crate::diagnostic::{Fix, Safety};
use crate::host::value::StringValue;
use crate::host::{Edit, Name, NewValue};
use crate::model::{ConditionKey, Effect, Statement};
use crate::rules::renaming;

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

/// The fix that gives a condition key the name that was meant; `None` where its operator has that key already.
pub(super) fn rename_key<W: AsRef<str>>(condition: ConditionKey<'_>, meant: Guess<W>) -> Option<Fix> {
    let key = condition.key;
    let is_known = |name: &str| catalog::condition_key(name).is_some();
    renaming::rename(condition.siblings, key, key.content_span(), meant, is_known)
}

/// How sure the repair is of a condition that held for no request, or for fewer than it says: where more
/// requests then meet the statement, it adds access to one that allows, and to one that denies by what
/// differs.
pub(super) fn safety_of_matching_more(statement: Statement<'_>, negated: bool) -> Safety {
    match statement.effect() {
        Some(Effect::Allow) if negated => Safety::Unsafe,
        Some(Effect::Deny) if !negated => Safety::Unsafe,
        _ => Safety::Grants,
    }
}

/// The edit that asks for the key's presence: `"Null": { key: "false" }`.
pub(super) fn null_guard(statement: Statement<'_>, key: &str) -> Option<Edit> {
    let condition = statement.object.object("Condition")?;
    let value = NewValue::String("false".into());
    let null = statement.conditions().find(|it| it.operator.text.eq_ignore_ascii_case("Null"));
    Some(match null {
        Some(null) => {
            Edit::InsertMember { object: null.value.as_object()?.span, name: Name::key(key), value }
        }
        None => Edit::InsertMember {
            object: condition.span,
            name: Name::key("Null"),
            value: serde_json::json!({ key: "false" }),
        },
    })
}
