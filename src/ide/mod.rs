//! Editor features, one a file: pure functions from what is known of a file, and a place in it, to
//! plain data. No protocol type has a name here.

pub mod actions;
pub mod completion;
pub mod conversions;
pub mod document_links;
pub mod folding;
pub mod formatting;
pub mod hover;
pub mod inlay;
pub mod names;
pub mod narrowing;
mod place;
mod prose;
pub mod refactorings;
mod task_shape;
pub mod roles;
pub mod selection;
pub mod suppress;
pub mod symbols;
pub mod tokens;
pub mod typing;

use crate::analysis::Report;
use crate::text::Text;

/// One version of a file, as every feature sees it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    pub text: &'a Text,
    pub report: &'a Report,
}

/// A fenced block of Markdown as a file of its own.
struct Block {
    /// Where it starts in the file around it.
    start: u32,
    text: Text,
    report: Report,
}

impl Block {
    fn at(file: &File<'_>, offset: u32) -> Option<Block> {
        let block = file.report.parsed.block_at(offset)?;
        let report = file.report.of_block(block);
        Some(Block { start: block.start, text: Text::from(block.text), report })
    }

    fn file(&self) -> File<'_> {
        File { text: &self.text, report: &self.report }
    }
}
