//! Edits of a text.

use super::Span;
use std::collections::BTreeMap;

/// Other text in place of a range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub span: Span,
    pub text: String,
}

/// Edits that can all be made: none overlap, and none insert at the same place.
#[derive(Debug, Clone, Default)]
pub struct Disjoint {
    /// The end of each by its start.
    ends: BTreeMap<u32, u32>,
}

impl Disjoint {
    /// Takes edits in; all or, where one collides with another, none.
    pub fn add(&mut self, edits: &[TextEdit]) -> bool {
        for (index, edit) in edits.iter().enumerate() {
            if self.collides(edit.span) {
                for edit in &edits[..index] {
                    self.ends.remove(&edit.span.start);
                }
                return false;
            }
            self.ends.insert(edit.span.start, edit.span.end);
        }
        true
    }

    fn collides(&self, span: Span) -> bool {
        let before = self.ends.range(..=span.start).next_back();
        let behind = self.ends.range(span.start..).next();
        before.is_some_and(|(start, end)| *start == span.start || *end > span.start)
            || behind.is_some_and(|(start, _)| *start < span.end)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_that_collide_are_left_out_whole() {
        let edit = |start, end| TextEdit { span: Span::new(start, end), text: String::new() };
        let mut taken = Disjoint::default();
        assert!(taken.add(&[edit(4, 6), edit(10, 10)]));
        for (other, fits) in [
            (vec![edit(4, 4)], false),
            (vec![edit(5, 5)], false),
            (vec![edit(3, 5)], false),
            (vec![edit(0, 20)], false),
            (vec![edit(9, 11)], false),
            (vec![edit(10, 12)], false),
            (vec![edit(0, 1), edit(5, 6)], false),
            (vec![edit(1, 1), edit(1, 2)], false),
            (vec![edit(2, 4), edit(6, 7), edit(11, 12)], true),
            (vec![edit(0, 1)], true),
        ] {
            assert_eq!(taken.add(&other), fits, "{other:?}");
        }
    }
}
