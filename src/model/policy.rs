//! Policies: the document around the statements.

use super::Statement;
use crate::catalog::{self, PolicyLimit, PolicyOwner};
use crate::host::value::{Object, Value};
use crate::host::{Document, DocumentKind, Naming, Placed};
use crate::text::Span;

/// A view of a policy document.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    pub document: &'a Document,
    /// The members beside `Statement`; spans in the file.
    pub head: &'a Object,
}

/// What a statement's rules may know of the policy around it. Findings of a statement are kept as
/// long as the statement and this stay the same, so it holds as little as possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyContext {
    pub kind: DocumentKind,
    pub version: PolicyVersion,
    /// The file's name without folders and extension, in lower case: `ecs-task-role-trust`. Empty
    /// where a text has no file.
    pub file_stem: Box<str>,
    /// The name of the folder that the file is in, in lower case; empty where there is none.
    pub folder: Box<str>,
    /// What it sits on, where a template or module says so.
    pub owner: Option<&'static PolicyOwner>,
    /// Whether a template engine has its say first: what is absent here may be filled in there.
    pub template: bool,
    /// Whether what is written is not yet what AWS gets: a template engine has its say first, or a line could not
    /// be read.
    pub is_text: bool,
    /// How the file spells the elements.
    pub naming: Naming,
    /// Whether a language makes the JSON of it in which the last of two members counts.
    pub last_counts: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyVersion {
    V2012,
    V2008,
    /// Not stated, which AWS reads as 2008-10-17.
    Absent,
    /// Something else, or a placeholder.
    Other,
}

impl<'a> Policy<'a> {
    /// Every name a policy may have.
    pub const ELEMENTS: [&'static str; 3] = ["Version", "Id", "Statement"];

    /// `None` where the document is not a policy or its head is broken.
    pub fn of(document: &'a Document) -> Option<Policy<'a>> {
        if !document.kind.is_policy() {
            return None;
        }
        Some(Policy { document, head: document.object()? })
    }

    pub fn kind(&self) -> DocumentKind {
        self.document.kind
    }

    pub fn version(&self) -> PolicyVersion {
        match self.head.get("Version") {
            None => PolicyVersion::Absent,
            Some(Value::String(text)) => match &*text.text {
                "2012-10-17" => PolicyVersion::V2012,
                "2008-10-17" => PolicyVersion::V2008,
                _ => PolicyVersion::Other,
            },
            Some(_) => PolicyVersion::Other,
        }
    }

    /// What it sits on: as a template or module says, or else as the actions of a resource policy do.
    pub fn owner(&self) -> Option<&'static PolicyOwner> {
        match &self.document.owner {
            Some(owner) => catalog::policy_owner(&owner.resource_type),
            None if self.kind() == DocumentKind::Resource => {
                let mut services = self.statements().flat_map(|(_, statement)| {
                    statement.actions().filter(|action| action.name.is_some()).map(|action| action.service)
                });
                let first = services.next()?;
                services.all(|other| other == first).then(|| catalog::policy_owner_of_service(first))?
            }
            None => None,
        }
    }

    /// The limits that may hold for it: one where it is known what it sits on. None for most resource
    /// policies.
    pub fn limits(&self) -> impl Iterator<Item = &'static PolicyLimit> + use<> {
        let names: &[&str] = match self.kind() {
            DocumentKind::Trust => &["trust"],
            DocumentKind::Session => &["session"],
            DocumentKind::Scp => &["scp"],
            DocumentKind::Rcp => &["rcp"],
            DocumentKind::Boundary => &["managed"],
            DocumentKind::Identity if self.owner().is_none_or(|owner| owner.limit.is_empty()) => {
                &["managed", "inlineRole", "inlineGroup", "inlineUser"]
            }
            _ => &[],
        };
        let own = names.is_empty().then(|| self.owner().map(|owner| owner.limit)).flatten();
        names.iter().copied().chain(own).filter_map(catalog::policy_limit)
    }

    /// How many characters it has, white space between the words not counted.
    pub fn characters(&self) -> u32 {
        let units = self.units();
        let is_single =
            self.document.units_span.is_none_or(|span| units.first().is_some_and(|only| only.span() == span));
        // The list's brackets, and the commas between its items.
        let between = if is_single { 0 } else { 2 + (units.len() as u32).saturating_sub(1) };
        self.head.characters() + between + units.iter().map(|placed| placed.unit.characters()).sum::<u32>()
    }

    pub fn units(&self) -> &'a [Placed] {
        &self.document.units
    }

    /// The statements that are objects, each with the base of its spans.
    pub fn statements(&self) -> impl Iterator<Item = (u32, Statement<'a>)> + use<'a> {
        self.document
            .units
            .iter()
            .filter_map(|placed| Some((placed.base, Statement { object: placed.unit.value.as_object()? })))
    }

    pub fn span(&self) -> Span {
        self.document.span
    }
}
