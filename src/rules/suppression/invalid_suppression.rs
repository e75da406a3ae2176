use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Rule, SuppressionFacts, rules_meant};
use crate::suppression::{FaultKind, Verb};

declare_rule! {
    /// Finds suppressions that do not do what they say, or do not say why.
    ///
    /// A suppression keeps a finding from being told, so it has to be read as it is meant: with the names of rules
    /// that exist, a day of the calendar, an end for each start. One that cannot be read suppresses nothing.
    ///
    /// A reason is asked for: in a year nobody knows any more why the finding was right to leave. Without one the
    /// suppression holds all the same, and this is a hint of it.
    pub InvalidSuppression {
        id: "invalid-suppression",
        group: Suppression,
        reads: [Suppressions],
        cases: ["date", "place", "reason", "syntax", "unknown-rule", "unpaired"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a suppression cannot be read, or gives no reason",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for InvalidSuppression {
    fn check_suppressions(&self, facts: &SuppressionFacts<'_>, acc: &mut Findings) {
        for fault in facts.faults {
            match &fault.kind {
                FaultKind::Syntax(expected) => acc
                    .report(fault.span, format!("this suppression is not understood: {expected} is expected here"))
                    .case("syntax")
                    .note("It suppresses nothing. Write `passrole: ignore[rule] until 2027-03-01: reason`; `until` and its day may be left out."),
                FaultKind::Metadata(expected) => acc
                    .report(fault.span, format!("this suppression is not understood: {expected} is expected here"))
                    .case("syntax")
                    .note("Write `Metadata: { passrole: { ignore: [{ rule: …, reason: … }] } }`; `until` and `owner` may stand beside them."),
                FaultKind::Date(text) => acc
                    .report(fault.span, format!("`{text}` is not a day"))
                    .case("date")
                    .note("Write year, month and day: `until 2027-03-01`. Until then the suppression holds without an end."),
                FaultKind::NoReason => acc
                    .report(fault.span, "this suppression gives no reason")
                    .case("reason")
                    .severity(Severity::Hint)
                    .note("Write it behind a colon, as in `ignore[rule]: reason`; in metadata, as `reason`."),
                FaultKind::Unpaired(Verb::End) => acc
                    .report(fault.span, "this `ignore-end` ends no `ignore-start`")
                    .case("unpaired")
                    .note("It ends the last one that is open, and where it names rules, these must be the same."),
                FaultKind::Unpaired(_) => acc
                    .report(fault.span, "this `ignore-start` has no `ignore-end`")
                    .case("unpaired")
                    .note("It suppresses nothing. For the whole file, write `ignore-file` at its head."),
                FaultKind::NotAtHead => acc
                    .report(fault.span, "`ignore-file` must stand at the head of the file")
                    .case("place")
                    .note("It suppresses nothing here. Only comments may stand before it."),
            };
        }
        for (name, span) in facts.list.iter().flat_map(|it| &it.rules) {
            if let Err(unknown) = rules_meant(name) {
                acc.report(*span, unknown.to_string()).case("unknown-rule").note(
                    "It suppresses nothing. `passrole rules` lists the rules; groups cannot be suppressed.",
                );
            }
        }
    }
}
