//! Questions that people have, one file each: whether a request is allowed, what a change gives, what a message
//! means, which roles a task needs.
//!
//! Each gives a plain answer that knows how to say itself in sentences and as JSON; the command line and editors
//! print the same. Nothing here reads files: whoever asks hands the texts in, or a workspace that has them.

mod account_roles;
pub mod can;
mod convert;
pub mod diff;
mod events;
mod expand;
mod explain;
mod identity;
mod mend;
mod message;
mod message_text;
mod model;
pub mod policy_file;
mod roles;
mod unused;

pub use account_roles::{AccountName, select_account};
pub use can::{CanAnswer, Question};
pub use convert::{PolicyForm, converted};
pub use diff::Difference;
pub use expand::{Expansion, expand, shrink};
pub use explain::{Explanation, explain};
pub use identity::{IdentityPolicies, ProjectView, place};
pub use mend::Change;
pub use message::Message;
pub use model::FileModel;
pub use policy_file::PolicyFile;
pub use roles::{Roles, Where, Which, select_task};
pub use unused::{Trimmed, UnusedAccess, read_report, trim};

use std::fmt;

/// Why a question has no answer: what is wrong with it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer(pub String);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
