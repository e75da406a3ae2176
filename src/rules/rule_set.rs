//! Which rules run.

use super::{Edition, Rule, gate};
use crate::diagnostic::{Finding, Group, Level, Presence, RuleMeta, Scope, Severity, Templates};
use crate::host::DocumentKind;
use std::sync::Arc;

/// The rules of one run. Cloning is cheap.
#[derive(Clone)]
pub struct RuleSet(Arc<Chosen>);

#[derive(Default)]
struct Chosen {
    /// In their usual order.
    rules: Vec<&'static dyn Rule>,
    /// By scope, kind of document, and how much of it is there.
    index: Vec<Vec<&'static dyn Rule>>,
    /// Rules of which some cases are selected, and those.
    selected: Vec<(&'static str, &'static str)>,
    ignored: Vec<(&'static str, &'static str)>,
    /// Rules, or cases of them, whose findings get another severity than their own.
    severities: Vec<(&'static str, Option<&'static str>, Severity)>,
    edition: Edition,
}

/// Which rules are to run, and how bad their findings are to be called.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choice {
    pub level: Level,
    /// The only rules (or groups, or cases as `rule/case`) to run, whatever their level; empty means every rule of
    /// `level`.
    pub select: Vec<String>,
    /// Takes rules, groups or cases away.
    pub ignore: Vec<String>,
    /// Rules, groups or cases, each with the severity of its findings; `None` takes it away as `ignore` does. A case
    /// comes before its rule, a rule before its group; of equals the last counts.
    pub severities: Vec<(String, Option<Severity>)>,
    pub edition: Edition,
}

/// A name in `--select`, `--ignore` or the configuration that is neither a rule, a group nor a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    pub name: String,
    pub nearest: Option<String>,
}

impl Default for RuleSet {
    fn default() -> RuleSet {
        RuleSet::at(Level::Default)
    }
}

impl RuleSet {
    /// Every rule of that level and below.
    pub fn at(level: Level) -> RuleSet {
        RuleSet::choose(level, &[], &[]).unwrap_or_else(|_| RuleSet::none())
    }

    /// No rule at all.
    pub fn none() -> RuleSet {
        RuleSet::of(Chosen::default())
    }

    fn of(mut chosen: Chosen) -> RuleSet {
        let mut index = vec![Vec::new(); Scope::ALL.len() * DocumentKind::ALL.len() * 3];
        for rule in &chosen.rules {
            let meta = rule.meta();
            for scope in meta.reads {
                for kind in meta.on.iter() {
                    index[slot(*scope, kind, Presence::All)].push(*rule);
                    if matches!(meta.templates, Templates::Checked | Templates::SilentOnText) {
                        index[slot(*scope, kind, Presence::Part)].push(*rule);
                    }
                    if matches!(meta.templates, Templates::Checked | Templates::SilentOnPart) {
                        index[slot(*scope, kind, Presence::Text)].push(*rule);
                    }
                }
            }
        }
        chosen.index = index;
        RuleSet(Arc::new(chosen))
    }

    /// Without severities of one's own, of the newest edition: see [`Choice`].
    pub fn choose(level: Level, select: &[String], ignore: &[String]) -> Result<RuleSet, UnknownRule> {
        let (select, ignore) = (select.to_vec(), ignore.to_vec());
        RuleSet::chosen(&Choice { level, select, ignore, ..Choice::default() })
    }

    pub fn chosen(choice: &Choice) -> Result<RuleSet, UnknownRule> {
        let Choice { level, select, ignore, severities, edition } = choice;
        let selected = cases(select)?;
        let mut ignored = cases(ignore)?;
        let own = Severities::of(severities)?;
        let named = |names: &[String], rule: &dyn Rule| {
            names.iter().any(|name| rule.meta().is_called(name) || name == rule.meta().group.name())
        };
        // A rule that is selected as a whole has all its cases.
        let is_whole = |id: &str| super::by_id(id).is_some_and(|rule| named(select, rule));
        let selected: Vec<_> = selected.into_iter().filter(|(id, _)| !is_whole(id)).collect();
        let is_selected =
            |rule: &dyn Rule| named(select, rule) || selected.iter().any(|(id, _)| *id == rule.meta().id);
        let rules: Vec<&'static dyn Rule> = super::all()
            .filter(|rule| if select.is_empty() { rule.meta().level <= *level } else { is_selected(*rule) })
            .filter(|rule| !named(ignore, *rule) && !own.takes_away(rule.meta()) && edition.has(rule.meta()))
            .collect();
        ignored.extend(own.cases_taken_away());
        let mut severities = own.of_cases();
        for meta in rules.iter().map(|rule| rule.meta()) {
            let severity = own.of_rule(meta).unwrap_or_else(|| edition.severity(meta));
            if severity != meta.severity {
                severities.push((meta.id, None, severity));
            }
        }
        let edition = *edition;
        Ok(RuleSet::of(Chosen { rules, selected, ignored, severities, edition, ..Chosen::default() }))
    }

