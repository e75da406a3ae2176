//! Names of policy elements: which are there, and what a misspelt one stands for. Shared by the rules
//! on a policy's grammar, so that one slip gives one finding.

use crate::catalog::{self, Guess};
use crate::diagnostic::Fix;
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Edit, Name, NewValue};
use crate::model::{ActionPattern, Effect, Policy, Statement};

/// What a name that is no element was meant to be: another case, singular for plural, or a slip.
/// What belongs in the other part of a policy is not misspelt.
pub(super) fn meant(name: &str, elements: &'static [&'static str]) -> Option<Guess> {
    let name = name.trim();
    let same = |word: &str| elements.iter().copied().find(|element| element.eq_ignore_ascii_case(word));
    same(name)
        .or_else(|| same(name.strip_suffix('s').or_else(|| name.strip_suffix('S'))?))
        .map(Guess::plain)
        .or_else(|| catalog::guess(name, elements.iter().copied()).filter(|_| element(name).is_none()))
}

/// The element of a policy or of a statement that has the name, whatever its letter case.
pub(super) fn element(name: &str) -> Option<&'static str> {
    let all = || Policy::ELEMENTS.into_iter().chain(Statement::ELEMENTS);
    all().find(|element| element.eq_ignore_ascii_case(name))
}

/// Whether the element is there; `null` is as good as absent. A half-typed value counts as there.
pub(super) fn has(object: &Object, name: &str) -> bool {
    object.get(name).is_some_and(|value| !matches!(value, Value::Null(_)))
}

/// Whether one of `wanted` is there, or a misspelt member that was meant to be one: that is reported
/// as an unknown element.
pub(in crate::rules) fn has_or_means(
    object: &Object,
    wanted: &[&str],
    elements: &'static [&'static str],
) -> bool {
    object.members.iter().any(|member| {
        let name = &*member.name.text;
        if elements.contains(&name) {
            wanted.contains(&name) && !matches!(member.value, Value::Null(_))
        } else {
            member.name.has_unknown()
                || meant(name, elements).is_some_and(|meant| wanted.contains(&meant.word))
        }
    })
}

/// An action that is no action of AWS STS: none that a role's trust policy takes.
pub(in crate::rules) fn is_of_another_service(action: &ActionPattern<'_>) -> bool {
    !action.string.has_unknown() && !action.service.is_empty() && !action.service.eq_ignore_ascii_case("sts")
}

/// Whether a statement says what somebody may do, and not who may assume a role: some of its actions are of other
/// services than AWS STS. In a trust policy it is in the wrong place as a whole.
pub(in crate::rules) fn gives_permissions(statement: Statement<'_>) -> bool {
    statement.actions().any(|action| is_of_another_service(&action))
}

/// In how long a list of operators one is renamed: no policy that AWS takes has room for more.
const OPERATORS: usize = 1000;

/// What is told where a statement has more operators than that.
pub(in crate::rules) fn too_many_operators(statement: Statement<'_>) -> Option<&'static str> {
    let is_long = statement.conditions().nth(OPERATORS).is_some();
    is_long.then_some("In a statement with more than 1,000 operators, no fix renames one.")
}

/// Whether an operator may be renamed so without becoming the second of that name. Operators that may
/// lose their set qualifier in the same go count by what is left of them.
pub(in crate::rules) fn operator_is_free(
    statement: Statement<'_>,
    renamed: &StringValue,
    name: &str,
) -> bool {
    let bare = |text: &str| text.rsplit(':').next().unwrap_or(text).to_ascii_lowercase();
    if statement.conditions().nth(OPERATORS).is_some() {
        return false;
    }
    statement.conditions().all(|condition| {
        let other = &*condition.operator.text;
        condition.operator.span == renamed.span
            || !(other.eq_ignore_ascii_case(name) || !name.contains(':') && bare(other) == bare(name))
    })
}

/// A fix by which a statement covers more: it adds access to one that allows.
pub(super) fn widening(statement: Statement<'_>, title: impl Into<Box<str>>, edits: Vec<Edit>) -> Fix {
    match statement.effect() {
        Some(Effect::Deny) => Fix::unsafe_(title, edits),
        _ => Fix::grants(title, edits),
    }
}

/// The edit that adds a condition to a statement: the key under that operator, beside those that are
/// there. `None` where the operator or the condition has no room for it.
pub(crate) fn with_condition(
    statement: Statement<'_>,
    operator: &str,
    key: &str,
    value: &str,
) -> Option<Edit> {
    let mut keys = NewValue::Object(Default::default());
    keys[key] = NewValue::String(value.to_string());
    let Some(condition) = statement.object.get("Condition") else {
        let mut condition = NewValue::Object(Default::default());
        condition[operator] = keys;
        return Some(Edit::InsertMember {
            object: statement.object.span,
            name: Name::field("Condition"),
            value: condition,
        });
    };
    // What a template chooses has no place for it.
    let condition = condition.as_object().filter(|condition| !condition.is_open())?;
    match condition.members.iter().find(|member| member.name.text.eq_ignore_ascii_case(operator)) {
        None => Some(Edit::InsertMember { object: condition.span, name: Name::key(operator), value: keys }),
        Some(member) => Some(Edit::InsertMember {
            object: member.value.as_object().filter(|keys| !keys.is_open())?.span,
            name: Name::key(key),
            value: NewValue::String(value.to_string()),
        }),
    }
}

/// `` `a`, `b` and 5 more ``: names as the start of a sentence.
pub(in crate::rules) fn listing<T: std::fmt::Display>(names: impl ExactSizeIterator<Item = T>) -> String {
    const SHOWN: usize = 3;
    let count = names.len();
    if count > SHOWN + 1 {
        return format!("{} and {} more", crate::text::quoted(names.take(SHOWN)), count - SHOWN);
    }
    crate::text::enumerated(names.map(|name| format!("`{name}`")))
}
