//! What kind of file this is, where documents sit in it, and how to lower and edit them.
//!
//! A host turns its syntax into [`value::Value`]s. Rules never see a syntax, so that a new host
//! (a template, a module) serves every rule at once.

mod agent_config;
mod align;
mod attachments;
mod budget;
mod cloudformation;
mod coerce;
mod comments;
mod compose;
mod crossplane;
mod document;
mod edit;
mod embedded;
mod hcl_text;
mod hole;
pub mod json;
mod json_file;
mod kubernetes;
mod markdown;
mod metadata;
mod outcomes;
mod parsed;
mod pieces;
pub mod placeholder;
mod places;
mod plan;
mod policy_kind;
mod references;
mod repair;
pub mod resource;
mod search;
mod serverless;
mod spelling;
mod statement_fields;
mod strict;
mod terraform;
mod unit;
pub mod value;
mod workflows;
mod write;
mod yaml;
mod yaml_file;

pub use comments::Comment;
pub(crate) use document::position_around;
pub use document::{
    Assumed, ContainersAt, Document, DocumentKind, Form, Identity, Joined, Misspelt, ModuleCall, ModuleLinks,
    Naming, Owner, OwnerKind, Placed, Reference, RoleConsumer, Target, name_of,
};
pub use edit::{Edit, Name, NewValue, reference};
pub use hole::{Function, Gap, Notation, PROBE, Taken};
pub use json_file::JsonFile;
pub use metadata::Metadata;
pub use parsed::{
    EXTENSIONS, FencedBlock, OF_TEMPLATES, Parsed, Surroundings, Writer, holds_policies, is_markdown_by_name,
    is_ours_by_name,
};
pub use pieces::nearby;
pub use policy_kind::{is_member_of, kind_by_name};
pub use spelling::{Spelling, Spelt, spelt, spelt_field};
pub use strict::{Grade, Strict};
pub(crate) use terraform::MADE;
pub use terraform::{Called, Folder, Giver, Handed, Module, POLICY_DOCUMENT, Values};
pub use unit::{OfUnit, Unit};

use crate::text::Span;

/// Whether YAML reads a text as that text without quotes.
pub fn is_plain_yaml(text: &str) -> bool {
    yaml::is_plain(text)
}

/// Where a file is not what its syntax asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostError {
    pub span: Span,
    /// In the words of its parser.
    pub message: Box<str>,
    /// `YAML`, `HCL`.
    pub syntax: &'static str,
    /// Whether its parser refuses it; else it is read, but not all of it.
    pub is_refused: bool,
}