    pub fn rules(&self) -> &[&'static dyn Rule] {
        &self.0.rules
    }

    /// The rules that can have something to say of a part of a document. `known` says how
    /// much of it is there.
    pub fn concerning(&self, scope: Scope, kind: DocumentKind, known: Presence) -> &[&'static dyn Rule] {
        &self.0.index[slot(scope, kind, known)]
    }

    /// Whether a case was not selected, or is ignored.
    pub fn leaves_out(&self, finding: &Finding) -> bool {
        let Chosen { selected, ignored, .. } = &*self.0;
        let this = (finding.rule.id, finding.case);
        ignored.contains(&this) || selected.iter().any(|(id, _)| *id == this.0) && !selected.contains(&this)
    }

    /// Gives a finding the severity that was asked for. A rule's new severity is that of its findings as far as they
    /// do not say less of themselves; a case's, that of every finding of the case.
    pub fn adjust(&self, finding: &mut Finding) {
        if self.0.severities.is_empty() {
            return;
        }
        let of = |case: Option<&str>| {
            self.0.severities.iter().rfind(|(id, of, _)| *id == finding.rule.id && *of == case)
        };
        if let Some((_, _, severity)) = of(Some(finding.case)) {
            finding.severity = *severity;
        } else if let Some((_, _, severity)) = of(None) {
            let says_less = finding.severity < finding.rule.severity;
            finding.severity = if says_less { finding.severity.min(*severity) } else { *severity };
        }
    }

    /// Whether a finding fails a run by `--fail-on gate`.
    pub fn fails(&self, finding: &Finding) -> bool {
        gate::fails(finding, self.0.edition)
    }

    pub fn has(&self, id: &str) -> bool {
        self.0.rules.iter().any(|rule| rule.meta().id == id)
    }
}

fn slot(scope: Scope, kind: DocumentKind, known: Presence) -> usize {
    (scope as usize * DocumentKind::ALL.len() + kind as usize) * 3 + known as usize
}

