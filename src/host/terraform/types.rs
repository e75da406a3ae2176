//! Types of variables, and what Terraform makes of the values that are given for them.

use crate::catalog::FieldType;
use crate::host::coerce;
use crate::host::value::Value;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey};

/// What is longer is not read.
const LONGEST: usize = 16 * 1024;

/// How deep a type is read.
const DEEPEST: usize = 16;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Type {
    Any,
    One(FieldType),
    /// A list, a set or a map of it.
    Each(Box<Type>),
    /// By attribute. Others are left out.
    Object(Vec<(Box<str>, Type)>),
}

impl Type {
    /// Reads a type as it is written: `list(object({ name = string, value = optional(string) }))`. `None` where nothing
    /// is converted to it.
    pub(super) fn of(text: &str) -> Option<Type> {
        if text.len() > LONGEST {
            return None;
        }
        let read = Type::read(&text.trim().parse().ok()?, 0);
        (read != Type::Any).then_some(read)
    }

    fn read(expression: &Expression, depth: usize) -> Type {
        match expression {
            _ if depth > DEEPEST => Type::Any,
            Expression::Variable(name) => match name.as_str() {
                "string" => Type::One(FieldType::String),
                "number" => Type::One(FieldType::Number),
                "bool" => Type::One(FieldType::Boolean),
                _ => Type::Any,
            },
            Expression::FuncCall(call) => Type::called(call, depth),
            _ => Type::Any,
        }
    }

    fn called(call: &FuncCall, depth: usize) -> Type {
        let Some(argument) = call.args.get(0).filter(|_| !call.name.is_namespaced()) else {
            return Type::Any;
        };
        match (call.name.name.as_str(), argument) {
            ("list" | "set" | "map", of) => Type::Each(Box::new(Type::read(of, depth + 1))),
            ("optional", of) => Type::read(of, depth + 1),
            ("object", Expression::Object(attributes)) => {
                let attributes = attributes.iter().filter_map(|(key, of)| {
                    let name = match key {
                        ObjectKey::Ident(name) => name.as_str(),
                        ObjectKey::Expression(key) => key.as_str()?,
                    };
                    Some((name.into(), Type::read(of.expr(), depth + 1)))
                });
                Type::Object(attributes.collect())
            }
            _ => Type::Any,
        }
    }

    /// The value as the variable has it.
    pub(super) fn convert(&self, value: &mut Value) {
        match (self, value) {
            (Type::Any, _) => {}
            (Type::One(of), value) => coerce::to_type(value, of),
            (Type::Each(of), Value::Array(list)) => {
                list.items.iter_mut().for_each(|item| of.convert(item));
                unify(list.items.iter_mut().collect());
            }
            (Type::Each(of), Value::Object(map)) => {
                map.members.iter_mut().for_each(|member| of.convert(&mut member.value));
                unify(map.members.iter_mut().map(|member| &mut member.value).collect());
            }
            (Type::Object(attributes), Value::Object(object)) => {
                object.members.retain_mut(|member| {
                    let of = attributes.iter().find(|(name, _)| *name == member.name.text);
                    if let Some((_, of)) = of {
                        of.convert(&mut member.value);
                    }
                    of.is_some() || member.name.has_unknown()
                });
            }
            _ => {}
        }
    }
}

/// All elements of a collection have one type: where one of them is a text, numbers become texts.
fn unify(mut values: Vec<&mut Value>) {
    if values.len() < 2 {
        return;
    }
    if values.iter().any(|value| value.as_string().is_some()) {
        values.iter_mut().for_each(|value| coerce::to_type(value, &FieldType::String));
        return;
    }
    let mut names: Vec<Box<str>> = Vec::new();
    for object in values.iter().filter_map(|value| value.as_object()) {
        for member in &object.members {
            if !names.contains(&member.name.text) {
                names.push(member.name.text.clone());
            }
        }
    }
    // What has so many names is a map, whose values need not have one type here.
    const MOST: usize = 64;
    for name in names.iter().take(MOST) {
        let of_name = values.iter_mut().filter_map(|value| match value {
            Value::Object(object) => object.members.iter_mut().find(|member| member.name.text == *name),
            _ => None,
        });
        unify(of_name.map(|member| &mut member.value).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::terraform::parse::tests::body;

    fn converted(of: &str, value: &str) -> Value {
        let mut value = body(&format!("x {{\n  a = {value}\n}}\n")).members.remove(0).value;
        if let Some(of) = Type::of(of) {
            of.convert(&mut value);
        }
        value
    }

    #[track_caller]
    fn is(of: &str, value: &str, as_if: &str) {
        let (left, right) = (converted(of, value), converted("any", as_if));
        assert_eq!(left.to_new(), right.to_new(), "{of}");
    }

    #[test]
    fn scalars_become_what_the_type_says() {
        is("string", "256", "\"256\"");
        is("map(string)", "{ a = 1, b = true }", "{ a = \"1\", b = \"true\" }");
        let of = "list(object({\n  name = string # of the variable\n  value = optional(string, \"\")\n}))";
        is(of, "[{ name = \"A\", value = 1 }]", "[{ name = \"A\", value = \"1\" }]");
        is(of, "[{ name = \"A\", valueFrom = \"x\" }]", "[{ name = \"A\" }]");
        is("object({ a = number })", "{ a = \"1\" }", "{ a = 1 }");
        is("any", "{ a = 1 }", "{ a = 1 }");
    }

    #[test]
    fn elements_of_a_collection_have_one_type() {
        is("list(any)", "[{ v = 1 }, { v = \"a\" }]", "[{ v = \"1\" }, { v = \"a\" }]");
        is("list(any)", "[{ v = 1 }, { v = 2 }]", "[{ v = 1 }, { v = 2 }]");
        is("map(any)", "{ a = 1, b = \"x\" }", "{ a = \"1\", b = \"x\" }");
    }
}
