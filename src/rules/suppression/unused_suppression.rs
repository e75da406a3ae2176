use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::rules::{Rule, SuppressionFacts, rules_meant};

declare_rule! {
    /// Finds suppressions that suppress nothing.
    ///
    /// What was wrong was mended, or stands on another line. The suppression that stays behind would hide the next
    /// finding of the rule, which nobody has looked at. Take it out.
    ///
    /// Nothing is said of rules that do not run: those that are ignored, not selected, or of a level that is not
    /// asked for.
    pub UnusedSuppression {
        id: "unused-suppression",
        group: Suppression,
        reads: [Suppressions],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a suppression suppresses nothing",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for UnusedSuppression {
    fn check_suppressions(&self, facts: &SuppressionFacts<'_>, acc: &mut Findings) {
        for (suppression, used) in facts.list.iter().zip(facts.used) {
            for ((name, span), is_used) in suppression.rules.iter().zip(used) {
                let runs =
                    rules_meant(name).is_ok_and(|meant| meant.iter().any(|meta| facts.rules.has(meta.id)));
                if runs && !is_used {
                    acc.report(*span, format!("nothing here is found by `{name}`")).note(
                        "Take the name out: left here, it would hide what nobody has looked at. A comment is about the line that it stands on, or about the next one if it stands alone.",
                    );
                }
            }
        }
    }
}
