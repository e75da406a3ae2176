//! Texts with references in them as patterns: what they can be, and what they certainly are.

use super::lookup::{Led, Located, Project};
use super::marks::{ANY, NAME, ONE, PART, STAR, is_mark, is_unique, push_known, readable};
use crate::access::{Case, Reason, Truth, action_fits, overlap};
use crate::catalog::{PatternPiece, covers};
use crate::graph::FileSummary;
use crate::host::resource::{Content, Node, TextPart};
use crate::host::value::{Holds, OpenPart, StringValue};
use crate::text::Span;
use std::sync::Arc;

/// A text with what it refers to.
#[derive(Debug, Clone, Default)]
pub struct Words<'a> {
    pub text: String,
    /// The resources that it names.
    pub of: Vec<Located<'a>>,
    /// As a person reads it.
    pub shown: String,
}

/// How often a reference leads on to another before the search ends.
const DEEPEST: usize = 8;

impl<'a> Words<'a> {
    pub fn literal(text: &str) -> Words<'a> {
        Words { text: text.to_string(), of: Vec::new(), shown: text.to_string() }
    }

    pub fn is_open(&self) -> bool {
        self.text.chars().all(|letter| matches!(letter, ANY | PART | NAME))
    }

    /// Whether nothing in it is left open.
    pub fn is_known(&self) -> bool {
        !self.text.chars().any(is_mark)
    }

    /// Whether nothing in it is left open but what a wildcard of the policy stands for.
    pub fn is_known_pattern(&self) -> bool {
        !self.text.chars().any(|letter| is_mark(letter) && !matches!(letter, STAR | ONE))
    }

    /// A text made of this one: its references stay.
    pub fn with(&self, text: String) -> Words<'a> {
        let shown = if self.shown.contains("${") || self.shown.starts_with("arn:") {
            self.shown.clone()
        } else {
            readable(&text)
        };
        Words { text, of: self.of.clone(), shown }
    }

    fn pieces(&self) -> Vec<PatternPiece<'_>> {
        self.text
            .char_indices()
            .map(|(at, letter)| match letter {
                ANY | STAR => PatternPiece::Any,
                PART => PatternPiece::Part,
                NAME => PatternPiece::Name(""),
                ONE => PatternPiece::One,
                letter if is_unique(letter) => PatternPiece::Open(&self.text[at..at + letter.len_utf8()]),
                letter => PatternPiece::Letter(letter),
            })
            .collect()
    }

    /// Whether this pattern can name what the other text says.
    pub fn may_be(&self, other: &Words<'_>) -> bool {
        if self.text == other.text {
            return true;
        }
        // Two resources of one kind have two names, whatever those are.
        let is_named_openly = |at: &Located<'_>| at.name_is_open() && !at.is_data();
        for own in self.of.iter().filter(|own| is_named_openly(own)) {
            let alike = || other.of.iter().filter(|it| it.kind_name() == own.kind_name());
            if alike().next().is_some() && alike().all(|it| !it.is(own) && !it.is_data()) && !self.is_loose()
            {
                return false;
            }
        }
        let own: Vec<PatternPiece<'_>> = self.pieces().into_iter().map(soft).collect();
        let theirs: Vec<PatternPiece<'_>> = other.pieces().into_iter().map(soft).collect();
        overlap(&own, &theirs, Case::Counts)
    }

    /// Whether this pattern names what the other text says.
    pub fn names(&self, other: &Words<'_>) -> Truth {
        if self.covers(other) {
            return Truth::Yes;
        }
        match self.may_be(other) {
            true => Truth::unknown(Reason::FilledIn(self.shown.as_str().into())),
            false => Truth::No,
        }
    }

    /// Whether this is a pattern of actions that the action fits.
    pub fn is_action(&self, action: &str) -> Truth {
        // What is not known, and wildcards, are no ASCII here.
        match self.text.is_ascii() {
            true => Truth::of(self.text.eq_ignore_ascii_case(action)),
            false => action_fits(&self.string(Span::new(0, 0)), action),
        }
    }

    /// As a policy writes it that is read with policy variables; what is not known is filled in later.
    pub fn string(&self, span: Span) -> StringValue {
        let mut text = String::with_capacity(self.text.len());
        let mut unknown = Vec::new();
        for letter in self.text.chars() {
            let holds = match letter {
                STAR | ONE => {
                    text.push(if letter == STAR { '*' } else { '?' });
                    continue;
                }
                // As a letter each is written so.
                '*' | '?' | '$' => {
                    text.extend(["${", letter.encode_utf8(&mut [0; 4]), "}"]);
                    continue;
                }
                NAME => Holds::Name,
                PART => Holds::Part,
                letter if is_mark(letter) => Holds::Anything,
                letter => {
                    text.push(letter);
                    continue;
                }
            };
            let start = text.len();
            match is_unique(letter) {
                true => text.extend(['$', '{', letter, '}']),
                false => text.push_str("${}"),
            }
            unknown.push(OpenPart::of(start, text.len(), holds));
        }
        StringValue::standing_for(&text, span).with_open_parts(unknown.into())
    }

    /// With its wildcards as they are written.
    pub fn plain(&self) -> String {
        self.text.replace(STAR, "*").replace(ONE, "?")
    }

    /// Whether a wildcard stands before the first name.
    fn is_loose(&self) -> bool {
        let name = self.text.find(|letter| is_unique(letter) || matches!(letter, PART | NAME | ANY));
        let star = self.text.find(STAR);
        matches!((name, star), (Some(name), Some(star)) if star < name) && !self.text.starts_with("arn")
    }

    /// Whether it names it for certain.
    pub fn covers(&self, other: &Words<'_>) -> bool {
        covers(self.pieces().into_iter(), other.pieces().into_iter(), false)
            && !self.text.chars().any(|letter| matches!(letter, ANY | PART | NAME))
            && !other.text.contains(ANY)
    }
}

