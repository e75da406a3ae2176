//! Which findings fail a run though they are no errors: those of rules that were measured.

use super::Edition;
use crate::diagnostic::{Finding, RuleMeta, Severity};

/// How often a rule, or a case of it, was right where whole public repositories were checked.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// `rule`, or `rule/case`.
    pub name: &'static str,
    /// Findings in all.
    pub found: u32,
    /// How many of them somebody read in their files.
    pub read: u32,
    /// How many of these were wrong.
    pub wrong: u32,
    /// The first edition in which it fails a run; `None` where it does not.
    pub gate: Option<&'static str>,
}

/// The day of the measurement.
pub const MEASURED_ON: &str = "2026-11-28";

/// At least so many findings must have been read before a rule is called measured.
pub const LEAST_READ: u32 = 10;

/// In the order of names.
pub const MEASURED: &[Measured] = &[
    Measured { name: "unknown-action", found: 119, read: 119, wrong: 0, gate: Some("2026.2") },
    Measured { name: "unknown-task-field", found: 11, read: 11, wrong: 0, gate: Some("2026.2") },
    Measured { name: "unknown-task-field-value", found: 16, read: 16, wrong: 0, gate: None },
    Measured { name: "wildcard-without-like-operator", found: 11, read: 11, wrong: 0, gate: Some("2026.2") },
];

impl Measured {
    /// Whether at least 99 in 100 of those that were read were right.
    pub fn is_precise(&self) -> bool {
        self.read >= LEAST_READ && self.wrong * 100 <= self.read
    }

    fn is_in_gate(&self, edition: Edition) -> bool {
        self.gate.is_some_and(|since| Edition::named(since).is_ok_and(|since| since <= edition))
    }
}

/// Whether a finding fails a run by `--fail-on gate`.
pub fn fails(finding: &Finding, edition: Edition) -> bool {
    match finding.severity {
        Severity::Error => true,
        Severity::Warning => MEASURED.iter().any(|row| {
            row.is_in_gate(edition)
                && match row.name.split_once('/') {
                    Some((rule, case)) => rule == finding.rule.id && case == finding.case,
                    None => row.name == finding.rule.id,
                }
        }),
        Severity::Info | Severity::Hint => false,
    }
}

/// The cases of a rule whose warnings fail a run, or the rule itself where all do.
pub fn measured_of(rule: &RuleMeta) -> impl Iterator<Item = &'static Measured> + use<> {
    let id = rule.id;
    MEASURED.iter().filter(move |row| {
        row.is_in_gate(Edition::NEWEST) && row.name.split('/').next().is_some_and(|name| name == id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_names_rules_that_are_precise() {
        assert!(MEASURED.is_sorted_by_key(|row| row.name));
        for row in MEASURED {
            let meant = crate::rules::rules_meant(row.name).unwrap();
            assert_eq!(meant.len(), 1, "{}", row.name);
            assert!(row.read <= row.found && row.wrong <= row.read, "{}", row.name);
            assert!(row.gate.is_none() || row.is_precise(), "{} is not measured well enough", row.name);
            assert!(row.gate.is_none_or(|since| Edition::named(since).is_ok()), "{}", row.name);
        }
        assert!(MEASURED.iter().any(|row| row.gate.is_some()));
    }
}
