//! Texts as scalars of YAML: plain where every reader takes them for that text, else quoted.

use crate::syntax::encode;

/// Whether YAML reads it as that text without quotes, in either of its versions: what 1.1 takes for a
/// date, a number in base 60 or a truth is quoted.
pub(in crate::host) fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    !text.is_empty()
        && text.trim() == text
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text
            .chars()
            .any(|char| char.is_control() || matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
        && first.is_some_and(|first| !"-?:,[]{}#&*!|>'\"%@`=<~.".contains(first))
        && !is_word(text)
        && !is_number(text)
        && !is_date(text)
}

/// The same between brackets, where commas and brackets end a text.
pub(super) fn is_plain_in_flow(text: &str) -> bool {
    is_plain(text) && !text.contains([',', '[', ']', '{', '}'])
}

pub(super) fn written(text: &str) -> String {
    if is_plain(text) { text.to_string() } else { quoted(text) }
}

pub(super) fn written_in_flow(text: &str) -> String {
    if is_plain_in_flow(text) { text.to_string() } else { quoted(text) }
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", encode(text))
}

fn is_word(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n" | "inf" | "nan"
    )
}

/// Whole numbers in any base, with underscores, fractions, exponents, and `1:30:00`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).replace('_', "");
    digits.parse::<f64>().is_ok()
        || text.starts_with(|first: char| first.is_ascii_digit() || first == '+')
            && (digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
                || ["0x", "0X", "0o", "0O", "0b", "0B"].iter().any(|base| {
                    digits
                        .strip_prefix(base)
                        .is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()))
                }))
}

/// `2012-10-17`, with a time behind or without.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let is_part = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|it| lengths.contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_part(parts.next(), 4..=4)
        && is_part(parts.next(), 1..=2)
        && parts.next().is_some_and(|day| day.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_of_yaml_would_retype_is_quoted() {
        let retyped = [
            "2012-10-17",
            "2001-1-1",
            "2012-10-17T00:00:00Z",
            "yes",
            "No",
            "ON",
            "off",
            "y",
            "null",
            "~",
            "",
            "=",
            "<<",
            "1",
            "-1",
            "+1",
            "1_000",
            "012",
            "0o17",
            "0x1F",
            "0b1",
            "1:30",
            "1:30:00",
            "1.5",
            "1e3",
            ".5",
            ".inf",
            "-.INF",
            ".nan",
            "a: b",
            "a:",
            "a #b",
            " a",
            "a ",
            "- a",
            "*",
            "&a",
            "!a",
            "@a",
            "`a",
            "%a",
            "{a",
            "[a",
            "---",
            "a\nb",
            "a\tb",
        ];
        for text in retyped {
            assert!(!is_plain(text), "{text}");
        }
        for text in
            ["a", "s3:GetObject", "arn:aws:s3:::b/*", "111a", "größe", "a#b", "o-1", "2012", "1.2.3.4/32"]
        {
            assert_eq!(is_plain(text), text != "2012", "{text}");
        }
        assert!(!is_plain_in_flow("a,b") && is_plain_in_flow("s3:GetObject"));
    }
}