fn soft(piece: PatternPiece<'_>) -> PatternPiece<'_> {
    match piece {
        PatternPiece::Open(_) => PatternPiece::Part,
        other => other,
    }
}

impl<'a> Project<'a> {
    /// What a text of a file is. `is_pattern`: wildcards count. `None` where it is no text.
    pub fn words(
        &self,
        file: &'a Arc<FileSummary>,
        item: &'a Content,
        is_pattern: bool,
    ) -> Option<Words<'a>> {
        let mut words = Words::default();
        self.append(file, item, is_pattern, 0, &mut words).then_some(words)
    }

    fn append(
        &self,
        file: &'a Arc<FileSummary>,
        item: &'a Content,
        is_pattern: bool,
        depth: usize,
        words: &mut Words<'a>,
    ) -> bool {
        let open = |words: &mut Words<'a>| {
            words.text.push(ANY);
            words.shown.push('…');
        };
        match &item.node {
            Node::Text(pieces) => {
                for piece in pieces {
                    match piece {
                        TextPart::Known(text) => {
                            words.shown.push_str(text);
                            push_known(&mut words.text, text, is_pattern);
                        }
                        TextPart::Ref(path) if depth < DEEPEST => match self.led(file, path) {
                            Led::Resource(at, attribute) => {
                                self.append_resource(at, attribute, is_pattern, depth, words);
                            }
                            Led::Content(file, item) => {
                                if !self.append(file, item, is_pattern, depth + 1, words) {
                                    open(words);
                                }
                            }
                            Led::Part => {
                                words.text.push(PART);
                                words.shown.push('…');
                            }
                            Led::Known(text) => {
                                words.shown.push_str(text);
                                words.text.push_str(text);
                            }
                            Led::Name => {
                                words.text.push(NAME);
                                words.shown.push('…');
                            }
                            Led::Any => open(words),
                        },
                        TextPart::Import(name) if depth < DEEPEST => match self.exported(name) {
                            Some((file, item)) if self.append(file, item, is_pattern, depth + 1, words) => {}
                            _ => open(words),
                        },
                        TextPart::Ref(_) | TextPart::Import(_) | TextPart::Open => open(words),
                    }
                }
                true
            }
            Node::Open | Node::Choice(_) => {
                open(words);
                true
            }
            Node::List(items) if items.len() == 1 => {
                self.append(file, &items[0], is_pattern, depth + 1, words)
            }
            _ => false,
        }
    }

    /// What an attribute of a resource yields; an empty one is `Ref`.
    pub fn yielded(&self, at: Located<'a>, attribute: &str) -> String {
        let mut words = Words::default();
        self.append_resource(at, attribute, false, 0, &mut words);
        words.text
    }

    fn append_resource(
        &self,
        at: Located<'a>,
        attribute: &str,
        is_pattern: bool,
        depth: usize,
        words: &mut Words<'a>,
    ) {
        let Some(form) = at.form(attribute) else {
            // An argument of its own, or what a property is.
            let followed = at.followed(attribute);
            match followed.filter(|_| depth < DEEPEST) {
                Some(item) if self.append(at.file, item, is_pattern, depth + 1, words) => {}
                _ => {
                    words.text.push(ANY);
                    words.shown.push('…');
                }
            }
            return;
        };
        let mut name = Words::default();
        let named = at.name_item();
        let is_named = named.is_some_and(|item| self.append(at.file, item, false, depth + 1, &mut name));
        if !is_named || name.text.is_empty() {
            name = Words::default();
            name.text.push(at.unique());
            name.shown = format!("${{{}}}", at.resource.address);
        }
        words.of.push(at);
        let path = match at.resource.body.get("Path") {
            None => String::new(),
            Some(path) => match path.text() {
                Some(path) => path.trim_start_matches('/').to_string(),
                None => ANY.to_string(),
            },
        };
        let mut rest = form;
        let mut text = String::new();
        while let Some((before, behind)) = rest.split_once("${") {
            push_known(&mut text, before, true);
            let (inside, after) = behind.split_once('}').unwrap_or((behind, ""));
            match inside {
                "Name" => text.push_str(&name.text),
                "Bare" => text.push_str(name.text.strip_prefix('/').unwrap_or(&name.text)),
                "Path" => text.push_str(&path),
                "Unique" => text.push(at.unique()),
                _ => text.push(PART),
            }
            rest = after;
        }
        push_known(&mut text, rest, true);
        words.shown.push_str(&readable(&text.replace(at.unique(), &format!("${{{}}}", at.resource.address))));
        words.text.push_str(&text);
    }
}
