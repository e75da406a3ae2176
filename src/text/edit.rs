//! Edits of a text.

use super::Span;

/// Other text in place of a range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub span: Span,
    pub text: String,
}

/// Whether two edits cannot both be made: they overlap, or insert at the same place.
pub fn collide(a: &TextEdit, b: &TextEdit) -> bool {
    let (first, second) = if a.span.start <= b.span.start { (a, b) } else { (b, a) };
    first.span.end > second.span.start || first.span.start == second.span.start
}

/// The text after edits that do not collide, in any order. Borders that lie inside of a character, or beyond the
/// end, move to the nearest before.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut edits: Vec<&TextEdit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let start = text.floor_char_boundary(edit.span.start as usize).max(at);
        out.push_str(&text[at..start]);
        out.push_str(&edit.text);
        at = text.floor_char_boundary(edit.span.end as usize).max(start);
    }
    out.push_str(&text[at..]);
    out
}
