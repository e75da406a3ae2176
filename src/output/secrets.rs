//! Secrets that stand in a file: no output repeats them.

use crate::text::{Source, Span};
use aho_corasick::{AhoCorasick, MatchKind};
use std::borrow::Cow;

/// Values of at least that many characters are masked wherever else they stand.
const TELLING: usize = 6;

/// Where a text holds secrets, and what they say.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Sorted, and apart from each other.
    spans: Vec<Span>,
    /// Finds what they say elsewhere.
    values: Option<AhoCorasick>,
}

impl Secrets {
    /// Those at the places found, and the same values elsewhere in the text.
    pub fn of(text: &str, found: impl IntoIterator<Item = Span>) -> Secrets {
        let mut spans: Vec<Span> = found.into_iter().filter(|span| !span.is_empty()).collect();
        if spans.is_empty() {
            return Secrets::default();
        }
        let mut values: Vec<String> = Vec::new();
        for span in &spans {
            let value = text.slice(*span);
            if value.chars().count() < TELLING {
                continue;
            }
            // Messages have it without escapes.
            if value.contains('\\') {
                values.extend(serde_json::from_str::<String>(&format!("\"{value}\"")));
            }
            values.push(value.into_owned());
        }
        values.sort();
        values.dedup();
        // It fails for more values than any file of ours can hold.
        let values = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(values).ok();
        if let Some(values) = &values {
            spans.extend(values.find_iter(text).map(|it| Span::new(it.start() as u32, it.end() as u32)));
        }
        spans.sort();
        let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match apart.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => apart.push(span),
            }
        }
        Secrets { spans: apart, values }
    }

    /// Everything but those parts, which are apart from each other.
    pub fn outside(parts: impl IntoIterator<Item = Span>, end: u32) -> Secrets {
        let mut parts: Vec<Span> = parts.into_iter().collect();
        parts.sort();
        let mut spans = Vec::new();
        let mut at = 0;
        for part in parts {
            if part.start > at {
                spans.push(Span::new(at, part.start));
            }
            at = at.max(part.end);
        }
        if at < end {
            spans.push(Span::new(at, end));
        }
        Secrets { spans, values: None }
    }

    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether the byte belongs to a secret.
    pub(super) fn cover(&self, offset: u32) -> bool {
        let next = self.spans.partition_point(|span| span.start <= offset);
        next > 0 && offset < self.spans[next - 1].end
    }

    /// A part of the text with a fixed mark in place of each secret: it does not depend on them.
    pub fn left_out(&self, text: &str, part: Span) -> String {
        let mut out = String::new();
        let mut at = part.start;
        let first = self.spans.partition_point(|span| span.end <= part.start);
        for secret in self.spans[first..].iter().take_while(|secret| secret.start < part.end) {
            out.push_str(&text.slice(Span::new(at, secret.start.max(at))));
            out.push_str("***");
            at = secret.end.min(part.end);
        }
        out.push_str(&text.slice(Span::new(at, part.end.max(at))));
        out
    }

    /// The whole text with a star for each character of a secret.
    pub fn masked(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for (at, char) in text.char_indices() {
            out.push(if self.cover(at as u32) { star(char) } else { char });
        }
        out
    }

    /// What a message says, without the secrets that it repeats.
    pub fn out_of<'t>(&self, words: &'t str) -> Cow<'t, str> {
        let Some(values) = self.values.as_ref().filter(|values| values.is_match(words)) else {
            return Cow::Borrowed(words);
        };
        let mut out = String::with_capacity(words.len());
        let mut at = 0;
        for found in values.find_iter(words) {
            out.push_str(&words[at..found.start()]);
            out.push_str("***");
            at = found.end();
        }
        out.push_str(&words[at..]);
        Cow::Owned(out)
    }
}

/// What stands for a character of a secret; its lines stay lines.
pub(super) fn star(char: char) -> char {
    if matches!(char, '\n' | '\r') { char } else { '*' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let text = "a: Tr0ub4dor\nb: xTr0ub4dory é\n";
        let at = text.find("Tr0").unwrap() as u32;
        let secrets = Secrets::of(text, [Span::new(at, at + 9)]);
        assert_eq!(secrets.masked(text), "a: *********\nb: x*********y é\n");
        assert_eq!(secrets.left_out(text, Span::new(0, text.len() as u32)), "a: ***\nb: x***y é\n");
        assert_eq!(secrets.left_out(text, Span::new(at + 2, at + 4)), "***");
        assert_eq!(secrets.left_out(text, Span::new(0, 2)), "a:");
        assert_eq!(secrets.out_of("`Tr0ub4dor` is short"), "`***` is short");
        assert!(Secrets::of(text, []).is_empty());
    }

    #[test]
    fn a_short_secret_is_masked_at_its_place_only() {
        let secrets = Secrets::of("key: key", [Span::new(5, 8)]);
        assert_eq!(secrets.masked("key: key"), "key: ***");
        assert_eq!(secrets.out_of("the key"), "the key");
    }
}
