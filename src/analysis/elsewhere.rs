//! A repair in another file than the finding's: made, and judged by what both files say then.

use super::gate::Objection;
use super::{Report, check_file};
use crate::diagnostic::Finding;
use crate::host::Strict;
use crate::text::{TextEdit, edit};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The edits of one other file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairElsewhere {
    pub path: PathBuf,
    pub before: String,
    pub after: String,
    pub edits: Vec<TextEdit>,
}

/// The repair of a finding of `text`, the file at `own`, where it is to be made in another file.
pub fn repair(
    workspace: &Workspace,
    own: &Path,
    text: &str,
    finding: &Finding,
) -> Result<RepairElsewhere, Objection> {
    // What the other file says may stand at other places by now.
    let mut own_facts = workspace.facts(own);
    let (own_settings, _) = workspace.settings(own);
    let here = check_file(text, &own_facts, own_settings.kind, &own_settings.rules);
    let is_it = |it: &&Finding| it.rule == finding.rule && it.message == finding.message;
    let finding = here.findings.iter().find(is_it).ok_or(Objection::NoPlace)?;
    let fix = finding.fix.as_ref().ok_or(Objection::NoPlace)?;
    let file = finding.fix_file.as_deref().ok_or(Objection::NoPlace)?;
    let path = workspace.path_of(own, file);
    let before = workspace.text_of(&path).ok_or(Objection::NoPlace)?;
    let (settings, _) = workspace.settings(&path);
    let facts = workspace.facts(&path);
    let there = check_file(&before, &facts, settings.kind, &settings.rules);
    let mut edits = there.writer(&before).text_edits(&fix.edits).ok_or(Objection::NoPlace)?;
    edits.sort_by_key(|edit| edit.span);
    let is_sound = |edit: &TextEdit| before.get(edit.span.as_usize()).is_some();
    if edits.is_empty() || !edits.iter().all(is_sound) {
        return Err(Objection::NoPlace);
    }
    let after = edit::apply(&before, &edits);
    let mended = check_file(&after, &facts, settings.kind, &settings.rules);
    let strict = |text: &str, report: &Report| Strict::of(text, &report.parsed, &report.documents);
    let (strict_before, strict_after) = (strict(&before, &there), strict(&after, &mended));
    if !strict_after.holds_up_to(&strict_before) {
        return Err(Objection::BreaksSyntax);
    }
    if let Some(name) = strict_after.repeats_beyond(&strict_before) {
        return Err(Objection::Repeats(name.into()));
    }
    if mended.documents.len() < there.documents.len() {
        return Err(Objection::LosesDocument);
    }
    brings(&there, &mended, finding)?;
    // What the other file says now reaches this one.
    Arc::make_mut(&mut own_facts.graph).replace(mended.summary.clone());
    let judged = check_file(text, &own_facts, own_settings.kind, &own_settings.rules);
    let same = |report: &Report| report.findings.iter().filter(is_it).count();
    if same(&judged) >= same(&here) {
        return Err(Objection::Stays);
    }
    brings(&here, &judged, finding)?;
    Ok(RepairElsewhere { path, before, after, edits })
}

/// Whether findings came that are as grave as the one that is mended.
fn brings(before: &Report, after: &Report, mended: &Finding) -> Result<(), Objection> {
    let count = |report: &Report, of: &Finding| {
        report.findings.iter().filter(|it| it.rule == of.rule && it.message == of.message).count()
    };
    let came = after
        .findings
        .iter()
        .filter(|it| it.severity >= mended.severity)
        .find(|it| count(after, it) > count(before, it));
    came.map_or(Ok(()), |it| Err(Objection::Brings(it.rule.id)))
}
