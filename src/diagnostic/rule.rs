//! What is known of a rule before it runs: its name, its promise and where it comes from.

use super::applies::{Kinds, Scope, Templates};
use super::severity::{Confidence, Severity};
use crate::host::DocumentKind;

/// A rule's identity card. The rule's file states it once, in `declare_rule!`; its page, the `rules`
/// command and every output format read it from here.
#[derive(Debug)]
pub struct RuleMeta {
    /// Kebab-case, names the defect, reads well after the word "allow". Never reused.
    pub id: &'static str,
    pub group: Group,
    /// What it is called with.
    pub reads: &'static [Scope],
    /// The kinds of documents that it is called for.
    pub on: Kinds,
    pub templates: Templates,
    /// What its findings tell apart, as `rule/case` in settings; empty where they are all alike.
    pub cases: &'static [&'static str],
    /// What it, or a rule of which it was a part, was called before: still good in settings and baselines.
    pub formerly: &'static [&'static str],
    /// The severity of its findings, unless one says less of itself.
    pub severity: Severity,
    pub confidence: Confidence,
    pub level: Level,
    /// One line, no full stop.
    pub summary: &'static str,
    /// The checks of other tools that it covers, as `peer/CODE`.
    pub sources: &'static [&'static str],
    pub fix: FixKind,
    /// The version it came with.
    pub since: &'static str,
    /// What the service says when this defect reaches it, shortened to the words that do not vary.
    pub service_messages: &'static [&'static str],
    /// The rule's page in Markdown, without its heading: the doc comment of its declaration.
    pub docs: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    Syntax,
    Policy,
    Trust,
    Task,
    Service,
    Kubernetes,
    Agent,
    Role,
    Own,
    Suppression,
}

/// Whether a rule runs unless asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Level {
    #[default]
    Default,
    /// What a careful team may want and most would find noisy.
    Pedantic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FixKind {
    None,
    /// What the document means to AWS stays or becomes what was plainly meant.
    Safe,
    /// The meaning may change: read before keeping.
    Unsafe,
    /// It adds access: offered for one finding by name.
    Grants,
}

impl RuleMeta {
    /// The kinds of documents that it can have something to say of.
    pub fn applies(&self) -> impl Iterator<Item = DocumentKind> + '_ {
        self.on.iter().filter(|kind| self.reads.iter().any(|scope| scope.kinds().has(*kind)))
    }

    /// Whether the name is its own, or one from before.
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name || self.formerly.contains(&name)
    }
}

impl Group {
    pub const ALL: [Group; 10] = [
        Group::Syntax,
        Group::Policy,
        Group::Trust,
        Group::Task,
        Group::Service,
        Group::Kubernetes,
        Group::Agent,
        Group::Role,
        Group::Own,
        Group::Suppression,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Group::Syntax => "syntax",
            Group::Policy => "policy",
            Group::Trust => "trust",
            Group::Task => "task",
            Group::Service => "service",
            Group::Kubernetes => "kubernetes",
            Group::Agent => "agent",
            Group::Role => "role",
            Group::Own => "own",
            Group::Suppression => "suppression",
        }
    }
}

impl Level {
    pub const fn name(self) -> &'static str {
        match self {
            Level::Default => "default",
            Level::Pedantic => "pedantic",
        }
    }
}

impl FixKind {
    pub const fn name(self) -> &'static str {
        match self {
            FixKind::None => "none",
            FixKind::Safe => "safe",
            FixKind::Unsafe => "unsafe",
            FixKind::Grants => "grants",
        }
    }
}
