//! From the protocol's types to ours.

use crate::text::{Position, PositionEncoding, Span, Text};
use tower_lsp::ls_types as proto;

pub fn offset(position: proto::Position, text: &Text, encoding: PositionEncoding) -> u32 {
    text.offset(Position { line: position.line, character: position.character }, encoding)
}

/// `None` where the range ends before it starts. What lies beyond the text is clamped.
pub fn span(range: proto::Range, text: &Text, encoding: PositionEncoding) -> Option<Span> {
    if (range.end.line, range.end.character) < (range.start.line, range.start.character) {
        return None;
    }
    let start = offset(range.start, text, encoding);
    Some(Span::new(start, offset(range.end, text, encoding).max(start)))
}

/// Which code actions a client asks for; all where it does not say.
pub fn actions_wanted(context: &proto::CodeActionContext) -> crate::ide::actions::Wanted {
    crate::ide::actions::Wanted {
        quick_fixes: asks(context, &proto::CodeActionKind::QUICKFIX),
        fix_all: context.only.is_some() && asks(context, &super::capabilities::FIX_ALL),
    }
}

/// Whether a client asks for actions of a kind: those that name none ask for all.
pub fn asks(context: &proto::CodeActionContext, kind: &proto::CodeActionKind) -> bool {
    let Some(only) = &context.only else { return true };
    // `source` asks for `source.fixAll`, too; `source.fixAll.passrole` means ours.
    let kind = kind.as_str();
    only.iter().any(|wanted| {
        let wanted = wanted.as_str();
        wanted.is_empty()
            || wanted == kind
            || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
            || wanted.strip_prefix(kind) == Some(".passrole")
    })
}

/// What a line is indented by, a step.
pub fn indent(options: &proto::FormattingOptions) -> String {
    if options.insert_spaces { " ".repeat(options.tab_size.clamp(1, 16) as usize) } else { "\t".to_string() }
}
