//! What keeps a finding from being told: a comment in the file, a template's metadata, a row of the configuration.
//!
//! ```text
//! # passrole: ignore[any-resource, unknown-action/typo] until 2027-03-01: the vendor asks for it
//! ```

mod comments;
mod directive;
mod metadata;
mod other_tools;

pub use comments::{MARK, in_comments};
pub use directive::{Directive, Verb};
pub use metadata::{KEY, in_metadata};
pub use other_tools::{Covering, OtherTool, in_comments_of, in_metadata_of};

use crate::diagnostic::Finding;
use crate::text::Span;
use jiff::civil::Date;
use std::sync::Arc;

/// What not to tell, where, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppression {
    /// What is to blame where something is wrong with it.
    pub span: Span,
    /// Each with its place.
    pub rules: Vec<(Box<str>, Span)>,
    /// The last day on which it is meant to stand.
    pub until: Option<Date>,
    pub reason: Box<str>,
    /// Who answers for it, where that is said.
    pub owner: Option<Box<str>>,
    pub cover: Cover,
    pub origin: Origin,
}

/// What the configuration says of one file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exceptions {
    /// Whether everything is told, whatever suppresses it.
    pub are_off: bool,
    pub rows: Arc<[Row]>,
    /// The tools whose own suppressions count, too.
    pub honoured: Arc<[OtherTool]>,
}

/// A row of the configuration, about one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// `FILE:LINE` of the configuration.
    pub place: Box<str>,
    /// The name (`Sid`, container's name, logical id or address) or the JSON Pointer of what it is about; `None`
    /// for the whole file.
    pub anchor: Option<Box<str>>,
    /// Its places are those of the configuration.
    pub suppression: Arc<Suppression>,
}

/// The findings that a suppression is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Those that begin in this part of the file.
    Within(Span),
    File,
}

/// Where a suppression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    Comment,
    /// `Metadata` of a CloudFormation resource or template.
    Metadata,
    Configuration,
    /// It was written for another tool.
    OtherTool(OtherTool),
}

/// The suppressions of one file, and what is wrong with some.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Suppressions {
    /// Each may be handed to the findings that it keeps from being told.
    pub list: Vec<Arc<Suppression>>,
    pub faults: Vec<Fault>,
}

/// What keeps a suppression from being understood, or is asked for and missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub span: Span,
    pub kind: FaultKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not written as suppressions are; what is expected at that place.
    Syntax(&'static str),
    /// The same in the metadata of a template.
    Metadata(&'static str),
    /// Not a day of the calendar.
    Date(Box<str>),
    /// Nothing says why.
    NoReason,
    /// `ignore-start` without its end, or the other way round.
    Unpaired(Verb),
    /// `ignore-file` behind what stands in the file.
    NotAtHead,
}

impl Suppressions {
    /// With those of another kind, in the order of the text.
    pub fn and(mut self, other: Suppressions) -> Suppressions {
        self.list.extend(other.list);
        self.faults.extend(other.faults);
        self.list.sort_by_key(|it| it.span);
        self.faults.sort_by_key(|it| it.span);
        self
    }
}

impl Origin {
    pub const fn name(self) -> &'static str {
        match self {
            Origin::Comment => "comment",
            Origin::Metadata => "metadata",
            Origin::Configuration => "configuration",
            Origin::OtherTool(tool) => tool.name(),
        }
    }
}

impl Suppression {
    /// Whether a rule's name, or `rule/case`, is that of a finding.
    pub fn names(name: &str, finding: &Finding) -> bool {
        match name.split_once('/') {
            Some((rule, case)) => finding.rule.is_called(rule) && finding.case == case,
            None => finding.rule.is_called(name),
        }
    }

    pub fn has_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|last| last < today)
    }
}
