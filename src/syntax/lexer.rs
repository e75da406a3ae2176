//! Splits a text into tokens. Total: every byte belongs to one. Stateless at token borders: the
//! tokens behind a border do not depend on those before it.
//!
//! A string ends at a line end at the latest, so an open quote costs one line.

use super::green::Token;
use super::kind::Kind;
use memchr::{memchr2, memmem};

/// How many tokens are made at once.
const AT_ONCE: usize = 4096;

/// The tokens of a text by their number, made as they are asked for: those that were taken are dropped, so that a
/// large text does not stand in memory as tokens and as a tree.
pub(super) struct Tokens<'t> {
    bytes: &'t [u8],
    /// How far the text has been split.
    split: usize,
    made: Vec<Token>,
    /// The number of the first of `made`.
    first: usize,
}

impl<'t> Tokens<'t> {
    /// The length of `text` must fit a `u32`.
    pub fn of(text: &'t str, at_start: bool) -> Tokens<'t> {
        let bytes = text.as_bytes();
        let mut made = Vec::with_capacity((bytes.len() / 5 + 4).min(2 * AT_ONCE));
        let mut split = 0;
        if at_start && text.starts_with('\u{feff}') {
            made.push(Token::new(Kind::Bom, 3, false));
            split = 3;
        }
        Tokens { bytes, split, made, first: 0 }
    }

    /// The token of that number; none behind the last. Those before `taken` are not asked for again.
    #[inline]
    pub fn get(&mut self, number: usize, taken: usize) -> Option<Token> {
        match self.made.get(number - self.first) {
            Some(token) => Some(*token),
            None => self.make_up_to(number, taken),
        }
    }

    #[cold]
    fn make_up_to(&mut self, number: usize, taken: usize) -> Option<Token> {
        while self.split < self.bytes.len() && number - self.first >= self.made.len() {
            let gone = (taken - self.first).min(self.made.len());
            // Whoever looks far ahead moves what is left no more often than it doubles.
            if gone > self.made.len() / 2 {
                self.made.drain(..gone);
                self.first += gone;
            }
            for _ in 0..AT_ONCE {
                if self.split == self.bytes.len() {
                    break;
                }
                let token = token_at(self.bytes, self.split);
                self.split += token.len() as usize;
                self.made.push(token);
            }
        }
        self.made.get(number - self.first).copied()
    }
}

fn token_at(bytes: &[u8], at: usize) -> Token {
    let one = |kind| Token::new(kind, 1, false);
    match bytes[at] {
        b'%' | b'{' | b'<' if let Some(directive) = directive(&bytes[at..]) => directive,
        b'"' => string(bytes, at),
        b' ' | b'\t' | b'\n' | b'\r' => {
            let mut end = at;
            let mut newline = false;
            while let Some(byte @ (b' ' | b'\t' | b'\n' | b'\r')) = bytes.get(end) {
                newline |= matches!(byte, b'\n' | b'\r');
                end += 1;
            }
            Token::new(if newline { Kind::Newline } else { Kind::Whitespace }, end - at, false)
        }
        b'{' => one(Kind::OpenBrace),
        b'}' => one(Kind::CloseBrace),
        b'[' => one(Kind::OpenBracket),
        b']' => one(Kind::CloseBracket),
        b':' => one(Kind::Colon),
        b',' => one(Kind::Comma),
        b'-' | b'0'..=b'9' => number(bytes, at),
        b'/' if bytes.get(at + 1) == Some(&b'/') => {
            let end = memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |length| at + length);
            Token::new(Kind::LineComment, end - at, false)
        }
        b'/' if bytes.get(at + 1) == Some(&b'*') => match memmem::find(&bytes[at + 2..], b"*/") {
            Some(length) => Token::new(Kind::BlockComment, length + 4, false),
            None => Token::new(Kind::BlockComment, bytes.len() - at, true),
        },
        byte if is_word(byte) => {
            let length = word_length(bytes, at);
            match &bytes[at..at + length] {
                b"true" => Token::new(Kind::True, 4, false),
                b"false" => Token::new(Kind::False, 5, false),
                b"null" => Token::new(Kind::Null, 4, false),
                _ => Token::new(Kind::Word, length, true),
            }
        }
        _ => one(Kind::Stray).malformed(),
    }
}

/// Word characters: letters, digits, everything beyond ASCII, and what template languages put around
/// names, so that a placeholder without quotes is one word.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'_' | b'.' | b'-' | b'+' | b'$' | b'<' | b'>' | b'%' | b'@' | b'#' | b'*' | b'\'')
}

