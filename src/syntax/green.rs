//! The tree's storage: kinds and lengths, no text, no absolute offsets. A subtree that an edit does
//! not touch is the same allocation before and after.

use super::kind::Kind;
use std::sync::Arc;

/// A node: one allocation, its first slot being the header.
#[derive(Debug, Clone)]
pub struct Green {
    slots: Arc<[Child]>,
}

/// Whether a node of that kind has its children in a wrong order.
pub(super) type IsWrong = fn(Kind, &[Child]) -> bool;

#[derive(Debug, Clone)]
pub enum Child {
    Token(Token),
    Node(Green),
}

/// A token, or the header of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    kind: Kind,
    flags: u8,
    len: u32,
}

const MALFORMED: u8 = 1;
const ESCAPES: u8 = 2;

impl Token {
    pub(super) fn new(kind: Kind, len: usize, malformed: bool) -> Token {
        Token { kind, flags: if malformed { MALFORMED } else { 0 }, len: len as u32 }
    }

    pub(super) const fn malformed(mut self) -> Token {
        self.flags |= MALFORMED;
        self
    }

    pub(super) const fn with_escapes(mut self, escapes: bool) -> Token {
        if escapes {
            self.flags |= ESCAPES;
        }
        self
    }

    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// In bytes.
    pub const fn len(self) -> u32 {
        self.len
    }

    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// A string without its closing quote or with a bad escape, a number that is none, an open
    /// comment, a bare word.
    pub const fn is_malformed(self) -> bool {
        self.flags & MALFORMED != 0
    }

    /// A string with a backslash in it.
    pub const fn has_escapes(self) -> bool {
        self.flags & ESCAPES != 0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}({}{})", self.kind, self.len, if self.is_malformed() { "!" } else { "" })
    }
}

impl Green {
    /// A node of the slots from `start` on; the slot at `start` is kept free for the header. `is_wrong`
    /// says whether the order of its children is wrong; what is wrong inside of them, they know.
    pub(super) fn finish(stack: &mut Vec<Child>, start: usize, kind: Kind, is_wrong: IsWrong) -> Green {
        let children = &stack[start + 1..];
        let len: u32 = children.iter().map(Child::len).sum();
        let wrong = is_wrong(kind, children) || children.iter().any(Child::has_problems);
        stack[start] = Child::Token(Token::new(kind, len as usize, wrong));
        Green { slots: stack.drain(start..).collect() }
    }

    /// The same node with another child at `index`.
    pub(super) fn with_child(&self, index: usize, child: Green, is_wrong: IsWrong) -> Green {
        let mut slots: Vec<Child> = Vec::with_capacity(self.slots.len());
        slots.extend_from_slice(&self.slots[..=index]);
        slots.push(Child::Node(child));
        slots.extend_from_slice(&self.slots[index + 2..]);
        Green::finish(&mut slots, 0, self.kind(), is_wrong)
    }

    fn header(&self) -> Token {
        match self.slots[0] {
            Child::Token(token) => token,
            Child::Node(_) => unreachable!("the first slot of a node is its header"),
        }
    }

    pub fn kind(&self) -> Kind {
        self.header().kind
    }

    /// In bytes.
    pub fn len(&self) -> u32 {
        self.header().len
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether anything in it is not strict JSON.
    pub fn has_problems(&self) -> bool {
        self.header().is_malformed()
    }

    pub fn children(&self) -> &[Child] {
        &self.slots[1..]
    }

    /// Whether both are the very same node. Equal nodes elsewhere do not count.
    pub fn is_same(&self, other: &Green) -> bool {
        Arc::ptr_eq(&self.slots, &other.slots)
    }
}

impl Child {
    pub(super) const VACANT: Child = Child::Token(Token { kind: Kind::Root, flags: 0, len: 0 });

    pub fn kind(&self) -> Kind {
        match self {
            Child::Token(token) => token.kind,
            Child::Node(node) => node.kind(),
        }
    }

    pub fn len(&self) -> u32 {
        match self {
            Child::Token(token) => token.len,
            Child::Node(node) => node.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn has_problems(&self) -> bool {
        match self {
            Child::Token(token) => token.is_malformed(),
            Child::Node(node) => node.has_problems(),
        }
    }

    /// Whether it stands where a value stands, sound or not.
    pub fn is_value(&self) -> bool {
        let kind = self.kind();
        kind.is_scalar() || matches!(kind, Kind::Object | Kind::Array | Kind::TooDeep)
    }

    pub fn as_node(&self) -> Option<&Green> {
        match self {
            Child::Node(node) => Some(node),
            Child::Token(_) => None,
        }
    }
}

/// Same shape, lengths and flags; what a re-parse must give.
impl PartialEq for Green {
    fn eq(&self, other: &Green) -> bool {
        self.is_same(other) || self.slots == other.slots
    }
}

impl PartialEq for Child {
    fn eq(&self, other: &Child) -> bool {
        match (self, other) {
            (Child::Token(a), Child::Token(b)) => a == b,
            (Child::Node(a), Child::Node(b)) => a == b,
            _ => false,
        }
    }
}
