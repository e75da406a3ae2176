//! What is being written at a cursor, told by the text around it, and the piece of the file around it read
//! with a word in that place.
//!
//! A text is half-typed most of the time: quotes, brackets and colons are still to come. What stands before
//! the cursor tells whether a name or a value is written there; so one word is put in its place, with what it
//! takes to be read, and the host parses that piece alone.

mod braces;
mod brackets;
mod lines;

use crate::text::Span;

/// A word that nobody writes, put where something is to be completed. A host that leaves out names it does
/// not know keeps those that hold it.
pub const PROBE: &str = "passroleProbe";

/// How members and strings are written at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    Json,
    Yaml,
    Hcl,
}

/// What a place in a text can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A name. `marked`: its colon, or what goes for one, stands behind it already.
    Name {
        marked: bool,
    },
    Value,
    /// The start of a line of YAML: a name or a value.
    Either,
    /// What a function of a template or an expression refers to.
    Reference(Function),
}

/// What surrounds the name of something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `!Ref`.
    Ref,
    /// `!GetAtt`.
    GetAtt,
    /// `${…}` in a text that is filled in.
    Sub,
    /// An expression of HCL.
    Expression,
}

/// A place where something is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The word or the content of the string there; empty where nothing is.
    pub replace: Span,
    pub quote: Option<char>,
    /// Whether that quote stands behind it, too.
    pub closed: bool,
    pub taken: Taken,
    pub notation: Notation,
    /// What has to be written before it: a blank behind a colon.
    pub lead: &'static str,
    /// Where a comma is missing behind the neighbour before.
    pub comma_before: Option<u32>,
    /// Whether one is missing behind it.
    pub lacks_comma: bool,
    /// Whether it stands between brackets, where no line can be begun.
    pub in_brackets: bool,
    /// Whether the text is one that a function fills in: `!Sub`, a template of HCL.
    pub filled_in: bool,
    /// The piece with the word in the hole, in the ways to go on behind it, the likeliest first.
    pieces: Vec<String>,
}

impl Gap {
    /// A hole without quotes, with nothing to write around what stands in it.
    fn plain(replace: Span, taken: Taken, notation: Notation) -> Gap {
        Gap {
            replace,
            quote: None,
            closed: false,
            taken,
            notation,
            lead: "",
            comma_before: None,
            lacks_comma: false,
            in_brackets: false,
            filled_in: false,
            pieces: Vec::new(),
        }
    }

    /// The piece with [`PROBE`] in the hole, in the ways to go on behind it.
    pub(super) fn pieces(&self) -> &[String] {
        &self.pieces
    }

    /// The same hole where its piece stands in the file.
    pub(super) fn shifted(self, base: u32) -> Gap {
        Gap {
            replace: self.replace.shifted(base),
            comma_before: self.comma_before.map(|at| at + base),
            ..self
        }
    }
}

/// The hole at an offset of a piece of YAML.
pub(super) fn in_yaml(text: &str, at: usize) -> Option<Gap> {
    lines::hole(text, at)
}

/// The hole at an offset of a block of HCL.
pub(super) fn in_hcl(text: &str, at: usize) -> Option<Gap> {
    braces::hole(text, at)
}

/// The letters of a word without quotes.
fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | ':' | '*' | '?' | '/' | '$' | '{' | '}')
}

/// Where the word starts that an offset stands in or behind.
fn word_start(text: &str, at: usize, belongs: fn(char) -> bool) -> usize {
    text[..at].char_indices().rev().take_while(|(_, char)| belongs(*char)).last().map_or(at, |(at, _)| at)
}

/// Where it ends.
fn word_end(text: &str, at: usize, belongs: fn(char) -> bool) -> usize {
    at + text[at..].find(|char| !belongs(char)).unwrap_or(text.len() - at)
}

/// Where the line of an offset ends, its break left out.
fn line_end(text: &str, at: usize) -> usize {
    at + text[at..].find(['\n', '\r']).unwrap_or(text.len() - at)
}

/// Where the content of a string ends that an offset stands in, and whether a quote does it. An open string
/// takes the rest of its line: what belongs to it are the next letters only.
fn string_end(text: &str, at: usize, quote: char) -> (usize, bool) {
    let end = line_end(text, at);
    let rest = &text[at..end];
    let mut escaped = false;
    let quotes: Vec<usize> = rest
        .char_indices()
        .filter(|(_, char)| {
            let is_quote = *char == quote && !escaped;
            escaped = *char == '\\' && !escaped && quote == '"';
            is_quote
        })
        .map(|(at, _)| at)
        .collect();
    match quotes.first() {
        Some(first) if quotes.len() % 2 == 1 => (at + first, true),
        _ => (word_end(&text[..end], at, |char| char.is_alphanumeric() || ":*?-_".contains(char)), false),
    }
}
