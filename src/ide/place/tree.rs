//! Places in JSON files: found on the tree, not on the lowered document, so that half-typed names, open
//! quotes and missing values are places, too.

use super::{Notation, Place, Slot, Step, TokenText, TypedText};
use crate::host::Document;
use crate::ide::File;
use crate::syntax::{Kind, MemberRef, ValueRef, decode};
use crate::text::{Source, Span};
use std::borrow::Cow;

/// What a reader of the JSON tree finds at a cursor.
#[derive(Clone, Copy)]
enum Written<'a> {
    Name { token: Option<ValueRef<'a>>, object: ValueRef<'a>, has_colon: bool },
    Value { token: Option<ValueRef<'a>> },
}

/// What a walk down the tree comes to.
pub(super) enum End<'a> {
    Place(Box<Place<'a>>),
    /// Outside of the documents that are parts of this tree under their own names.
    Outside(Outside),
    /// Nothing can be written there.
    Nothing,
}

/// What stands at a cursor, whatever document it belongs to.
pub(in crate::ide) struct Outside {
    /// From the root down.
    pub path: Vec<Step>,
    pub siblings: Vec<String>,
    pub slot: Slot,
    /// With its quotes; empty where nothing stands there.
    pub token: Span,
    pub typed: TypedText,
}

/// What stands at an offset of a JSON file that holds no document there.
pub(in crate::ide) fn outside(file: &File<'_>, offset: u32) -> Option<Outside> {
    match at(file, file.report.parsed.json_value()?, offset, &[]) {
        End::Outside(outside) => Some(outside),
        _ => None,
    }
}

/// The place at an offset of a JSON file.
pub(super) fn at<'a>(file: &File<'_>, root: ValueRef<'a>, offset: u32, documents: &'a [Document]) -> End<'a> {
    let mut walk = Walk { file, offset, path: Vec::new(), documents, document: None };
    let Found::Here(written) = walk.value(root, u32::MAX) else { return End::Nothing };
    let (document, above) = match walk.document {
        Some((document, above)) => (Some(document), above),
        None => (None, 0),
    };
    let path = walk.path.split_off(above);
    let (token, slot, siblings): (_, _, Vec<String>) = match written {
        Written::Name { token, object, has_colon } => {
            let siblings = object
                .members()
                .filter_map(|member| member.name())
                .filter(|name| Some(name.span()) != token.map(ValueRef::span))
                .map(|name| decode(&file.text.slice(name.span())).text)
                .collect();
            (token, Slot::Name { has_colon }, siblings)
        }
        Written::Value { token } => (token, Slot::Value, Vec::new()),
    };
    let mut typed = typed(file, token, offset);
    typed.filled_in = path.last() == Some(&Step::Member("Fn::Sub".to_string()));
    let Some(document) = document else {
        let end = typed.replace.end + u32::from(typed.closed);
        let token = Span::new(typed.replace.start - u32::from(typed.opened), end);
        return End::Outside(Outside { path, slot, token, typed, siblings });
    };
    let token = token.map(|token| self::token(file, token));
    let document = Cow::Borrowed(document);
    End::Place(Box::new(Place {
        document,
        path,
        slot,
        token,
        typed,
        siblings,
        notation: Notation::Json,
        or_value: false,
    }))
}

