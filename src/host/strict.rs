//! A file as a parser sees it that repairs nothing: what a fix must leave whole.

use super::value::Value;
use super::{Document, Parsed};
use crate::syntax::{Kind, SyntaxErrorKind, Tree, ValueRef, decode};
use crate::text::{Source, Span};
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::Element;
use saphyr_parser::{Event, Parser};
use std::collections::{HashMap, HashSet};

/// Deeper values are not searched for names: the walks recurse.
const DEEPEST: usize = 128;

/// What a strict parser says of a whole file and of the JSON inside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strict {
    pub grade: Grade,
    /// How many faults there are, where it is not whole. Those of embedded JSON count in any case.
    pub faults: usize,
    /// Names that stand more than once in one mapping, and how often beyond that.
    pub repeated: HashMap<Box<str>, usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    Broken,
    /// JSON with comments, or with commas behind the last items.
    WithComments,
    Whole,
}

impl Strict {
    /// Judges a text; `parsed` and `documents` are what is known of it.
    pub fn of(text: &str, parsed: &Parsed, documents: &[Document]) -> Strict {
        if let Parsed::Markdown(file) = parsed {
            return Strict::of_all(
                file.blocks().map(|(_, text, parsed, documents)| Strict::of(text, parsed, documents)),
            );
        }
        let mut names = Names::default();
        let (grade, mut faults) = match parsed {
            Parsed::Json(file) => {
                let tree = file.tree();
                tree.value().into_iter().for_each(|value| names.json(value, text));
                json(tree, text)
            }
            Parsed::Yaml(_) => match names.yaml(text) {
                Some(()) => (Grade::Whole, 0),
                None => (Grade::Broken, parsed.errors().len()),
            },
            Parsed::Terraform(_) => match hcl_edit::parser::parse_body(text.trim_start_matches('\u{feff}')) {
                Ok(body) => {
                    names.body(&body, 0);
                    (Grade::Whole, 0)
                }
                Err(_) => (Grade::Broken, parsed.errors().len()),
            },
            Parsed::AgentConfig(document) => {
                document.iter().for_each(|document| names.value(&document.head));
                (Grade::Whole, 0)
            }
            Parsed::Markdown(_) => (Grade::Whole, 0),
        };
        for document in documents {
            faults += document.errors.len();
            if document.embedded.is_some() {
                names.value(&document.head);
                document.units.iter().for_each(|placed| names.value(&placed.unit.value));
            }
        }
        Strict { grade, faults, repeated: names.repeated }
    }

    /// Several texts in one.
    fn of_all(parts: impl Iterator<Item = Strict>) -> Strict {
        let mut all = Strict { grade: Grade::Whole, faults: 0, repeated: HashMap::new() };
        for part in parts {
            all.grade = all.grade.min(part.grade);
            all.faults += part.faults;
            for (name, times) in part.repeated {
                *all.repeated.entry(name).or_default() += times;
            }
        }
        all
    }

    /// A name that stands twice here, and did not before.
    pub fn repeats_beyond(&self, before: &Strict) -> Option<&str> {
        let known = |name: &str| before.repeated.get(name).copied().unwrap_or_default();
        self.repeated.iter().filter(|(name, times)| **times > known(name)).map(|(name, _)| &**name).min()
    }

    /// Whether a parser takes it as far as it took what was before.
    pub fn holds_up_to(&self, before: &Strict) -> bool {
        self.grade >= before.grade && self.faults <= before.faults
    }
}

fn json(tree: &Tree, text: &str) -> (Grade, usize) {
    if tree.is_strict_json() {
        return (Grade::Whole, 0);
    }
    let errors = tree.errors(text);
    let faults = errors.iter().filter(|error| !error.kind.is_jsonc()).count();
    let is_whole = errors.iter().all(|error| error.kind == SyntaxErrorKind::ByteOrderMark);
    match faults {
        0 if is_whole => (Grade::Whole, 0),
        0 => (Grade::WithComments, 0),
        faults => (Grade::Broken, faults),
    }
}

/// Counts names that stand more than once in one mapping.
#[derive(Default)]
struct Names {
    repeated: HashMap<Box<str>, usize>,
}

impl Names {
    fn mapping<'n, N: AsRef<str> + std::hash::Hash + Eq + 'n>(&mut self, names: impl Iterator<Item = N>) {
        let mut seen = HashSet::new();
        for name in names {
            if seen.contains(&name) {
                *self.repeated.entry(name.as_ref().into()).or_default() += 1;
            } else {
                seen.insert(name);
            }
        }
    }

    /// The tree is no deeper than the parser lets it be.
    fn json(&mut self, value: ValueRef<'_>, text: &str) {
        match value.kind() {
            Kind::Object => {
                let name = |span: Span| {
                    let token = text.slice(span);
                    if token.contains('\\') { decode(&token).text.into() } else { token }
                };
                let trimmed = |name: std::borrow::Cow<'_, str>| name.trim_matches('"').to_string();
                let names = value.members().filter_map(|member| Some(trimmed(name(member.name()?.span()))));
                self.mapping(names);
                value.members().filter_map(|member| member.value()).for_each(|value| self.json(value, text));
            }
            Kind::Array => value.items().for_each(|item| self.json(item, text)),
            _ => {}
        }
    }

