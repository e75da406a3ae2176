//! The blocks of a module with what they refer to.

use super::made;
use super::parse::Block;
use crate::catalog;
use crate::host::resource::{Content, Expressions, Node, Resource, TextPart};
use crate::host::value::{Member, Object, Value};
use crate::text::Span;

/// What a block is to others: nothing, a resource, or the locals that it holds.
pub(super) fn of_block(block: &Block, text: &str, is_partial: bool) -> Vec<Resource> {
    let expressions = Hcl { text };
    let label = |index: usize| block.labels.get(index).map_or("", |label| &**label);
    let body = || Content::of(&Value::Object(block.body.clone()), &expressions);
    let one = |address: String, resource_type: &str, body: Content| {
        vec![Resource {
            address: address.into(),
            resource_type: resource_type.into(),
            is_conditional: block.body.has("count") || block.body.has("for_each"),
            is_partial,
            body,
        }]
    };
    let is_known = || catalog::resource_kind(label(0)).is_some();
    match &*block.keyword {
        "resource" if is_known() => one(format!("{}.{}", label(0), label(1)), label(0), body()),
        "data" if is_known() => one(format!("data.{}.{}", label(0), label(1)), label(0), body()),
        "provider" if label(0) == "aws" => one("provider.aws".to_string(), "provider", body()),
        "module" => {
            let address = format!("module.{}", label(0));
            let body = body();
            let made = made::of_call(block, &address, &body, is_partial);
            let mut found = one(address, "module", body);
            found.extend(made);
            found
        }
        "output" => one(format!("output.{}", label(0)), "output", body()),
        "variable" => one(format!("var.{}", label(0)), "variable", body()),
        "locals" => {
            let local = |member: &Member| {
                let object = Value::Object(Object {
                    span: member.span(),
                    members: vec![Member {
                        name: crate::host::value::StringValue::standing_for("value", member.name.span),
                        value: member.value.clone(),
                    }],
                });
                Resource {
                    address: format!("local.{}", member.name.text).into(),
                    resource_type: "local".into(),
                    is_conditional: false,
                    is_partial,
                    body: Content::of(&object, &expressions),
                }
            };
            block.body.members.iter().map(local).collect()
        }
        _ => Vec::new(),
    }
}

/// Expressions of a block, by its text.
struct Hcl<'t> {
    text: &'t str,
}

impl Expressions for Hcl<'_> {
    fn unknown(&self, span: Span) -> Node {
        let source = self.text.get(span.as_usize()).unwrap_or_default();
        match path(source).or_else(|| file(source)) {
            Some(path) => Node::Text(vec![TextPart::Ref(path.into())]),
            None => Node::Open,
        }
    }

    fn part(&self, text: &str) -> TextPart {
        let inside = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        match inside.and_then(path) {
            Some(path) => TextPart::Ref(path.into()),
            None => TextPart::Open,
        }
    }
}

/// The file whose text a value is, as a reference: `file.policies/web.json`, from the folder of the module.
fn file(source: &str) -> Option<String> {
    Some(format!("file.{}", super::module::path_of_file(source)?))
}

/// The path of a reference without its indices: `aws_iam_role.task[0].arn` is `aws_iam_role.task.arn`.
fn path(source: &str) -> Option<String> {
    let mut found = String::new();
    let mut rest = source.trim();
    if let Some(inside) = rest.strip_prefix("one(").and_then(|rest| rest.strip_suffix(')')) {
        rest = inside.trim();
    }
    loop {
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        let name = &rest[..length];
        if name.is_empty() || !name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_') {
            return None;
        }
        if !found.is_empty() {
            found.push('.');
        }
        found.push_str(name);
        rest = &rest[length..];
        while rest.starts_with('[') {
            rest = &rest[rest.find(']')? + 1..];
        }
        rest = rest.strip_prefix(".*").unwrap_or(rest);
        match rest.strip_prefix('.') {
            Some(next) => rest = next,
            None => break,
        }
    }
    (rest.is_empty() && found.contains('.')).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn indices_do_not_tell_another_resource() {
        assert_eq!(path("aws_iam_role.task[0].arn").as_deref(), Some("aws_iam_role.task.arn"));
        assert_eq!(path("one(aws_iam_role.task[*].arn)").as_deref(), Some("aws_iam_role.task.arn"));
        assert_eq!(path(" var.name ").as_deref(), Some("var.name"));
        assert_eq!(path("var.a ? 1 : 2"), None);
        assert_eq!(path("join(\"\", x.y)"), None);
        assert_eq!(path("12"), None);
    }
}
