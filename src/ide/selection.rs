//! Growing selections: word, value, member, container, and so on out.

use super::File;
use crate::syntax::{Kind, ValueRef};
use crate::text::{Source, Span};

/// The ranges around an offset, the innermost first, each within the next.
pub fn around(file: &File<'_>, offset: u32) -> Vec<Span> {
    let mut spans = vec![Span::new(0, Source::len(file.text))];
    let mut next = file.report.parsed.json_value();
    let mut push = |span: Span| {
        if spans.last().is_none_or(|last| last.covers(span) && *last != span) {
            spans.push(span);
        }
    };
    while let Some(value) = next.take().filter(|value| value.span().touches(offset)) {
        push(value.span());
        if value.kind().is_container() {
            let span = value.span();
            let inside = Span::new(span.start + 1, span.end - u32::from(value.is_closed()));
            if inside.touches(offset) {
                push(inside);
            }
        }
        if let Some(member) = value.members().find(|member| member.span().touches(offset)) {
            push(member.span());
            next = member.name().filter(|name| name.span().touches(offset)).or(member.value());
        } else {
            next = value.items().find(|item| item.span().touches(offset));
        }
        if value.kind() == Kind::String
            && let Some(content) = content(value)
            && content.touches(offset)
        {
            push(content);
        }
    }
    spans.reverse();
    spans
}

fn content(string: ValueRef<'_>) -> Option<Span> {
    let span = string.span();
    (span.len() >= 2 && !string.is_malformed()).then(|| Span::new(span.start + 1, span.end - 1))
}