struct Walk<'f, 'a> {
    file: &'f File<'f>,
    offset: u32,
    path: Vec<Step>,
    /// Those of a template are not parts of the file's tree.
    documents: &'a [Document],
    /// The innermost document, and how long the path to it is.
    document: Option<(&'a Document, usize)>,
}

enum Found<'a> {
    Here(Written<'a>),
    /// The offset is in it, where nothing can be written.
    Nothing,
    /// The offset is elsewhere.
    Elsewhere,
}

impl<'a> Walk<'_, 'a> {
    /// `limit`: where the next thing behind the value starts, which an unclosed one reaches to.
    fn value(&mut self, value: ValueRef<'a>, limit: u32) -> Found<'a> {
        let span = value.span();
        if !value.kind().is_container() {
            return if self.touches(value) {
                Found::Here(Written::Value { token: Some(value) })
            } else {
                Found::Elsewhere
            };
        }
        let end = if value.is_closed() { span.end - 1 } else { limit.max(span.end) };
        if self.offset <= span.start || self.offset > end {
            return Found::Elsewhere;
        }
        let is_here = |document: &&Document| document.owner.is_none() && document.span == span;
        if let Some(document) = self.documents.iter().find(is_here) {
            self.document = Some((document, self.path.len()));
        }
        let found = match value.kind() {
            Kind::Object => self.object(value, end),
            _ => self.array(value, end),
        };
        match found {
            Some(slot) => Found::Here(slot),
            None => Found::Nothing,
        }
    }

    /// Where the next thing that is not white space stands behind `from`.
    fn next(&self, value: ValueRef<'a>, from: u32, limit: u32) -> u32 {
        value
            .children()
            .find(|(child, start)| *start >= from && !child.kind().is_trivia())
            .map_or(limit, |(_, start)| start)
    }

    fn in_comment(&self, value: ValueRef<'a>) -> bool {
        value.children().any(|(child, start)| {
            let end = start + child.len();
            match child.kind() {
                Kind::LineComment => start < self.offset && self.offset <= end,
                Kind::BlockComment => start < self.offset && self.offset < end,
                _ => false,
            }
        })
    }

    fn object(&mut self, object: ValueRef<'a>, limit: u32) -> Option<Written<'a>> {
        let mut before: Option<MemberRef<'a>> = None;
        for member in object.members() {
            let span = member.span();
            // A word without quotes that has a colon in it: `"Action": ecs:Run`.
            if let (Some(name), Some(earlier)) = (member.name(), before.and_then(MemberRef::name))
                && name.kind() != Kind::String
                && self.touches(name)
                && before.and_then(MemberRef::value).is_some_and(|value| value.span().end + 1 == span.start)
            {
                self.path.push(Step::Member(self.text(earlier)));
                return Some(Written::Value { token: Some(name) });
            }
            before = Some(member);
            if span.start > self.offset {
                break;
            }
            let next = self.next(object, span.end, limit);
            if self.offset <= span.end || (self.offset <= next && self.goes_on(member)) {
                return self.member(object, member, next);
            }
        }
        if self.in_comment(object) {
            return None;
        }
        Some(Written::Name { token: None, object, has_colon: false })
    }

    /// Whether a member's end is still open: no value yet, or an unclosed one.
    fn goes_on(&self, member: MemberRef<'a>) -> bool {
        match member.value() {
            Some(value) if value.kind().is_container() => !value.is_closed(),
            Some(_) => false,
            None => member.colon().is_some(),
        }
    }

    fn member(&mut self, object: ValueRef<'a>, member: MemberRef<'a>, next: u32) -> Option<Written<'a>> {
        let colon = member.colon();
        if let Some(name) = member.name()
            && self.touches(name)
        {
            return Some(Written::Name { token: Some(name), object, has_colon: colon.is_some() });
        }
        if self.offset < colon?.end {
            return None;
        }
        let name = member.name().map_or_else(String::new, |name| self.text(name));
        self.path.push(Step::Member(name));
        let Some(value) = member.value() else { return Some(Written::Value { token: None }) };
        match self.value(value, next) {
            Found::Here(slot) => Some(slot),
            // Elsewhere: before the value, or right behind it.
            Found::Nothing | Found::Elsewhere => None,
        }
    }

    fn array(&mut self, array: ValueRef<'a>, limit: u32) -> Option<Written<'a>> {
        self.path.push(Step::Item);
        for item in array.items() {
            let span = item.span();
            if span.start > self.offset {
                break;
            }
            let open = item.kind().is_container() && !item.is_closed();
            let next = if open { self.next(array, span.end, limit) } else { span.end };
            if self.offset > next {
                continue;
            }
            match self.value(item, next) {
                Found::Here(slot) => return Some(slot),
                Found::Nothing => return None,
                // Right behind an item, no other can start before a comma.
                Found::Elsewhere if self.offset > span.start => return None,
                Found::Elsewhere => {}
            }
        }
        if self.in_comment(array) {
            return None;
        }
        Some(Written::Value { token: None })
    }

    /// Whether the cursor is in a token: between the quotes of a string, anywhere at a bare word.
    fn touches(&self, token: ValueRef<'a>) -> bool {
        let span = token.span();
        if token.kind() != Kind::String {
            return token.kind() != Kind::Stray && span.touches(self.offset);
        }
        let end = if is_closed_string(&self.file.text.slice(span)) { span.end - 1 } else { span.end };
        span.start < self.offset && self.offset <= end
    }

    fn text(&self, token: ValueRef<'a>) -> String {
        decode(&self.file.text.slice(token.span())).text
    }
}

fn is_closed_string(token: &str) -> bool {
    let Some(inner) = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    // An odd number of backslashes escapes the last quote.
    inner.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0
}

/// What has been typed at a cursor.
fn typed(file: &File<'_>, token: Option<ValueRef<'_>>, offset: u32) -> TypedText {
    let Some(token) = token else { return TypedText::at(offset) };
    let span = token.span();
    let text = file.text.slice(span);
    let mut stray_quote = false;
    let (replace, opened, closed) = if token.kind() != Kind::String {
        let word = bare_word(file, span);
        stray_quote = file.text.slice(word).starts_with('\'');
        (word, false, false)
    } else if is_closed_string(&text) {
        (Span::new(span.start + 1, span.end - 1), true, true)
    } else {
        // An open string takes the rest of its line: what belongs to it are the next letters only.
        let start = span.start + 1;
        let rest = text.get((offset - span.start) as usize..).unwrap_or_default();
        let word = rest.find(|char: char| !char.is_alphanumeric() && !":*?-_".contains(char));
        let end = offset + word.unwrap_or(rest.trim_end().len()) as u32;
        (Span::new(start, end.max(start)), true, false)
    };
    let start = replace.start + u32::from(stray_quote);
    let before = file.text.slice(Span::new(start, offset.max(start))).into_owned();
    TypedText { replace, before, opened, closed, stray_quote, ..TypedText::at(offset) }
}

/// A word without quotes. The tree takes its colons for signs of its own.
fn bare_word(file: &File<'_>, span: Span) -> Span {
    let belongs = |char: char| char.is_ascii_alphanumeric() || matches!(char, ':' | '-' | '_' | '*' | '\'');
    let before = file.text.slice(Span::new(span.start.saturating_sub(64), span.start));
    let start = before.len() - before.trim_end_matches(belongs).len();
    let run = &before[before.len() - start..];
    // The colon of a name is none of the word's.
    let run = run.trim_start_matches(|char: char| !char.is_ascii_alphanumeric() && char != '\'');
    let is_name = before[..before.len() - run.len()].ends_with('"');
    let start = if run.contains(':') && !is_name || run == "'" { run.len() as u32 } else { 0 };
    let behind = file.text.slice(Span::new(span.end, span.end + 1));
    Span::new(span.start - start, span.end + u32::from(behind.starts_with('\'')))
}

/// The whole string at a place, as IAM or ECS reads it, or the word.
fn token(file: &File<'_>, token: ValueRef<'_>) -> TokenText {
    let span = token.span();
    let text = file.text.slice(span);
    if token.kind() != Kind::String {
        return TokenText { text: text.into_owned(), span };
    }
    let end = if is_closed_string(&text) { span.end - 1 } else { span.end };
    TokenText { text: decode(&text).text, span: Span::new(span.start + 1, end) }
}
