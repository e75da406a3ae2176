//! Statements that modules take as objects: `policy_statements = { read = { actions = […], resources = […] } }`,
//! in the arguments of a module, in locals and in defaults of variables.

use super::around;
use super::policy_document::statement;
use crate::host::value::{Member, Object, StringValue, Value};
use crate::host::{Assumed, Document, Naming, Placed, policy_kind};
use crate::text::Span;

/// Where such statements are looked for.
pub(in crate::host) struct Statements<'a> {
    /// ``inside of `aws_example` ``.
    pub within: &'a str,
    pub naming: Naming,
    /// Fills in what is known of a value.
    pub evaluate: &'a dyn Fn(&Value, &mut Vec<Assumed>) -> Value,
}

/// Nothing of ours is nested deeper in what we do not know.
const DEEPEST: u32 = 8;

impl Statements<'_> {
    /// The policies that the statements in an object make up; each list or map of them is one.
    pub fn find(&self, object: &Object) -> Vec<Document> {
        let mut found = Vec::new();
        for member in &object.members {
            if member.value.as_object().is_some_and(is_statement) {
                found.extend(self.document(&[&member.value]));
            } else {
                self.walk(&member.value, 0, &mut found);
            }
        }
        found
    }

    fn walk(&self, value: &Value, depth: u32, found: &mut Vec<Document>) {
        let children: Vec<&Value> = match value {
            _ if depth > DEEPEST => return,
            Value::Array(array) => array.items.iter().collect(),
            Value::Object(object) => object.members.iter().map(|member| &member.value).collect(),
            _ => return,
        };
        let (statements, others): (Vec<&Value>, Vec<&Value>) =
            children.into_iter().partition(|child| child.as_object().is_some_and(is_statement));
        found.extend(self.document(&statements));
        others.into_iter().for_each(|other| self.walk(other, depth + 1, found));
    }

    fn document(&self, objects: &[&Value]) -> Option<Document> {
        let span = around(objects.iter().map(|value| value.span()))?;
        let mut assumed = Vec::new();
        let statements: Vec<Value> = objects
            .iter()
            .map(|value| (self.evaluate)(value, &mut assumed))
            .filter_map(|value| Some(Value::Object(statement(value.as_object()?))))
            .collect();
        let (kind, _) = policy_kind::infer(statements.iter(), "");
        let start = Span::new(span.start, span.start);
        let version = Value::String(StringValue::standing_for("2012-10-17", start));
        let members = [("Version", version), ("Statement", Value::Apart(span))]
            .into_iter()
            .map(|(name, value)| Member { name: StringValue::standing_for(name, start), value })
            .collect();
        let reason = format!("objects with `actions` are statements, {}", self.within);
        let head = Value::Object(Object { span, members });
        Some(Document {
            naming: self.naming,
            assumed,
            units: statements.into_iter().map(Placed::unmoved).collect(),
            units_span: Some(span),
            // What the module adds to them is not known.
            is_open: true,
            ..Document::of(kind, reason, head, "")
        })
    }
}

/// Whether an object has what only statements have: a list of actions, and something that they are about.
fn is_statement(object: &Object) -> bool {
    const BESIDE: [&str; 9] = [
        "effect",
        "resources",
        "not_resources",
        "principals",
        "not_principals",
        "principal",
        "condition",
        "conditions",
        "sid",
    ];
    let actions = ["actions", "not_actions"].iter().find_map(|name| object.get(name)?.as_array());
    let is_action =
        |value: &Value| value.as_string().is_some_and(|text| &*text.text == "*" || is_action(&text.text));
    actions.is_some_and(|actions| actions.items.iter().any(is_action))
        && BESIDE.iter().any(|name| object.has(name))
}

/// `service:Action`, as it may be misspelt.
fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, action)| {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*' | b'?');
        !service.is_empty() && service.bytes().all(is_word) && action.bytes().all(is_word)
    })
}
