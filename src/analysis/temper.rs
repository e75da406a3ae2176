//! Says less where a finding rests on what is only assumed.

use crate::diagnostic::{Finding, Severity};
use crate::host::Document;

/// Says less of a finding that rests on a default: another value may be given.
pub(super) fn temper(finding: &mut Finding, document: &Document) {
    let rests_on = |span: crate::text::Span| {
        document.assumed.iter().find(|assumed| span.covers(assumed.span) || assumed.span.covers(span))
    };
    let found = rests_on(finding.span).or_else(|| finding.related.iter().find_map(|it| rests_on(it.span)));
    let Some(assumed) = found else { return };
    finding.severity = finding.severity.min(Severity::Warning);
    // The place is a reference; what it refers to is not ours to change.
    finding.fix = None;
    let more = format!("This holds for the default of `{}`; another value may be given.", assumed.name);
    finding.note =
        if finding.note.is_empty() { more.into() } else { format!("{} {more}", finding.note).into() };
}
