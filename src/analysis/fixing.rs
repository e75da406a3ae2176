//! Applies fixes.

use super::{FileFacts, RuleSet, check_file};
use crate::diagnostic::{Finding, Safety};
use crate::host::DocumentKind;
use crate::text::{Span, TextEdit, edit};

/// A text after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub text: String,
    /// How many findings were fixed.
    pub count: usize,
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
        finding.fix.as_ref().is_some_and(|fix| match self {
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

/// Applies every wanted fix to a text, again and again until none is left.
pub fn fix_text(
    text: &str,
    facts: &FileFacts,
    kind: Option<DocumentKind>,
    rules: &RuleSet,
    wanted: WantedFixes<'_>,
) -> Fixed {
    let mut fixed = Fixed { text: text.to_string(), count: 0 };
    for _ in 0..ROUNDS {
        let report = check_file(&fixed.text, facts, kind, rules);
        let mut edits: Vec<TextEdit> = Vec::new();
        let mut count = 0;
        for finding in report.findings.iter().filter(|finding| wanted.has(finding)) {
            let Some(fix) = &finding.fix else { continue };
            let Some(new) = report.text_edits(fixed.text.as_str(), fix) else { continue };
            // The same repair asked for twice is made once; one that collides waits for the next round.
            if new.iter().all(|edit| !edits.iter().any(|other| edit::collide(edit, other))) {
                edits.extend(new);
                count += 1;
            }
        }
        if edits.is_empty() {
            break;
        }
        fixed.text = edit::apply(&fixed.text, &edits);
        fixed.count += count;
    }
    fixed
}
