//! The resources of a template with what they refer to.

use super::call::Call;
use crate::catalog;
use crate::host::resource::{Content, Expressions, Node, Resource, TextPart, in_text};
use crate::host::value::{Object, StringValue, Value};

/// Intrinsic functions, as what they refer to.
pub(super) struct Intrinsics<'a> {
    /// What is given for the parameters of a policy template of SAM; a `Ref` is one of them.
    pub given: Option<&'a Object>,
}

/// Those of a template.
pub(super) const PLAIN: Intrinsics<'static> = Intrinsics { given: None };

/// A resource of a template.
pub(super) fn resource(name: &str, object: &Object) -> Option<Resource> {
    let resource_type = object.string("Type")?.text.clone();
    catalog::resource_kind(&resource_type)?;
    let empty = Value::Object(Object { span: object.span, members: Vec::new() });
    let properties = object.get("Properties").unwrap_or(&empty);
    Some(Resource {
        address: name.into(),
        resource_type,
        is_conditional: object.has("Condition"),
        is_partial: object.members.iter().any(|member| member.name.text.starts_with("Fn::")),
        body: Content::of(properties, &PLAIN),
    })
}

/// The outputs of a template, and its parameters.
pub(in crate::host) fn others(section: &str, object: &Object) -> Vec<Resource> {
    let (prefix, resource_type) = match section {
        "Outputs" => ("output.", "output"),
        _ => ("parameter.", "parameter"),
    };
    let members = object.members.iter().filter(|member| member.value.as_object().is_some());
    members
        .map(|member| Resource {
            address: format!("{prefix}{}", member.name.text).into(),
            resource_type: resource_type.into(),
            is_conditional: false,
            is_partial: false,
            body: Content::of(&member.value, &PLAIN),
        })
        .collect()
}

impl Expressions for Intrinsics<'_> {
    fn call(&self, value: &Value) -> Option<Node> {
        // JSON in a text with names to be filled in.
        if let Some(call) = Call::of(value) {
            return Some(self.called(&call));
        }
        None
    }
}

impl Intrinsics<'_> {
    fn called(&self, call: &Call<'_>) -> Node {
        match (call.function, call.argument) {
            ("Ref", Value::String(name)) if &*name.text == "AWS::NoValue" => Node::Nothing,
            ("Ref", Value::String(name)) if self.given.is_some_and(|given| given.has(&name.text)) => {
                let given = self.given.and_then(|given| given.get(&name.text));
                given.map_or(Node::Open, |given| Content::of(given, &PLAIN).node)
            }
            ("Ref", Value::String(name)) => Node::Text(vec![TextPart::Ref(name.text.clone())]),
            ("Fn::GetAtt", Value::String(path)) => Node::Text(vec![TextPart::Ref(path.text.clone())]),
            ("Fn::GetAtt", Value::Array(array)) => {
                let parts = array.items.iter().map(|item| item.as_string().map(|it| &*it.text));
                match parts.collect::<Option<Vec<&str>>>() {
                    Some(parts) => Node::Text(vec![TextPart::Ref(parts.join(".").into())]),
                    None => Node::Open,
                }
            }
            ("Fn::Sub", Value::String(text)) => self.substituted(text, None),
            ("Fn::Sub", Value::Array(array)) => match &array.items[..] {
                [Value::String(text), Value::Object(names)] => self.substituted(text, Some(names)),
                _ => Node::Open,
            },
            ("Fn::Join", Value::Array(array)) => match &array.items[..] {
                [Value::String(separator), Value::Array(parts)] => {
                    let mut pieces = Vec::new();
                    for (index, part) in parts.items.iter().enumerate() {
                        if index > 0 && !separator.text.is_empty() {
                            pieces.push(TextPart::Known(separator.text.clone()));
                        }
                        self.append(part, &mut pieces);
                    }
                    Node::Text(merged(pieces))
                }
                _ => Node::Open,
            },
            ("Fn::ImportValue", name) => {
                let mut pieces = Vec::new();
                self.append(name, &mut pieces);
                match super::call::literal(name) {
                    Some(name) => Node::Text(vec![TextPart::Import(name)]),
                    None => Node::Open,
                }
            }
            ("Fn::If", Value::Array(array)) => {
                let branches = array.items.iter().skip(1).map(|branch| Content::of(branch, self));
                Node::Choice(branches.filter(|item| item.node != Node::Nothing).collect())
            }
            ("Fn::ToJsonString", inner) => Content::of(inner, self).node,
            _ => Node::Open,
        }
    }

    fn append(&self, part: &Value, pieces: &mut Vec<TextPart>) {
        match Content::of(part, self).node {
            Node::Text(more) => pieces.extend(more),
            Node::Nothing => {}
            _ => pieces.push(TextPart::Open),
        }
    }

    fn substituted(&self, string: &StringValue, names: Option<&Object>) -> Node {
        if let Some(value) = in_text(string).filter(|_| names.is_none()) {
            return Content::of(&value, &Substituted).node;
        }
        Node::Text(self.parts(&string.text, names))
    }

    fn parts(&self, text: &str, names: Option<&Object>) -> Vec<TextPart> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            pieces.push(TextPart::Known(before.into()));
            let Some((inside, after)) = behind.split_once('}') else {
                pieces.push(TextPart::Known(format!("${{{behind}").into()));
                return merged(pieces);
            };
            let name = inside.trim();
            if let Some(literal) = name.strip_prefix('!') {
                pieces.push(TextPart::Known(format!("${{{literal}}}").into()));
            } else if let Some(given) = names.and_then(|names| names.get(name)) {
                self.append(given, &mut pieces);
            } else {
                pieces.push(TextPart::Ref(name.into()));
            }
            rest = after;
        }
        pieces.push(TextPart::Known(rest.into()));
        merged(pieces)
    }
}

/// Texts in a text in which names are filled in.
struct Substituted;

impl Expressions for Substituted {
    fn call(&self, value: &Value) -> Option<Node> {
        let text = value.as_string()?;
        Some(Node::Text(PLAIN.parts(&text.text, None)))
    }
}

/// Known pieces that follow each other are one.
fn merged(pieces: Vec<TextPart>) -> Vec<TextPart> {
    let mut found: Vec<TextPart> = Vec::new();
    for piece in pieces {
        match (found.last_mut(), &piece) {
            (_, TextPart::Known(text)) if text.is_empty() => {}
            (Some(TextPart::Known(known)), TextPart::Known(more)) => *known = format!("{known}{more}").into(),
            _ => found.push(piece),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn names_in_a_text_are_references() {
        let text = StringValue::plain("arn:${AWS::Partition}:s3:::${!x}${Bucket}/*", Span::default());
        let node = PLAIN.substituted(&text, None);
        let expected = vec![
            TextPart::Known("arn:".into()),
            TextPart::Ref("AWS::Partition".into()),
            TextPart::Known(":s3:::${x}".into()),
            TextPart::Ref("Bucket".into()),
            TextPart::Known("/*".into()),
        ];
        assert_eq!(node, Node::Text(expected));
    }
}
