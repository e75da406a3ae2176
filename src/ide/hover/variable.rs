//! Policy variables inside of a text: `${aws:username}`.

use super::{Hover, pages};
use crate::catalog;
use crate::ide::{File, place, prose};
use crate::text::{Source, Span};
use std::fmt::Write;

/// About the variable at an offset.
pub(super) fn about(file: &File<'_>, offset: u32) -> Option<Hover> {
    let line = file.text.line_span(file.text.line_of(offset));
    let text = file.text.slice(line);
    let at = offset.min(line.end).saturating_sub(line.start) as usize;
    let start = text.get(..at)?.rfind("${").max(text.get(..at)?.rfind("&{"))?;
    let end = at + text.get(at..)?.find('}')?;
    let inside = text.get(start + 2..end).filter(|inside| !inside.contains(['{', '"', ' ', '\n']))?;
    // `${!…}` is what `Fn::Sub` leaves for IAM; behind a comma stands a default.
    let name = inside.trim_start_matches('!').split(',').next().unwrap_or_default();
    let key = catalog::condition_key(name)?;
    let place = place::place(file, offset, false)?;
    let names = place.names();
    let takes =
        matches!(names[..], ["Statement", "Resource" | "NotResource"] | ["Statement", "Condition", _, _]);
    if !takes || !place.document.kind.is_policy() {
        return None;
    }
    let mut markdown = format!("**${{{name}}}** · policy variable");
    if let Some(prose) = prose::condition_key(key.name()) {
        let _ = write!(markdown, "\n\n{prose}");
    }
    markdown.push_str(
        "\n\nWhere a request has no such key, nothing matches, unless a default stands behind a comma.",
    );
    if let Some(page) = pages::of_key(name) {
        let _ = write!(markdown, "\n\n[IAM User Guide]({page})");
    }
    let span = Span::new(line.start + start as u32, line.start + end as u32 + 1);
    Some(Hover { span, markdown })
}
