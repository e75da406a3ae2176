//! A document found in a file: its kind, why we think so, and its values.

use super::value::{Object, Value};
use crate::syntax::Green;
use crate::text::Span;
use std::sync::{Arc, OnceLock};

/// What a document is to AWS. `--kind` and the configuration name them as [`DocumentKind::name`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// A policy for a user, group or role.
    Identity,
    /// A policy on a bucket, queue, key, …: it says who.
    Resource,
    /// Who may assume a role.
    Trust,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// A permissions boundary.
    Boundary,
    /// A policy passed when a role session starts.
    Session,
    /// An ECS task definition: register input or describe output.
    TaskDefinition,
    /// An array of container definitions.
    ContainerDefinitions,
    /// The input of `create-service`, `update-service` or `run-task`.
    Service,
}

/// One document in a file.
#[derive(Debug, Clone)]
pub struct Document {
    pub kind: DocumentKind,
    /// Why it is taken for that, in words a user can check: "a statement has a `Principal`".
    pub reason: Box<str>,
    /// How a task definition is written down; [`Form::Plain`] for everything else.
    pub form: Form,
    /// The whole document in the file, wrappers excluded.
    pub span: Span,
    /// The document without its units, with spans in the file. [`Value::Apart`] stands for the units.
    pub head: Value,
    /// Statements, or container definitions, in order.
    pub units: Vec<Placed>,
    /// Where the units stand: the array, or the one object in its place.
    pub units_span: Option<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As AWS takes it.
    Plain,
    /// As `describe-task-definition` prints it, with fields that only AWS writes.
    Described,
    /// The same, still inside `{"taskDefinition": …}`.
    DescribedAndWrapped,
}

/// A unit and where it stands in the file. Spans in the unit are relative to `base`.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Byte offset in the file.
    pub base: u32,
    pub unit: Arc<Unit>,
}

/// A statement or a container definition: what is lowered and checked once, however often the text
/// around it changes.
#[derive(Debug)]
pub struct Unit {
    pub value: Value,
    /// The node it was lowered from, where the host keeps a tree: the same node, the same unit.
    node: Option<Green>,
    characters: OnceLock<u32>,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 10] = [
        DocumentKind::Identity,
        DocumentKind::Resource,
        DocumentKind::Trust,
        DocumentKind::Scp,
        DocumentKind::Rcp,
        DocumentKind::Boundary,
        DocumentKind::Session,
        DocumentKind::TaskDefinition,
        DocumentKind::ContainerDefinitions,
        DocumentKind::Service,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            DocumentKind::Identity => "identity",
            DocumentKind::Resource => "resource",
            DocumentKind::Trust => "trust",
            DocumentKind::Scp => "scp",
            DocumentKind::Rcp => "rcp",
            DocumentKind::Boundary => "boundary",
            DocumentKind::Session => "session",
            DocumentKind::TaskDefinition => "task-definition",
            DocumentKind::ContainerDefinitions => "container-definitions",
            DocumentKind::Service => "service",
        }
    }

    /// As a sentence names it.
    pub const fn title(self) -> &'static str {
        match self {
            DocumentKind::Identity => "identity policy",
            DocumentKind::Resource => "resource policy",
            DocumentKind::Trust => "role trust policy",
            DocumentKind::Scp => "service control policy",
            DocumentKind::Rcp => "resource control policy",
            DocumentKind::Boundary => "permissions boundary",
            DocumentKind::Session => "session policy",
            DocumentKind::TaskDefinition => "task definition",
            DocumentKind::ContainerDefinitions => "list of container definitions",
            DocumentKind::Service => "service",
        }
    }

    pub fn from_name(name: &str) -> Option<DocumentKind> {
        DocumentKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub const fn is_policy(self) -> bool {
        matches!(
            self,
            DocumentKind::Identity
                | DocumentKind::Resource
                | DocumentKind::Trust
                | DocumentKind::Scp
                | DocumentKind::Rcp
                | DocumentKind::Boundary
                | DocumentKind::Session
        )
    }

    pub const fn is_task(self) -> bool {
        matches!(self, DocumentKind::TaskDefinition | DocumentKind::ContainerDefinitions)
    }

    /// Whether its statements must say who: resource, trust and resource control policies.
    pub const fn takes_principal(self) -> bool {
        matches!(self, DocumentKind::Resource | DocumentKind::Trust | DocumentKind::Rcp)
    }
}

impl Document {
    /// The members of the document's head; `None` for a bare array or a broken document.
    pub fn object(&self) -> Option<&Object> {
        self.head.as_object()
    }
}

impl Placed {
    /// A unit whose spans are those of the file already: hosts that re-lower everything.
    pub fn unmoved(value: Value) -> Placed {
        Placed { base: 0, unit: Arc::new(Unit::new(value, None)) }
    }

    pub fn span(&self) -> Span {
        self.unit.value.span().shifted(self.base)
    }
}

impl Unit {
    pub fn new(value: Value, node: Option<Green>) -> Unit {
        Unit { value, node, characters: OnceLock::new() }
    }

    /// Whether it was lowered from that very node.
    pub fn is_of(&self, node: &Green) -> bool {
        self.node.as_ref().is_some_and(|own| own.is_same(node))
    }

    /// See [`Value::characters`]; counted once.
    pub fn characters(&self) -> u32 {
        *self.characters.get_or_init(|| self.value.characters())
    }
}
