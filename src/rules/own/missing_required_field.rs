use super::{OwnFacts, Shortfall, asked_by};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::rules::Rule;

declare_rule! {
    /// Finds a role, user, managed policy, task definition or service that lacks what your configuration asks for.
    ///
    /// `require` in `.passrole.jsonc` names fields and tags that must be there, each with a reason: a permissions
    /// boundary on every role, a log driver in every container, a tag with the team.
    ///
    /// ```json
    /// { "require": [{ "of": "role", "field": "PermissionsBoundary", "reason": "every role has our boundary" }] }
    /// ```
    ///
    /// Add what the finding names. A field that a template or another file fills in later counts as there.
    ///
    /// See [configuration](../configuration.md#what-must-be-there).
    pub MissingRequiredField {
        id: "missing-required-field",
        group: Own,
        reads: [Own],
        cases: ["field", "tag"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field that the configuration requires is not there",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for MissingRequiredField {
    fn check_own(&self, facts: &OwnFacts<'_>, acc: &mut Findings) {
        for (requirement, fault) in facts.faults() {
            let Shortfall::Absent(span, name) = fault else { continue };
            let case = if name.starts_with("tag") { "tag" } else { "field" };
            acc.report(span, format!("the {} has no {name}: {}", requirement.of.title(), requirement.reason))
                .note(asked_by(&requirement.place))
                .case(case);
        }
    }
}
