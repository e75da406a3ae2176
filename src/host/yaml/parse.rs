//! One block of YAML as values. Tags that CloudFormation knows become the functions they stand for.

use crate::host::align::{Escapes, align};
use crate::host::budget::{self, Budget};
use crate::host::placeholder;
use crate::host::repair;
use crate::host::value::{Array, Member, Number, Object, StringValue, Value};
use crate::host::write::{Comments, Layout};
use crate::syntax::Run;
use crate::text::{Span, word_at};
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Deeper values are left out: nothing of ours is nested like that, and walks over values recurse.
const DEEPEST: usize = 128;

/// What a block says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parsed {
    /// Spans are those of the block; `None` where nothing is in it.
    pub value: Option<Value>,
    /// What the parser refuses first; the value is what is whole without that line.
    pub error: Option<YamlError>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct YamlError {
    pub span: Span,
    pub message: Box<str>,
}

/// Parses a block. A line that makes it unreadable is left out, so that what stands around a half-typed
/// line keeps its findings.
pub(crate) fn parse(text: &str, budget: &Budget) -> Parsed {
    let mark = budget.mark();
    let attempt = |text: &str| budget.retry(mark, || attempt(text, budget));
    let (joined, mut value, first) = joining(text, &attempt);
    let Some(error) = first else { return Parsed { value, error: None } };
    let at = error.span.start as usize;
    let better = repair::around(joined.into_owned(), at, is_whole, kept, |text| {
        let (value, error) = attempt(text);
        (value, error.map(|error| error.span.start as usize))
    });
    value = better.or(value);
    Parsed { value, error: Some(error) }
}

/// The text as it can be read to its end, at the same length; `None` where it cannot.
pub(super) fn readable(text: &str) -> Option<Cow<'_, str>> {
    let budget = Budget::of_a_file();
    let (joined, _, error) = joining(text, &|text| attempt(text, &budget));
    error.is_none().then_some(joined)
}

/// As far as the parser gets, and what stops it.
type Attempt = (Option<Value>, Option<YamlError>);

/// As far as the parser gets, brackets closed where it wants them, and what stops it.
fn joining<'t>(
    text: &'t str,
    attempt: &dyn Fn(&str) -> Attempt,
) -> (Cow<'t, str>, Option<Value>, Option<YamlError>) {
    let mut joined = Cow::Borrowed(text);
    let (mut value, mut first) = attempt(text);
    // Other parsers, that of CloudFormation among them, let a bracket close at any indentation, and a quoted text go on
    // at any.
    for _ in 0..JOINED_LINES {
        let closes = |error: &&YamlError| {
            &*error.message == "invalid indentation"
                && joined.get(error.span.start as usize..).is_some_and(|rest| rest.starts_with([']', '}']))
        };
        let text = match first.as_ref() {
            Some(error) if closes(&error) => join_line(&joined, error.span.start as usize),
            Some(error) if &*error.message == OUTDENTED_QUOTE => indented(&joined, error.span.start as usize),
            _ => None,
        };
        let Some(text) = text else { break };
        (value, first) = attempt(&text);
        joined = text.into();
    }
    (joined, value, first)
}

/// How far before its value a tag is looked for: comments may stand in between.
const TAG_REACH: usize = 4096;

/// What the parser says of a quoted text that goes on at a lesser indentation than YAML asks for.
const OUTDENTED_QUOTE: &str = "invalid indentation in quoted scalar";

/// The text with the quoted text at a byte on one line, at the same length: its line breaks are folded into spaces anyway.
/// `None` where it has none, or one of them would not be folded into a space alone.
fn indented(text: &str, at: usize) -> Option<String> {
    let quote = *text.as_bytes().get(at).filter(|it| matches!(it, b'"' | b'\''))?;
    let length = quoted_length(text.get(at..)?);
    let inside = text.get(at..at + length)?;
    let is_folded = inside.len() > 1 && inside.as_bytes().last() == Some(&quote);
    if !is_folded || !inside.contains('\n') {
        return None;
    }
    let mut joined = text.to_string();
    joined.replace_range(at..at + length, &inside.replace(['\n', '\r'], " "));
    Some(joined)
}

/// How many brackets may close at a lesser indentation than YAML asks for.
const JOINED_LINES: usize = 64;

