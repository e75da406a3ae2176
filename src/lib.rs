//! passrole: a language server and a checker for IAM policies, role trust policies and Amazon ECS
//! task definitions.
//!
//! The modules stand in reading order; each uses only those before it (`tests/tidy.rs` enforces it).
//! `docs/architecture.md` draws the whole.

pub mod text;
pub mod syntax;
pub mod catalog;
pub mod host;
pub mod model;
pub mod graph;
pub mod access;
pub mod diagnostic;
pub mod suppression;
pub mod rules;
pub mod config;
pub mod workspace;
pub mod analysis;
pub mod query;
pub mod ide;
pub mod output;
pub mod cli;
pub mod lsp;
