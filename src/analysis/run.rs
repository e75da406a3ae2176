//! Runs rules over one document; keeps the findings of its parts.

use super::temper::temper;
use super::{FileFacts, RuleSet};
use crate::catalog;
use crate::diagnostic::{
    Confidence, Finding, Findings, FixKind, Group, Kinds, Level, Presence, RuleMeta, Scope, Severity,
    Templates,
};
use crate::graph::Neighbours;
use crate::graph::roles::Verdict;
use crate::host::{Document, DocumentKind, Identity, Spelling, Unit, nearby};
use crate::model::{
    AgentConfig, Attachments, AwsAuth, Container, Policy, PolicyContext, ServiceAccount, ServiceInput,
    Statement, TaskContext, TaskDefinition,
};
use crate::rules::own::OwnFacts;
use crate::rules::{Rule, SuppressionFacts, TextFacts};
use crate::text::Span;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A rule that panicked: reported in place of its findings, so that nobody takes silence for health.
pub static INTERNAL_ERROR: RuleMeta = RuleMeta {
    id: "internal-error",
    group: Group::Syntax,
    reads: &[],
    on: Kinds::ALL,
    templates: Templates::Checked,
    cases: &[],
    formerly: &[],
    severity: Severity::Warning,
    confidence: Confidence::High,
    level: Level::Default,
    summary: "a rule failed on this document",
    sources: &[],
    fix: FixKind::None,
    since: "0.1.0",
    service_messages: &[],
    docs: "A rule of passrole's own failed here. The document may be fine. Please report it.",
};

/// The findings of every part of the documents of one text, kept from one version to the next.
#[derive(Debug, Clone, Default)]
pub struct Memo {
    parts: Vec<Part>,
    documents: Vec<Whole>,
}

/// A document that the host takes over as a whole where nothing in it has changed.
#[derive(Debug, Clone)]
struct Whole {
    identity: Arc<Identity>,
    /// Where it stood.
    start: u32,
    conditions: Conditions,
    /// Spans are those of the text.
    findings: Arc<[Finding]>,
}

/// What the findings of a document depend on beside the document.
#[derive(Debug, Clone, PartialEq)]
struct Conditions {
    kind: DocumentKind,
    template: bool,
    neighbours: Neighbours,
}

#[derive(Debug, Clone)]
struct Part {
    unit: Arc<Unit>,
    context: Context,
    /// Spans relative to the unit.
    findings: Arc<[Finding]>,
}

#[derive(Debug, Clone, PartialEq)]
enum Context {
    Policy(Arc<PolicyContext>),
    Task(Arc<TaskContext>),
}

/// Runs the rules over the text itself.
pub fn check_text(text: &TextFacts<'_>, rules: &RuleSet) -> Vec<Finding> {
    let mut acc = Findings::of(&INTERNAL_ERROR, Spelling::default());
    let all: Vec<&'static dyn Rule> =
        rules.rules().iter().copied().filter(|rule| rule.meta().reads.contains(&Scope::Text)).collect();
    each_rule(&all, rules, Span::default(), &mut acc, |rule, acc| rule.check_text(text, acc));
    acc.into_vec()
}

/// Runs the rules over what the project makes of a file.
pub fn check_roles(verdicts: &[Verdict], rules: &RuleSet) -> Vec<Finding> {
    let mut acc = Findings::of(&INTERNAL_ERROR, Spelling::default());
    if !verdicts.is_empty() {
        let all: Vec<&'static dyn Rule> =
            rules.rules().iter().copied().filter(|rule| rule.meta().reads.contains(&Scope::Roles)).collect();
        each_rule(&all, rules, Span::default(), &mut acc, |rule, acc| rule.check_roles(verdicts, acc));
    }
    acc.into_vec()
}

/// Runs the rules over what the configuration forbids and asks for.
pub fn check_own(facts: &OwnFacts<'_>, rules: &RuleSet) -> Vec<Finding> {
    let mut acc = Findings::of(&INTERNAL_ERROR, Spelling::default());
    let all: Vec<&'static dyn Rule> =
        rules.rules().iter().copied().filter(|rule| rule.meta().reads.contains(&Scope::Own)).collect();
    each_rule(&all, rules, Span::default(), &mut acc, |rule, acc| rule.check_own(facts, acc));
    acc.into_vec()
}

/// Runs the rules over what a file keeps from being told.
pub fn check_suppressions(facts: &SuppressionFacts<'_>, rules: &RuleSet) -> Vec<Finding> {
    let mut acc = Findings::of(&INTERNAL_ERROR, Spelling::default());
    let all: Vec<&'static dyn Rule> = rules
        .rules()
        .iter()
        .copied()
        .filter(|rule| rule.meta().reads.contains(&Scope::Suppressions))
        .collect();
    each_rule(&all, rules, Span::default(), &mut acc, |rule, acc| rule.check_suppressions(facts, acc));
    acc.into_vec()
}

