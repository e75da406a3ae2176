//! Roles as a whole: who uses a role and for what, what its policies grant, and what it lacks for that.
//!
//! Everything is worked out from the summaries of files, of one file at a time: what its task definitions,
//! services, callers and policies are judged to be by what other files say.

mod about;
mod callers;
mod deployers;
mod grant;
mod instances;
mod judge;
mod known;
mod lookup;
mod managed;
mod marks;
mod needs;
mod role;
mod statements;
mod unused;
mod uses;
mod verdict;
mod words;
mod workflows;

pub use about::{RoleFacts, RoleUser, role_at, roles_of};
pub use grant::RoleGrant;
pub use judge::verdicts;
pub use known::{KnownIdentity, known_identities};
pub use role::PolicyAt;
pub use verdict::{
    Asks, Cause, Lack, LinkNote, Passing, ProjectPlace, RoleLinks, Unassumable, UnusedThing, Verdict,
    WorkflowToken,
};

pub(super) use callers::used_roles;
pub(super) use instances::Instances;
pub(super) use lookup::{attached_roles, calls_of, export_of, policy_name, role_names};
pub(super) use uses::uses_of;
