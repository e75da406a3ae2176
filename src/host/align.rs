//! The way back from a string that a parser has decoded to the characters it was decoded from.

use crate::syntax::Run;

/// How a host writes characters that it cannot write as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// None: plain and block scalars.
    None,
    /// A quote is doubled: YAML's single quotes.
    DoubledQuote,
    /// A backslash goes before: YAML's double quotes, HCL's strings.
    Backslash,
}

/// Where the characters of `decoded` stand in `source`, which may be folded and indented; offsets of
/// the runs are those in `source`. `None` where the two do not tell the same.
///
/// White space that is folded away is skipped; what is not white space has to be met in order.
pub(super) fn align(source: &str, decoded: &str, escapes: Escapes) -> Option<Vec<Run>> {
    let (mut s, mut d) = (0, 0);
    let mut runs: Vec<Run> = Vec::new();
    // Where the run that is being built goes on.
    let mut next: Option<(usize, usize)> = None;
    let mut push = |d: usize, s: usize, by: (usize, usize)| {
        if next != Some((d, s)) {
            runs.push(Run { decoded: d as u32, source: s as u32 });
        }
        next = (by.0 == by.1).then_some((d + by.0, s + by.1));
    };
    while d < decoded.len() {
        let (rest, wanted) = (source.get(s..)?, decoded.get(d..)?);
        let want = wanted.chars().next()?;
        let Some(have) = rest.chars().next() else {
            // A final line break that the host adds.
            if wanted.chars().all(char::is_whitespace) {
                push(d, s, (0, 1));
                break;
            }
            return None;
        };
        if escapes == Escapes::Backslash && have == '\\' {
            let (char, length) = unescape(rest)?;
            match char {
                Some(char) if char == want => {
                    push(d, s, (char.len_utf8(), length));
                    d += char.len_utf8();
                    s += length;
                }
                Some(_) => return None,
                // A line that goes on.
                None => s += length,
            }
        } else if escapes == Escapes::Backslash
            && (rest.starts_with("$${") || rest.starts_with("%%{"))
            && wanted.get(1..2) == Some("{")
        {
            push(d, s, (1, 2));
            d += 1;
            s += 2;
        } else if escapes == Escapes::DoubledQuote && rest.starts_with("''") {
            if want != '\'' {
                return None;
            }
            push(d, s, (1, 2));
            d += 1;
            s += 2;
        } else if have == want {
            push(d, s, (want.len_utf8(), want.len_utf8()));
            d += want.len_utf8();
            s += want.len_utf8();
        } else if have.is_whitespace() {
            s += have.len_utf8();
        } else if want.is_whitespace() {
            push(d, s, (1, 0));
            d += want.len_utf8();
        } else {
            return None;
        }
    }
    // The end of the text is a place as well.
    if next != Some((d, s)) {
        runs.push(Run { decoded: d as u32, source: s as u32 });
    }
    Some(runs)
}

/// The character that an escape stands for (`None`: a line break that is left out), and its length.
fn unescape(escape: &str) -> Option<(Option<char>, usize)> {
    let second = escape[1..].chars().next()?;
    let hex = |digits: usize| {
        let code = u32::from_str_radix(escape.get(2..2 + digits)?, 16).ok()?;
        Some((Some(char::from_u32(code)?), 2 + digits))
    };
    let simple = match second {
        'n' => '\n',
        't' | '\t' => '\t',
        'r' => '\r',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return hex(2),
        'u' => return hex(4),
        'U' => return hex(8),
        '\n' => return Some((None, 2)),
        '\r' => return Some((None, if escape[2..].starts_with('\n') { 3 } else { 2 })),
        other => other,
    };
    Some((Some(simple), 1 + second.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::value::StringValue;
    use crate::text::Span;

    /// The source under each occurrence of `part`.
    fn under(source: &str, decoded: &str, escapes: Escapes, part: &str) -> String {
        let span = Span::new(0, source.len() as u32);
        let runs = align(source, decoded, escapes).unwrap().into();
        let string = StringValue::new(decoded, span, Some(runs), Box::default());
        let at = decoded.find(part).unwrap();
        source[string.part(at..at + part.len()).as_usize()].to_string()
    }

    #[test]
    fn decoded_characters_are_found_in_what_they_were_decoded_from() {
        use Escapes::*;
        assert_eq!(under("a\n    b: \"c\"\n", "a\nb: \"c\"\n", None, "\"c\""), "\"c\"");
        assert_eq!(under("one\n   two", "one two", None, "two"), "two");
        assert_eq!(under("it''s é", "it's é", DoubledQuote, "'"), "''");
        assert_eq!(under("it''s é", "it's é", DoubledQuote, "é"), "é");
        assert_eq!(
            under(r#"{\"a\": \"\u0041b\"}"#, "{\"a\": \"Ab\"}", Backslash, "\"Ab\""),
            r#"\"\u0041b\""#
        );
        assert_eq!(under("a\\\n   b", "ab", Backslash, "b"), "b");
        assert_eq!(under("x$${aws:y}", "x${aws:y}", Backslash, "${aws:y}"), "$${aws:y}");
        assert_eq!(align("abc", "abd", None), Option::None);
    }
}
