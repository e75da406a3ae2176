//! What the resources of a template may refer to.

use super::call::{Call, literal};
use crate::catalog;
use crate::host::budget::Budget;
use crate::host::references::{self, AccountWords};
use crate::host::value::{Array, Object, StringValue, Value};
use crate::text::Span;
use std::collections::HashMap;

/// What the resources of a template may refer to. Documents are kept as long as it stays the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Environment {
    /// Those whose value is known. Of two with one name, the first counts.
    parameters: HashMap<Box<str>, Parameter>,
    /// All of them.
    named: Vec<Box<str>>,
    /// By logical id.
    resources: HashMap<Box<str>, Declared>,
    /// Names by which other templates import what resources yield, by the resources.
    exports: HashMap<Box<str>, Vec<Box<str>>>,
}

/// A resource of the template.
#[derive(Debug, Clone, Default, PartialEq)]
struct Declared {
    resource_type: Box<str>,
    /// The name that it gets, where that is written out and references tell of it.
    name: Option<Box<str>>,
}

/// What functions are called with: what they may refer to, and how much they may fill in.
#[derive(Clone, Copy)]
pub(crate) struct Template<'a> {
    pub environment: &'a Environment,
    pub budget: &'a Budget,
    /// Whether references to resources are filled in with what is known of the ARNs and names that they come to.
    pub references: bool,
}

/// How CloudFormation writes what differs from account to account.
const WORDS: AccountWords =
    AccountWords { partition: "${AWS::Partition}", region: "${AWS::Region}", account: "${AWS::AccountId}" };

/// A parameter whose value can be told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parameter {
    pub value: Value,
    /// Whether no other value can be given.
    pub is_certain: bool,
}

impl Environment {
    /// Takes in the section `Parameters`.
    pub fn add_parameters(&mut self, section: &Object) {
        for member in &section.members {
            self.named.push(member.name.text.clone());
            if let Some(parameter) = member.value.as_object().and_then(parameter) {
                self.parameters.entry(member.name.text.clone()).or_insert(parameter);
            }
        }
    }

    /// Takes in the section `Outputs`.
    pub fn add_outputs(&mut self, section: &Object) {
        for output in section.members.iter().filter_map(|member| member.value.as_object()) {
            let name = output.object("Export").and_then(|export| literal(export.get("Name")?));
            let resource = output.get("Value").and_then(Call::of);
            if let (Some(name), Some(resource)) = (name, resource.as_ref().and_then(Call::resource)) {
                self.exports.entry(resource.into()).or_default().push(name);
            }
        }
    }

    /// Takes in a resource; `name` finds the text of one of its properties.
    pub fn add_resource(
        &mut self,
        logical_id: &str,
        resource_type: &str,
        name: impl FnOnce(&str) -> Option<Box<str>>,
    ) {
        let named_by = catalog::cloudformation_reference(resource_type).map_or("", |of| of.named_by);
        self.resources.entry(logical_id.into()).or_insert_with(|| Declared {
            resource_type: resource_type.into(),
            name: (!named_by.is_empty())
                .then(|| name(named_by))
                .flatten()
                .filter(|name| !name.is_empty() && !name.contains(['$', '{', '<'])),
        });
    }

    /// What a reference to a resource, or to one of its attributes, comes to.
    pub fn reference(&self, logical_id: &str, attribute: Option<&str>, span: Span) -> Option<StringValue> {
        let declared = self.resources.get(logical_id)?;
        let of = catalog::cloudformation_reference(&declared.resource_type)?;
        let gives = of.yields(attribute)?;
        let written = match attribute {
            Some(attribute) => format!("${{{logical_id}.{attribute}}}"),
            None => format!("${{{logical_id}}}"),
        };
        let name = declared.name.as_deref();
        Some(references::text(of, gives, logical_id, name, &written, &WORDS, span))
    }

    /// What references may name, in the order of the names: resources with their types, parameters without.
    pub fn names(&self) -> Vec<(Box<str>, Box<str>)> {
        let resources = self.resources.iter().map(|(name, it)| (name.clone(), it.resource_type.clone()));
        let parameters = self.named.iter().map(|name| (name.clone(), Box::default()));
        let mut all: Vec<(Box<str>, Box<str>)> = resources.chain(parameters).collect();
        all.sort();
        all
    }

    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.get(name)
    }

    /// The names by which other templates import what a resource yields.
    pub fn exports_of(&self, resource: &str) -> Vec<Box<str>> {
        self.exports.get(resource).cloned().unwrap_or_default()
    }

    pub fn type_of(&self, name: &str) -> Option<&str> {
        self.resources.get(name).map(|declared| &*declared.resource_type)
    }
}

fn parameter(object: &Object) -> Option<Parameter> {
    let parameter_type = object.string("Type").map_or("String", |it| &it.text);
    // The default of a parameter of Systems Manager is a name, not a value.
    if parameter_type.starts_with("AWS::SSM::") {
        return None;
    }
    let allowed = object.items("AllowedValues");
    let (given, is_certain) = match (object.get("Default"), allowed) {
        (_, [only]) => (only, true),
        (Some(default), _) => (default, false),
        (None, _) => return None,
    };
    let text = match given {
        // An empty default asks for a value, or stands for none.
        Value::String(text) if !text.text.is_empty() && !text.has_unknown() => text.text.clone(),
        Value::Number(number) => number.text.clone(),
        Value::Bool(value, _) => value.to_string().into(),
        _ => return None,
    };
    let span = given.span();
    let string = |text: &str| Value::String(StringValue::standing_for(text, span));
    let value = if parameter_type.starts_with("List<") || parameter_type == "CommaDelimitedList" {
        let items = text.split(',').map(|item| string(item.trim())).collect();
        Value::Array(Array { span, items })
    } else {
        string(&text)
    };
    Some(Parameter { value, is_certain })
}
