//! What is known of a file by what others say: facts for rules to put into words.

use super::grant::RoleGrant;
use crate::catalog::FeatureNeed;
use crate::graph::Reason;
use crate::text::Span;

/// One fact about a place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Lacks(Lack),
    /// Something needs a task role, and the task definition names none.
    NoTaskRole {
        span: Span,
        task: Box<str>,
    },
    Passing(Passing),
    /// A role of a task that has a policy managed by AWS for roles of another kind.
    ManagedForAnother {
        span: Span,
        role: Box<str>,
        kind: Box<str>,
        policy: Box<str>,
        /// The kind of role that the policy is for.
        meant: &'static str,
        reason: Reason,
    },
    /// A service account whose role does not let it in.
    Account {
        span: Span,
        role: Box<str>,
        subject: Box<str>,
        trusted: Box<str>,
        file: Box<str>,
        reason: Reason,
    },
    Unassumable(Unassumable),
    /// A role that one caller of a module has it make, which the service that uses it may not assume.
    NotTrusted {
        span: Span,
        role: Box<str>,
        kind: Box<str>,
        service: &'static str,
        trusted: Vec<Box<str>>,
        trust: Option<ProjectPlace>,
    },
    /// A role of `aws-auth` that the project does not have.
    Unmapped {
        span: Span,
        role: Box<str>,
        /// The one that is most likely meant.
        meant: Option<Box<str>>,
    },
    Unused(UnusedThing),
    Workflow(WorkflowToken),
}

/// What nothing of a complete project uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnusedThing {
    Role {
        span: Span,
        role: Box<str>,
    },
    /// A role that a policy passes to tasks.
    Passed {
        span: Span,
        role: Box<str>,
    },
    /// A resource that an execution role may read.
    Grant {
        span: Span,
        role: Box<str>,
        action: Box<str>,
        resource: Box<str>,
    },
}

/// A role that lacks what is needed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// What needs it.
    pub span: Span,
    pub role: Box<str>,
    /// As the catalog names it: `task execution role`.
    pub kind: Box<str>,
    pub need: &'static FeatureNeed,
    pub actions: Vec<&'static str>,
    /// On what, as a person reads it; empty where it is everything.
    pub resource: Box<str>,
    /// What needs it, by its name: `API_KEY`.
    pub subject: Box<str>,
    pub why: Cause,
    pub reason: Reason,
    /// The file of the role, where it is another one.
    pub file: Box<str>,
    /// Where the policy that should grant it stands.
    pub policy: Option<ProjectPlace>,
    /// What grants it.
    pub grant: Option<RoleGrant>,
}

/// Cause a role lacks something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// No statement has the action.
    NoStatement,
    /// A statement has the action, on that alone.
    OtherResource(Box<str>),
    /// It has an action that is taken for this one.
    OtherAction(Box<str>),
    /// The other role of the task has it.
    OtherRole(Box<str>),
    /// A condition shuts it out: the key, and the value that it asks for.
    Condition(Box<str>, Box<str>),
    Denied,
    Boundary,
}

/// Something wrong with what a policy passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passing {
    pub span: Span,
    /// The role that is not passed, or not to that service.
    pub role: Box<str>,
    /// As the catalog names it.
    pub kind: Box<str>,
    /// Who names the role: `` `taskRoleArn` of `task.json` ``.
    pub evidence: Box<str>,
    /// The service that the role has to be passed to.
    pub service: Box<str>,
    /// The services that the policy passes it to, where these are the mistake.
    pub passed_to: Vec<Box<str>>,
    /// The action that takes the role along.
    pub action: Box<str>,
    pub reason: Reason,
    /// The field that names the role.
    pub used_at: ProjectPlace,
    /// What passes it as well.
    pub grant: Option<RoleGrant>,
}

/// A role whose trust policy has conditions that the service never meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unassumable {
    pub span: Span,
    pub role: Box<str>,
    pub kind: Box<str>,
    pub key: Box<str>,
    pub value: Box<str>,
    pub asks: Asks,
    pub evidence: Box<str>,
    pub reason: Reason,
    /// Where the trust policy asks for it.
    pub trust: Option<ProjectPlace>,
}

/// What a trust policy asks for that never comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// The ARN of a cluster.
    Cluster,
    /// Something of another account; the one that the role is used in.
    Account(Box<str>),
}

/// A place in a file of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPlace {
    /// Its path as the project has it; `None` where it is the file that is judged.
    pub file: Option<Box<str>>,
    pub span: Span,
}

/// A job of a workflow whose tokens the trust policy of its role does not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowToken {
    pub span: Span,
    pub role: Box<str>,
    /// Who makes the tokens: the name of its service.
    pub issuer: &'static str,
    /// The subjects that the tokens may have, as a person reads them.
    pub subjects: Vec<Box<str>>,
    /// Where the name of the repository is what does not fit: whether the configuration says it.
    pub repository: Option<bool>,
    /// What the trust policy asks for; empty where it lets in no token of the issuer.
    pub trusted: Vec<Box<str>>,
    /// The file of the role.
    pub file: Box<str>,
}

/// A link that was made, for `-v`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkNote {
    pub span: Span,
    pub words: Box<str>,
}

/// What a file's references lead to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleLinks {
    pub links: Vec<LinkNote>,
    /// References that found nothing.
    pub unresolved: Vec<LinkNote>,
    /// Roles of which not every policy is known, and why.
    pub open: Vec<LinkNote>,
}
