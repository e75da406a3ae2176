//! Spanned values: what every host (JSON file, template, module) lowers its documents to.
//!
//! Rules and editor features see these and never a syntax. Spans are bytes, relative to the unit the
//! value belongs to (a statement, a container definition, or the document's head); whoever places the
//! unit adds its base.

use super::NewValue;
use crate::syntax::Run;
use crate::text::Span;
use std::ops::Range;

/// A value with its place. Broken parts of a text become [`Value::Missing`], so that a half-typed
/// document still has every member that is whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Object(Object),
    Array(Array),
    String(StringValue),
    Number(Number),
    Bool(bool, Span),
    Null(Span),
    /// Something a template fills in later (a placeholder without quotes, an intrinsic that nobody
    /// can resolve here): any value of any type may stand there.
    Unknown(Span),
    /// Nothing was written where a value belongs, or what was written is not a value. The syntax
    /// error has been reported; rules stay silent.
    Missing(Span),
    /// Statements or container definitions, lowered apart as units of their own.
    Apart(Span),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// From the opening to the closing brace.
    pub span: Span,
    /// In the order written; duplicate names are kept.
    pub members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub name: StringValue,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub span: Span,
    pub items: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// As written: `1e3` and `1000` differ here.
    pub text: Box<str>,
    pub span: Span,
}

/// A string with its decoded text and the way back to the characters in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct StringValue {
    /// Escapes resolved.
    pub text: Box<str>,
    /// With the quotes, where the host writes any.
    pub span: Span,
    /// Nothing for nearly all strings, of which a file may hold millions.
    beyond: Option<Box<Beyond>>,
}

/// What few strings have.
#[derive(Debug, Clone, PartialEq, Default)]
struct Beyond {
    /// See [`StringValue::runs`].
    runs: Option<Box<[Run]>>,
    /// See [`StringValue::open_parts`].
    open: Box<[OpenPart]>,
}

/// A part of a text that is filled in later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenPart {
    /// In bytes of the text.
    pub start: u32,
    pub end: u32,
    pub holds: Holds,
}

/// What may come to stand in a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Anything,
    /// The name or the id of a resource: neither `/` nor `:`, and at least one character.
    Name,
    /// A name that may have slashes in it, but is not an ARN.
    Path,
    /// A part of an ARN: it has no colon, and may be empty.
    Part,
}

impl OpenPart {
    pub fn of(start: usize, end: usize, holds: Holds) -> OpenPart {
        OpenPart { start: start as u32, end: end as u32, holds }
    }

    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// There may be millions of them: 40 bytes each, on machines of 64 bits.
const _: () = assert!(size_of::<Value>() <= 40 && size_of::<Member>() <= 72);

impl Value {
    pub fn span(&self) -> Span {
        match self {
            Value::Object(it) => it.span,
            Value::Array(it) => it.span,
            Value::String(it) => it.span,
            Value::Number(it) => it.span,
            Value::Bool(_, span)
            | Value::Null(span)
            | Value::Unknown(span)
            | Value::Missing(span)
            | Value::Apart(span) => *span,
        }
    }

    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Object(it) => Some(it),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Value::Array(it) => Some(it),
            _ => None,
        }
    }

    pub fn as_string(&self) -> Option<&StringValue> {
        match self {
            Value::String(it) => Some(it),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(it, _) => Some(*it),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Value::Number(it) => Some(it),
            _ => None,
        }
    }

    /// A whole number. One in quotes is of the wrong type, but says as much; templates and modules may write
    /// it so.
    pub fn whole_number(&self) -> Option<i64> {
        match self {
            Value::Number(number) => number.as_integer(),
            Value::String(text) if !text.has_unknown() => text.text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether nothing may be said about it: a template fills it in, or it is not there yet.
    pub fn is_unknown(&self) -> bool {
        match self {
            Value::Unknown(_) | Value::Missing(_) | Value::Apart(_) => true,
            Value::String(it) => it.is_wholly_unknown(),
            _ => false,
        }
    }

    /// The word JSON people use for its type; `None` where it has none yet.
    pub fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Value::Object(_) => "object",
            Value::Array(_) => "array",
            Value::String(_) => "string",
            Value::Number(_) => "number",
            Value::Bool(..) => "boolean",
            Value::Null(_) => "null",
            Value::Unknown(_) | Value::Missing(_) | Value::Apart(_) => return None,
        })
    }

    /// The items of an array, or the value itself where one stands for a list of one.
    pub fn one_or_many(&self) -> &[Value] {
        match self {
            Value::Array(array) => &array.items,
            Value::Missing(_) | Value::Apart(_) => &[],
            single => std::slice::from_ref(single),
        }
    }
}

