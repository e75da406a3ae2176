//! The word that is being typed: it is not judged while it can still become right.

use super::File;
use super::completion::{self, Options};
use crate::catalog;
use crate::diagnostic::Finding;
use crate::host::DocumentKind;
use crate::text::{Source, Span};

/// The findings that are left out while somebody types at an offset: those of a word that is the beginning of
/// something known, and those of what the statement or container around it still lacks.
pub fn unfinished(file: &File<'_>, offset: u32) -> impl Fn(&Finding) -> bool {
    let findings = &file.report.findings;
    let is_touched = findings.iter().any(|finding| finding.span.touches(offset));
    let is_begun = is_touched && can_become_right(file, offset);
    let units = file.report.documents.iter().flat_map(|document| &document.units);
    let around = units.map(|unit| unit.span()).find(|span| span.touches(offset));
    move |finding: &Finding| {
        let is_word = is_begun && finding.span.touches(offset) && finding.span.len() < 200;
        let is_lack = finding.rule.id.starts_with("missing-") || finding.rule.id == "empty-element";
        is_word || is_lack && around.is_some_and(|around| around.covers(finding.span))
    }
}

/// Whether a word that is no action is the beginning of one, as completion would tell, without a list of all;
/// `None` where the word is something else.
fn begins_an_action(file: &File<'_>, offset: u32) -> Option<bool> {
    let is_of_action =
        |finding: &Finding| finding.rule.id == "unknown-action" && finding.span.touches(offset);
    let finding = file.report.findings.iter().find(|finding| is_of_action(finding))?;
    let is_other = file.report.document_at(finding.span)?.kind == DocumentKind::Trust;
    let before = file.text.slice(Span::new(file.text.floor(offset.saturating_sub(LONGEST)), offset));
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == ':';
    let word = &before[before.trim_end_matches(is_part).len()..];
    let (prefix, name) = word.split_once(':').filter(|_| !is_other)?;
    let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let service = catalog::service(prefix).filter(|_| is_plain)?;
    Some(service.actions_starting_with(name).next().is_some())
}

/// No action is longer.
const LONGEST: u32 = 120;

/// Whether what stands before an offset is the beginning of something that completion knows.
fn can_become_right(file: &File<'_>, offset: u32) -> bool {
    if let Some(begins) = begins_an_action(file, offset) {
        return begins;
    }
    let Some(list) = completion::complete(file, offset, Options::default()) else { return false };
    let end = offset.min(Source::len(file.text));
    let typed =
        file.text.slice(Span::new(list.replace.start, end.max(list.replace.start))).to_ascii_lowercase();
    let typed = typed.trim_start_matches(['"', '\'']);
    list.items.iter().any(|item| item.label.to_ascii_lowercase().starts_with(typed))
}