/// Severities by name, of groups, rules and cases.
struct Severities<'a> {
    groups: Vec<(&'a str, Option<Severity>)>,
    rules: Vec<(&'static str, Option<Severity>)>,
    cases: Vec<(&'static str, &'static str, Option<Severity>)>,
}

impl<'a> Severities<'a> {
    fn of(named: &'a [(String, Option<Severity>)]) -> Result<Severities<'a>, UnknownRule> {
        let mut found = Severities { groups: Vec::new(), rules: Vec::new(), cases: Vec::new() };
        for (name, severity) in named {
            if is_group(name) {
                found.groups.push((name, *severity));
            } else if name.contains('/') {
                let cases = cases(std::slice::from_ref(name))?;
                found.cases.extend(cases.into_iter().map(|(id, case)| (id, case, *severity)));
            } else {
                found.rules.extend(rules_meant(name)?.into_iter().map(|meta| (meta.id, *severity)));
            }
        }
        Ok(found)
    }

    /// The last word on a rule as a whole.
    fn said_of(&self, meta: &RuleMeta) -> Option<Option<Severity>> {
        let by_name = self.rules.iter().rfind(|(id, _)| *id == meta.id).map(|(_, severity)| *severity);
        let by_group = || self.groups.iter().rfind(|(name, _)| *name == meta.group.name());
        by_name.or_else(|| by_group().map(|(_, severity)| *severity))
    }

    fn of_rule(&self, meta: &RuleMeta) -> Option<Severity> {
        self.said_of(meta).flatten()
    }

    fn takes_away(&self, meta: &RuleMeta) -> bool {
        let is_kept_for_a_case =
            || self.cases.iter().any(|(id, _, severity)| *id == meta.id && severity.is_some());
        self.said_of(meta) == Some(None) && !is_kept_for_a_case()
    }

    /// Of a rule that is taken away but for some cases, the others.
    fn cases_taken_away(&self) -> Vec<(&'static str, &'static str)> {
        let last = |id: &str, case: &str| {
            self.cases
                .iter()
                .rfind(|(of, known, _)| *of == id && *known == case)
                .map(|(_, _, severity)| *severity)
        };
        let mut found = Vec::new();
        for meta in super::all().map(|rule| rule.meta()) {
            let is_off = self.said_of(meta) == Some(None);
            found.extend(meta.cases.iter().filter_map(|case| match last(meta.id, case) {
                Some(Some(_)) => None,
                Some(None) => Some((meta.id, *case)),
                None => is_off.then_some((meta.id, *case)),
            }));
        }
        found
    }

    fn of_cases(&self) -> Vec<(&'static str, Option<&'static str>, Severity)> {
        self.cases.iter().filter_map(|(id, case, severity)| Some((*id, Some(*case), (*severity)?))).collect()
    }
}

fn is_group(name: &str) -> bool {
    Group::ALL.iter().any(|group| group.name() == name)
}

/// The cases among names; an error for what is not a name at all.
fn cases(names: &[String]) -> Result<Vec<(&'static str, &'static str)>, UnknownRule> {
    let mut found = Vec::new();
    for name in names {
        if is_group(name) {
            continue;
        }
        let meant = rules_meant(name)?;
        let Some((_, case)) = name.split_once('/') else { continue };
        // Of several that have come of one, one has the case.
        found.extend(
            meant
                .iter()
                .flat_map(|meta| meta.cases.iter().filter(|it| **it == case).map(|it| (meta.id, *it))),
        );
    }
    Ok(found)
}

/// The rules that are meant by a name, or by `rule/case`: one, or those that have come of one that was called so.
pub fn rules_meant(name: &str) -> Result<Vec<&'static RuleMeta>, UnknownRule> {
    let unknown = |nearest: Option<String>| UnknownRule { name: name.to_string(), nearest };
    let (id, case) = name.split_once('/').map_or((name, None), |(id, case)| (id, Some(case)));
    let meant: Vec<&'static RuleMeta> = super::named(id).map(|rule| rule.meta()).collect();
    if meant.is_empty() {
        let nearest = crate::catalog::nearest(id, super::all().map(|rule| rule.meta().id));
        return Err(unknown(nearest.map(str::to_string)));
    }
    let cases = || meant.iter().flat_map(|meta| meta.cases).copied();
    match case {
        Some(case) if !cases().any(|known| known == case) => {
            let nearest = crate::catalog::nearest(case, cases());
            Err(unknown(nearest.map(|nearest| format!("{id}/{nearest}"))))
        }
        _ => Ok(meant),
    }
}

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.rules().iter().map(|rule| rule.meta().id)).finish()
    }
}

