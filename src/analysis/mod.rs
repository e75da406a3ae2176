//! The facade that both fronts call: a text goes in, documents and findings come out.
//!
//! Statements and container definitions are checked once and their findings kept until that very
//! part, or what its rules may know of the document around it, changes.

pub mod elsewhere;
mod exceptions;
mod fixing;
pub mod gate;
mod report;
mod run;
mod stop;
mod temper;

pub use crate::rules::RuleSet;
pub use crate::workspace::FileFacts;
pub use exceptions::Excepted;
pub use fixing::{Fixed, WantedFixes, fix_text};
pub use report::{Report, check_file, check_text};
pub use run::{INTERNAL_ERROR, Memo, check_document};
pub use stop::Stop;
