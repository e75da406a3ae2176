//! What policies allow, as IAM reads them: patterns, conditions, statements, and what of them is not known.
//!
//! Answers are `Truth`: what a template fills in later, or a key that nobody gave, is neither yes nor no. Knows
//! no files and no findings; rules ask here, and so will whoever evaluates a whole request.

mod arn;
mod condition;
mod pattern;
mod statement;
mod truth;

pub use arn::{ArnsByService, arn_fits, arn_formats_of, resource_covers, resource_fits};
pub use condition::{Test, demands, demands_null, fails_without, has_any, is_open, says, tests};

pub use pattern::{Case, Pattern, overlap};
pub use statement::{everything, is_administrator, is_any, is_denied, is_star, named_patterns, unrestricted};
pub use truth::{Reason, Truth, Why};
