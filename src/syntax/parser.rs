//! Tokens to tree. Tolerant: every text has a tree, what is wrong is found in it afterwards
//! ([`super::problems`]).
//!
//! Recovery inside a container looks at its own tokens alone, never at what encloses it. That is what
//! lets an edit re-parse the container it is in and nothing else.

use super::green::{Child, Green};
use super::kind::Kind;
use super::lexer::Tokens;
use super::problems;

/// Containers nest this deep at most; what lies below becomes one [`Kind::TooDeep`] node.
pub const DEPTH_CAP: u32 = 128;

pub(super) struct Parser<'t> {
    tokens: Tokens<'t>,
    /// The last byte of the text.
    last: Option<u8>,
    /// The number of the next token.
    at: usize,
    stack: Vec<Child>,
    /// `{}` and `[]`, once one was there: what is in them is known by their lengths, and there may be millions.
    empty: [Option<Green>; 2],
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, at_start: bool) -> Parser<'t> {
        let last = text.as_bytes().last().copied();
        let stack = Vec::with_capacity(64);
        Parser { tokens: Tokens::of(text, at_start), last, at: 0, stack, empty: [None, None] }
    }

    /// The whole text.
    pub(super) fn root(mut self) -> Green {
        let start = self.open();
        while let Some(kind) = self.kind_at(self.at) {
            if kind == Kind::OpenBrace || kind == Kind::OpenBracket {
                self.container(1);
            } else {
                self.bump();
            }
        }
        self.finish(start, Kind::Root)
    }

    /// One container that takes up the whole text, at that depth; `None` where it ends early, is
    /// not closed, or is of another shape.
    pub(super) fn container_alone(mut self, depth: u32) -> Option<Green> {
        let (closer, last) = match self.kind_at(0)? {
            Kind::OpenBrace => (Kind::CloseBrace, b'}'),
            Kind::OpenBracket => (Kind::CloseBracket, b']'),
            _ => return None,
        };
        if self.last != Some(last) {
            return None;
        }
        self.container(depth);
        if self.kind_at(self.at).is_some() {
            return None;
        }
        match self.stack.pop()? {
            Child::Node(node) if node.children().last().is_some_and(|it| it.kind() == closer) => Some(node),
            _ => None,
        }
    }

    fn open(&mut self) -> usize {
        self.stack.push(Child::VACANT);
        self.stack.len() - 1
    }

    fn finish(&mut self, start: usize, kind: Kind) -> Green {
        let closer = match (kind, &self.stack[start + 1..]) {
            (Kind::Object | Kind::Array, [Child::Token(_), Child::Token(closer)]) => closer.kind(),
            _ => return Green::finish(&mut self.stack, start, kind, problems::any),
        };
        let same = match (kind, closer) {
            (Kind::Object, Kind::CloseBrace) => &mut self.empty[0],
            (Kind::Array, Kind::CloseBracket) => &mut self.empty[1],
            _ => return Green::finish(&mut self.stack, start, kind, problems::any),
        };
        if let Some(known) = same {
            self.stack.truncate(start);
            return known.clone();
        }
        let node = Green::finish(&mut self.stack, start, kind, problems::any);
        *same = Some(node.clone());
        node
    }

    fn kind_at(&mut self, number: usize) -> Option<Kind> {
        Some(self.tokens.get(number, self.at)?.kind())
    }

    fn bump(&mut self) {
        if let Some(token) = self.tokens.get(self.at, self.at) {
            self.stack.push(Child::Token(token));
        }
        self.at += 1;
    }

    /// The next token that is not trivia: where, what, and whether a line end stands before it.
    fn ahead(&mut self, from: usize) -> (usize, Option<Kind>, bool) {
        let mut newline = false;
        let mut at = from;
        while let Some(kind) = self.kind_at(at) {
            if !kind.is_trivia() {
                return (at, Some(kind), newline);
            }
            newline |= matches!(kind, Kind::Newline | Kind::LineComment);
            at += 1;
        }
        (at, None, newline)
    }

    fn bump_to(&mut self, at: usize) {
        while self.at < at {
            self.bump();
        }
    }

    fn container(&mut self, depth: u32) {
        if depth > DEPTH_CAP {
            self.too_deep();
        } else if self.kind_at(self.at) == Some(Kind::OpenBrace) {
            self.object(depth);
        } else {
            self.array(depth);
        }
    }

    fn object(&mut self, depth: u32) {
        let start = self.open();
        self.bump();
        let mut members = 0;
        loop {
            let (at, kind, _) = self.ahead(self.at);
            match kind {
                Some(Kind::CloseBrace) => {
                    self.bump_to(at + 1);
                    break;
                }
                // A closer of the other kind belongs to somebody else, who forgot nothing.
                None | Some(Kind::CloseBracket) => break,
                // The next item of a list whose last one was never closed.
                Some(Kind::OpenBrace) if members > 0 => break,
                Some(Kind::OpenBrace | Kind::OpenBracket) => {
                    self.bump_to(at);
                    self.container(depth + 1);
                }
                Some(Kind::Comma) => self.bump_to(at + 1),
                Some(_) => {
                    self.bump_to(at);
                    self.member(depth);
                    members += 1;
                }
            }
        }
        let node = self.finish(start, Kind::Object);
        self.stack.push(Child::Node(node));
    }

    fn member(&mut self, depth: u32) {
        let start = self.open();
        if self.kind_at(self.at) != Some(Kind::Colon) {
            self.bump();
        }
        let (at, kind, _) = self.ahead(self.at);
        if kind == Some(Kind::Colon) {
            self.bump_to(at + 1);
            let (at, kind, newline) = self.ahead(self.at);
            match kind {
                Some(Kind::OpenBrace | Kind::OpenBracket) => {
                    self.bump_to(at);
                    self.container(depth + 1);
                }
                // The name of the next member: this one's value is still to come.
                Some(Kind::String) if newline && self.ahead(at + 1).1 == Some(Kind::Colon) => {}
                Some(kind) if kind.is_scalar() => self.bump_to(at + 1),
                _ => {}
            }
        }
        let node = self.finish(start, Kind::Member);
        self.stack.push(Child::Node(node));
    }

    fn array(&mut self, depth: u32) {
        let start = self.open();
        self.bump();
        loop {
            let (at, kind, newline) = self.ahead(self.at);
            match kind {
                Some(Kind::CloseBracket) => {
                    self.bump_to(at + 1);
                    break;
                }
                None | Some(Kind::CloseBrace) => break,
                // A name on a line of its own: the array was never closed, and the object around it
                // goes on.
                Some(Kind::String) if newline && self.ahead(at + 1).1 == Some(Kind::Colon) => break,
                Some(Kind::OpenBrace | Kind::OpenBracket) => {
                    self.bump_to(at);
                    self.container(depth + 1);
                }
                Some(_) => self.bump_to(at + 1),
            }
        }
        let node = self.finish(start, Kind::Array);
        self.stack.push(Child::Node(node));
    }

    /// Takes the container's tokens in a row, to its closer or the end, without recursion.
    fn too_deep(&mut self) {
        let start = self.open();
        let mut open = 0usize;
        while let Some(kind) = self.kind_at(self.at) {
            match kind {
                Kind::OpenBrace | Kind::OpenBracket => open += 1,
                Kind::CloseBrace | Kind::CloseBracket => open -= 1,
                _ => {}
            }
            self.bump();
            if open == 0 {
                break;
            }
        }
        let node = self.finish(start, Kind::TooDeep);
        self.stack.push(Child::Node(node));
    }
}
