//! What policies allow, as IAM reads them: patterns, conditions, statements, and what of them is not known.
//!
//! Answers are `Truth`: what a template fills in later, or a key that nobody gave, is neither yes nor no. Knows
//! no files and no findings. Rules ask here; `decide` answers a whole request.

mod addresses;
mod arn;
mod compare;
mod condition;
mod evaluate;
mod pattern;
mod statement;
mod truth;

pub use addresses::AddressRange;
pub use arn::{ArnsByService, arn_fits, arn_formats_of, resource_covers, resource_fits};
pub use compare::{Gain, Undecided, Witness, gains};
pub use condition::{Test, demands, demands_null, fails_without, has_any, is_chosen, is_open, says, tests};

pub use evaluate::{
    Caller, CallerKind, CallerProblem, Deciding, Decision, Effects, Given, Policies, Request, RequestContext,
    Spoken, action_fits, condition_holds, date_text, decide, fits, holds, moment, number,
};
pub use pattern::{Case, Filling, Pattern, Reading, overlap};
pub use statement::{
    everything, everything_for, is_administrator, is_any, is_denied, is_star, named_patterns, unrestricted,
};
pub use truth::{Reason, Truth, Why};
