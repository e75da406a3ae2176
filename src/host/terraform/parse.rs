//! One block of HCL as values. What an expression yields is left open: the text at its place tells it.

use crate::catalog::FieldType;
use crate::host::align::{Escapes, align};
use crate::host::coerce;
use crate::host::compose::Composed;
use crate::host::repair;
use crate::host::value::{Array, Member, Number, Object, StringValue, Value};
use crate::text::{Source, Span, word_at};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey};
use hcl_edit::structure::{BlockLabel, Body, Structure};
use hcl_edit::template::{Directive, Element, Template};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// Deeper values are left out: walks over values recurse.
pub(super) const DEEPEST: usize = 128;

/// A top-level block: `resource "aws_iam_role" "task" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub keyword: Box<str>,
    pub labels: Vec<Box<str>>,
    /// Arguments and nested blocks in the order written; blocks of one name are members of one name.
    pub body: Object,
    /// Where a reference stands whose own items or members are taken into the list or object around it:
    /// an argument of `concat` or `merge`. In the order of the text.
    pub spreads: Vec<Span>,
    /// What `dynamic` blocks make, and where their `for_each` stands.
    pub repeats: Vec<(Box<str>, Span)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parsed {
    /// Spans are those of the text.
    pub block: Option<Block>,
    /// Where the parser stops, and why; the block is what is whole without that line.
    pub error: Option<(Span, Box<str>)>,
}

/// Parses the text of one top-level block.
pub(super) fn parse(text: &str) -> Parsed {
    let mut written = Cow::Borrowed(text);
    let mut repeated = Vec::new();
    let attempt = |text: &str| match hcl_edit::parser::parse_body(text) {
        Ok(body) => (BlockReader::of(text).block(&body), None),
        Err(error) => (None, Some((error.location().offset().min(text.len()), error.message().to_string()))),
    };
    let (mut block, mut error) = attempt(text);
    let mut tried = 0;
    while let Some((at, message)) = &error
        && message.contains(REPEATED)
        && rename(&mut written, *at, tried, &mut repeated)
    {
        tried += 1;
        (block, error) = attempt(&written);
    }
    if let Some(block) = block.as_mut().filter(|_| !repeated.is_empty()) {
        block.body.members.iter_mut().for_each(|member| give_back(&mut member.value, &repeated));
    }
    let text = &*written;
    let Some((at, message)) = error else { return Parsed { block, error: None } };
    if let Some(block) = with_conditions_on_one_line(text, at, &attempt) {
        return Parsed { block, error: None };
    }
    let block = repair::around(
        text.to_string(),
        at,
        is_whole,
        |_, _| 0,
        |text| {
            let (block, error) = attempt(text);
            (block, error.map(|(at, _)| at))
        },
    );
    Parsed { block, error: Some((word_at(text, at), message.replace('\n', " ").into())) }
}

/// What the parser says of a key that an object has twice.
const REPEATED: &str = "redefined object key";

/// How often a key of one block is given another name.
const MOST_RENAMED: u8 = 64;

/// A key that an object has already: where it stands, and what it is.
struct Repeated {
    at: u32,
    key: Box<str>,
}

/// Terraform takes an object in which a key stands twice, and the last counts. The parser does not: for it, the key
/// gets another name of the same length. Whether there was such a key.
fn rename(text: &mut Cow<'_, str>, at: usize, tried: u8, repeated: &mut Vec<Repeated>) -> bool {
    let Some(rest) = text.get(text.floor_char_boundary(at)..) else { return false };
    let start = text.len() - rest.trim_start_matches(|it: char| it.is_whitespace() || it == '"').len();
    let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-:/.".contains(byte);
    let length = text[start..].bytes().take_while(is_key).count();
    if tried >= MOST_RENAMED || length == 0 {
        return false;
    }
    if repeated.iter().all(|known| known.at != start as u32) {
        repeated.push(Repeated { at: start as u32, key: text[start..start + length].into() });
    }
    let first = char::from(b'a' + tried % 26);
    text.to_mut().replace_range(start..=start, first.encode_utf8(&mut [0; 4]));
    true
}