/// The length of the word at a byte, with each `${…}` in it.
fn word_length(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some(byte) = bytes.get(end) {
        match interpolation_length(&bytes[end..]) {
            Some(length) => end += length,
            None if is_word(*byte) => end += 1,
            None => break,
        }
    }
    end - at
}

/// The longest `${…}` that is taken for one: what is looked through again for each `$` before a brace stays short.
const LONGEST_INTERPOLATION: usize = 1024;

/// The length of the `${…}` that `bytes` starts with, braces in it counted; it ends on its line. At the end of the text
/// it takes the rest, so that a part of a text that ends in one is not taken for whole.
fn interpolation_length(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(b"$")?;
    let mut open = 0usize;
    if rest.first() != Some(&b'{') {
        return None;
    }
    for (index, byte) in rest.iter().enumerate() {
        match byte {
            _ if index == LONGEST_INTERPOLATION => return None,
            b'{' => open += 1,
            b'}' => open -= 1,
            b'\n' | b'\r' => return None,
            _ => {}
        }
        if open == 0 {
            return Some(index + 2);
        }
    }
    Some(bytes.len())
}

/// Words with which a directive in double braces begins; others stand for a value.
const KEYWORDS: [&[u8]; 9] =
    [b"if", b"else", b"end", b"range", b"with", b"define", b"template", b"block", b"for"];

/// What a template engine has done with what follows, and no value: `%{ if x }` of Terraform, `{% if x %}` of Jinja,
/// `<% if x %>` of ERB, `{{ if x }}` of Go and `{{#if x}}` of Handlebars. For JSON it is a comment. It ends on its line;
/// at the end of the text it takes the rest, and is open.
fn directive(bytes: &[u8]) -> Option<Token> {
    let (open, close): (&[u8], &[u8]) = match bytes {
        [b'%', b'{', ..] => (b"%{", b"}"),
        [b'{', b'%', ..] => (b"{%", b"%}"),
        [b'<', b'%', ..] => (b"<%", b"%>"),
        [b'{', b'{', rest @ ..] if is_keyword(rest) => (b"{{", b"}}"),
        _ => return None,
    };
    // `<%= x %>` is a value.
    if bytes.starts_with(b"<%=") {
        return None;
    }
    let mut depth = 0usize;
    for (index, byte) in bytes.iter().enumerate().skip(open.len()) {
        match byte {
            b'\n' | b'\r' => return None,
            _ if index == LONGEST_INTERPOLATION => return None,
            b'{' if open == b"%{" => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            _ if bytes[index..].starts_with(close) => {
                return Some(Token::new(Kind::BlockComment, index + close.len(), false));
            }
            _ => {}
        }
    }
    Some(Token::new(Kind::BlockComment, bytes.len(), true))
}

/// Whether double braces that are open begin a directive.
fn is_keyword(inside: &[u8]) -> bool {
    let inside =
        inside.strip_prefix(b"-").or_else(|| inside.strip_prefix(b"~")).unwrap_or(inside).trim_ascii_start();
    matches!(inside.first(), Some(b'#' | b'/'))
        || KEYWORDS.iter().any(|word| {
            inside.strip_prefix(*word).is_some_and(|rest| !rest.first().is_some_and(|it| is_word(*it)))
        })
}

fn string(bytes: &[u8], at: usize) -> Token {
    let mut malformed = false;
    let mut escaped = false;
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'"' => return Token::new(Kind::String, end + 1 - at, malformed).with_escapes(escaped),
            b'\n' | b'\r' => break,
            b'\\' => {
                escaped = true;
                match escape_length(&bytes[end..]) {
                    Some(length) => end += length,
                    None => {
                        malformed = true;
                        // A backslash before a line end escapes nothing.
                        end += if matches!(bytes.get(end + 1), None | Some(b'\n' | b'\r')) {
                            1
                        } else if bytes[end + 1] < 0x80 {
                            2
                        } else {
                            1
                        };
                    }
                }
            }
            byte => {
                malformed |= byte < 0x20;
                end += 1;
            }
        }
    }
    Token::new(Kind::String, end.min(bytes.len()) - at, true).with_escapes(escaped)
}

/// The length of the escape that `bytes` starts with; `None` where it is none of JSON's.
fn escape_length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => bytes.get(2..6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Token {
    let length = word_length(bytes, at);
    Token::new(Kind::Number, length, !is_number(&bytes[at..at + length]))
}

/// JSON's grammar of numbers.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', exponent @ ..] => exponent,
            exponent => exponent,
        };
        let count = digits(exponent);
        if count == 0 {
            return false;
        }
        rest = &exponent[count..];
    }
    rest.is_empty()
}
