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
mod compose;
mod document;
mod edit;
mod embedded;
pub mod json;
mod json_file;
mod kubernetes;
mod parsed;
mod pieces;
pub mod placeholder;
mod places;
mod policy_kind;
mod repair;
mod search;
mod strict;
mod terraform;
pub mod value;
mod write;
mod yaml;
mod yaml_file;

pub(crate) use document::position_around;
pub use document::{
    Assumed, Document, DocumentKind, Form, Identity, ModuleCall, ModuleLinks, Naming, Owner, Placed,
    Reference, Target, Unit,
};
pub use edit::{Edit, NewValue};
pub use json_file::JsonFile;
pub use parsed::{EXTENSIONS, OF_TEMPLATES, Parsed, Surroundings, is_ours_by_name};
pub use pieces::nearby;
pub use strict::{Grade, Strict};
pub use terraform::{Folder, Module};

use crate::catalog;
use crate::text::Span;

/// A word that nobody writes, put where something is to be completed. A host that leaves out names it does
/// not know keeps those that hold it.
pub const PROBE: &str = "passroleProbe";

/// A field or an element of the model as a file spells it; `None` where it has no other name there.
pub fn spelt(naming: Naming, name: &str) -> Option<String> {
    match naming {
        Naming::Aws => None,
        Naming::CloudFormation => cloudformation::translate(name),
        Naming::TerraformTask => terraform::task_argument(name),
        Naming::TerraformPolicy => catalog::policy_argument(name).map(str::to_string),
    }
}

/// The same for a field of a structure of the ECS API, where the spelling depends on that.
pub fn spelt_field(naming: Naming, shape: &str, field: &str) -> Option<String> {
    match naming {
        Naming::Aws | Naming::TerraformPolicy => None,
        Naming::CloudFormation => cloudformation::property(shape, field),
        Naming::TerraformTask => terraform::argument_of(shape, field),
    }
}

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
