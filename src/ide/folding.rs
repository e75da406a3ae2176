//! Foldable ranges: objects and arrays that span lines; in YAML and HCL what stands further in than a line.

use super::File;
use crate::host::Parsed;
use crate::syntax::ValueRef;
use crate::text::{Source, Span};

/// The ranges of a file of ours, outer ones first; the last line of each stays in view. `None` in files that
/// are none of ours: editors then fold by themselves.
pub fn folds(file: &File<'_>) -> Option<Vec<Span>> {
    if file.report.documents.is_empty() {
        return None;
    }
    match &file.report.parsed {
        Parsed::Json(_) => {
            let mut spans = Vec::new();
            collect(file.report.parsed.json_value()?, file, &mut spans);
            Some(spans)
        }
        Parsed::Yaml(_) | Parsed::Terraform(_) => Some(by_indentation(file)),
        Parsed::AgentConfig(_) | Parsed::Markdown(_) => None,
    }
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

/// From the end of each line to the line behind the last one that stands further in.
fn by_indentation(file: &File<'_>) -> Vec<Span> {
    let text = file.text.slice(Span::new(0, Source::len(file.text)));
    let mut spans: Vec<Span> = Vec::new();
    // Lines that are still open: their indentation, and where they end.
    let mut open: Vec<(usize, u32)> = Vec::new();
    let (mut at, mut last_end) = (0u32, 0u32);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len() as u32;
        let content = line.trim_end();
        if content.trim().is_empty() {
            continue;
        }
        let depth = content.len() - content.trim_start().len();
        while let Some((_, end)) = open.pop_if(|(known, _)| *known >= depth) {
            if last_end > end {
                spans.push(Span::new(end, last_end));
            }
        }
        open.push((depth, start + content.len() as u32));
        last_end = at;
    }
    for (_, end) in open.into_iter().rev() {
        if last_end > end {
            spans.push(Span::new(end, last_end));
        }
    }
    spans.retain(|span| {
        file.text.line_of(span.start) + 1 < file.text.line_of(span.end).max(1) || span.end == at
    });
    spans.sort();
    spans
}
