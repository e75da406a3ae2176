//! Applies fixes.

use super::gate::{Gate, Refused};
use super::{FileFacts, RuleSet, check_file};
use crate::diagnostic::{Finding, Safety};
use crate::host::DocumentKind;
use crate::text::Span;

/// A text after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub text: String,
    /// How many findings are gone.
    pub count: usize,
    /// The fixes that are left and did not pass the gate.
    pub refused: Vec<Refused>,
}

/// Which fixes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedFixes<'a> {
    Safe,
    /// The safe ones and the unsafe ones.
    Unsafe,
    /// Those of one rule that add access, and no others; at one place, where one is given.
    Grants {
        rule: &'a str,
        at: Option<Span>,
    },
}

impl WantedFixes<'_> {
    pub fn has(self, finding: &Finding) -> bool {
        // What is mended in another file is mended by itself: see `elsewhere`.
        finding.fix.as_ref().filter(|_| finding.fix_file.is_none()).is_some_and(|fix| match self {
            WantedFixes::Safe => fix.safety == Safety::Safe,
            WantedFixes::Unsafe => fix.safety != Safety::Grants,
            WantedFixes::Grants { rule, at } => {
                fix.safety == Safety::Grants
                    && finding.rule.id == rule
                    && at.is_none_or(|at| finding.span == at)
            }
        })
    }
}

/// Rounds of fixing: a fix may make room for another, but none should need more.
const ROUNDS: usize = 10;

/// Makes every wanted fix that passes the gate, again and again as long as the findings lessen.
pub fn fix_text(
    text: &str,
    facts: &FileFacts,
    kind: Option<DocumentKind>,
    rules: &RuleSet,
    wanted: WantedFixes<'_>,
) -> Fixed {
    let report = check_file(text, facts, kind, rules);
    let mut count = 0;
    let mut refused = Vec::new();
    if !report.findings.iter().any(|finding| wanted.has(finding)) {
        return Fixed { text: text.to_string(), count, refused };
    }
    let mut gate = Gate::new(text.to_string(), report);
    for _ in 0..ROUNDS {
        refused.clear();
        let findings = gate.report().findings.iter().enumerate();
        let wanted: Vec<usize> =
            findings.filter(|(_, finding)| wanted.has(finding)).map(|(index, _)| index).collect();
        let candidates = gate.candidates(wanted, &mut refused);
        let outcome = gate.offer(candidates);
        refused.extend(outcome.refused);
        count += outcome.gone.total();
        // Fewer, or less grave.
        if outcome.gone <= outcome.came {
            break;
        }
    }
    Fixed { text: gate.into_text(), count, refused }
}