impl std::fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = if self.name.contains('/') { "case" } else { "rule or group" };
        write!(f, "there is no {what} `{}`", self.name)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Findings;
    use crate::text::Span;

    fn choose(select: &[&str], ignore: &[&str]) -> Result<RuleSet, UnknownRule> {
        let strings = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect::<Vec<_>>();
        RuleSet::choose(Level::Default, &strings(select), &strings(ignore))
    }

    /// Whether a finding of that case of `unknown-action` is left out.
    fn leaves_out(rules: &RuleSet, case: &'static str) -> bool {
        let mut acc = Findings::of(
            crate::rules::by_id("unknown-action").unwrap().meta(),
            crate::host::Spelling::default(),
        );
        acc.report(Span::default(), "").case(case);
        rules.leaves_out(&acc.into_vec()[0])
    }

    #[test]
    fn cases_are_selected_and_ignored_by_name() {
        let only = choose(&["unknown-action/typo"], &[]).unwrap();
        assert!(only.has("unknown-action") && only.rules().len() == 1);
        assert!(!leaves_out(&only, "typo") && leaves_out(&only, "retired"));
        let without = choose(&[], &["unknown-action/typo"]).unwrap();
        assert!(leaves_out(&without, "typo") && !leaves_out(&without, "retired"));
        let whole = choose(&["unknown-action/typo", "unknown-action"], &[]).unwrap();
        assert!(!leaves_out(&whole, "retired"));
        let error = choose(&[], &["unknown-action/tipo"]).err().unwrap().to_string();
        assert_eq!(error, "there is no case `unknown-action/tipo`; did you mean `unknown-action/typo`?");
    }

    #[test]
    fn severities_are_as_they_were_asked_for() {
        let chosen = |severities: &[(&str, Option<Severity>)]| {
            let severities = severities.iter().map(|(name, it)| (name.to_string(), *it)).collect();
            RuleSet::chosen(&Choice { severities, ..Choice::default() })
        };
        let meta = crate::rules::by_id("unknown-action").unwrap().meta();
        let adjusted = |rules: &RuleSet, case: &'static str, own: Severity| {
            let mut acc = Findings::of(meta, crate::host::Spelling::default());
            acc.report(Span::default(), "").case(case).severity(own);
            let mut finding = acc.into_vec().remove(0);
            rules.adjust(&mut finding);
            finding.severity
        };
        let (error, warning, info) = (Severity::Error, Severity::Warning, Severity::Info);
        let raised = chosen(&[("unknown-action", Some(error)), ("policy", Some(info))]).unwrap();
        assert_eq!(adjusted(&raised, "typo", warning), error, "a rule comes before its group");
        assert_eq!(adjusted(&raised, "typo", info), info, "what says less of itself goes on doing so");
        let lowered = chosen(&[("policy", Some(info)), ("unknown-action/typo", Some(error))]).unwrap();
        assert_eq!(adjusted(&lowered, "retired", warning), info);
        assert_eq!(adjusted(&lowered, "typo", info), error, "a case is what it is called");
        let off = chosen(&[("unknown-action", None), ("unknown-action/typo", Some(warning))]).unwrap();
        assert!(off.has("unknown-action") && !leaves_out(&off, "typo") && leaves_out(&off, "retired"));
        assert!(!chosen(&[("policy", None)]).unwrap().has("unknown-action"));
        assert!(chosen(&[("policies", None)]).is_err());
    }

    #[test]
    fn what_a_rule_was_called_before_means_all_that_came_of_it() {
        let old = "conflicting-service-fields";
        let new: Vec<&str> = crate::rules::named(old).map(|rule| rule.meta().id).collect();
        assert!(new.len() > 1 && crate::rules::by_id(old).is_none());
        let only = choose(&[old], &[]).unwrap();
        assert_eq!(only.rules().iter().map(|rule| rule.meta().id).collect::<Vec<_>>(), new);
        let without = choose(&[], &[old]).unwrap();
        assert!(new.iter().all(|id| !without.has(id)) && without.has("invalid-service-name"));
        let case = choose(&["conflicting-service-fields/ebs-size"], &[]).unwrap();
        assert!(case.has("conflicting-volume-settings") && case.rules().len() == 1);
        let error = choose(&[], &["conflicting-service-fields/ebs-sizes"]).err().unwrap().to_string();
        assert!(error.ends_with("did you mean `conflicting-service-fields/ebs-size`?"), "{error}");
    }

    #[test]
    fn names_of_before_are_no_names_of_now() {
        for rule in crate::rules::all() {
            for former in rule.meta().formerly {
                assert!(crate::rules::by_id(former).is_none(), "{former} is the id of a rule");
                let mut cases: Vec<&str> =
                    crate::rules::named(former).flat_map(|rule| rule.meta().cases).copied().collect();
                let count = cases.len();
                cases.sort_unstable();
                cases.dedup();
                assert_eq!(cases.len(), count, "two rules that were {former} have the same case");
            }
        }
    }

    #[test]
    fn a_part_meets_only_the_rules_that_can_concern_it() {
        let all = RuleSet::at(Level::Pedantic);
        let trust = all.concerning(Scope::Statement, DocumentKind::Trust, Presence::All);
        let identity = all.concerning(Scope::Statement, DocumentKind::Identity, Presence::All);
        let has = |rules: &[&'static dyn Rule], id: &str| rules.iter().any(|rule| rule.meta().id == id);
        assert!(has(trust, "github-any-branch") && !has(identity, "github-any-branch"));
        assert!(!has(identity, "rcp-effect") && has(identity, "missing-effect"));
        assert!(!has(
            all.concerning(Scope::Statement, DocumentKind::Identity, Presence::Text),
            "missing-effect"
        ));
    }
}
