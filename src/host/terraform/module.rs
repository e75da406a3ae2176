//! What the files of a folder know of each other.

use super::parse::{self, Block};
use super::split;
use crate::catalog;
use crate::host::DocumentKind;
use crate::host::places::{kind_in, walk};
use crate::host::value::{Object, StringValue, Value};

/// The facts of a module that references lead to. Documents are kept as long as they stay the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// `local.name`, `var.name`.
    values: Vec<(Box<str>, KnownValue)>,
    /// By the name of an `aws_iam_policy_document`: what is done with it.
    uses: Vec<(Box<str>, Use)>,
}

/// A value that a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KnownValue {
    pub value: Value,
    /// Whether no other value can be given: a local, not a variable's default.
    pub is_certain: bool,
}

/// What a policy document is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub kind: DocumentKind,
    /// The address of the resource that uses it.
    pub by: Box<str>,
    /// Where that is a role: its name, where it is known.
    pub role_name: Option<Box<str>>,
}

impl Module {
    /// What one file adds to its module.
    pub fn of(text: &str) -> Module {
        let mut module = Module::default();
        for range in split::split(text) {
            let text = &text[range];
            if let Some(block) = parse::parse(text).block {
                module.add_block(&block, text);
            }
        }
        module
    }

    /// Takes in what another file adds.
    pub fn extend(&mut self, other: &Module) {
        self.values.extend(other.values.iter().cloned());
        self.uses.extend(other.uses.iter().cloned());
    }

    pub(super) fn add_block(&mut self, block: &Block, text: &str) {
        match (&*block.keyword, block.labels.first().map(|label| &**label)) {
            ("locals", _) => {
                for member in &block.body.members {
                    if is_literal(&member.value) {
                        self.add(format!("local.{}", member.name.text), &member.value, true);
                    }
                }
            }
            ("variable", Some(name)) => {
                if let Some(default) = block.body.get("default").filter(|default| is_literal(default)) {
                    self.add(format!("var.{name}"), default, false);
                }
            }
            ("resource", Some(resource_type)) => {
                let address = format!("{resource_type}.{}", block.labels.get(1).map_or("", |name| name));
                for place in catalog::terraform().policies_of(resource_type) {
                    let Some(kind) = kind_in(place, &block.body) else { continue };
                    walk(&block.body, place.path, &mut |value| {
                        let Some(text) = text.get(value.span().as_usize()) else { return };
                        if let Some(name) = policy_document(text) {
                            let by = address.clone().into();
                            let role_name = role_name(resource_type, &block.body);
                            self.uses.push((name.into(), Use { kind, by, role_name }));
                        }
                    });
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, name: String, value: &Value, is_certain: bool) {
        let mut value = value.clone();
        // Where it stands in its own file says nothing.
        value.stand_for(crate::text::Span::default());
        self.values.push((name.into(), KnownValue { value, is_certain }));
    }

    pub(super) fn value(&self, name: &str) -> Option<&KnownValue> {
        let mut found = self.values.iter().filter(|(known, _)| **known == *name);
        let (_, first) = found.next()?;
        // Two files with the same name, as in a copy that was left behind, tell nothing.
        found.all(|(_, other)| other.value == first.value).then_some(first)
    }

    pub(super) fn uses(&self, policy_document: &str) -> impl Iterator<Item = &Use> {
        self.uses.iter().filter(move |(name, _)| **name == *policy_document).map(|(_, it)| it)
    }
}

/// The name that a role gets, where it is known.
pub(super) fn role_name(resource_type: &str, body: &Object) -> Option<Box<str>> {
    let name = body.string("name").filter(|name| resource_type == "aws_iam_role" && !name.has_unknown())?;
    (!name.text.is_empty()).then(|| name.text.clone())
}

/// The name in `data.aws_iam_policy_document.NAME.json`, an index left out.
fn policy_document(reference: &str) -> Option<&str> {
    let rest = reference.trim().trim_start_matches("${").strip_prefix("data.aws_iam_policy_document.")?;
    let length =
        rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    rest[length..].contains("json").then(|| &rest[..length])
}

/// A scalar, or a list of scalars, that is known to the last character.
fn is_literal(value: &Value) -> bool {
    match value {
        Value::String(StringValue { text, unknown, .. }) => !text.is_empty() && unknown.is_empty(),
        Value::Number(_) | Value::Bool(..) => true,
        Value::Array(array) => {
            !array.items.is_empty()
                && array.items.iter().all(|item| !matches!(item, Value::Array(_)) && is_literal(item))
        }
        Value::Object(Object { .. }) => false,
        _ => false,
    }
}
