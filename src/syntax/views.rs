//! Typed views of the tree, with offsets in the text; made on demand.

use super::green::{Child, Green};
use super::kind::Kind;
use crate::text::Span;

/// A value: a container, or a token in a value's place (also one that is not a JSON value).
#[derive(Debug, Clone, Copy)]
pub struct ValueRef<'t> {
    child: &'t Child,
    start: u32,
}

/// A member of an object, as far as it is written.
#[derive(Debug, Clone, Copy)]
pub struct MemberRef<'t> {
    node: &'t Green,
    start: u32,
}

impl<'t> ValueRef<'t> {
    pub(super) fn new(child: &'t Child, start: u32) -> ValueRef<'t> {
        ValueRef { child, start }
    }

    /// [`Kind::Object`], [`Kind::Array`], [`Kind::TooDeep`] or a scalar token.
    pub fn kind(self) -> Kind {
        self.child.kind()
    }

    pub fn span(self) -> Span {
        Span::new(self.start, self.start + self.child.len())
    }

    /// The node of a container: what stays the same when the text around it changes.
    pub fn node(self) -> Option<&'t Green> {
        self.child.as_node()
    }

    pub fn is_malformed(self) -> bool {
        matches!(self.child, Child::Token(token) if token.is_malformed())
    }

    pub fn has_escapes(self) -> bool {
        matches!(self.child, Child::Token(token) if token.has_escapes())
    }

    /// The members of an object; none for anything else.
    pub fn members(self) -> impl Iterator<Item = MemberRef<'t>> + use<'t> {
        self.children().filter_map(|(child, start)| match child {
            Child::Node(node) if node.kind() == Kind::Member => Some(MemberRef { node, start }),
            _ => None,
        })
    }

    /// The items of an array; none for anything else.
    pub fn items(self) -> impl Iterator<Item = ValueRef<'t>> + use<'t> {
        let is_array = self.kind() == Kind::Array;
        self.children()
            .filter(move |(child, _)| is_array && child.is_value())
            .map(|(child, start)| ValueRef { child, start })
    }

    /// Whether its closing bracket is there.
    pub fn is_closed(self) -> bool {
        self.node().and_then(|node| node.children().last()).is_some_and(|last| last.kind().is_closer())
    }

    /// The children with their offsets; none for a token.
    pub fn children(self) -> impl Iterator<Item = (&'t Child, u32)> + use<'t> {
        with_offsets(self.child.as_node(), self.start)
    }
}

impl<'t> MemberRef<'t> {
    pub fn span(self) -> Span {
        Span::new(self.start, self.start + self.node.len())
    }

    /// The name, a string if it is sound; `None` for a colon without a name.
    pub fn name(self) -> Option<ValueRef<'t>> {
        match self.node.children().first()? {
            child if child.is_value() => Some(ValueRef { child, start: self.start }),
            _ => None,
        }
    }

    pub fn colon(self) -> Option<Span> {
        self.children()
            .find(|(child, _)| child.kind() == Kind::Colon)
            .map(|(child, start)| Span::new(start, start + child.len()))
    }

    pub fn value(self) -> Option<ValueRef<'t>> {
        self.children()
            .skip_while(|(child, _)| child.kind() != Kind::Colon)
            .find(|(child, _)| child.is_value())
            .map(|(child, start)| ValueRef { child, start })
    }

    fn children(self) -> impl Iterator<Item = (&'t Child, u32)> + use<'t> {
        with_offsets(Some(self.node), self.start)
    }
}

fn with_offsets<'t>(node: Option<&'t Green>, start: u32) -> impl Iterator<Item = (&'t Child, u32)> + use<'t> {
    let mut at = start;
    node.map_or(&[][..], Green::children).iter().map(move |child| {
        let start = at;
        at += child.len();
        (child, start)
    })
}
