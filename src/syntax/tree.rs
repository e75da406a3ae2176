//! The tree of one text, and how an edit changes it.

use super::green::{Child, Green};
use super::kind::Kind;
use super::parser::Parser;
use super::problems::{self, SyntaxError};
use super::views::ValueRef;
use crate::text::{Source, Span};

/// The lossless tree of a text; the text itself is kept elsewhere. Cloning is cheap.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    root: Green,
}

/// What an edit cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reparse {
    /// Bytes that were read again.
    pub bytes: u32,
    /// Whether a container sufficed; else the whole text was parsed.
    pub partial: bool,
}

impl Tree {
    pub fn parse(text: &str) -> Tree {
        Tree { root: Parser::new(text, true).root() }
    }

    pub fn root(&self) -> &Green {
        &self.root
    }

    /// In bytes.
    pub fn len(&self) -> u32 {
        self.root.len()
    }

    pub fn is_empty(&self) -> bool {
        self.root.is_empty()
    }

    /// The first value of the text.
    pub fn value(&self) -> Option<ValueRef<'_>> {
        let mut offset = 0;
        for child in self.root.children() {
            if child.is_value() {
                return Some(ValueRef::new(child, offset));
            }
            offset += child.len();
        }
        None
    }

    /// Whether the text is strict JSON.
    pub fn is_strict_json(&self) -> bool {
        !self.root.has_problems()
    }

    /// Every deviation from strict JSON, in the order of the text.
    pub fn errors(&self, source: &(impl Source + ?Sized)) -> Vec<SyntaxError> {
        let mut errors = Vec::new();
        problems::collect(&self.root, 0, source, &mut errors);
        errors
    }

    /// The tree after `old` bytes were replaced by `inserted` bytes; `after` is the text then.
    ///
    /// Parses the innermost closed container around the edit that still ends where it should, and the
    /// whole text if there is none.
    pub fn edited(&self, after: &(impl Source + ?Sized), old: Span, inserted: u32) -> (Tree, Reparse) {
        let mut path = vec![Step { node: &self.root, start: 0, index: 0, depth: 0 }];
        loop {
            let parent = path[path.len() - 1];
            let mut start = parent.start;
            let mut found = None;
            for (index, child) in parent.node.children().iter().enumerate() {
                let end = start + child.len();
                if start < old.start
                    && old.end < end
                    && let Child::Node(node) = child
                {
                    let depth = parent.depth + u32::from(node.kind().is_container());
                    found = Some(Step { node, start, index, depth });
                }
                if end > old.start {
                    break;
                }
                start = end;
            }
            match found {
                Some(step) => path.push(step),
                None => break,
            }
        }
        // A word or a brace and a brace behind it may become one `${…}` or `{{…}}` by what stands in the braces: they
        // are read together.
        let interpolated = (1..path.len()).find(|level| is_behind_word(&path[..=*level]));
        for level in (1..interpolated.unwrap_or(path.len())).rev() {
            let step = path[level];
            if !step.node.kind().is_container() {
                continue;
            }
            let len = step.node.len() - old.len() + inserted;
            let text = after.slice(Span::new(step.start, step.start + len));
            let Some(mut node) = Parser::new(&text, false).container_alone(step.depth) else { continue };
            for ancestor in (0..level).rev() {
                node = path[ancestor].node.with_child(path[ancestor + 1].index, node, problems::any);
            }
            return (Tree { root: node }, Reparse { bytes: len, partial: true });
        }
        let text = after.slice(Span::new(0, after.len()));
        (Tree::parse(&text), Reparse { bytes: after.len(), partial: false })
    }
}

/// Whether a word, or a brace that opens, ends where the last of the steps starts.
fn is_behind_word(path: &[Step<'_>]) -> bool {
    for pair in path.windows(2).rev() {
        let [parent, step] = pair else { return false };
        let Some(before) = step.index.checked_sub(1) else { continue };
        let mut last = &parent.node.children()[before];
        while let Child::Node(node) = last {
            let Some(inner) = node.children().last() else { return false };
            last = inner;
        }
        return matches!(last.kind(), Kind::Word | Kind::Number | Kind::OpenBrace);
    }
    false
}

#[derive(Clone, Copy)]
struct Step<'t> {
    node: &'t Green,
    start: u32,
    /// Among the children of its parent.
    index: usize,
    depth: u32,
}
