//! Whether a statement speaks of a request.

use super::condition::{Eyes, matches, operator_holds, unread};
use super::request::Request;
use crate::access::{Case, Pattern, Reading, Reason, Truth};
use crate::catalog::wildcard_matches;
use crate::host::value::{StringValue, Value};
use crate::model::{Condition, PolicyVersion, Statement};

/// Whether action, resource and conditions of a statement fit the request; whom it names is another question.
/// `version` is that of its policy: before 2012-10-17 there are no policy variables.
pub fn holds(statement: Statement<'_>, version: PolicyVersion, request: &Request) -> Truth {
    let variables = matches!(version, PolicyVersion::V2012 | PolicyVersion::Other);
    let eyes = Eyes { request, variables };
    let action = element(statement, "Action", "NotAction", |value| action_fits(value, &request.action));
    let Some(action) = action else { return Truth::No };
    if action.is_no() {
        return Truth::No;
    }
    // The policy of a role or a queue may leave it out: it means itself.
    let resource = element(statement, "Resource", "NotResource", |value| resource_fits(value, eyes));
    let found = action.and(resource.unwrap_or(Truth::Yes));
    if found.is_no() {
        return Truth::No;
    }
    found.and(conditions_hold(statement, eyes))
}

/// What the element, or its opposite, says; `None` where the statement has neither.
fn element(
    statement: Statement<'_>,
    name: &str,
    opposite: &str,
    fits: impl Fn(&Value) -> Truth,
) -> Option<Truth> {
    if let Some(value) = statement.object.get(name) {
        return Some(Truth::any(value.one_or_many().iter().map(&fits)));
    }
    let value = statement.object.get(opposite)?;
    Some(!Truth::any(value.one_or_many().iter().map(&fits)))
}

fn action_fits(value: &Value, action: &str) -> Truth {
    match value {
        Value::String(text) if !text.has_unknown() => {
            Truth::of(&*text.text == "*:*" || wildcard_matches(&text.text, action, true))
        }
        Value::String(text) => Pattern::of(text, Case::Ignored).matches(action),
        other => Truth::unknown(unread(other, "an action is a text")),
    }
}

fn resource_fits(value: &Value, eyes: Eyes<'_>) -> Truth {
    match value {
        Value::String(text) => resource_matches(text, eyes),
        other => Truth::unknown(unread(other, "a resource is a text")),
    }
}

/// Whether the resource of the request fits an entry of `Resource`.
pub(in crate::access) fn resource_matches(text: &StringValue, eyes: Eyes<'_>) -> Truth {
    if &*text.text == "*" {
        return Truth::Yes;
    }
    let resource: &StringValue = &eyes.request.resource;
    let reading = Reading { case: Case::Counts, wildcards: true, variables: eyes.variables };
    if !resource.has_unknown() {
        return matches(text, 0..text.text.len(), reading, &resource.text, eyes);
    }
    let fill = |inside: &str| super::condition::fill(inside, eyes);
    match Pattern::filled(&text.text, 0..text.text.len(), text.open_parts(), reading, &fill) {
        Some(pattern) => pattern.covers(&Pattern::literal(resource, 0..resource.text.len())),
        None => Truth::No,
    }
}

fn conditions_hold(statement: Statement<'_>, eyes: Eyes<'_>) -> Truth {
    match statement.object.get("Condition") {
        None | Some(Value::Null(_)) => Truth::Yes,
        Some(Value::Object(object)) => {
            Truth::all(object.members.iter().map(|member| operator_holds(Condition::of(member), eyes)))
        }
        Some(Value::Missing(_)) => Truth::unknown(Reason::NotSeen("the rest of a condition".into())),
        Some(other) => Truth::unknown(unread(other, "`Condition` is an object")),
    }
}