impl Value {
    /// Moves every span in it by `base` bytes.
    pub fn shift(&mut self, base: u32) {
        self.map_spans(&|span| span.shifted(base));
    }

    /// Gives every span in it another place. Strings keep their length: see [`Value::relocate`].
    fn map_spans(&mut self, map: &dyn Fn(Span) -> Span) {
        match self {
            Value::Object(object) => {
                object.span = map(object.span);
                for member in &mut object.members {
                    member.name.span = map(member.name.span);
                    member.value.map_spans(map);
                }
            }
            Value::Array(array) => {
                array.span = map(array.span);
                array.items.iter_mut().for_each(|item| item.map_spans(map));
            }
            Value::String(string) => string.span = map(string.span),
            Value::Number(number) => number.span = map(number.span),
            Value::Bool(_, span)
            | Value::Null(span)
            | Value::Unknown(span)
            | Value::Missing(span)
            | Value::Apart(span) => *span = map(*span),
        }
    }

    /// The same value where its spans are those of the text of `within`: afterwards they are those of
    /// the file that `within` stands in.
    pub fn relocate(&mut self, within: &StringValue) {
        match self {
            Value::Object(object) => {
                object.span = within.part_at(object.span);
                for member in &mut object.members {
                    member.name.relocate(within);
                    member.value.relocate(within);
                }
            }
            Value::Array(array) => {
                array.span = within.part_at(array.span);
                array.items.iter_mut().for_each(|item| item.relocate(within));
            }
            Value::String(string) => string.relocate(within),
            other => other.map_spans(&|span| within.part_at(span)),
        }
    }

    /// The same value as something that `span` stands for: nothing of it is written there.
    pub fn stand_for(&mut self, span: Span) {
        match self {
            Value::Object(object) => {
                object.span = span;
                for member in &mut object.members {
                    member.name.span = span;
                    member.name.set_runs(Some(Box::default()));
                    member.value.stand_for(span);
                }
            }
            Value::Array(array) => {
                array.span = span;
                array.items.iter_mut().for_each(|item| item.stand_for(span));
            }
            Value::String(string) => {
                string.span = span;
                string.set_runs(Some(Box::default()));
            }
            // The mark of a choice takes no room there either: see [`Array::is_choice`].
            Value::Unknown(own) if own.is_empty() => *own = Span::new(span.start, span.start),
            other => other.map_spans(&|_| span),
        }
    }

    /// The same value without its places, to be written somewhere else; `None` where a part of it is filled
    /// in later, or not there yet.
    pub fn to_new(&self) -> Option<NewValue> {
        Some(match self {
            Value::Object(object) => {
                let members = object.members.iter().map(|member| {
                    let name = (!member.name.has_unknown()).then(|| member.name.text.to_string())?;
                    Some((name, member.value.to_new()?))
                });
                NewValue::Object(members.collect::<Option<_>>()?)
            }
            Value::Array(array) => {
                NewValue::Array(array.items.iter().map(Value::to_new).collect::<Option<_>>()?)
            }
            Value::String(string) if !string.has_unknown() => NewValue::String(string.text.to_string()),
            Value::Number(number) => number.text.parse().ok().map(NewValue::Number)?,
            Value::Bool(value, _) => NewValue::Bool(*value),
            Value::Null(_) => NewValue::Null,
            _ => return None,
        })
    }

