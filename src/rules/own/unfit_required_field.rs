use super::{Demanded, OwnFacts, Shortfall, asked_by};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::rules::Rule;
use crate::text::all_quoted;

declare_rule! {
    /// Finds a field with another value than your configuration asks for.
    ///
    /// `require` in `.passrole.jsonc` may name the values that a field may have, as patterns with `*` and `?`: the
    /// path of every role, the log drivers of containers, the boundary's ARN.
    ///
    /// ```json
    /// { "require": [{ "of": "role", "field": "Path", "values": ["/apps/*"], "reason": "roles of people stand elsewhere" }] }
    /// ```
    ///
    /// Write one of the values that the finding names.
    ///
    /// See [configuration](../configuration.md#what-must-be-there).
    pub UnfitRequiredField {
        id: "unfit-required-field",
        group: Own,
        reads: [Own],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field has a value that the configuration does not allow",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for UnfitRequiredField {
    fn check_own(&self, facts: &OwnFacts<'_>, acc: &mut Findings) {
        for (requirement, fault) in facts.faults() {
            let Shortfall::Unfit(span, name, value) = fault else { continue };
            let Demanded::Field { values, .. } = &requirement.what else { continue };
            acc.report(
                span,
                format!("`{name}` of the {} is `{value}`: {}", requirement.of.title(), requirement.reason),
            )
            .note(format!("It may be {}. {}", all_quoted(values), asked_by(&requirement.place)));
        }
    }
}
