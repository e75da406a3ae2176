//! Where a rule applies: what it reads, of which kinds of documents.

use crate::host::DocumentKind;

/// What a rule is called with. A rule that reads two of them is called with both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The text itself, whatever it holds.
    Text,
    /// What the file keeps from being told.
    Suppressions,
    /// One statement.
    Statement,
    /// A policy as a whole.
    Policy,
    /// A policy and the documents that belong with it.
    LinkedPolicy,
    /// One container definition.
    Container,
    /// A task definition as a whole.
    Task,
    /// A service or a task to run, and the task definitions that it may mean.
    Service,
    /// The data of the ConfigMap `aws-auth`.
    AwsAuth,
    /// The annotations of a service account of Kubernetes.
    ServiceAccount,
    /// The configuration of the ECS agent, and the task definitions around it.
    AgentConfig,
    /// What a resource attaches.
    Attachments,
    /// What a file's roles, and whoever uses them, are by what the project says.
    Roles,
    /// What a file holds, against what the configuration forbids and asks for.
    Own,
}

/// A set of kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u16);

/// Whether a rule has something to say where a template engine has its say first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Templates {
    Checked,
    /// What is absent may be filled in there.
    Silent,
    /// What is written is not yet what AWS gets. Where a part is made elsewhere, but what is written is whole, it
    /// is judged.
    SilentOnText,
    /// The other way round: what is absent from a container may be put in where it is made.
    SilentOnPart,
}

/// How much of a document or a part of it is there to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    All,
    /// What is written is whole, and more may be there.
    Part,
    /// A template engine has its say first, or a line could not be read.
    Text,
}

impl Scope {
    pub const ALL: [Scope; 14] = [
        Scope::Text,
        Scope::Suppressions,
        Scope::Statement,
        Scope::Policy,
        Scope::LinkedPolicy,
        Scope::Container,
        Scope::Task,
        Scope::Service,
        Scope::AwsAuth,
        Scope::ServiceAccount,
        Scope::AgentConfig,
        Scope::Attachments,
        Scope::Roles,
        Scope::Own,
    ];

    /// The kinds of documents that have it.
    pub const fn kinds(self) -> Kinds {
        match self {
            Scope::Text | Scope::Suppressions | Scope::Roles | Scope::Own => Kinds::ALL,
            Scope::Statement | Scope::Policy | Scope::LinkedPolicy => Kinds::POLICIES,
            Scope::Container | Scope::Task => Kinds::TASKS,
            Scope::Service => Kinds::of(&[DocumentKind::Service]),
            Scope::AwsAuth => Kinds::of(&[DocumentKind::AwsAuth]),
            Scope::ServiceAccount => Kinds::of(&[DocumentKind::ServiceAccount]),
            Scope::AgentConfig => Kinds::of(&[DocumentKind::AgentConfig]),
            Scope::Attachments => Kinds::of(&[DocumentKind::Attachments]),
        }
    }

    /// As a page says it.
    pub const fn title(self) -> &'static str {
        match self {
            Scope::Text => "text",
            Scope::Suppressions => "suppressions",
            Scope::Statement => "statement",
            Scope::Policy => "policy",
            Scope::LinkedPolicy => "policy with the documents around it",
            Scope::Container => "container definition",
            Scope::Task => "task definition",
            Scope::Service => "service",
            Scope::AwsAuth => "`aws-auth`",
            Scope::ServiceAccount => "service account",
            Scope::AgentConfig => "agent configuration",
            Scope::Attachments => "attachments",
            Scope::Roles => "roles and whoever uses them",
            Scope::Own => "what the configuration forbids and asks for",
        }
    }
}

impl Kinds {
    pub const ALL: Kinds = Kinds(u16::MAX);
    pub const POLICIES: Kinds = {
        let mut bits = 0;
        let mut index = 0;
        while index < DocumentKind::ALL.len() {
            let kind = DocumentKind::ALL[index];
            bits |= (kind.is_policy() as u16) << kind as u16;
            index += 1;
        }
        Kinds(bits)
    };
    /// Those that say who.
    pub const WITH_PRINCIPAL: Kinds =
        Kinds::of(&[DocumentKind::Resource, DocumentKind::Trust, DocumentKind::Rcp]);
    pub const TASKS: Kinds = Kinds::of(&[DocumentKind::TaskDefinition, DocumentKind::ContainerDefinitions]);

    pub const fn of(kinds: &[DocumentKind]) -> Kinds {
        let mut bits = 0;
        let mut index = 0;
        while index < kinds.len() {
            bits |= 1 << kinds[index] as u16;
            index += 1;
        }
        Kinds(bits)
    }

    pub const fn has(self, kind: DocumentKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    pub const fn is_within(self, other: Kinds) -> bool {
        self.0 & !other.0 == 0
    }

    /// In the order of [`DocumentKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = DocumentKind> {
        DocumentKind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}