    /// How many characters it takes without white space. White space in texts is left out too: AWS
    /// counts without that around them, and too few is better than one too many.
    pub fn characters(&self) -> u32 {
        match self {
            Value::Object(object) => object.characters(),
            Value::Array(array) => {
                2 + (array.items.len() as u32).saturating_sub(1)
                    + array.items.iter().map(Value::characters).sum::<u32>()
            }
            Value::String(text) => text.characters(),
            Value::Number(number) => number.text.len() as u32,
            Value::Bool(value, _) => 5 - u32::from(*value),
            Value::Null(_) => 4,
            Value::Unknown(_) | Value::Missing(_) | Value::Apart(_) => 0,
        }
    }
}

impl Object {
    /// Moves every span in it by `base` bytes.
    pub fn shift(&mut self, base: u32) {
        self.span = self.span.shifted(base);
        for member in &mut self.members {
            member.name.span = member.name.span.shifted(base);
            member.value.shift(base);
        }
    }

    /// See [`Value::characters`].
    pub fn characters(&self) -> u32 {
        2 + (self.members.len() as u32).saturating_sub(1)
            + self
                .members
                .iter()
                .map(|member| member.name.characters() + 1 + member.value.characters())
                .sum::<u32>()
    }

    /// The first member of that name. IAM names and ECS names are case-sensitive, and so is this.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| &*member.name.text == name)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.member(name).map(|member| &member.value)
    }

    pub fn string(&self, name: &str) -> Option<&StringValue> {
        self.get(name)?.as_string()
    }

    pub fn object(&self, name: &str) -> Option<&Object> {
        self.get(name)?.as_object()
    }

    /// The text of that name, where there is some and all of it is known.
    pub fn known(&self, name: &str) -> Option<&StringValue> {
        self.string(name).filter(|text| !text.has_unknown() && !text.text.is_empty())
    }

    /// The objects among the items of that name.
    pub fn objects(&self, name: &str) -> impl Iterator<Item = &Object> + use<'_> {
        self.items(name).iter().filter_map(Value::as_object)
    }

    /// The items of the array of that name; empty where there is none.
    pub fn items(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], |array| &array.items)
    }

    pub fn has(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    /// Whether it may hold more than what is written: a member's name is not known, as that of what a macro,
    /// `merge` or a `dynamic` block of Terraform brings in.
    pub fn is_open(&self) -> bool {
        self.members.iter().any(|member| member.name.is_wholly_unknown())
    }

    /// The opening brace: where a finding about something that is not there stands. In a host without
    /// braces, the first character, which is the first of a member's name.
    pub fn open(&self) -> Span {
        let bare =
            self.members.first().map(|member| &member.name).filter(|name| {
                name.span.start == self.span.start && name.span.len() as usize == name.text.len()
            });
        let first = bare.and_then(|name| name.text.chars().next()).map_or(1, char::len_utf8);
        Span::new(self.span.start, (self.span.start + first as u32).min(self.span.end))
    }
}

impl Member {
    /// From its name to the end of its value.
    pub fn span(&self) -> Span {
        Span { start: self.name.span.start, end: self.value.span().end.max(self.name.span.end) }
    }
}

impl Array {
    /// Whether a condition chooses what is in it: an item that is not known has no place of its own. The same
    /// may be there twice then, once for each outcome.
    pub fn is_choice(&self) -> bool {
        let is_mark = |item: &Value| item.is_unknown() && item.span().is_empty();
        self.items.iter().any(is_mark)
    }

    pub fn open(&self) -> Span {
        Span::new(self.span.start, (self.span.start + 1).min(self.span.end))
    }
}

impl Number {
    /// The value as a whole number; `None` for fractions and for what no `i64` holds.
    pub fn as_integer(&self) -> Option<i64> {
        self.text.parse().ok()
    }

    pub fn as_f64(&self) -> Option<f64> {
        self.text.parse().ok()
    }
}

impl StringValue {
    pub fn new(
        text: impl Into<Box<str>>,
        span: Span,
        runs: Option<Box<[Run]>>,
        open: Box<[OpenPart]>,
    ) -> StringValue {
        let is_plain = runs.is_none() && open.is_empty();
        let beyond = (!is_plain).then(|| Box::new(Beyond { runs, open }));
        StringValue { text: text.into(), span, beyond }
    }

    /// A string without escapes whose text stands right behind the opening quote.
    pub fn plain(text: &str, span: Span) -> StringValue {
        StringValue { text: text.into(), span, beyond: None }
    }

