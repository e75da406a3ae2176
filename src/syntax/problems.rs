//! What is wrong with a text: found in the finished tree, on demand.

use super::green::{Child, Green};
use super::kind::Kind;
use crate::text::{Source, Span};

/// One deviation from strict JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    pub kind: SyntaxErrorKind,
    /// In the text. For something missing, the last character before the place it belongs.
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SyntaxErrorKind {
    ByteOrderMark,
    Comment,
    TrailingComma,
    Empty,
    ExtraText,
    UnexpectedComma,
    UnexpectedColon,
    MissingComma,
    MissingColon,
    MissingValue,
    MissingName,
    NameNotString,
    UnclosedObject,
    UnclosedArray,
    StrayCloser,
    TooDeep,
    UnclosedString,
    BadEscape,
    ControlCharacter,
    UnclosedComment,
    BadNumber,
    BareWord,
    StrayCharacter,
}

impl SyntaxErrorKind {
    /// Whether JSON with comments (JSONC) allows it too.
    pub const fn is_jsonc(self) -> bool {
        matches!(
            self,
            SyntaxErrorKind::ByteOrderMark | SyntaxErrorKind::Comment | SyntaxErrorKind::TrailingComma
        )
    }

    /// What is wrong, as a message says it.
    pub const fn message(self) -> &'static str {
        match self {
            SyntaxErrorKind::ByteOrderMark => "the file starts with a byte-order mark",
            SyntaxErrorKind::Comment => "JSON has no comments",
            SyntaxErrorKind::TrailingComma => "JSON has no comma behind the last item",
            SyntaxErrorKind::Empty => "there is no JSON value here",
            SyntaxErrorKind::ExtraText => "text behind the end of the JSON value",
            SyntaxErrorKind::UnexpectedComma => "a comma with nothing before it",
            SyntaxErrorKind::UnexpectedColon => "a colon where none belongs",
            SyntaxErrorKind::MissingComma => "a comma is missing here",
            SyntaxErrorKind::MissingColon => "a colon and a value are missing behind this name",
            SyntaxErrorKind::MissingValue => "a value is missing here",
            SyntaxErrorKind::MissingName => "a value without a name in an object",
            SyntaxErrorKind::NameNotString => "the name of a member must be in double quotes",
            SyntaxErrorKind::UnclosedObject => "this `{` is never closed",
            SyntaxErrorKind::UnclosedArray => "this `[` is never closed",
            SyntaxErrorKind::StrayCloser => "this bracket closes nothing",
            SyntaxErrorKind::TooDeep => "nested deeper than 128 levels; nothing below is looked at",
            SyntaxErrorKind::UnclosedString => "this string is not closed on its line",
            SyntaxErrorKind::BadEscape => "JSON knows no such escape",
            SyntaxErrorKind::ControlCharacter => "a control character in a string must be escaped",
            SyntaxErrorKind::UnclosedComment => "this comment is never closed",
            SyntaxErrorKind::BadNumber => "this is not a JSON number",
            SyntaxErrorKind::BareWord => "text outside of quotes",
            SyntaxErrorKind::StrayCharacter => "a character that means nothing here",
        }
    }
}

/// Whether the order of a node's children is wrong. Faults inside of the children are theirs.
pub(super) fn any(kind: Kind, children: &[Child]) -> bool {
    let mut wrong = false;
    each(kind, children, |_, _, _| wrong = true);
    wrong
}

