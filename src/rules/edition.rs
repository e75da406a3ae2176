//! Editions: what a configuration that names one goes on getting from later versions of passrole.

use crate::diagnostic::{RuleMeta, Severity};
use crate::text::quoted;

/// Rules that are new, severities that rose and rules that joined the gate after an edition wait for the next one, so
/// that an upgrade turns nothing red. Later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edition(usize);

/// Each with the last version whose rules it has.
const EDITIONS: [(&str, &str); 2] = [("2026.1", "0.1.0"), ("2026.2", "0.2.0")];

/// Rules whose severity rose, with the first edition that has it so, and the severity before.
const RAISED: [(&str, &str, Severity); 3] = [
    ("empty-element", "2026.2", Severity::Warning),
    ("missing-oidc-condition", "2026.2", Severity::Warning),
    ("unused-volume", "2026.2", Severity::Warning),
];

impl Edition {
    pub const NEWEST: Edition = Edition(EDITIONS.len() - 1);

    /// An error says which there are.
    pub fn named(name: &str) -> Result<Edition, String> {
        EDITIONS.iter().position(|(known, _)| *known == name).map(Edition).ok_or_else(|| {
            format!(
                "this passrole ({}) knows the editions {}, not `{name}`",
                env!("CARGO_PKG_VERSION"),
                quoted(Edition::names())
            )
        })
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        EDITIONS.iter().map(|(name, _)| *name)
    }

    pub fn name(self) -> &'static str {
        EDITIONS[self.0].0
    }

    /// Whether it has a rule. What is newer than every edition runs for nobody but who names none.
    pub fn has(self, rule: &RuleMeta) -> bool {
        self == Edition::NEWEST || version(rule.since) <= version(EDITIONS[self.0].1)
    }

    /// The greatest severity that findings of a rule have in it.
    pub fn severity(self, rule: &RuleMeta) -> Severity {
        let before = RAISED
            .iter()
            .filter(|(id, since, _)| *id == rule.id && Edition::named(since).is_ok_and(|since| self < since));
        before.map(|(_, _, severity)| *severity).min().unwrap_or(rule.severity)
    }
}

impl Default for Edition {
    fn default() -> Edition {
        Edition::NEWEST
    }
}

/// The numbers of a version, as they compare.
fn version(text: &str) -> [u32; 3] {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_in_the_newest_edition() {
        let newest = version(EDITIONS[Edition::NEWEST.0].1);
        for rule in crate::rules::all() {
            assert!(version(rule.meta().since) <= newest, "{} waits for an edition", rule.meta().id);
        }
        for (rule, since, before) in RAISED {
            let meta = crate::rules::by_id(rule).unwrap().meta();
            assert!(Edition::named(since).is_ok() && before < meta.severity, "{rule}");
        }
    }

    #[test]
    fn an_edition_has_the_rules_of_its_time() {
        let first = Edition::named("2026.1").unwrap();
        let meta = |id| crate::rules::by_id(id).unwrap().meta();
        assert!(first.has(meta("unknown-action")) && !first.has(meta("unsupported-platform")));
        assert!(Edition::NEWEST.has(meta("unsupported-platform")));
        assert_eq!(first.severity(meta("missing-effect")), Severity::Error);
        assert_eq!(first.severity(meta("unused-volume")), Severity::Warning, "it rose later");
        assert_eq!(Edition::NEWEST.severity(meta("unused-volume")), Severity::Error);
        assert!(version("0.10.0") > version("0.9.1"));
        let error = Edition::named("2027.1").unwrap_err();
        assert!(error.ends_with("knows the editions `2026.1`, `2026.2`, not `2027.1`"), "{error}");
    }
}
