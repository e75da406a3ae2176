//! Whether a request is allowed: [`decide`] takes who asks for what, with what is known of the request, and the
//! policies that have a say, and answers as IAM does.
//!
//! ```text
//! Request::new(caller, "s3:GetObject", resource, RequestContext::open())
//! Policies { identity: vec![policy], boundary: Some(policy), ..Policies::default() }
//! decide(&request, &policies).allowed      // Truth: yes, no, or unknown with the reasons
//! ```

mod condition;
mod decide;
mod principal;
mod request;
mod statement;
mod values;

pub use condition::condition_holds;
pub(in crate::access) use condition::{Eyes, arn_parts, fill};
pub use decide::{Deciding, Decision, Effects, Policies, decide};
pub(in crate::access) use principal::naming;
pub use request::{Caller, CallerKind, CallerProblem, Given, Request, RequestContext};
pub(in crate::access) use statement::resource_matches;
pub use statement::{Spoken, action_fits, fits, holds};
pub use values::{date_text, moment, number};