    /// `None` where the parser refuses the text, or a name stands twice where YAML forbids it.
    fn yaml(&mut self, text: &str) -> Option<()> {
        /// What is open: the names of a mapping, and whether a name comes next.
        enum Open {
            Mapping { names: HashSet<String>, is_name: bool },
            Sequence,
        }
        /// A value ends here.
        fn ends(open: &mut [Open]) {
            if let Some(Open::Mapping { is_name, .. }) = open.last_mut() {
                *is_name = !*is_name;
            }
        }
        let mut open: Vec<Open> = Vec::new();
        for event in Parser::new_from_str(text) {
            match event.ok()?.0 {
                Event::MappingStart(..) => {
                    open.push(Open::Mapping { names: HashSet::new(), is_name: true });
                }
                Event::SequenceStart(..) => open.push(Open::Sequence),
                Event::MappingEnd | Event::SequenceEnd => {
                    open.pop();
                    ends(&mut open);
                }
                Event::Scalar(name, ..) => {
                    if let Some(Open::Mapping { names, is_name: true }) = open.last_mut()
                        && !names.insert(name.to_string())
                    {
                        *self.repeated.entry(name.as_ref().into()).or_default() += 1;
                    }
                    ends(&mut open);
                }
                Event::Alias(_) => ends(&mut open),
                _ => {}
            }
        }
        Some(())
    }

    fn body(&mut self, body: &Body, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        // Blocks may share a name with each other, not with an argument.
        let blocks: HashSet<&str> = body.blocks().map(|block| block.ident.as_str()).collect();
        let arguments = body.attributes().map(|attribute| attribute.key.as_str());
        self.mapping(blocks.into_iter().chain(arguments));
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => self.expression(&attribute.value, depth + 1),
                Structure::Block(block) => self.body(&block.body, depth + 1),
            }
        }
    }

    fn expression(&mut self, expression: &Expression, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match expression {
            Expression::Array(array) => array.iter().for_each(|item| self.expression(item, depth + 1)),
            Expression::Object(object) => {
                let names = object.iter().filter_map(|(key, _)| match key {
                    ObjectKey::Ident(name) => Some(name.as_str()),
                    ObjectKey::Expression(Expression::String(name)) => Some(name.value().as_str()),
                    ObjectKey::Expression(Expression::Variable(name)) => Some(name.value().as_str()),
                    ObjectKey::Expression(_) => None,
                });
                self.mapping(names);
                object.iter().for_each(|(_, value)| self.expression(value.expr(), depth + 1));
            }
            Expression::Parenthesis(inner) => self.expression(inner.inner(), depth + 1),
            Expression::FuncCall(call) => {
                call.args.iter().for_each(|argument| self.expression(argument, depth + 1));
            }
            Expression::Conditional(choice) => {
                self.expression(&choice.true_expr, depth + 1);
                self.expression(&choice.false_expr, depth + 1);
            }
            Expression::ForExpr(each) => self.expression(&each.value_expr, depth + 1),
            Expression::StringTemplate(template) => {
                for element in template {
                    if let Element::Interpolation(inner) = element {
                        self.expression(&inner.expr, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// Values of documents are no deeper than their hosts let them be.
    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                self.mapping(object.members.iter().map(|member| &*member.name.text));
                object.members.iter().for_each(|member| self.value(&member.value));
            }
            Value::Array(array) => array.items.iter().for_each(|item| self.value(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Module, Surroundings};

    fn strict(path: &str, text: &str) -> Strict {
        let module = Module::default();
        let parsed = Parsed::parse(text, Surroundings { path, module: &module });
        let documents = parsed.documents(text, path, None, &[]);
        Strict::of(text, &parsed, &documents)
    }

    #[test]
    fn grades_are_those_of_strict_parsers() {
        for (path, text, grade) in [
            ("a.json", "{\"a\": [1]}", Grade::Whole),
            ("a.json", "\u{feff}{\"a\": [1]}", Grade::Whole),
            ("a.json", "{\"a\": [1,]} // é", Grade::WithComments),
            ("a.json", "{\"a\": [1}", Grade::Broken),
            ("a.yaml", "Statement:\n- a: é\n", Grade::Whole),
            ("a.yaml", "Statement: [\n", Grade::Broken),
            ("a.tf", "resource \"aws_é\" \"b\" {\n  a = [1]\n}\n", Grade::Whole),
            ("a.tf", "\u{feff}resource \"aws_é\" \"b\" {\n  a = [1]\n}\n", Grade::Whole),
            ("a.tf", "resource \"aws_a\" \"b\" {\n  a = [1\n}\n", Grade::Broken),
        ] {
            assert_eq!(strict(path, text).grade, grade, "{path}: {text}");
        }
    }

    #[test]
    fn names_that_stand_twice_are_told_in_every_host() {
        let json = r#"{"Statement": [{"é": 1, "\u00e9": 2, "b": {"é": 1}}]}"#;
        let yaml = "Statement:\n- é: 1\n  \"é\": 2\n  b: {é: 1}\n";
        let hcl = "resource \"aws_a\" \"b\" {\n  c = { é = 1, \"é\" = 2, b = { é = 1 } }\n}\n";
        let embedded = "resource \"aws_iam_policy\" \"b\" {\n  policy = <<EOF\n{\"Version\": \"2012-10-17\", \"Statement\": [{\"é\": 1, \"é\": 2}]}\nEOF\n}\n";
        for (path, text) in [("a.json", json), ("a.yaml", yaml), ("a.tf", hcl), ("a.tf", embedded)] {
            let found = strict(path, text);
            assert_eq!(found.repeated, HashMap::from([("é".into(), 1)]), "{path}: {text}");
            assert_eq!(found.repeats_beyond(&strict(path, "{}")), Some("é"));
            assert_eq!(found.repeats_beyond(&found), None);
        }
        let twice = "resource \"aws_a\" \"b\" {\n  volume = 1\n  volume {\n  }\n}\n";
        assert_eq!(strict("a.tf", twice).repeats_beyond(&strict("a.tf", "")), Some("volume"));
    }
}
