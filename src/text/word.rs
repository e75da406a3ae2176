//! The word at a place of a text: what a parser's "here" is shown as.

use super::Span;

/// What stands at a byte up to the next white space; where that is white space or the end, the last word before.
/// A place inside of a character or beyond the end is moved to the nearest border before.
pub fn word_at(text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at);
    let end = text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length);
    if end > at {
        return Span::new(at as u32, end as u32);
    }
    let before = text[..at].trim_end();
    // What white space there is takes more than one byte, too.
    let start = before.trim_end_matches(|char: char| !char.is_whitespace()).len();
    Span::new(start as u32, before.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_at_white_space_of_any_width() {
        let text = "a\u{85}bé\u{2028} c\u{2003}";
        let word = |at: usize| &text[word_at(text, at).as_usize()];
        assert_eq!(word(0), "a");
        assert_eq!(word(text.find('b').unwrap()), "bé");
        for inside in 1..=2 {
            assert_eq!(word(inside), "a", "{inside}");
        }
        assert_eq!(word(text.find('c').unwrap() - 1), "bé");
        assert_eq!(word(text.len()), "c");
        assert_eq!(word(text.len() + 9), "c");
        assert_eq!(word_at("", 3), Span::new(0, 0));
    }
}
