//! What is being written at a cursor, told by the text around it, and the piece of the file around it read
//! with a word in that place.
//!
//! A text is half-typed most of the time: quotes, brackets and colons are still to come. What stands before
//! the cursor tells whether a name or a value is written there; so one word is put in its place, with what it
//! takes to be read, and the host parses that piece alone.

mod braces;
mod brackets;
mod lines;

use super::terraform::TerraformFile;
use super::yaml_file::YamlFile;
use super::{Document, Parsed};
use crate::text::{Source, Span};

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
pub struct Hole {
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

impl Parsed {
    /// What is being written at an offset of a file that is no JSON; `None` where nothing can be, and where
    /// the file holds nothing of ours.
    pub fn hole(&self, source: &(impl Source + ?Sized), offset: u32) -> Option<Hole> {
        let piece = match self {
            Parsed::Yaml(file) => file.piece_at(offset)?,
            Parsed::Terraform(file) => file.piece_at(offset)?,
            Parsed::Json(_) | Parsed::AgentConfig(_) => return None,
        };
        let text = source.slice(piece);
        let at = offset.checked_sub(piece.start)? as usize;
        text.is_char_boundary(at).then_some(())?;
        let hole = match self {
            Parsed::Yaml(_) => lines::hole(&text, at)?,
            _ => braces::hole(&text, at)?,
        };
        let moved = |at: u32| at + piece.start;
        Some(Hole {
            replace: hole.replace.shifted(piece.start),
            comma_before: hole.comma_before.map(moved),
            ..hole
        })
    }

    /// The documents of the piece around a hole with [`PROBE`] in it, in the ways to go on behind it.
    pub fn documents_with<'h>(
        &'h self,
        hole: &'h Hole,
        path: &'h str,
    ) -> impl Iterator<Item = Vec<Document>> + 'h {
        hole.pieces.iter().map(move |text| match self {
            Parsed::Yaml(file) => YamlFile::documents_with(file, hole.replace.start, text, path),
            Parsed::Terraform(file) => TerraformFile::documents_with(file, hole.replace.start, text),
            Parsed::Json(_) | Parsed::AgentConfig(_) => Vec::new(),
        })
    }
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