/// The text with the line break before the line of a byte made a space, at the same length; comments in
/// between go. `None` where there is none.
fn join_line(text: &str, at: usize) -> Option<String> {
    let line_break = text[..at.min(text.len())].rfind('\n')?;
    let before = text[..line_break].rfind('\n').map_or(0, |before| before + 1);
    let line = &text[before..line_break];
    let comment = if line.trim_start().starts_with('#') {
        line.find('#')
    } else {
        line.rfind(" #").filter(|at| !line[*at..].contains(['"', '\'']))
    };
    let from = comment.map_or(line_break, |at| before + at);
    let mut joined = text.to_string();
    joined.replace_range(from..line_break + 1, &" ".repeat(line_break + 1 - from));
    Some(joined)
}

/// Whether a line can be read without those around it: an entry whose quotes and brackets are closed.
fn is_whole(line: &str) -> bool {
    if line.starts_with('#') {
        return true;
    }
    let count = |char: char| line.matches(char).count();
    let is_entry = line.starts_with('-') || line.contains(": ") || line.ends_with(':');
    is_entry
        && count('"') % 2 == 0
        && count('[') == count(']')
        && count('{') == count('}')
        && line.matches(": ").count() <= 1 + count('"') / 2 + count('\'') / 2 + count('{')
}

/// The dash of an item that goes on below: without it, what follows would belong to the item before.
fn kept(text: &str, line: Range<usize>) -> usize {
    let (content, rest) = (&text[line.clone()], &text[line.end..]);
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let below = rest.lines().find(|line| !line.trim().is_empty());
    match content.trim().strip_prefix("- ") {
        Some(_) if below.is_some_and(|below| indent(below) > indent(content)) => indent(content) + 1,
        _ => 0,
    }
}

fn attempt(text: &str, budget: &Budget) -> Attempt {
    let offsets = Offsets::of(text);
    let mut builder =
        Builder { text, budget, stack: Vec::new(), anchors: HashMap::new(), root: None, too_deep: 0 };
    let mut error = None;
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let span = Span::new(
                    offsets.byte(span.start.index()),
                    offsets.byte(span.end.index()).max(offsets.byte(span.start.index())),
                );
                builder.event(event, span);
            }
            Err(problem) => {
                let at = offsets.byte(problem.marker().index());
                let info = problem.info().trim();
                error = Some(YamlError { span: word_at(text, at as usize), message: info.into() });
                break;
            }
        }
    }
    (builder.finish(), error)
}

/// Behind the bracket that closes what ends at `last`, a comma and comments left out; the parser takes
/// comments behind a bracket for a part of it.
pub(super) fn behind_bracket(text: &str, last: u32, parser_says: u32) -> u32 {
    let layout = Layout { text, whole: text, comments: Comments::Yaml };
    let is_bracket = |at: u32| layout.rest(at).starts_with([']', '}']);
    let at =
        layout.comma(last).map_or_else(|| layout.skip_trivia(last), |comma| layout.skip_trivia(comma + 1));
    if is_bracket(at) { at + 1 } else { parser_says }
}

/// How long the text in quotes is that a source starts with; the parser takes a comment behind it for a
/// part of it.
pub(super) fn quoted_length(source: &str) -> usize {
    let bytes = source.as_bytes();
    let Some(quote) = bytes.first() else { return 0 };
    let mut at = 1;
    while at < bytes.len() {
        at += match bytes[at] {
            b'\\' if *quote == b'"' => 2,
            byte if byte != *quote => 1,
            // Doubled, it stands for itself.
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => 2,
            _ => return at + 1,
        };
    }
    source.trim_end().len()
}

/// From the parser's characters to bytes, never beyond the end.
pub(super) struct Offsets {
    /// Where each character starts; `None` where each is one byte.
    starts: Option<Vec<u32>>,
    end: u32,
}

impl Offsets {
    pub fn of(text: &str) -> Offsets {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at as u32).collect());
        Offsets { starts, end: text.len() as u32 }
    }

    pub fn byte(&self, char: usize) -> u32 {
        match &self.starts {
            None => (char as u32).min(self.end),
            Some(starts) => starts.get(char).copied().unwrap_or(self.end),
        }
    }
}

struct Builder<'t> {
    text: &'t str,
    budget: &'t Budget,
    stack: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    root: Option<Value>,
    too_deep: usize,
}

