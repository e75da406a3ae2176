//! Questions that people have, one file each: whether a request is allowed, what a change gives, what a message
//! means, which roles a task needs.
//!
//! Each gives a plain answer that knows how to say itself in sentences and as JSON; the command line and editors
//! print the same. Nothing here reads files: whoever asks hands the texts in, or a workspace that has them.

mod account_roles;
pub mod can;
pub mod diff;
mod expand;
mod explain;
mod identity;
mod mend;
pub mod policy_file;
mod roles;

pub use account_roles::{AccountName, select_account};
pub use can::{CanAnswer, Question};
pub use diff::Difference;
pub use expand::{Expansion, expand, shrink};
pub use explain::{Explanation, Message, explain};
pub use identity::{IdentityPolicies, ProjectView, place};
pub use mend::Change;
pub use policy_file::PolicyFile;
pub use roles::{Roles, Where, Which, select_task};

use std::fmt;

/// Why a question has no answer: what is wrong with it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer(pub String);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