/// Runs the rules over one document of a text. Spans of the findings are those of the text.
///
/// `before` holds what the last version of the text found; `after` takes what the next may reuse.
/// `template` says that a template engine has its say first. Documents and parts are expected in the
/// order they had before, which makes the search for one short.
pub fn check_document(
    document: &Document,
    facts: &FileFacts,
    neighbours: &Neighbours,
    template: bool,
    rules: &RuleSet,
    before: &Memo,
    after: &mut Memo,
) -> Vec<Finding> {
    // Only what a host may hand on as a whole is worth being remembered as one.
    if !document.is_kept {
        return check_parts(document, facts, neighbours, template, rules, before, after);
    }
    let conditions = Conditions { kind: document.kind, template, neighbours: neighbours.clone() };
    let start = document.span.start;
    let known = before.document(&document.identity, &conditions, after.documents.len());
    let (found, start) = match known {
        Some(known) => (known.findings.clone(), known.start),
        None => {
            let found = check_parts(document, facts, neighbours, template, rules, before, after);
            // A check that was stopped has not found everything.
            if super::Stop::is_asked_here() {
                return found;
            }
            (found.into(), start)
        }
    };
    let by = document.span.start.wrapping_sub(start);
    let moved = found.iter().map(|finding| finding.shifted(by)).collect();
    after.documents.push(Whole { identity: document.identity.clone(), start, conditions, findings: found });
    moved
}

/// The document as a whole, then its parts, each unless it is known.
fn check_parts(
    document: &Document,
    facts: &FileFacts,
    neighbours: &Neighbours,
    template: bool,
    rules: &RuleSet,
    before: &Memo,
    after: &mut Memo,
) -> Vec<Finding> {
    let mut acc = Findings::of(&INTERNAL_ERROR, Spelling::of(document.naming));
    let context = if let Some(policy) = Policy::of(document) {
        let context = Arc::new(PolicyContext {
            kind: document.kind,
            version: policy.version(),
            file_stem: facts.stem.clone(),
            folder: facts.folder().to_ascii_lowercase().into(),
            owner: document.owner.as_ref().and_then(|owner| catalog::policy_owner(&owner.resource_type)),
            template: template || !document.is_whole(),
            is_text: template || document.is_partial,
            naming: document.naming,
            last_counts: document.embedded.is_none()
                && document.owner.as_ref().is_some_and(|it| it.resource_type.starts_with("aws_")),
        });
        let known = match (context.is_text, context.template) {
            (true, _) => Presence::Text,
            (false, true) => Presence::Part,
            (false, false) => Presence::All,
        };
        let of = |scope| rules.concerning(scope, context.kind, known);
        each_rule(of(Scope::Policy), rules, document.span, &mut acc, |rule, acc| {
            rule.check_policy(policy, &context, acc);
        });
        each_rule(of(Scope::LinkedPolicy), rules, document.span, &mut acc, |rule, acc| {
            rule.check_linked_policy(policy, &context, neighbours, acc);
        });
        Context::Policy(context)
    } else if let Some(task) = TaskDefinition::of(document) {
        let own = task.context();
        let context = match &neighbours.task {
            // Its containers are written here, the task elsewhere.
            Some(around) => Arc::new(TaskContext { excerpt: own.excerpt, ..(**around).clone() }),
            None => Arc::new(own),
        };
        let of_tasks = rules.concerning(Scope::Task, document.kind, known(template));
        each_rule(of_tasks, rules, document.span, &mut acc, |rule, acc| rule.check_task(task, &context, acc));
        Context::Task(context)
    } else {
        check_view(document, neighbours, template, rules, &mut acc);
        let mut found = acc.into_vec();
        temper(&mut found, document);
        return found;
    };
    let mut found = acc.into_vec();
    for (index, placed) in document.units.iter().enumerate() {
        if document.elsewhere.contains(&(index as u32)) {
            continue;
        }
        if super::Stop::is_asked_here() {
            break;
        }
        let findings = before
            .find(&placed.unit, &context, after.parts.len())
            .unwrap_or_else(|| check_unit(&placed.unit, &context, document.kind, rules).into());
        found.extend(findings.iter().map(|finding| finding.shifted(placed.base)));
        after.parts.push(Part { unit: placed.unit.clone(), context: context.clone(), findings });
    }
    temper(&mut found, document);
    found
}

fn known(template: bool) -> Presence {
    if template { Presence::Text } else { Presence::All }
}

/// A document that has no parts.
fn check_view(
    document: &Document,
    neighbours: &Neighbours,
    template: bool,
    rules: &RuleSet,
    acc: &mut Findings,
) {
    let mut of = |scope, call: &mut dyn FnMut(&'static dyn Rule, &mut Findings)| {
        each_rule(rules.concerning(scope, document.kind, known(template)), rules, document.span, acc, call);
    };
    if let Some(service) = ServiceInput::of(document) {
        of(Scope::Service, &mut |rule, acc| rule.check_service(service, neighbours, acc));
    } else if let Some(aws_auth) = AwsAuth::of(document) {
        of(Scope::AwsAuth, &mut |rule, acc| rule.check_aws_auth(aws_auth, acc));
    } else if let Some(account) = ServiceAccount::of(document) {
        of(Scope::ServiceAccount, &mut |rule, acc| rule.check_service_account(account, acc));
    } else if let Some(config) = AgentConfig::of(document) {
        of(Scope::AgentConfig, &mut |rule, acc| rule.check_agent_config(config, neighbours, acc));
    } else if let Some(attachments) = Attachments::of(document) {
        of(Scope::Attachments, &mut |rule, acc| rule.check_attachments(attachments, acc));
    }
}