/// Gives a key its own name again.
fn give_back(value: &mut Value, repeated: &[Repeated]) {
    match value {
        Value::Object(object) => {
            for member in &mut object.members {
                let start = member.name.content_span().start;
                if let Some(known) = repeated.iter().find(|known| known.at == start) {
                    member.name.text = known.key.clone();
                }
                give_back(&mut member.value, repeated);
            }
        }
        Value::Array(array) => array.items.iter_mut().for_each(|item| give_back(item, repeated)),
        _ => {}
    }
}

/// A block, and where the parser stops, and why.
type Attempt = (Option<Block>, Option<(usize, String)>);

/// How many parts of conditions may begin a line.
const BROKEN: usize = 64;

/// Within brackets a condition may go on in the next line, which the parser does not take where a `for` is around it. The
/// block without such line breaks, where that is all that was wrong.
fn with_conditions_on_one_line(
    text: &str,
    mut at: usize,
    attempt: &dyn Fn(&str) -> Attempt,
) -> Option<Option<Block>> {
    let mut text = text.to_string();
    for _ in 0..BROKEN {
        // Where the parser stops is not promised to be the border of a character.
        at = text.floor_char_boundary(at);
        let next = text.len() - text[at..].trim_start().len();
        if !text[next..].starts_with(['?', ':']) {
            return None;
        }
        let end = text[..next].trim_end().len();
        let line = text[..end].rsplit('\n').next().unwrap_or_default();
        if !text[end..next].contains('\n') || line.contains('#') || line.contains("//") {
            return None;
        }
        text.replace_range(end..next, &" ".repeat(next - end));
        match attempt(&text) {
            (block, None) => return Some(block),
            (_, Some((again, _))) => at = again,
        }
    }
    None
}

/// Whether a line of HCL can be read without those around it, but for brackets.
fn is_whole(line: &str) -> bool {
    if line.starts_with('#') || line.starts_with("//") {
        return true;
    }
    let code = line.trim_end_matches(',');
    let is_bare = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    let is_item = !is_bare || line.ends_with(',');
    line.matches('"').count().is_multiple_of(2) && !code.ends_with(['=', ':', '.']) && is_item
}

/// Where something stands. The parser takes the white space around an expression for a part of it.
pub(super) fn span_of(text: &str, of: &impl hcl_edit::Span) -> Span {
    let range = of.span().unwrap_or_default();
    // Its borders are not promised to be those of characters.
    let end = text.floor_char_boundary(range.end);
    let start = text.floor_char_boundary(range.start).min(end);
    let source = &text[start..end];
    let leading = source.len() - source.trim_start().len();
    Span::new((start + leading) as u32, (start + source.trim_end().len().max(leading)) as u32)
}

/// From a block's opening to its closing brace.
pub(super) fn braces(text: &str, block: &hcl_edit::structure::Block) -> Span {
    let whole = span_of(text, block);
    let head = block.labels.last().map_or_else(
        || span_of(text, &block.ident),
        |label| match label {
            BlockLabel::Ident(ident) => span_of(text, ident),
            BlockLabel::String(string) => span_of(text, string),
        },
    );
    let from = head.end.max(whole.start) as usize;
    let open = text.get(from..).and_then(|rest| rest.find('{')).map_or(from, |at| from + at) as u32;
    Span::new(open, whole.end.max(open))
}

fn is_json(call: &FuncCall) -> bool {
    !call.name.is_namespaced() && call.name.name.as_str() == "jsonencode"
}

pub(super) struct BlockReader<'t> {
    pub text: &'t str,
    /// See [`Block::spreads`].
    pub spreads: RefCell<Vec<Span>>,
    /// See [`Block::repeats`].
    pub repeats: RefCell<Vec<(Box<str>, Span)>>,
    /// Whether the argument of `jsonencode` is being read. Another one within it makes a text.
    is_in_json: Cell<bool>,
}

