//! Rules: one defect a file.
//!
//! A rule declares itself with [`declare_rule!`]; the doc comment in there is its page. What it checks
//! it says by the methods of [`Rule`] it implements: as narrow a view as it can do with, since the
//! findings of a statement or a container definition are kept until that very part changes.

pub mod agent;
mod edition;
pub mod gate;
pub mod kubernetes;
pub mod own;
pub mod policy;
mod renaming;
pub mod role;
mod rule_set;
pub mod service;
pub mod suppression;
pub mod syntax;
pub mod task;
pub mod trust;

pub use edition::Edition;
pub use rule_set::{Choice, RuleSet, UnknownRule, rules_meant};

use crate::diagnostic::{Findings, RuleMeta};
use crate::graph::Neighbours;
use crate::graph::roles::Verdict;
use crate::host::HostError;
use crate::model::{
    AgentConfig, Attachments, AwsAuth, Container, Policy, PolicyContext, ServiceAccount, ServiceInput,
    Statement, TaskContext, TaskDefinition,
};
use crate::suppression::{Fault, Suppression};
use crate::syntax::SyntaxError;
use std::sync::Arc;

/// What the rules of the group `syntax` see.
pub struct TextFacts<'a> {
    /// Deviations from strict JSON, in order.
    pub errors: &'a [SyntaxError],
    /// What other syntaxes refuse, and JSON inside of them.
    pub host_errors: &'a [HostError],
    /// Whether the file's name says that comments and trailing commas are meant (`.jsonc`).
    pub jsonc: bool,
    /// Whether a template engine has its say first, so that this is not yet the JSON that AWS gets.
    pub template: bool,
}

/// What the rules of the group `suppression` see.
pub struct SuppressionFacts<'a> {
    pub list: &'a [Arc<Suppression>],
    /// For each of them and each rule that it names, whether it kept a finding from being told.
    pub used: &'a [Vec<bool>],
    pub faults: &'a [Fault],
    /// Those that ran.
    pub rules: &'a RuleSet,
}

/// What [`declare_rule!`] gives a rule.
pub trait Declared: Sync {
    fn meta(&self) -> &'static RuleMeta;
}

