//! Quick fixes for findings, and all safe ones at once.

use super::File;
use crate::analysis::WantedFixes;
use crate::analysis::gate::{Gate, Refused};
use crate::diagnostic::{Finding, Safety};
use crate::text::{Span, TextEdit};

/// Which actions are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub quick_fixes: bool,
    pub fix_all: bool,
}

#[derive(Debug, Clone)]
pub struct CodeAction<'a> {
    pub title: String,
    pub kind: ActionKind,
    pub safety: Safety,
    /// What it repairs.
    pub findings: Vec<&'a Finding>,
    /// In the order of the text; none collide.
    pub edits: Vec<TextEdit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    QuickFix,
    FixAll,
}

/// What is offered, and the fixes that are not.
#[derive(Debug, Clone, Default)]
pub struct Actions<'a> {
    pub offered: Vec<CodeAction<'a>>,
    pub refused: Vec<Refused>,
}

/// The actions for what lies in a range, or touches it.
pub fn actions<'a>(file: &File<'a>, span: Span, wanted: Wanted) -> Actions<'a> {
    let mut actions = Actions::default();
    let findings = file.report.findings.iter().enumerate();
    let quick = |finding: &Finding| {
        wanted.quick_fixes
            && finding.fix.is_some()
            && finding.fix_file.is_none()
            && finding.span.start <= span.end
            && span.start <= finding.span.end
    };
    let touched: Vec<usize> =
        findings.clone().filter(|(_, finding)| quick(finding)).map(|(index, _)| index).collect();
    let all: Vec<usize> = findings
        .filter(|(_, finding)| wanted.fix_all && WantedFixes::Safe.has(finding))
        .map(|(index, _)| index)
        .collect();
    if touched.is_empty() && all.is_empty() {
        return actions;
    }
    let mut gate = Gate::new(file.text.to_string(), file.report.clone());
    quick_fixes(file, touched, &mut gate, &mut actions);
    let candidates = gate.candidates(all, &mut actions.refused);
    let mut outcome = gate.offer(candidates);
    outcome.accepted.sort_by_key(|candidate| candidate.finding);
    let findings =
        outcome.accepted.iter().map(|candidate| &file.report.findings[candidate.finding]).collect();
    let mut edits: Vec<TextEdit> =
        outcome.accepted.into_iter().flat_map(|candidate| candidate.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    actions.refused.extend(outcome.refused);
    if !edits.is_empty() {
        actions.offered.push(CodeAction {
            title: "Apply all safe fixes".to_string(),
            kind: ActionKind::FixAll,
            safety: Safety::Safe,
            findings,
            edits,
        });
    }
    actions
}

/// The fixes of those findings, each by itself.
fn quick_fixes<'a>(file: &File<'a>, touched: Vec<usize>, gate: &mut Gate, actions: &mut Actions<'a>) {
    for candidate in gate.candidates(touched, &mut actions.refused) {
        let finding = &file.report.findings[candidate.finding];
        let Some(fix) = &finding.fix else { continue };
        let title = title(&fix.title, fix.safety);
        // Two rules that ask for the same repair share one entry.
        let known =
            actions.offered.iter().position(|known| known.title == title && known.edits == candidate.edits);
        if let Err(why) = gate.judge(&candidate) {
            actions.refused.push(Refused { rule: finding.rule.id, why });
            continue;
        }
        match known {
            Some(known) => actions.offered[known].findings.push(finding),
            None => actions.offered.push(CodeAction {
                title,
                kind: ActionKind::QuickFix,
                safety: fix.safety,
                findings: vec![finding],
                edits: candidate.edits,
            }),
        }
    }
}

/// A fix that adds access says so, and that somebody may have left the access out on purpose.
pub fn title(title: &str, safety: Safety) -> String {
    if safety == Safety::Grants && !title.contains("adds access") {
        return format!("{title} (adds access; the denial may be intended)");
    }
    title.to_string()
}
