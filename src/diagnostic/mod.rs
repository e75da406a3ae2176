//! Findings: what a rule says about a document, and what to write instead.

mod finding;
mod fix;
mod rule;

pub use finding::{Confidence, Finding, Findings, Related, Severity};
pub use fix::{Fix, Safety};
pub use rule::{FixKind, Group, Level, RuleMeta};