impl<'t> BlockReader<'t> {
    fn of(text: &'t str) -> BlockReader<'t> {
        BlockReader {
            text,
            spreads: RefCell::default(),
            repeats: RefCell::default(),
            is_in_json: Cell::default(),
        }
    }
}

impl BlockReader<'_> {
    pub(super) fn span(&self, of: &impl hcl_edit::Span) -> Span {
        span_of(self.text, of)
    }

    fn block(&self, body: &Body) -> Option<Block> {
        // Values of variables, and the inputs of Terragrunt.
        if body.attributes().next().is_some() {
            let span = Span::new(0, self.text.len() as u32);
            let body = self.body(body, span, 0);
            return Some(Block {
                keyword: "values".into(),
                labels: Vec::new(),
                body,
                spreads: self.sorted(),
                repeats: self.repeats.take(),
            });
        }
        let block = body.blocks().next()?;
        let labels = block
            .labels
            .iter()
            .map(|label| match label {
                BlockLabel::Ident(ident) => ident.as_str().into(),
                BlockLabel::String(string) => string.as_str().into(),
            })
            .collect();
        let body = self.body(&block.body, braces(self.text, block), 0);
        Some(Block {
            keyword: block.ident.as_str().into(),
            labels,
            body,
            spreads: self.sorted(),
            repeats: self.repeats.take(),
        })
    }

    fn sorted(&self) -> Vec<Span> {
        let mut spreads = self.spreads.take();
        spreads.sort_by_key(|span| span.start);
        spreads
    }

