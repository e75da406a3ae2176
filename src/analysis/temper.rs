//! Says less where a finding rests on what is only assumed.

use crate::diagnostic::{Finding, Severity};
use crate::host::{Assumed, Document, position_around};
use crate::text::Span;

/// Says less of the findings that rest on a default: another value may be given.
pub(super) fn temper(found: &mut [Finding], document: &Document) {
    if found.is_empty() || document.assumed.is_empty() {
        return;
    }
    let mut assumed = document.assumed.clone();
    assumed.sort_by_key(|it| it.span.start);
    found.iter_mut().for_each(|finding| temper_one(finding, &assumed));
}

/// `assumed` is in the order of the text.
fn temper_one(finding: &mut Finding, assumed: &[Assumed]) {
    let rests_on = |span: Span| {
        let within = assumed.partition_point(|it| it.span.start < span.start);
        let first = assumed.get(within).filter(|it| span.covers(it.span));
        first.or_else(|| position_around(assumed, |it| it.span, span).map(|index| &assumed[index]))
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