/// What a user wants to know first: the first error of each line, since what follows on it is mostly a
/// consequence, where a container that is never closed counts as the last. Of several containers that
/// are never closed the innermost, and of what is left over behind them the first.
pub fn first_of_each_line(errors: Vec<SyntaxError>, source: &(impl Source + ?Sized)) -> Vec<SyntaxError> {
    let mut kept: Vec<SyntaxError> = Vec::new();
    let unclosed = |error: &SyntaxError| {
        matches!(error.kind, SyntaxErrorKind::UnclosedObject | SyntaxErrorKind::UnclosedArray)
    };
    // How far the line of the last one kept has been looked through.
    let mut looked_to = 0;
    for error in errors {
        let same_line = !kept.is_empty() && {
            let between = Span::new(looked_to, error.span.start.max(looked_to));
            !source.slice(between).contains(['\n', '\r'])
        };
        looked_to = error.span.start.max(if same_line { looked_to } else { 0 });
        match kept.last_mut() {
            Some(last) if same_line => {
                if unclosed(last) && !unclosed(&error) {
                    *last = error;
                }
            }
            _ => kept.push(error),
        }
    }
    let innermost = kept.iter().rposition(unclosed);
    let left_over =
        |error: &SyntaxError| matches!(error.kind, SyntaxErrorKind::StrayCloser | SyntaxErrorKind::ExtraText);
    let first = kept.iter().position(left_over);
    let mut index = 0..;
    kept.retain(|error| {
        let index = index.next();
        !(unclosed(error) && index != innermost || left_over(error) && index != first)
    });
    kept
}

/// Where a problem stands: at a child, or behind it.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Child,
    Behind,
}

/// Calls `found` with each problem in the order of the children and the index of the child it is at.
fn each(kind: Kind, children: &[Child], mut found: impl FnMut(SyntaxErrorKind, usize, At)) {
    use SyntaxErrorKind as E;
    let mut significant = 0;
    // The last child that is no trivia.
    let mut before: Option<(usize, Kind)> = None;
    for (index, child) in children.iter().enumerate() {
        let this = child.kind();
        if this.is_trivia() {
            match this {
                Kind::Bom => found(E::ByteOrderMark, index, At::Child),
                Kind::LineComment | Kind::BlockComment => found(E::Comment, index, At::Child),
                _ => {}
            }
            continue;
        }
        significant += 1;
        let last = before.map(|(_, kind)| kind);
        let behind = before.map_or(0, |(index, _)| index);
        match kind {
            Kind::Root => {
                if this.is_closer() {
                    found(E::StrayCloser, index, At::Child);
                } else if significant > 1 || !child.is_value() {
                    found(E::ExtraText, index, At::Child);
                }
            }
            Kind::Object => match this {
                Kind::OpenBrace if significant == 1 => {}
                Kind::CloseBrace => {
                    if last == Some(Kind::Comma) {
                        found(E::TrailingComma, behind, At::Child);
                    }
                }
                Kind::Comma => {
                    if matches!(last, Some(Kind::OpenBrace | Kind::Comma)) {
                        found(E::UnexpectedComma, index, At::Child);
                    }
                }
                _ => {
                    if !matches!(last, Some(Kind::OpenBrace | Kind::Comma))
                        && !is_unfinished(&children[behind])
                    {
                        found(E::MissingComma, behind, At::Behind);
                    }
                    if this != Kind::Member {
                        found(E::MissingName, index, At::Child);
                    }
                }
            },
            Kind::Array => match this {
                Kind::OpenBracket if significant == 1 => {}
                Kind::CloseBracket => {
                    if last == Some(Kind::Comma) {
                        found(E::TrailingComma, behind, At::Child);
                    }
                }
                Kind::Comma => {
                    if matches!(last, Some(Kind::OpenBracket | Kind::Comma)) {
                        found(E::UnexpectedComma, index, At::Child);
                    }
                }
                Kind::Colon => found(E::UnexpectedColon, index, At::Child),
                _ => {
                    if !matches!(last, Some(Kind::OpenBracket | Kind::Comma | Kind::Colon)) {
                        found(E::MissingComma, behind, At::Behind);
                    }
                }
            },
            Kind::Member if significant == 1 && this != Kind::String => {
                found(E::NameNotString, index, At::Child);
            }
            Kind::TooDeep if significant == 1 => found(E::TooDeep, index, At::Child),
            _ => {}
        }
        before = Some((index, this));
    }
    let last = before.map(|(_, kind)| kind);
    let behind = before.map_or(0, |(index, _)| index);
    match kind {
        Kind::Root if significant == 0 => found(E::Empty, 0, At::Child),
        Kind::Object if last != Some(Kind::CloseBrace) => found(E::UnclosedObject, 0, At::Child),
        Kind::Array if last != Some(Kind::CloseBracket) => found(E::UnclosedArray, 0, At::Child),
        Kind::Member => match (significant, last) {
            (1, Some(kind)) if kind != Kind::Colon => found(E::MissingColon, behind, At::Behind),
            (_, Some(Kind::Colon)) => found(E::MissingValue, behind, At::Behind),
            _ => {}
        },
        _ => {}
    }
}

