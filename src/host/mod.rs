//! What kind of file this is, where documents sit in it, and how to lower and edit them.
//!
//! A host turns its syntax into [`value::Value`]s. Rules never see a syntax, so that a new host
//! (a template, a module) serves every rule at once.

mod document;
mod edit;
pub mod json;
pub mod placeholder;
pub mod value;

pub use document::{Document, DocumentKind, Form, Placed, Unit};
pub use edit::{Edit, NewValue};