    pub(super) fn body(&self, body: &Body, span: Span, depth: usize) -> Object {
        let mut members = Vec::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let name = StringValue::plain(attribute.key.as_str(), self.span(&attribute.key));
                    for value in self.alternatives(attribute.key.as_str(), &attribute.value, depth + 1) {
                        members.push(Member { name: name.clone(), value });
                    }
                }
                Structure::Block(block) if depth < DEEPEST => {
                    let ident = self.span(&block.ident);
                    // `dynamic "statement"` makes none, one or several blocks of its content.
                    let dynamic = (block.ident.as_str() == "dynamic")
                        .then(|| block.labels.first())
                        .flatten()
                        .map(|label| match label {
                            BlockLabel::Ident(ident) => ident.as_str().to_string(),
                            BlockLabel::String(string) => string.as_str().to_string(),
                        });
                    members.push(match dynamic {
                        Some(label) => {
                            if let Some(each) = block.body.get_attribute("for_each") {
                                let place = self.span(&each.value);
                                self.repeats.borrow_mut().push((label.as_str().into(), place));
                            }
                            Member {
                                name: StringValue::standing_for(&label, ident),
                                value: self.dynamic(block, depth + 1),
                            }
                        }
                        None => Member {
                            name: StringValue::plain(block.ident.as_str(), ident),
                            value: Value::Object(self.body(&block.body, braces(self.text, block), depth + 1)),
                        },
                    });
                }
                Structure::Block(_) => {}
            }
        }
        Object { span, members }
    }

    pub(super) fn value(&self, expression: &Expression, depth: usize) -> Value {
        let span = self.span(expression);
        if depth > DEEPEST {
            return Value::Unknown(span);
        }
        match expression {
            Expression::Null(_) => Value::Null(span),
            Expression::Bool(value) => Value::Bool(*value.value(), span),
            Expression::Number(_) => Value::Number(Number { text: self.text.slice(span).into(), span }),
            Expression::String(string) => Value::String(self.quoted(string.value(), span)),
            Expression::StringTemplate(template) => {
                let quoted = |text: &str, place| self.literal(text, place, Escapes::Backslash);
                Value::String(self.template(template, span, quoted))
            }
            Expression::HeredocTemplate(heredoc) => {
                let lines = |_: &str, place| self.heredoc(place);
                Value::String(self.template(&heredoc.template, span, lines))
            }
            Expression::Array(array) => {
                let mut items = Vec::new();
                array.iter().for_each(|item| self.item(item, depth + 1, &mut items));
                Value::Array(Array { span, items })
            }
            Expression::Object(object) => {
                let members = object
                    .iter()
                    .filter_map(|(key, value)| {
                        let name = self.key(key)?;
                        let expression = value.expr();
                        let value = self.member(&name.text, expression, depth + 1);
                        // Unless it is a document of ours, JSON is a text like others: `value = jsonencode({ … })`.
                        let is_text = matches!(expression, Expression::FuncCall(call) if is_json(call))
                            && matches!(&value, Value::Object(object) if !object.has("Statement"));
                        let value = if is_text { self.text_of(self.span(expression)) } else { value };
                        Some(Member { name, value })
                    })
                    .collect();
                Value::Object(Object { span, members })
            }
            Expression::Parenthesis(inner) => self.value(inner.inner(), depth + 1),
            Expression::FuncCall(call) if is_json(call) && self.is_in_json.get() => self.text_of(span),
            Expression::FuncCall(call) => match (self.passed_on(call), self.converted(call, depth)) {
                (Some(argument), _) => {
                    let before = self.is_in_json.replace(self.is_in_json.get() || is_json(call));
                    let value = self.value(argument, depth + 1);
                    self.is_in_json.set(before);
                    value
                }
                (None, Some(value)) => value,
                (None, None) => self.call(call, span, depth),
            },
            Expression::Conditional(conditional) => self.conditional(conditional, span, depth),
            Expression::ForExpr(each) => self.for_each(each, span, depth),
            _ => Value::Unknown(span),
        }
    }

    /// What `tostring` and its kin make of a value; what is not known stays open, as what they make it.
    fn converted(&self, call: &FuncCall, depth: usize) -> Option<Value> {
        if call.name.is_namespaced() || call.args.len() != 1 {
            return None;
        }
        let field_type = match call.name.name.as_str() {
            "tostring" => FieldType::String,
            "tonumber" => FieldType::Number,
            "tobool" => FieldType::Boolean,
            _ => return None,
        };
        let mut value = self.value(call.args.get(0)?, depth + 1);
        if let Value::Unknown(_) = value {
            let whole = self.span(call);
            if !matches!(field_type, FieldType::String) {
                return Some(Value::Unknown(whole));
            }
            return Some(self.text_of(whole));
        }
        coerce::to_type(&mut value, &field_type);
        Some(value)
    }

    /// A text that an expression makes, which is not known.
    fn text_of(&self, expression: Span) -> Value {
        let source = self.text.get(expression.as_usize()).unwrap_or_default();
        Value::String(StringValue::unknown_as(&format!("${{{source}}}"), expression))
    }

    /// The argument of a function that yields the same value, or its text as JSON.
    fn passed_on<'e>(&self, call: &'e FuncCall) -> Option<&'e Expression> {
        const SAME: [&str; 9] = [
            "jsonencode",
            "toset",
            "tolist",
            "tomap",
            "sensitive",
            "nonsensitive",
            "trimspace",
            "chomp",
            "distinct",
        ];
        (!call.name.is_namespaced() && SAME.contains(&call.name.name.as_str()) && call.args.len() == 1)
            .then(|| call.args.get(0))
            .flatten()
    }

    pub(super) fn key(&self, key: &ObjectKey) -> Option<StringValue> {
        let (ObjectKey::Ident(_) | ObjectKey::Expression(Expression::Variable(_))) = key else {
            let ObjectKey::Expression(expression) = key else { return None };
            return match self.value(expression, 0) {
                Value::String(string) => Some(string),
                // A reference in parentheses.
                other => {
                    let text = self.text.slice(other.span());
                    Some(StringValue::unknown_as(&format!("${{{text}}}"), other.span()))
                }
            };
        };
        let span = self.span(key);
        Some(StringValue::plain(&self.text.slice(span), span))
    }

    /// A quoted string without interpolations.
    fn quoted(&self, text: &str, span: Span) -> StringValue {
        let mut out = Composed::new(span);
        let content = Span::new(span.start + 1, span.end.saturating_sub(1).max(span.start + 1));
        out.push(&self.literal(text, content, Escapes::Backslash), 0..text.len());
        let mut string = out.finish();
        if content.len() as usize == text.len() {
            string.set_runs(None);
        }
        string
    }

    fn literal(&self, text: &str, span: Span, escapes: Escapes) -> StringValue {
        let source = self.text.get(span.as_usize()).unwrap_or_default();
        if source == text {
            return StringValue::plain(text, span);
        }
        let runs = align(source, text, escapes).unwrap_or_default();
        StringValue::new(text, span, Some(runs.into()), Box::default())
    }

    /// Lines of a heredoc as they are written. Their indentation stays: it means nothing to what is read
    /// from them, and the parser takes letters for indentation where a line has none.
    fn heredoc(&self, span: Span) -> StringValue {
        let source = self.text.get(span.as_usize()).unwrap_or_default();
        let mut out = Composed::new(span);
        let written = StringValue::plain(source, span);
        let mut at = 0;
        // The escapes of a heredoc: a template's opening with its first character doubled.
        let escapes = source.match_indices("$${").chain(source.match_indices("%%{"));
        let mut escapes: Vec<usize> = escapes.map(|(at, _)| at).collect();
        escapes.sort_unstable();
        for escape in escapes {
            out.push(&written, at..escape + 1);
            at = escape + 2;
        }
        out.push(&written, at..source.len());
        out.finish()
    }

    fn template(
        &self,
        template: &Template,
        span: Span,
        literal: impl Fn(&str, Span) -> StringValue,
    ) -> StringValue {
        let mut out = Composed::new(span);
        self.elements(template, &literal, &mut out, &mut InJson::default());
        out.finish()
    }

    fn elements(
        &self,
        template: &Template,
        literal: &dyn Fn(&str, Span) -> StringValue,
        out: &mut Composed,
        json: &mut InJson,
    ) {
        for element in template {
            let place = self.exact(element.span());
            match element {
                Element::Literal(text) => {
                    let part = literal(text.value(), place);
                    json.read(&part.text);
                    out.push(&part, 0..part.text.len());
                }
                // What is between the marks of a directive is read where it is a part of JSON of its own; inside of
                // a text, the whole of it is unknown.
                Element::Directive(directive) if json.is_between_texts() => {
                    let parts: Vec<&Template> = match &**directive {
                        Directive::If(it) => {
                            let otherwise = it.else_expr.as_ref().map(|it| &it.template);
                            [Some(&it.if_expr.template), otherwise].into_iter().flatten().collect()
                        }
                        Directive::For(it) => vec![&it.for_expr.template],
                    };
                    let mut at = place.start;
                    for part in parts {
                        let first = part.iter().next().map(|it| self.exact(it.span()));
                        let Some(first) = first.filter(|first| first.start >= at) else { continue };
                        self.mark(Span::new(at, first.start), out);
                        self.elements(part, literal, out, json);
                        at = part.iter().last().map_or(at, |it| self.exact(it.span()).end.max(at));
                    }
                    self.mark(Span::new(at, place.end.max(at)), out);
                }
                Element::Interpolation(_) | Element::Directive(_) => self.mark(place, out),
            }
        }
    }

    /// What stands at a place of which nothing is known.
    fn mark(&self, place: Span, out: &mut Composed) {
        let source = self.text.get(place.as_usize()).unwrap_or_default();
        out.push_unknown(&StringValue::plain(source, place), 0..source.len());
    }

    /// The place of an element; unlike those of expressions, these are exact.
    fn exact(&self, range: Option<std::ops::Range<usize>>) -> Span {
        let range = range.unwrap_or_default();
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.floor_char_boundary(range.end).max(start);
        Span::new(start as u32, end as u32)
    }
}

