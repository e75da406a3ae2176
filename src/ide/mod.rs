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
