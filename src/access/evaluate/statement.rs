//! Whether a statement speaks of a request.

use super::condition::{Eyes, fits_text, operator_holds, unread};
use super::request::Request;
use crate::access::{Case, Pattern, Reading, Reason, Truth};
use crate::catalog::wildcard_matches;
use crate::host::value::{StringValue, Value};
use crate::model::{Condition, PolicyVersion, Statement};

/// A statement as somebody has read it: out of a document, or with its references followed through a project.
/// Each part answers for one request.
pub trait Spoken {
    /// What `Action` says, or the opposite of what `NotAction` does; `None` where there is neither.
    fn action(&self) -> Option<Truth>;
    /// The same of `Resource` and `NotResource`.
    fn resource(&self) -> Option<Truth>;
    fn conditions(&self) -> Truth;
}

/// Whether action, resource and conditions of a statement fit a request; whom it names is another question.
pub fn fits(statement: &impl Spoken) -> Truth {
    let Some(action) = statement.action() else { return Truth::No };
    if action.is_no() {
        return Truth::No;
    }
    // The policy of a role or a queue may leave it out: it means itself.
    let found = action.and(statement.resource().unwrap_or(Truth::Yes));
    if found.is_no() {
        return Truth::No;
    }
    found.and(statement.conditions())
}

/// The same of a statement as a document has it. `version` is that of its policy: before 2012-10-17 there are no
/// policy variables.
pub fn holds(statement: Statement<'_>, version: PolicyVersion, request: &Request) -> Truth {
    let variables = matches!(version, PolicyVersion::V2012 | PolicyVersion::Other);
    fits(&Written { statement, request, eyes: Eyes { context: &request.context, variables } })
}

struct Written<'r> {
    statement: Statement<'r>,
    request: &'r Request,
    eyes: Eyes<'r>,
}

impl Spoken for Written<'_> {
    fn action(&self) -> Option<Truth> {
        element(self.statement, "Action", "NotAction", |value| match value {
            Value::String(text) => action_fits(text, &self.request.action),
            other => Truth::unknown(unread(other, "an action is a text")),
        })
    }

    fn resource(&self) -> Option<Truth> {
        element(self.statement, "Resource", "NotResource", |value| match value {
            Value::String(text) => resource_matches(text, &self.request.resource, self.eyes),
            other => Truth::unknown(unread(other, "a resource is a text")),
        })
    }

    fn conditions(&self) -> Truth {
        match self.statement.object.get("Condition") {
            None | Some(Value::Null(_)) => Truth::Yes,
            Some(Value::Object(object)) => {
                Truth::all(object.members.iter().map(|it| operator_holds(Condition::of(it), self.eyes)))
            }
            Some(Value::Missing(_)) => Truth::unknown(Reason::NotSeen("the rest of a condition".into())),
            Some(other) => Truth::unknown(unread(other, "`Condition` is an object")),
        }
    }
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

/// Whether an action fits an entry of `Action`.
pub fn action_fits(text: &StringValue, action: &str) -> Truth {
    match text.has_unknown() {
        false => Truth::of(&*text.text == "*:*" || wildcard_matches(&text.text, action, true)),
        true => Pattern::of(text, Case::Ignored).matches(action),
    }
}

/// Whether a resource fits an entry of `Resource`.
pub(in crate::access) fn resource_matches(
    text: &StringValue,
    resource: &StringValue,
    eyes: Eyes<'_>,
) -> Truth {
    if &*text.text == "*" {
        return Truth::Yes;
    }
    let reading = Reading { case: Case::Counts, wildcards: true, variables: eyes.variables };
    fits_text(text, reading, resource, eyes)
}