    /// Where decoded and source bytes run side by side, source offsets counted from `span`'s start;
    /// `None` where they do so throughout, which is every string without escapes. Empty where the text
    /// is not written there at all: a reference that was resolved, a name that the host spells otherwise.
    pub fn runs(&self) -> Option<&[Run]> {
        self.beyond.as_ref()?.runs.as_deref()
    }

    /// Parts of `text` that a template fills in later, in order: `<IMAGE>`, `{{ image }}`,
    /// `${IMAGE}`, or an intrinsic's text. Empty for nearly all strings.
    pub fn open_parts(&self) -> &[OpenPart] {
        self.beyond.as_ref().map_or(&[], |beyond| &beyond.open)
    }

    pub fn set_runs(&mut self, runs: Option<Box<[Run]>>) {
        let Beyond { open, .. } = self.beyond.take().map_or_else(Beyond::default, |it| *it);
        *self = StringValue::new(std::mem::take(&mut self.text), self.span, runs, open);
    }

    pub fn set_open_parts(&mut self, open: Box<[OpenPart]>) {
        let Beyond { runs, .. } = self.beyond.take().map_or_else(Beyond::default, |it| *it);
        *self = StringValue::new(std::mem::take(&mut self.text), self.span, runs, open);
    }

    pub fn with_open_parts(mut self, open: Box<[OpenPart]>) -> StringValue {
        self.set_open_parts(open);
        self
    }

    /// The same, written at another place.
    pub fn with_span(mut self, span: Span) -> StringValue {
        self.span = span;
        self
    }

    /// The same text where something else stands for it.
    pub fn standing_at(mut self, place: Span) -> StringValue {
        self.span = place;
        self.set_runs(Some(Box::default()));
        self
    }

    /// The characters between the quotes.
    pub fn content_span(&self) -> Span {
        self.part(0..self.text.len())
    }

    /// A text that stands for what is written at `span`, and is not written there itself.
    pub fn standing_for(text: &str, span: Span) -> StringValue {
        StringValue::new(text, span, Some(Box::default()), Box::default())
    }

    /// A text that is filled in later, all of it.
    pub fn unknown(span: Span) -> StringValue {
        StringValue::unknown_as("${}", span)
    }

    /// The same, with a text that says what fills it in.
    pub fn unknown_as(text: &str, span: Span) -> StringValue {
        let open = std::iter::once(OpenPart::of(0, text.len(), Holds::Anything)).collect();
        StringValue::standing_for(text, span).with_open_parts(open)
    }

    /// Whether its characters are those in the file, so that a part of it can be pointed at and edited.
    pub fn is_written(&self) -> bool {
        self.runs().is_none_or(|runs| !runs.is_empty())
    }

    /// Where a part of the decoded text stands in the source. `range` is in bytes of `text`.
    pub fn part(&self, range: Range<usize>) -> Span {
        if !self.is_written() {
            return self.span;
        }
        let start = self.source_offset(range.start);
        Span::new(start, self.source_offset(range.end).clamp(start, self.span.end.max(start)))
    }

    /// Which byte of the decoded text stands at that place of the source, or is the next to.
    pub fn decoded_offset(&self, source: u32) -> u32 {
        let source = source.saturating_sub(self.span.start);
        let len = self.text.len() as u32;
        match self.runs() {
            None => source.saturating_sub(u32::from(self.span.len() > len)).min(len),
            Some(runs) => {
                let index = runs.partition_point(|run| run.source <= source).saturating_sub(1);
                let next = runs.get(index + 1).map_or(len, |next| next.decoded);
                runs.get(index).map_or(0, |run| (run.decoded + source.saturating_sub(run.source)).min(next))
            }
        }
    }

    fn source_offset(&self, decoded: usize) -> u32 {
        let decoded = decoded as u32;
        match self.runs() {
            None => {
                let quote = u32::from(self.span.len() > self.text.len() as u32);
                self.span.start + quote + decoded
            }
            Some(runs) => {
                let run = runs.partition_point(|run| run.decoded <= decoded).saturating_sub(1);
                runs.get(run).map_or(self.span.start, |run| {
                    self.span.start + run.source + decoded.saturating_sub(run.decoded)
                })
            }
        }
    }

