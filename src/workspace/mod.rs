//! What documents of different files have to do with each other.

mod named_roles;

pub use named_roles::{NamedRoles, ROLE_FIELDS};
