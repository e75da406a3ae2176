//! Findings: what a rule says about a document, and what to write instead.

mod applies;
mod finding;
mod fix;
mod numbers;
mod rule;
mod severity;

pub use applies::{Kinds, Presence, Scope, Templates};
pub use finding::{Finding, Findings, Related};
pub use fix::{Fix, Safety};
pub use numbers::thousands;
pub use rule::{FixKind, Group, Level, RuleMeta};
pub use severity::{Confidence, Severity};
