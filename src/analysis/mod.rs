//! The facade that both fronts call: a text goes in, documents and findings come out.
//!
//! Statements and container definitions are checked once and their findings kept until that very
//! part, or what its rules may know of the document around it, changes.

mod fixing;
mod report;
mod rule_set;
mod run;

pub use fixing::{Fixed, fix_text, text_edits};
pub use report::{Report, check_text};
pub use rule_set::{RuleSet, UnknownRule};
pub use run::{FileFacts, Memo, check_document};