    /// [`StringValue::part`] by the span in the decoded text.
    pub fn part_at(&self, span: Span) -> Span {
        self.part(span.as_usize())
    }

    /// See [`Value::relocate`].
    pub fn relocate(&mut self, within: &StringValue) {
        let outer = within.part_at(self.span);
        let is_contiguous = within.runs().is_none();
        if !is_contiguous || !within.is_written() {
            let is_written = within.is_written();
            self.set_runs(Some(if is_written { self.runs_through(within, outer) } else { Box::default() }));
        }
        self.span = outer;
    }

    /// Runs from this string's text through the text of `within` to the file.
    fn runs_through(&self, within: &StringValue, outer: Span) -> Box<[Run]> {
        let mut runs: Vec<Run> = Vec::new();
        let mut last: Option<u32> = None;
        let len = self.text.len() as u32;
        let mut at = 0;
        while at <= len {
            let source = within.source_offset(self.source_offset(at as usize) as usize);
            if last.is_none_or(|last| last + 1 != source) {
                runs.push(Run { decoded: at, source: source.saturating_sub(outer.start) });
            }
            last = Some(source);
            at += 1;
        }
        runs.into()
    }

    /// See [`Value::characters`]. What is filled in later may be short.
    pub fn characters(&self) -> u32 {
        let count = |text: &str| text.chars().filter(|char| !char.is_whitespace()).count() as u32;
        let open: u32 = self.open_parts().iter().filter_map(|it| self.text.get(it.range())).map(count).sum();
        2 + count(&self.text) - open
    }

    pub fn is_wholly_unknown(&self) -> bool {
        matches!(self.open_parts(), [only] if only.start == 0 && only.end as usize == self.text.len())
    }

    /// Whether it says in words what belongs there, as documentation does: `A list of the actions`.
    pub fn is_prose(&self) -> bool {
        !self.text.contains(':') && self.text.split_whitespace().count() > 2
    }

    /// Whether some part of it is filled in later.
    pub fn has_unknown(&self) -> bool {
        !self.open_parts().is_empty()
    }

    /// Whether some part of that range of `text` is filled in later.
    pub fn is_unknown_in(&self, range: Range<usize>) -> bool {
        let first = self.open_parts().partition_point(|it| it.end as usize <= range.start);
        self.open_parts().get(first).is_some_and(|it| (it.start as usize) < range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_later_is_counted_as_nothing() {
        let whole = StringValue::plain("arn:${AWS::Partition}:x", Span::new(0, 25));
        assert_eq!(whole.characters(), 25);
        let open = [OpenPart::of(4, 21, Holds::Anything)].into();
        assert_eq!(whole.with_open_parts(open).characters(), 8);
        assert_eq!(StringValue::unknown(Span::new(0, 3)).characters(), 2);
    }

    #[test]
    fn an_object_without_braces_opens_with_a_whole_character() {
        let object = |name: &str, start: u32| Object {
            span: Span::new(4, 20),
            members: vec![Member {
                name: StringValue::plain(name, Span::new(start, start + name.len() as u32)),
                value: Value::Null(Span::new(12, 16)),
            }],
        };
        assert_eq!(object("größe", 4).open(), Span::new(4, 5));
        assert_eq!(object("ßum", 4).open(), Span::new(4, 6));
        assert_eq!(object("ßum", 5).open(), Span::new(4, 5));
    }

    #[test]
    fn parts_of_a_string_with_escapes_land_on_their_source() {
        // "a\u0041b" at offset 10: decoded "aAb".
        let runs =
            [Run { decoded: 0, source: 1 }, Run { decoded: 1, source: 2 }, Run { decoded: 2, source: 8 }];
        let string = StringValue::new("aAb", Span::new(10, 20), Some(runs.into()), Box::default());
        assert_eq!(string.part(1..2), Span::new(12, 18));
        assert_eq!(string.part(2..3), Span::new(18, 19));
        assert_eq!(StringValue::plain("né", Span::new(4, 9)).part(1..3), Span::new(6, 8));
    }
}
