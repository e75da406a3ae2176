//! What the resources of a template may refer to.

use super::call::{Call, literal};
use crate::host::budget::Budget;
use crate::host::value::{Array, Object, StringValue, Value};
use std::collections::HashMap;

/// What the resources of a template may refer to. Documents are kept as long as it stays the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Environment {
    /// Those whose value is known. Of two with one name, the first counts.
    parameters: HashMap<Box<str>, Parameter>,
    /// All of them.
    named: Vec<Box<str>>,
    /// Logical ids with their types.
    resources: HashMap<Box<str>, Box<str>>,
    /// Names by which other templates import what resources yield, by the resources.
    exports: HashMap<Box<str>, Vec<Box<str>>>,
}

/// What functions are called with: what they may refer to, and how much they may fill in.
#[derive(Clone, Copy)]
pub(crate) struct Template<'a> {
    pub environment: &'a Environment,
    pub budget: &'a Budget,
}

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

    pub fn add_resource(&mut self, name: &str, resource_type: &str) {
        self.resources.entry(name.into()).or_insert_with(|| resource_type.into());
    }

    /// What references may name, in the order of the names: resources with their types, parameters without.
    pub fn names(&self) -> Vec<(Box<str>, Box<str>)> {
        let resources = self.resources.iter().map(|(name, kind)| (name.clone(), kind.clone()));
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
        self.resources.get(name).map(|resource_type| &**resource_type)
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