/// A container that is not closed yet.
struct Open {
    start: u32,
    is_flow: bool,
    anchor: usize,
    tag: Option<Tag>,
    content: Content,
    /// Of what is in it by now.
    size: Size,
}

/// What a name stands for.
struct Anchored {
    value: Value,
    size: Size,
}

/// How much a value takes, and how deep it is nested; counted as it is built.
#[derive(Clone, Copy)]
struct Size {
    weight: u64,
    depth: usize,
}

impl Size {
    fn of(value: &Value) -> Size {
        Size { weight: budget::weight(value), depth: 0 }
    }

    fn add(&mut self, inner: Size) {
        self.weight += inner.weight;
        self.depth = self.depth.max(inner.depth + 1);
    }
}

enum Content {
    Mapping { members: Vec<Member>, name: Option<Value> },
    Sequence(Vec<Value>),
}

struct Tag {
    name: String,
    span: Span,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let has_properties = anchor > 0 || tag.is_some();
                let tag = tag.and_then(|tag| self.tag(&tag.suffix, &tag.handle, span.start));
                let start = self.value_start(span, has_properties, tag.as_ref());
                let value = if text.is_empty() && style == ScalarStyle::Plain {
                    Value::Missing(Span::new(span.start, span.start))
                } else {
                    self.scalar(&text, style, Span::new(start, span.end.max(start)), tag.is_some())
                };
                let size = Size::of(&value);
                self.finish_value(value, size, anchor, tag);
            }
            Event::SequenceStart(anchor, tag) => {
                let has_properties = anchor > 0 || tag.is_some();
                let tag = tag.and_then(|tag| self.tag(&tag.suffix, &tag.handle, span.start));
                let start = self.value_start(span, has_properties, tag.as_ref());
                self.open(start, anchor, tag, Content::Sequence(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                let has_properties = anchor > 0 || tag.is_some();
                let tag = tag.and_then(|tag| self.tag(&tag.suffix, &tag.handle, span.start));
                let start = self.value_start(span, has_properties, tag.as_ref());
                self.open(start, anchor, tag, Content::Mapping { members: Vec::new(), name: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(span)),
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).filter(|known| {
                    // What is nested in what is nested is as dangerous to walk as it is large.
                    let fits = self.stack.len() + known.size.depth <= DEEPEST;
                    self.budget.take(if fits { known.size.weight } else { u64::MAX }, span)
                });
                let (value, size) = match known {
                    Some(known) => {
                        let mut value = known.value.clone();
                        value.stand_for(span);
                        (value, known.size)
                    }
                    None => (Value::Unknown(span), Size::of(&Value::Unknown(span))),
                };
                self.finish_value(value, size, 0, None);
            }
            _ => {}
        }
    }

    /// The tag that stands before a value, where it is one of CloudFormation's.
    fn tag(&self, suffix: &str, handle: &str, start: u32) -> Option<Tag> {
        if handle != "!" {
            return None;
        }
        let written = format!("!{suffix}");
        let near = self.text.floor_char_boundary((start as usize).saturating_sub(TAG_REACH));
        let before = &self.text[near..start as usize];
        // The parser may place a value at its tag, or behind it.
        let at = if self.text[start as usize..].starts_with(&written) {
            start as usize
        } else {
            near + before.rfind(&written)?
        };
        let name = match suffix {
            "Ref" | "Condition" => suffix.to_string(),
            _ => format!("Fn::{suffix}"),
        };
        Some(Tag { name, span: Span::new(at as u32, (at + written.len()) as u32) })
    }

    /// Where the value behind a tag starts.
    fn behind(&self, tag: &Tag) -> u32 {
        let behind = &self.text[tag.span.end as usize..];
        tag.span.end + (behind.len() - behind.trim_start().len()) as u32
    }

    fn layout(&self) -> Layout<'_> {
        Layout { text: self.text, whole: self.text, comments: Comments::Yaml }
    }

    /// Where a value starts, its anchor and tag left out.
    fn value_start(&self, span: Span, has_properties: bool, tag: Option<&Tag>) -> u32 {
        match tag {
            Some(tag) => self.layout().behind_properties(span.start.max(self.behind(tag))).1,
            None if has_properties => self.layout().behind_properties(span.start).1,
            None => span.start,
        }
    }

    fn open(&mut self, start: u32, anchor: usize, tag: Option<Tag>, content: Content) {
        if self.stack.len() >= DEEPEST {
            self.too_deep += 1;
            return;
        }
        let is_flow = self.text.get(start as usize..).is_some_and(|rest| rest.starts_with(['{', '[']));
        let size = Size::of(&Value::Unknown(Span::new(start, start)));
        self.stack.push(Open { start, is_flow, anchor, tag, content, size });
    }

    /// `end` is `None` where the text ends before.
    fn close(&mut self, end: Option<Span>) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(open) = self.stack.pop() else { return };
        let end_of = |last: Option<u32>| match end {
            Some(end) if open.is_flow => {
                behind_bracket(self.text, last.unwrap_or(open.start + 1), end.end).max(open.start)
            }
            _ => last.unwrap_or(open.start).max(open.start),
        };
        let value = match open.content {
            Content::Mapping { mut members, name } => {
                if let Some(Value::String(name)) = name {
                    let at = name.span.end;
                    members.push(Member { name, value: Value::Missing(Span::new(at, at)) });
                }
                let end = end_of(members.last().map(|member| member.span().end));
                let start = if open.is_flow {
                    open.start
                } else {
                    members.first().map_or(open.start, |first| first.name.span.start)
                };
                Value::Object(Object { span: Span::new(start, end.max(start)), members: merged(members) })
            }
            Content::Sequence(items) => {
                let end = end_of(items.last().map(|item| item.span().end));
                Value::Array(Array { span: Span::new(open.start, end), items })
            }
        };
        self.finish_value(value, open.size, open.anchor, open.tag);
    }

    fn finish_value(&mut self, value: Value, size: Size, anchor: usize, tag: Option<Tag>) {
        if self.too_deep > 0 {
            return;
        }
        let value = match tag {
            Some(tag) => {
                let span = Span::new(tag.span.start, value.span().end.max(tag.span.end));
                let name = StringValue::standing_for(&tag.name, tag.span);
                Value::Object(Object { span, members: vec![Member { name, value }] })
            }
            None => value,
        };
        // The copy that is kept counts as well.
        if anchor > 0 && self.budget.take(size.weight, value.span()) {
            self.anchors.insert(anchor, Anchored { value: value.clone(), size });
        }
        if let Some(open) = self.stack.last_mut() {
            open.size.add(size);
        }
        match self.stack.last_mut().map(|open| &mut open.content) {
            Some(Content::Sequence(items)) => items.push(value),
            Some(Content::Mapping { members, name }) => match name.take() {
                None => *name = Some(value),
                Some(Value::String(name)) => members.push(Member { name, value }),
                // A function cannot make a name; what it is to be is not known.
                Some(Value::Object(Object { span, members: call })) => {
                    if let [Member { name: function, .. }] = &call[..] {
                        let name = StringValue::unknown_as(&format!("${{{}}}", function.text), span);
                        members.push(Member { name, value });
                    }
                }
                // A name that is no text: no member of ours.
                Some(_) => {}
            },
            None => {
                if self.root.is_none() {
                    self.root = Some(value);
                }
            }
        }
    }

    fn finish(mut self) -> Option<Value> {
        while !self.stack.is_empty() {
            self.close(None);
        }
        self.root
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: Span, has_tag: bool) -> Value {
        let is_name =
            matches!(self.stack.last().map(|open| &open.content), Some(Content::Mapping { name: None, .. }));
        if style == ScalarStyle::Plain
            && !is_name
            && !has_tag
            && let Some(value) = plain(text, span)
        {
            return value;
        }
        Value::String(self.string(text, style, span))
    }

    fn string(&self, text: &str, style: ScalarStyle, span: Span) -> StringValue {
        let unknown = placeholder::find(text);
        let span = self.with_header(self.trimmed(span, style), style);
        let source = &self.text[span.as_usize()];
        let (quote, escapes) = match style {
            ScalarStyle::DoubleQuoted => (1, Escapes::Backslash),
            ScalarStyle::SingleQuoted => (1, Escapes::DoubledQuote),
            _ => (0, Escapes::None),
        };
        let content = source.get(quote..source.len().saturating_sub(quote)).unwrap_or_default();
        if content == text && !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return StringValue::new(text, span, None, unknown);
        }
        // A block scalar's first line says how to read the others.
        let header = match style {
            ScalarStyle::Literal | ScalarStyle::Folded if source.starts_with(['|', '>']) => {
                content.find('\n').map_or(content.len(), |at| at + 1)
            }
            _ => 0,
        };
        let runs = align(&content[header..], text, escapes).map_or_else(Vec::new, |mut runs| {
            let by = (quote + header) as u32;
            runs.iter_mut().for_each(|run: &mut Run| run.source += by);
            runs
        });
        StringValue::new(text, span, Some(runs.into()), unknown)
    }

    /// A block scalar from its `|` or `>` on; the parser begins at its first line.
    fn with_header(&self, span: Span, style: ScalarStyle) -> Span {
        let mark = match style {
            ScalarStyle::Literal => '|',
            ScalarStyle::Folded => '>',
            _ => return span,
        };
        if self.text[span.start as usize..].starts_with(mark) {
            return span;
        }
        let before = self.text[..span.start as usize].trim_end();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        match before[line..].rfind(mark) {
            Some(at) => Span::new((line + at) as u32, span.end),
            None => span,
        }
    }

    /// Without the line breaks and comments behind it.
    fn trimmed(&self, span: Span, style: ScalarStyle) -> Span {
        let source = &self.text[span.as_usize()];
        let length = match style {
            ScalarStyle::DoubleQuoted | ScalarStyle::SingleQuoted => quoted_length(source),
            _ => source.trim_end().len(),
        };
        Span::new(span.start, span.start + length as u32)
    }
}

