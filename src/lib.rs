//! passrole: a language server and a checker for IAM policies, role trust policies and Amazon ECS task
//! definitions.
//!
//! ```
//! use passrole::{CheckOptions, Severity, check};
//!
//! let report = check(r#"{ "Version": "2012-10-17", "Statement": [] }"#, &CheckOptions::new("iam/web.json"));
//! assert!(report.defects.iter().any(|defect| defect.severity == Severity::Error));
//! ```
//!
//! [`check`] and the types that it takes and gives are the library: they change as `docs/versioning.md` says. The modules are
//! public for the program's own tests and tools alone, and may change with every release.
//!
//! The modules stand in reading order; each uses only those before it (`tests/tidy.rs` enforces it).
//! `docs/architecture.md` draws the whole.

#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod syntax;
#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod host;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod graph;
#[doc(hidden)]
pub mod access;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod suppression;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod workspace;
#[doc(hidden)]
pub mod analysis;
#[doc(hidden)]
pub mod query;
#[doc(hidden)]
pub mod ide;
#[doc(hidden)]
pub mod output;
mod api;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod lsp;

pub use api::{
    CheckOptions, Confidence, Defect, DocumentKind, DocumentSeen, Level, LineAndColumn, Repair, Report,
    Safety, Severity, UnknownName, check,
};