/// Whether what is read of a template so far is JSON, and where in it the next character stands.
#[derive(Default)]
struct InJson {
    /// Whether it begins as JSON does; `None` before the first character.
    is_json: Option<bool>,
    is_in_text: bool,
    is_escaped: bool,
}

impl InJson {
    fn read(&mut self, text: &str) {
        for letter in text.chars() {
            if self.is_json.is_none() && !letter.is_whitespace() {
                self.is_json = Some(matches!(letter, '{' | '['));
            }
            match letter {
                _ if self.is_escaped => self.is_escaped = false,
                '\\' => self.is_escaped = self.is_in_text,
                '"' => self.is_in_text = !self.is_in_text,
                // No text goes on behind its line.
                '\n' => self.is_in_text = false,
                _ => {}
            }
        }
    }

    fn is_between_texts(&self) -> bool {
        self.is_json == Some(true) && !self.is_in_text
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::host::terraform) fn body(text: &str) -> Object {
        parse(text).block.unwrap().body
    }

    #[test]
    fn values_know_where_they_stand() {
        let text = "resource \"a\" \"b\" {\n  é = 1\n  x = \"q\\\"é\" # c\n  y = [\"${var.z}-t\", var.n]\n  p = jsonencode({ Version = \"2\", \"k:s\": { A = true } })\n  statement {\n    sid = \"s\"\n  }\n}\n";
        let body = body(text);
        let under = |value: &Value| text[value.span().as_usize()].to_string();
        let of = |name: &str| body.get(name).unwrap();
        assert_eq!(under(of("x")), "\"q\\\"é\"");
        let string = of("x").as_string().unwrap();
        assert_eq!(&text[string.part(2..string.text.len()).as_usize()], "é");
        let items = &of("y").as_array().unwrap().items;
        assert_eq!(items[0].as_string().map(|it| &*it.text), Some("${var.z}-t"));
        assert_eq!(items[0].as_string().unwrap().open_parts()[0].range(), 0..8);
        assert_eq!((under(&items[1]).as_str(), matches!(items[1], Value::Unknown(_))), ("var.n", true));
        let policy = of("p").as_object().unwrap();
        assert_eq!(policy.members[1].name.text.as_ref(), "k:s");
        assert!(under(of("p")).starts_with("{ Version"));
        assert_eq!(under(of("statement")), "{\n    sid = \"s\"\n  }");
    }