/// A member without its value: one remark about it is enough.
fn is_unfinished(child: &Child) -> bool {
    child.as_node().is_some_and(|node| node.kind() == Kind::Member && any(Kind::Member, node.children()))
}

/// Every problem below `node`, in the order of the text. Visits only what has any.
pub(super) fn collect(
    node: &Green,
    offset: u32,
    source: &(impl Source + ?Sized),
    errors: &mut Vec<SyntaxError>,
) {
    if !node.has_problems() {
        return;
    }
    let first = errors.len();
    let children = node.children();
    let mut starts = Vec::with_capacity(children.len());
    let mut at = offset;
    for child in children {
        starts.push(at);
        at += child.len();
    }
    each(node.kind(), children, |kind, index, place| {
        let span = match (children.get(index), place) {
            (Some(child), At::Child) => Span::new(starts[index], starts[index] + child.len()),
            (Some(child), At::Behind) => {
                // The last character is there to be seen; what is missing is not.
                let end = starts[index] + child.len();
                let tail = source.slice(Span::new(end.saturating_sub(4).max(starts[index]), end));
                let length = tail.chars().next_back().map_or(0, char::len_utf8);
                Span::new(end - length as u32, end)
            }
            (None, _) => Span::new(offset, offset),
        };
        errors.push(SyntaxError { kind, span });
    });
    if node.kind() == Kind::TooDeep {
        return;
    }
    for (child, start) in children.iter().zip(starts) {
        match child {
            Child::Node(node) => collect(node, start, source, errors),
            Child::Token(token) if token.is_malformed() => {
                let span = Span::new(start, start + token.len());
                match token.kind() {
                    Kind::String => string_errors(span, source, errors),
                    Kind::Number => errors.push(SyntaxError { kind: SyntaxErrorKind::BadNumber, span }),
                    Kind::Word if node.kind() != Kind::Member || !is_name(node, start, offset) => {
                        errors.push(SyntaxError { kind: SyntaxErrorKind::BareWord, span });
                    }
                    Kind::Stray => errors.push(SyntaxError { kind: SyntaxErrorKind::StrayCharacter, span }),
                    Kind::BlockComment => {
                        errors.push(SyntaxError { kind: SyntaxErrorKind::UnclosedComment, span });
                    }
                    _ => {}
                }
            }
            Child::Token(_) => {}
        }
    }
    errors[first..].sort_by_key(|error| error.span.start);
}

/// A bare word in a name's place has been reported as that.
fn is_name(member: &Green, start: u32, offset: u32) -> bool {
    member.kind() == Kind::Member && start == offset
}

fn string_errors(span: Span, source: &(impl Source + ?Sized), errors: &mut Vec<SyntaxError>) {
    let text = source.slice(span);
    let bytes = text.as_bytes();
    let mut at = 1;
    let mut closed = false;
    while at < bytes.len() {
        let here = span.start + at as u32;
        match bytes[at] {
            b'"' => {
                closed = true;
                break;
            }
            b'\\' => {
                let (length, sound) = match bytes.get(at + 1) {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => (2, true),
                    Some(b'u') => match bytes.get(at + 2..at + 6) {
                        Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => (6, true),
                        _ => (2, false),
                    },
                    Some(byte) if *byte < 0x80 => (2, false),
                    _ => (1, false),
                };
                if !sound {
                    let span = Span::new(here, here + length);
                    errors.push(SyntaxError { kind: SyntaxErrorKind::BadEscape, span });
                }
                at += length as usize;
            }
            byte => {
                if byte < 0x20 {
                    let span = Span::new(here, here + 1);
                    errors.push(SyntaxError { kind: SyntaxErrorKind::ControlCharacter, span });
                }
                at += 1;
            }
        }
    }
    if !closed {
        errors.push(SyntaxError { kind: SyntaxErrorKind::UnclosedString, span });
    }
}
