//! Foldable ranges: objects and arrays that span lines.

use super::File;
use crate::syntax::ValueRef;
use crate::text::Span;

/// The containers of a file of ours, outer ones first.
pub fn folds(file: &File<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    if !file.report.documents.is_empty()
        && let Some(root) = file.report.parsed.json_value()
    {
        collect(root, file, &mut spans);
    }
    spans
}

fn collect(value: ValueRef<'_>, file: &File<'_>, spans: &mut Vec<Span>) {
    if !value.kind().is_container() {
        return;
    }
    let span = value.span();
    if file.text.line_of(span.start) < file.text.line_of(span.end) {
        spans.push(span);
    }
    value.items().for_each(|item| collect(item, file, spans));
    value.members().filter_map(|member| member.value()).for_each(|value| collect(value, file, spans));
}
