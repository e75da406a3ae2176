//! The word that is being typed: it is not judged while it can still become right.

use super::File;
use super::completion::{self, Options};
use crate::diagnostic::Finding;
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

/// Whether what stands before an offset is the beginning of something that completion knows.
fn can_become_right(file: &File<'_>, offset: u32) -> bool {
    let Some(list) = completion::complete(file, offset, Options::default()) else { return false };
    let end = offset.min(Source::len(file.text));
    let typed =
        file.text.slice(Span::new(list.replace.start, end.max(list.replace.start))).to_ascii_lowercase();
    let typed = typed.trim_start_matches(['"', '\'']);
    list.items.iter().any(|item| item.label.to_ascii_lowercase().starts_with(typed))
}