fn check_unit(unit: &Unit, context: &Context, kind: DocumentKind, rules: &RuleSet) -> Vec<Finding> {
    let Some(object) = unit.value.as_object() else { return Vec::new() };
    let naming = match context {
        Context::Policy(policy) => policy.naming,
        Context::Task(task) => task.naming,
    };
    let mut acc = Findings::of(&INTERNAL_ERROR, Spelling::of_units(naming));
    match context {
        Context::Policy(policy) => {
            let known = match policy.is_text {
                true => Presence::Text,
                false if policy.template || object.is_open() => Presence::Part,
                false => Presence::All,
            };
            let concerning = rules.concerning(Scope::Statement, policy.kind, known);
            each_rule(concerning, rules, object.span, &mut acc, |rule, acc| {
                rule.check_statement(Statement { object }, policy, acc);
            });
        }
        Context::Task(task) => {
            let known = if object.is_open() { Presence::Part } else { Presence::All };
            let concerning = rules.concerning(Scope::Container, kind, known);
            each_rule(concerning, rules, object.span, &mut acc, |rule, acc| {
                rule.check_container(Container { object }, task, acc);
            });
        }
    }
    acc.into_vec()
}

/// Calls rules in turn. Where one panics, what all of them found is thrown away and each is called by itself:
/// the one that panics loses its findings and leaves one that names it.
fn each_rule(
    rules: &[&'static dyn Rule],
    set: &RuleSet,
    place: Span,
    acc: &mut Findings,
    mut call: impl FnMut(&'static dyn Rule, &mut Findings),
) {
    let before = acc.len();
    let all = catch_unwind(AssertUnwindSafe(|| {
        for rule in rules {
            acc.set_rule(rule.meta());
            call(*rule, acc);
        }
    }));
    if all.is_err() {
        acc.truncate(before);
        for rule in rules {
            acc.set_rule(rule.meta());
            let before = acc.len();
            if catch_unwind(AssertUnwindSafe(|| call(*rule, acc))).is_err() {
                acc.truncate(before);
                acc.set_rule(&INTERNAL_ERROR);
                let span = Span::new(place.start, (place.start + 1).min(place.end));
                acc.report(span, format!("the rule `{}` failed on this document", rule.meta().id)).note(
                    "This is a defect of passrole, not of the document. Please report it with the document.",
                );
            }
        }
    }
    acc.leave_out(before, |finding| set.leaves_out(finding));
    acc.adjust(before, |finding| set.adjust(finding));
}

impl Memo {
    fn document(&self, identity: &Arc<Identity>, conditions: &Conditions, index: usize) -> Option<&Whole> {
        let fits = |whole: &Whole| Arc::ptr_eq(&whole.identity, identity) && whole.conditions == *conditions;
        nearby(&self.documents, index, fits)
    }

    /// The findings of that very unit under the same context. Parts before or behind an edit keep
    /// their distance from the start or from the end, so the neighbourhood is searched first.
    fn find(&self, unit: &Arc<Unit>, context: &Context, index: usize) -> Option<Arc<[Finding]>> {
        let fits = |part: &Part| Arc::ptr_eq(&part.unit, unit) && part.context == *context;
        nearby(&self.parts, index, fits).map(|part| part.findings.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule that reports first and panics then.
    struct Panics;

    impl crate::rules::Declared for Panics {
        fn meta(&self) -> &'static RuleMeta {
            static META: RuleMeta = RuleMeta { id: "panics", reads: &[Scope::Text], ..INTERNAL_ERROR };
            &META
        }
    }

    impl Rule for Panics {
        fn check_text(&self, _: &TextFacts<'_>, acc: &mut Findings) {
            acc.report(Span::default(), "said before");
            panic!("on purpose");
        }
    }

    #[test]
    fn a_rule_that_panics_loses_its_findings_and_no_others() {
        let set = RuleSet::default();
        let syntax = crate::rules::by_id("syntax-error").unwrap();
        let errors = crate::syntax::Tree::parse("{ 1 }").errors("{ 1 }");
        let text = TextFacts { errors: &errors, host_errors: &[], jsonc: false, template: false };
        let mut acc = Findings::of(&INTERNAL_ERROR, Spelling::default());
        each_rule(&[syntax, &Panics], &set, Span::new(0, 5), &mut acc, |rule, acc| {
            rule.check_text(&text, acc)
        });
        let found = acc.into_vec();
        let of = |id: &str| found.iter().filter(|finding| finding.rule.id == id).count();
        assert_eq!(
            (of("syntax-error"), of("panics"), of("internal-error")),
            (errors.len(), 0, 1),
            "{found:?}"
        );
        assert!(found.iter().any(|finding| finding.message.contains("`panics` failed")));
    }
}
