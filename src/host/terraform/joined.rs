//! Policy documents that take in others, and what these hold.

use crate::catalog;
use crate::host::value::{Object, Value};

/// Arguments by which a policy document takes others in.
pub(super) const JOINING: [&str; 2] = ["source_policy_documents", "override_policy_documents"];

/// What another policy document takes in of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartOfPolicy {
    pub sids: Vec<Box<str>>,
    /// How long its statements are, or less.
    pub characters: u32,
    /// Whether it may have more, or less.
    pub is_open: bool,
}

/// Whether a text puts policy documents together.
pub(super) fn joins(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"_policy_documents").is_some()
}

/// What the body of an `aws_iam_policy_document` holds.
pub(super) fn part(body: &Object) -> PartOfPolicy {
    let mut part = PartOfPolicy {
        sids: Vec::new(),
        characters: 0,
        is_open: JOINING.iter().any(|argument| body.has(argument)),
    };
    for block in body.members.iter().filter(|it| &*it.name.text == "statement") {
        let Some(statement) = block.value.as_object().filter(|block| !block.is_open()) else {
            part.is_open = true;
            continue;
        };
        let sid = statement.string("sid").filter(|sid| !sid.text.is_empty() && !sid.has_unknown());
        part.sids.extend(sid.map(|sid| sid.text.clone()));
        // What is written by itself: `{"Effect":"Allow"},`.
        part.characters += if statement.has("effect") { 3 } else { 19 };
        for member in &statement.members {
            let element = catalog::policy_element(&member.name.text).unwrap_or_default();
            part.characters += element.len() as u32 + 4 + characters(&member.value);
        }
    }
    part
}

/// The length of a value. Lists of actions, resources and the like are sets.
fn characters(value: &Value) -> u32 {
    match value {
        Value::Array(array) => {
            let mut seen: Vec<&str> = Vec::new();
            let mut total = 2;
            for item in &array.items {
                if let Some(text) = item.as_string().filter(|it| !it.has_unknown()) {
                    if seen.contains(&&*text.text) {
                        continue;
                    }
                    seen.push(&text.text);
                }
                total += item.characters() + 1;
            }
            total
        }
        // The arguments of blocks are the names and values of what they make.
        Value::Object(object) => object.members.iter().map(|member| characters(&member.value)).sum(),
        other => other.characters(),
    }
}
