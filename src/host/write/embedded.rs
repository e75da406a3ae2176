//! Edits of JSON, or of HCL, that stands in a string of another syntax.

use super::layout::{Comments, Layout};
use super::model::Model;
use crate::host::Edit;
use crate::host::value::StringValue;
use crate::syntax::encode;
use crate::text::{Span, TextEdit};

/// Writes the edits of the document in a string. `escape` keeps what begins a reference in the host from
/// beginning one.
pub(in crate::host) fn embedded(
    layout: &Layout<'_>,
    string: &StringValue,
    model: &Model<'_>,
    edits: &[Edit],
    escape: &dyn Fn(&str) -> String,
) -> Option<Vec<TextEdit>> {
    if !string.is_written() {
        return None;
    }
    let text = &*model.document.inside.as_deref()?.text;
    let place = |span: Span| Span::new(string.decoded_offset(span.start), string.decoded_offset(span.end));
    let mut edits = edits.to_vec();
    edits.iter_mut().for_each(|edit| edit.map_span(place));
    let written = model.text_edits_inside(&edits)?;
    let source = layout.slice(layout.behind_function(string.span), string.span.end);
    // Lines of a block and of a heredoc are the file's lines; those of quoted text are folded.
    let is_lines = source.starts_with(['|', '>']) || source.starts_with("<<");
    let own = Layout { text, whole: text, comments: Comments::Slashes };
    written
        .into_iter()
        .map(|TextEdit { span, text }| {
            // A part of what is filled in later is not ours to change.
            let cuts = |at: u32| string.open_parts().iter().any(|range| range.start < at && at < range.end);
            let place = string.part_at(span);
            if cuts(span.start) || cuts(span.end) || place.is_empty() && !span.is_empty() {
                return None;
            }
            let text = if source.starts_with('"') {
                escape(&encode(&text))
            } else if source.starts_with('\'') {
                text.split(['\n', '\r'])
                    .map(str::trim_start)
                    .collect::<Vec<_>>()
                    .join(" ")
                    .replace('\'', "''")
            } else if is_lines {
                // They start further in than those of the text.
                let within = own.before(span.start).chars().take_while(|char| *char == ' ').count();
                let deeper = layout.indent(place.start).len().saturating_sub(within);
                let line = format!("{}{}", layout.line_break(), " ".repeat(deeper));
                escape(&text).replace("\r\n", "\n").replace(['\n', '\r'], &line)
            } else {
                return None;
            };
            Some(TextEdit { span: place, text })
        })
        .collect()
}
