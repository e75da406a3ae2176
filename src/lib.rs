//! passrole: a language server and a checker for IAM policies, role trust policies and Amazon ECS
//! task definitions.
//!
//! The modules stand in reading order; each uses only those before it (`tests/tidy.rs` enforces it).
//! `docs/architecture.md` draws the whole.

pub mod analysis;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod host;
pub mod ide;
pub mod lsp;
pub mod model;
pub mod output;
pub mod rules;
pub mod syntax;
pub mod text;
pub mod workspace;
