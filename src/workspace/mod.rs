//! What documents of different files have to do with each other.

mod role_uses;

pub use role_uses::{FileDocuments, role_uses};
