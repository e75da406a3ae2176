//! Which documents of a project belong together, and why we think so.
//!
//! A file says of itself what others may ask: its [`FileSummary`]. The [`Graph`] holds the summaries of all files
//! and finds them by what they declare and by what they refer to, so that a question costs its own
//! neighbourhood. It knows neither files nor findings.

mod export;
mod index;
mod neighbours;
mod paths;
mod reason;
mod resolve;
pub mod roles;
mod shards;
mod stated;
mod summary;

pub use export::{export, import};
pub use index::Graph;
pub use neighbours::{Consumer, LinkedTask, Neighbours, RoleUse, TaskRoles};
pub use reason::Reason;
pub use stated::{StatedProject, StatedRepository, StatedRole};
pub use summary::{FileSummary, RoleSummary, TaskEntry};