    #[test]
    fn heredocs_lead_back_to_their_lines() {
        let text = "resource \"a\" \"b\" {\n  x = <<-EOF\n    {\n      \"é\": \"${var.a}/$${aws:username}\"\n    }\n  EOF\n}\n";
        let body = body(text);
        let string = body.string("x").unwrap();
        for part in ["\"é\"", "/", "${aws:username}"] {
            let at = string.text.find(part).unwrap();
            let under = &text[string.part(at..at + part.len()).as_usize()];
            assert_eq!(under.trim_start_matches('$'), part.trim_start_matches('$'), "{}", string.text);
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_there_twice() {
        let text = "locals {\n  a = { owner = \"x\", b = 1, owner = \"y\", \"owner\" = \"z\" }\n}\n";
        let parsed = parse(text);
        assert_eq!(parsed.error, None);
        let body = parsed.block.unwrap().body;
        let names: Vec<&str> = body.object("a").unwrap().members.iter().map(|it| &*it.name.text).collect();
        assert_eq!(names, ["owner", "b", "owner", "owner"]);
    }

    #[test]
    fn json_in_json_is_a_text() {
        let text = "resource \"a\" \"b\" {\n  x = jsonencode([{ value = jsonencode({ Statement = [] }), at = { p = 1 } }])\n  y = [{ value = jsonencode({ p = 1 }), policy = jsonencode({ Statement = [] }) }]\n}\n";
        let body = body(text);
        for (name, policy) in [("x", None), ("y", Some(true))] {
            let item = body.items(name)[0].as_object().unwrap();
            assert!(item.string("value").unwrap().is_wholly_unknown(), "{name}");
            assert_eq!(item.get("policy").map(|it| it.as_object().is_some()), policy);
        }
    }

    #[test]
    fn half_typed_lines_cost_themselves_alone() {
        for broken in ["  actions =", "  acti", "  actions = [\"ecs:", "  b = 1 2"] {
            let text = format!("resource \"a\" \"b\" {{\n  sid = \"é\"\n{broken}\n  last = 1\n}}\n");
            let parsed = parse(&text);
            assert!(parsed.error.is_some(), "{broken}");
            let body = parsed.block.unwrap_or_else(|| panic!("{broken}")).body;
            assert!(body.has("sid") && body.has("last"), "{broken}");
        }
    }
}