/// One defect. Every method finds; none does IO, none fails.
pub trait Rule: Declared {
    /// The text itself: what is wrong with it as JSON.
    fn check_text(&self, _text: &TextFacts<'_>, _acc: &mut Findings) {}

    /// What the file keeps from being told.
    fn check_suppressions(&self, _facts: &SuppressionFacts<'_>, _acc: &mut Findings) {}

    /// One statement of a policy of any kind. Spans are relative to the statement.
    fn check_statement(&self, _statement: Statement<'_>, _policy: &PolicyContext, _acc: &mut Findings) {}

    /// A policy as a whole: what one statement alone cannot show. Spans are those of the file.
    fn check_policy(&self, _policy: Policy<'_>, _context: &PolicyContext, _acc: &mut Findings) {}

    /// The same, where other documents have their say.
    fn check_linked_policy(
        &self,
        _policy: Policy<'_>,
        _context: &PolicyContext,
        _neighbours: &Neighbours,
        _acc: &mut Findings,
    ) {
    }

    /// One container definition. Spans are relative to it.
    fn check_container(&self, _container: Container<'_>, _task: &TaskContext, _acc: &mut Findings) {}

    /// A task definition as a whole. Spans are those of the file.
    fn check_task(&self, _task: TaskDefinition<'_>, _context: &TaskContext, _acc: &mut Findings) {}

    /// A service or a task to run. Spans are those of the file, as are those of the views below.
    fn check_service(&self, _service: ServiceInput<'_>, _neighbours: &Neighbours, _acc: &mut Findings) {}

    fn check_aws_auth(&self, _aws_auth: AwsAuth<'_>, _acc: &mut Findings) {}

    fn check_service_account(&self, _account: ServiceAccount<'_>, _acc: &mut Findings) {}

    fn check_agent_config(&self, _config: AgentConfig<'_>, _neighbours: &Neighbours, _acc: &mut Findings) {}

    fn check_attachments(&self, _attachments: Attachments<'_>, _acc: &mut Findings) {}

    /// What the roles of a file, and whoever uses them, are by what the project says. Spans are those of the file.
    fn check_roles(&self, _verdicts: &[Verdict], _acc: &mut Findings) {}

    /// What a file holds, against the rows of the configuration that are about it. Spans are those of the file.
    fn check_own(&self, _facts: &own::OwnFacts<'_>, _acc: &mut Findings) {}
}

/// Every rule, by group and then by name.
pub fn all() -> impl Iterator<Item = &'static dyn Rule> {
    [
        syntax::RULES,
        policy::RULES,
        trust::RULES,
        task::RULES,
        service::RULES,
        kubernetes::RULES,
        agent::RULES,
        role::RULES,
        own::RULES,
        suppression::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

pub fn by_id(id: &str) -> Option<&'static dyn Rule> {
    all().find(|rule| rule.meta().id == id)
}

/// The rules that a name means: the one of that name, or those that have come of one that was called so.
pub fn named(name: &str) -> impl Iterator<Item = &'static dyn Rule> {
    all().filter(move |rule| rule.meta().is_called(name))
}

/// The rule that covers a check of another tool, by what its `sources` call the check: `checkov/CKV_AWS_1`; `None` where
/// none does, or several, or where the rule says more than the check.
pub fn covering(source: &str) -> Option<&'static RuleMeta> {
    if crate::catalog::narrower_checks().contains(&source) {
        return None;
    }
    let mut found = all().map(|rule| rule.meta()).filter(|meta| meta.sources.contains(&source));
    found.next().filter(|_| found.next().is_none())
}

/// That there is no rule of that name, and which may be meant.
pub fn unknown(id: &str) -> String {
    let nearest = crate::catalog::nearest(id, all().map(|rule| rule.meta().id));
    let hint = nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"));
    format!("there is no rule `{id}`{hint}")
}

/// Declares a rule: its page as a doc comment, its name, and its identity card.
#[macro_export]
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])*
        pub $name:ident {
            id: $id:literal,
            group: $group:ident,
            reads: [$($scope:ident),+ $(,)?],
            $(on: [$($kind:ident),+ $(,)?],)?
            $(templates: $templates:ident,)?
            $(cases: [$($case:literal),+ $(,)?],)?
            severity: $severity:ident,
            confidence: $confidence:ident,
            level: $level:ident,
            summary: $summary:literal,
            sources: [$($source:literal),* $(,)?],
            fix: $fix:ident,
            since: $since:literal
            $(, formerly: [$($former:literal),+ $(,)?])?
            $(, service_messages: [$($message:literal),* $(,)?])?
            $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        pub struct $name;

        impl $crate::rules::Declared for $name {
            fn meta(&self) -> &'static $crate::diagnostic::RuleMeta {
                static META: $crate::diagnostic::RuleMeta = $crate::diagnostic::RuleMeta {
                id: $id,
                group: $crate::diagnostic::Group::$group,
                reads: &[$($crate::diagnostic::Scope::$scope),+],
                on: $crate::rules::first_of![
                    $($crate::diagnostic::Kinds::of(&[$($crate::host::DocumentKind::$kind),+]),)?
                    $crate::diagnostic::Kinds::ALL
                ],
                templates: $crate::rules::first_of![
                    $($crate::diagnostic::Templates::$templates,)?
                    $crate::diagnostic::Templates::Checked
                ],
                cases: &[$($($case),+)?],
                formerly: &[$($($former),+)?],
                severity: $crate::diagnostic::Severity::$severity,
                confidence: $crate::diagnostic::Confidence::$confidence,
                level: $crate::diagnostic::Level::$level,
                summary: $summary,
                sources: &[$($source),*],
                fix: $crate::diagnostic::FixKind::$fix,
                since: $since,
                service_messages: &[$($($message),*)?],
                docs: concat!($($doc, "\n"),*),
                };
                &META
            }
        }
    };
}

/// What is given, or else what holds otherwise.
macro_rules! first_of {
    ($first:expr $(, $other:expr)* $(,)?) => {
        $first
    };
}
pub(crate) use first_of;
