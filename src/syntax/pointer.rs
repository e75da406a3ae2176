//! JSON Pointers (RFC 6901) of places in a text.

use super::kind::Kind;
use super::string::decode;
use super::tree::Tree;
use crate::text::{Source, Span};

/// The pointer, from the value at `root` (or the first value of the text), to the innermost value
/// that contains `span`. A span inside a member's name means that member.
pub fn pointer(tree: &Tree, source: &(impl Source + ?Sized), root: Option<Span>, span: Span) -> String {
    let mut pointer = String::new();
    let mut next = tree.value();
    let mut below_root = root.is_none();
    while let Some(value) = next.take() {
        below_root |= Some(value.span()) == root;
        let mut step = |part: &str, below: bool| {
            if below {
                pointer.push('/');
                pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
            }
        };
        match value.kind() {
            Kind::Object => {
                let Some(member) = value.members().find(|member| member.span().covers(span)) else { break };
                if let Some(name) = member.name() {
                    step(&decode(&source.slice(name.span())).text, below_root);
                }
                next = member.value().filter(|value| value.span().covers(span));
            }
            Kind::Array => {
                let found = value.items().enumerate().find(|(_, item)| item.span().covers(span));
                let Some((index, item)) = found else { break };
                step(&index.to_string(), below_root);
                next = Some(item);
            }
            _ => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_pointers() {
        let text = r#"{"Statement": [{"a/b": ["x", {"é~": 1}], "a/b": 2}]}"#;
        let tree = Tree::parse(text);
        let of = |part: &str| {
            let start = text.find(part).unwrap() as u32;
            pointer(&tree, text, None, Span::new(start, start + part.len() as u32))
        };
        assert_eq!(of("\"x\""), "/Statement/0/a~1b/0");
        assert_eq!(of("é"), "/Statement/0/a~1b/1/é~0");
        assert_eq!(of("{\"a/b"), "/Statement/0");
        assert_eq!(of("{\"Statement"), "");
    }
}
