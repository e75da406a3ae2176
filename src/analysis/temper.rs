//! Says less where a finding rests on what is only assumed.

use crate::diagnostic::{Finding, Severity};
use crate::host::{Assumed, Document, position_around};
use crate::text::Span;

/// Says less of the findings that rest on a default: another value may be given. Of a document that is looked at with
/// the values that somebody gives, only what rests on these is told.
pub(super) fn temper(found: &mut Vec<Finding>, document: &Document) {
    if found.is_empty() || document.assumed.is_empty() {
        return;
    }
    let mut assumed = document.assumed.clone();
    assumed.sort_by_key(|it| it.span.start);
    found.retain_mut(|finding| {
        let given = temper_one(finding, &assumed);
        !document.is_variant || given
    });
}

/// Whether it rests on what somebody gives. `assumed` is in the order of the text.
fn temper_one(finding: &mut Finding, assumed: &[Assumed]) -> bool {
    let rests_on = |span: Span| {
        let within = assumed.partition_point(|it| it.span.start < span.start);
        let first = assumed.get(within).filter(|it| span.covers(it.span));
        first.or_else(|| position_around(assumed, |it| it.span, span).map(|index| &assumed[index]))
    };
    let found = rests_on(finding.span).or_else(|| finding.related.iter().find_map(|it| rests_on(it.span)));
    let Some(assumed) = found else { return false };
    if !assumed.is_certain {
        finding.severity = finding.severity.min(Severity::Warning);
    }
    // The place is a reference; what it refers to is not ours to change.
    finding.fix = None;
    let more = match &assumed.given_by {
        None => format!("This holds for the default of `{}`; another value may be given.", assumed.name),
        Some(by) if assumed.is_certain => format!("This is so with what {by} gives as `{}`.", assumed.name),
        Some(by) => {
            format!("This holds for what {by} gives as `{}`; another value may be given.", assumed.name)
        }
    };
    finding.note =
        if finding.note.is_empty() { more.into() } else { format!("{} {more}", finding.note).into() };
    assumed.given_by.is_some()
}
