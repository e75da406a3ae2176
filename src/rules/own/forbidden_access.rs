use super::{OwnFacts, Prohibition};
use crate::access::{Gain, gains};
use crate::catalog::wildcard_matches;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::model::{Policy, Statement};
use crate::rules::Rule;
use crate::text::{Span, quoted};

declare_rule! {
    /// Finds policies that grant what your configuration says no policy may.
    ///
    /// `never` in `.passrole.jsonc` lists actions and resources, as patterns. A policy that allows any of these
    /// actions on any of these resources is reported, whatever its conditions: with a request that would be
    /// allowed. What a `Deny` of the same policy takes back is not granted. Where it cannot be told, because a
    /// template fills it in later, that is reported too: a gate that lets pass what it does not know is none. Policies
    /// that only limit (boundaries, session policies, service control policies) grant nothing.
    ///
    /// ```json
    /// { "never": [{ "actions": ["iam:CreateAccessKey"], "reason": "people come through single sign-on" }] }
    /// ```
    ///
    /// Take the action out of the policy, or deny it there. It is the same question as `check-access-not-granted` of
    /// IAM Access Analyzer answers, without a network.
    ///
    /// See [configuration](../configuration.md#what-no-policy-may-grant).
    pub ForbiddenAccess {
        id: "forbidden-access",
        group: Own,
        reads: [Own],
        cases: ["granted", "undecided"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a policy grants what the configuration says no policy may",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ForbiddenAccess {
    fn check_own(&self, facts: &OwnFacts<'_>, acc: &mut Findings) {
        for policy in facts.documents.iter().filter_map(Policy::of) {
            if matches!(policy.kind(), DocumentKind::Identity | DocumentKind::Resource) {
                facts.constraints.never.iter().for_each(|row| check(row, policy, acc));
            }
        }
    }
}

fn check(row: &Prohibition, policy: Policy<'_>, acc: &mut Findings) {
    let Some(remainder) = row.remainder(policy.kind()) else { return };
    let Some(limits) = Policy::of(&remainder) else { return };
    let (granted, undecided) = gains(&[policy, limits], &[]);
    let by = if row.place.is_empty() { String::new() } else { format!(" `{}` forbids it.", row.place) };
    for gain in granted {
        let Gain { statement, actions, witness, .. } = &gain;
        let span = place(policy, *statement, actions);
        let (words, verb) = told(actions);
        acc.report(span, format!("{words} {verb} granted, which must never be: {}", row.reason))
            .case("granted")
            .note(format!("For example, {witness}.{by}"));
    }
    for open in undecided {
        let span = place(policy, open.statement, &open.actions);
        let (words, _) = told(&open.actions);
        acc.report(span, format!("{words} may be granted, which must never be: {}", row.reason))
            .case("undecided")
            .note(format!("It cannot be told: {}.{by}", open.why));
    }
}

/// Actions in words, and the verb that goes with them; of many, the first ones.
fn told(actions: &[String]) -> (String, &'static str) {
    const SHOWN: usize = 4;
    let verb = if actions.len() == 1 { "is" } else { "are" };
    match actions.len() {
        0..=SHOWN => (quoted(actions), verb),
        many => (format!("{} and {} more", quoted(&actions[..SHOWN]), many - SHOWN), verb),
    }
}

/// The entry of a statement that brings one of these actions; its first character where none does by itself.
fn place(policy: Policy<'_>, statement: usize, actions: &[String]) -> Span {
    let Some(placed) = policy.units().get(statement) else { return policy.span() };
    let Some(object) = placed.unit.value.as_object() else { return placed.span() };
    let brings = |pattern: &str| actions.iter().any(|action| wildcard_matches(pattern, action, true));
    let entry = Statement { object }
        .actions()
        .find(|entry| brings(entry.text()) || actions.iter().any(|it| it == entry.text()));
    entry.map_or(object.open(), |entry| entry.string.content_span()).shifted(placed.base)
}
