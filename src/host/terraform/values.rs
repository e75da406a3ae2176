//! Files that give values to the variables of a root: `terraform.tfvars`, as HCL or JSON, and the inputs of Terragrunt.

use super::handed::{KnownValue, portable};
use super::module::Module;
use super::{parse, split};
use crate::host::json;
use crate::host::value::{Member, Object, Value};
use crate::syntax::Tree;
use std::collections::HashMap;

/// Values that a file of values gives to a root, or the inputs of Terragrunt: with the source of the module, where
/// one is named.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    pub source: Option<Box<str>>,
    pub arguments: HashMap<Box<str>, KnownValue>,
}

impl Values {
    /// Reads `terraform.tfvars`, `terraform.tfvars.json`, or `terragrunt.hcl`.
    pub fn of(text: &str) -> Values {
        let mut values = Values::default();
        if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            values.arguments = in_json(text);
            return values;
        }
        let own = Module::of(text);
        for range in split::split(text) {
            let text = &text[range];
            let Some(block) = parse::parse(text).block else { continue };
            let is_source =
                |object: &Object| object.string("source").filter(|it| !it.text.is_empty()).cloned();
            if &*block.keyword == "terraform" {
                values.source = is_source(&block.body).map(|it| it.text);
            }
            if &*block.keyword != "values" {
                continue;
            }
            let source = block.body.object("terraform").and_then(is_source);
            values.source = source.map(|it| it.text).or(values.source);
            let inputs = block.body.get("inputs");
            let is_terragrunt = inputs.is_some() || block.body.has("terraform") || block.body.has("include");
            let members = match inputs {
                Some(Value::Object(inputs)) => &inputs.members[..],
                _ if is_terragrunt => &[],
                _ => &block.body.members[..],
            };
            for member in members.iter().filter(|member| !member.name.has_unknown()) {
                let mut rests_on = Vec::new();
                let value = portable(&member.value, text, &block.spreads);
                let value = own.settled(value, None, &mut rests_on);
                values.arguments.insert(member.name.text.clone(), KnownValue { value, rests_on });
            }
        }
        values
    }

    /// The same, where some of them are given by another file that counts before this one.
    pub fn under(&self, other: &Values) -> Values {
        let mut all = self.clone();
        all.arguments.extend(other.arguments.iter().map(|(name, value)| (name.clone(), value.clone())));
        all
    }
}

/// The values of a file that is JSON: what they refer to is not known, as nothing may be referred to there.
fn in_json(text: &str) -> HashMap<Box<str>, KnownValue> {
    let tree = Tree::parse(text);
    let Some(Value::Object(root)) = tree.value().map(|root| json::raw(root, 0, text)) else {
        return HashMap::new();
    };
    let is_whole = |member: &Member| !member.name.has_unknown() && !matches!(member.value, Value::Missing(_));
    let known = root.members.into_iter().filter(is_whole);
    known
        .map(|member| (member.name.text.clone(), KnownValue::certain(portable(&member.value, text, &[]))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_from_both_kinds_of_files() {
        let values = Values::of("cpu = 256\nnames = [\"a\"]\n");
        assert_eq!(values.arguments.len(), 2);
        let values = Values::of("\u{feff}{\"cpu\": 256, \"names\": [\"a\"]}");
        assert_eq!(values.arguments.len(), 2);
        assert!(Values::of("{ \"cpu\": ").arguments.is_empty() && Values::of("[1]").arguments.is_empty());
        let text = "terraform {\n  source = \"../../modules/web//task\"\n}\n\nlocals {\n  env = \"prod\"\n}\n\ninputs = {\n  name = \"web-${local.env}\"\n}\n";
        let values = Values::of(text);
        assert_eq!(values.source.as_deref(), Some("../../modules/web//task"));
        let name = &values.arguments["name"].value;
        assert_eq!(name.as_string().map(|it| &*it.text), Some("web-prod"));
    }
}
