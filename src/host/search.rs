//! Documents in a value of which nothing is known but what it looks like.

use super::value::{Array, Member, Object, StringValue, Value};
use super::{Assumed, Document, DocumentKind, PROBE, coerce, embedded, policy_kind};

/// Nothing of ours is nested deeper in what we do not know.
const DEEPEST: u32 = 12;

/// Policies, task definitions and lists of container definitions anywhere in a value.
///
/// `within` says where that is: ``inside of `aws_example` ``; it is empty where nothing is around.
/// `evaluate` fills in what is known of a value, and says of which references it takes a default;
/// `None` where the value is left out.
pub(super) struct Search<'a> {
    pub within: &'a str,
    pub evaluate: &'a dyn Fn(&Value, &mut Vec<Assumed>) -> Option<Value>,
}

impl Search<'_> {
    pub fn find(&self, value: &Value) -> Vec<Document> {
        let mut found = Vec::new();
        self.walk(value, 0, &mut found);
        found
    }

    fn walk(&self, value: &Value, depth: u32, found: &mut Vec<Document>) {
        match value {
            _ if depth > DEEPEST => {}
            Value::Object(_) if policy_kind::is_policy(value) => {
                found.extend(self.finish(value, |value| self.policy(value)));
            }
            Value::Object(object) if is_task_definition(object) => {
                found.extend(self.finish(value, |value| {
                    let reason = self.reason("it has `containerDefinitions`");
                    Document::of(DocumentKind::TaskDefinition, reason, value, "containerDefinitions")
                }));
            }
            Value::Object(object) => {
                for member in &object.members {
                    match &member.value {
                        // The first statement, while its first name is written.
                        value @ Value::Array(array) if is_begun(&member.name, array) => {
                            found.extend(self.finish(value, |value| self.policy(around(value))));
                        }
                        value => self.walk(value, depth + 1, found),
                    }
                }
            }
            Value::Array(array) if is_containers(array) => {
                found.extend(self.finish(value, |value| {
                    let reason = "a list of objects with `name`, `image` and fields of container definitions";
                    Document::of(DocumentKind::ContainerDefinitions, reason, value, "")
                }));
            }
            Value::Array(array) if policy_kind::is_statements(array) => {
                found.extend(self.finish(value, |value| self.policy(around(value))));
            }
            Value::Array(array) => array.items.iter().for_each(|item| self.walk(item, depth + 1, found)),
            Value::String(text) if text.text.contains('\n') || text.text.starts_with(['{', '[']) => {
                found.extend(embedded::json(text, None, ""));
            }
            _ => {}
        }
    }

    fn finish(&self, value: &Value, document: impl Fn(Value) -> Document) -> Option<Document> {
        let mut assumed = Vec::new();
        let value = (self.evaluate)(value, &mut assumed)?;
        Some(Document { assumed, ..document(value) })
    }

    fn policy(&self, mut value: Value) -> Document {
        coerce::to_strings(&mut value);
        let (kind, told) = policy_kind::infer(policy_kind::statements(&value).iter(), "");
        let reason = if self.within.is_empty() { told } else { self.reason("it has statements").into() };
        Document::of(kind, reason, value, "Statement")
    }

    fn reason(&self, what: &str) -> String {
        if self.within.is_empty() { what.to_string() } else { format!("{what}, {}", self.within) }
    }
}

/// Whether a list with statements in its name has the word in it that stands for what is being written.
fn is_begun(name: &StringValue, list: &Array) -> bool {
    let names = |object: &Object| object.members.iter().any(|it| it.name.text.contains(PROBE));
    name.text.to_ascii_lowercase().ends_with("statements")
        && list.items.iter().all(|item| item.as_object().is_some_and(names))
        && !list.items.is_empty()
}

fn is_task_definition(object: &Object) -> bool {
    object.get("containerDefinitions").is_some_and(|containers| containers.as_array().is_some())
}

/// Whether the items look like container definitions.
fn is_containers(array: &Array) -> bool {
    let fields = ["essential", "portMappings", "logConfiguration", "memory", "environment"];
    array.items.iter().filter_map(Value::as_object).any(|object| {
        object.has("name") && object.has("image") && fields.iter().any(|field| object.has(field))
    })
}

/// A list of statements as the policy that a tool makes of it. Such tools write the version that is
/// current.
pub(super) fn around(statements: Value) -> Value {
    let span = statements.span();
    let start = crate::text::Span::new(span.start, span.start);
    let version = Value::String(StringValue::standing_for("2012-10-17", start));
    let members = [("Version", version), ("Statement", statements)]
        .into_iter()
        .map(|(name, value)| Member { name: StringValue::standing_for(name, start), value })
        .collect();
    Value::Object(Object { span, members })
}
