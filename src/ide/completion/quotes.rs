//! Single quotes in JSON, which are none: what they enclose is completed as if they were.

use super::{List, Options, complete};
use crate::host::Parsed;
use crate::ide::File;
use crate::text::{Source, Span, Text};

/// The list inside of single quotes of a JSON file; what is chosen gets the right ones.
pub(super) fn in_single_quotes(file: &File<'_>, offset: u32, options: Options) -> Option<List> {
    if !matches!(file.report.parsed, Parsed::Json(_)) || file.report.documents.is_empty() {
        return None;
    }
    let line = file.text.line_span(file.text.line_of(offset));
    let text = file.text.slice(line);
    let at = (offset - line.start) as usize;
    let before = text.get(..at)?;
    let open = before.rfind('\'')?;
    // It starts a value or a name, and none is open already.
    let is_start =
        before[..open].trim_end().ends_with([':', '[', ',', '{']) || before[..open].trim().is_empty();
    if !is_start || before.matches('"').count() % 2 == 1 || before[open..].contains('"') {
        return None;
    }
    let rest = text.get(at..)?;
    let close = rest.find(['\'', '"', ',', '\n']).filter(|end| rest[*end..].starts_with('\''))? + at;
    let whole = file.text.slice(Span::new(0, Source::len(file.text)));
    let (open, close) = (line.start as usize + open, line.start as usize + close);
    let mut mended = whole.to_string();
    mended.replace_range(open..=open, "\"");
    mended.replace_range(close..=close, "\"");
    let span = Span::new(open as u32, close as u32 + 1);
    let report = file.report.edited_alike(&mended, span, span.len());
    let rope = Text::from(mended.as_str());
    let mut list = complete(&File { text: &rope, report: &report }, offset, options)?;
    if list.replace.start != span.start + 1 || list.replace.end + 1 != span.end {
        return None;
    }
    list.replace = span;
    for item in &mut list.items {
        item.insert = format!("\"{}\"", item.insert);
        item.filter = Some(format!("'{}", item.filter.as_deref().unwrap_or(&item.label)));
    }
    Some(list)
}
