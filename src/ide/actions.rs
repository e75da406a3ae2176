//! Quick fixes for findings, and all safe ones at once.

use super::File;
use crate::diagnostic::{Finding, Safety};
use crate::text::{Span, TextEdit, edit};

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

/// The actions for what lies in a range, or touches it.
pub fn actions<'a>(file: &File<'a>, span: Span, wanted: Wanted) -> Vec<CodeAction<'a>> {
    let mut actions: Vec<CodeAction<'a>> = Vec::new();
    if wanted.quick_fixes {
        let touched = file
            .report
            .findings
            .iter()
            .filter(|finding| finding.span.start <= span.end && span.start <= finding.span.end);
        for finding in touched {
            let Some(fix) = &finding.fix else { continue };
            let Some(edits) = file.report.text_edits(file.text, fix) else { continue };
            // Two rules that ask for the same repair share one entry.
            let known = actions.iter_mut().find(|known| known.title == *fix.title && known.edits == edits);
            match known {
                Some(known) => known.findings.push(finding),
                None => actions.push(CodeAction {
                    title: fix.title.to_string(),
                    kind: ActionKind::QuickFix,
                    safety: fix.safety,
                    findings: vec![finding],
                    edits,
                }),
            }
        }
    }
    if wanted.fix_all {
        actions.extend(fix_all(file));
    }
    actions
}

/// Every safe fix of the file that does not collide with one before.
fn fix_all<'a>(file: &File<'a>) -> Option<CodeAction<'a>> {
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut findings = Vec::new();
    for finding in &file.report.findings {
        let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safety == Safety::Safe) else { continue };
        let Some(new) = file.report.text_edits(file.text, fix) else { continue };
        if new.iter().all(|new| !edits.iter().any(|old| edit::collide(new, old))) {
            edits.extend(new);
            findings.push(finding);
        }
    }
    edits.sort_by_key(|edit| edit.span);
    (!edits.is_empty()).then(|| CodeAction {
        title: "Apply all safe fixes".to_string(),
        kind: ActionKind::FixAll,
        safety: Safety::Safe,
        findings,
        edits,
    })
}