/// What a plain scalar is when it is not a string; as YAML 1.1 has it, which CloudFormation reads.
fn plain(text: &str, span: Span) -> Option<Value> {
    match text {
        "~" | "null" | "Null" | "NULL" => return Some(Value::Null(span)),
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Some(Value::Bool(true, span));
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Some(Value::Bool(false, span));
        }
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = digits.starts_with(|char: char| char.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E'))
        && text.parse::<f64>().is_ok();
    is_number.then(|| Value::Number(Number { text: text.into(), span }))
}

/// `<<` takes in the members of another mapping that are not there.
fn merged(members: Vec<Member>) -> Vec<Member> {
    if !members.iter().any(|member| &*member.name.text == "<<") {
        return members;
    }
    let (merges, mut own): (Vec<Member>, Vec<Member>) =
        members.into_iter().partition(|member| &*member.name.text == "<<");
    let mut known: HashSet<Box<str>> = own.iter().map(|member| member.name.text.clone()).collect();
    for merge in merges {
        let sources = match merge.value {
            Value::Array(array) => array.items,
            single => vec![single],
        };
        for source in sources {
            let Value::Object(object) = source else { continue };
            own.extend(object.members.into_iter().filter(|member| known.insert(member.name.text.clone())));
        }
    }
    own
}

/// The value of a YAML text that stands inside of another; `None` where the parser refuses it.
pub(in crate::host) fn parse_value(text: &str, budget: &Budget) -> Option<Value> {
    let parsed = parse(text, budget);
    parsed.value.filter(|_| parsed.error.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_alone(text: &str) -> Parsed {
        parse(text, &Budget::of_a_file())
    }

    /// Every string with what stands in the text under it.
    fn strings(text: &str) -> Vec<(String, String)> {
        fn walk(value: &Value, text: &str, out: &mut Vec<(String, String)>) {
            let mut string = |it: &StringValue| {
                out.push((it.text.to_string(), text[it.content_span().as_usize()].to_string()));
            };
            match value {
                Value::String(it) => string(it),
                Value::Array(array) => array.items.iter().for_each(|item| walk(item, text, out)),
                Value::Object(object) => object.members.iter().for_each(|member| {
                    out.push((member.name.text.to_string(), text[member.name.span.as_usize()].to_string()));
                    walk(&member.value, text, out);
                }),
                _ => {}
            }
        }
        let mut out = Vec::new();
        walk(&parse_alone(text).value.unwrap(), text, &mut out);
        out
    }

    #[test]
    fn strings_know_where_they_stand() {
        let text = "  Äpfel: é\n  b: \"x\\\"y\"\n  c: 'it''s'\n  d: |\n    one\n    two\n  e: [a, 'b']\n  f: !Sub \"ä${B}\"\n  g: !Sub c\n";
        let found = strings(text);
        let pairs: Vec<(&str, &str)> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(
            pairs,
            [
                ("Äpfel", "Äpfel"),
                ("é", "é"),
                ("b", "b"),
                ("x\"y", "x\\\"y"),
                ("c", "c"),
                ("it's", "it''s"),
                ("d", "d"),
                ("one\ntwo\n", "one\n    two"),
                ("e", "e"),
                ("a", "a"),
                ("b", "b"),
                ("f", "f"),
                ("Fn::Sub", "!Sub"),
                ("ä${B}", "ä${B}"),
                ("g", "g"),
                ("Fn::Sub", "!Sub"),
                ("c", "c"),
            ]
        );
    }

    #[test]
    fn short_forms_become_functions_with_their_place() {
        let text = "a: !Sub 'x${B}'\nc: !GetAtt\n  - R\n  - Arn\nd: !If [X, 1, !Ref Y]\n";
        let Some(Value::Object(root)) = parse_alone(text).value else { panic!() };
        let of = |name: &str| {
            let object = root.object(name).unwrap();
            (object.members[0].name.text.to_string(), text[object.span.as_usize()].to_string())
        };
        assert_eq!(of("a"), ("Fn::Sub".into(), "!Sub 'x${B}'".into()));
        assert_eq!(of("c"), ("Fn::GetAtt".into(), "!GetAtt\n  - R\n  - Arn".into()));
        assert_eq!(of("d"), ("Fn::If".into(), "!If [X, 1, !Ref Y]".into()));
    }

    #[test]
    fn brackets_may_close_at_any_indentation() {
        let text = "a:\n  b: [\n    x, # é\n    y\n  ]\n  c: {\n    k: v\n}\n";
        let parsed = parse_alone(text);
        assert_eq!(parsed.error, None);
        assert_eq!(parsed.value.unwrap().as_object().unwrap().object("a").unwrap().members.len(), 2);
    }

    #[test]
    fn aliases_end_with_the_budget_and_with_the_depth() {
        let aliases = |levels: usize| -> String {
            let level = |it: usize| match it {
                0 => "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_string(),
                it => format!("a{it}: &a{it} [{}]\n", vec![format!("*a{}", it - 1); 9].join(", ")),
            };
            (0..levels).map(level).collect()
        };
        let spent = |text: &str| {
            let budget = Budget::of_a_file();
            let (parsed, spent) = budget.part(|| parse(text, &budget));
            assert!(parsed.error.is_none() && parsed.value.is_some());
            (budget::weight(&parsed.value.unwrap()), spent.problem("YAML"))
        };
        assert_eq!(spent(&aliases(3)).1, None);
        let (weight, told) = spent(&aliases(30));
        assert!(weight < 9 * 1024 * 1024, "{weight}");
        assert!(told.is_some());
        let deep: String = (0..100)
            .map(|it| {
                let inside = if it == 0 { "x".to_string() } else { format!("*d{}", it - 1) };
                format!("d{it}: &d{it} {}{inside}{}\n", "[".repeat(100), "]".repeat(100))
            })
            .collect();
        assert!(spent(&deep).1.is_some());
    }

    #[test]
    fn merged_members_come_once() {
        let text = "a: &a {k: 1, l: 2}\nb: &b {l: 3, m: 4}\nc:\n  <<: [*a, *b]\n  k: 5\n";
        let value = parse_alone(text).value.unwrap();
        let merged = value.as_object().unwrap().object("c").unwrap();
        let names: Vec<&str> = merged.members.iter().map(|it| &*it.name.text).collect();
        assert_eq!(names, ["k", "l", "m"]);
    }

    #[test]
    fn half_typed_lines_cost_themselves_alone() {
        for broken in ["  Acti", "  Action: [", "  - x: {", "  Action: \"ecs:", "  a: b: c"] {
            let text = format!("Resource: x\nFirst:\n  Effect: Allow\n{broken}\nLast:\n  Sid: é\n");
            let parsed = parse_alone(&text);
            assert!(parsed.error.is_some(), "{broken}");
            let Some(Value::Object(root)) = parsed.value else { panic!("{broken}") };
            assert_eq!(root.string("Resource").map(|it| &*it.text), Some("x"), "{broken}");
            assert!(root.object("First").is_some_and(|it| it.has("Effect")), "{broken}");
            assert!(root.object("Last").is_some_and(|it| it.has("Sid")), "{broken}");
        }
    }
}
