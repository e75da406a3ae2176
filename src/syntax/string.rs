//! JSON strings: escapes resolved, with the way back; and text written as a string's content.

/// From here on, decoded and source bytes run side by side, until the next run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Byte offset in the decoded text.
    pub decoded: u32,
    /// Byte offset in the token, its opening quote being 0.
    pub source: u32,
}

/// What a string token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// Empty where the decoded text stands right behind the quote, byte for byte.
    pub runs: Vec<Run>,
}

/// Decodes a string token, its quotes included; the closing one may be missing. A bad escape and a
/// lone surrogate become U+FFFD.
pub fn decode(token: &str) -> Decoded {
    let content = token.strip_prefix('"').unwrap_or(token);
    let quote = token.len() - content.len();
    if !content.contains('\\') {
        let content = content.strip_suffix('"').unwrap_or(content);
        return Decoded { text: content.to_string(), runs: Vec::new() };
    }
    let mut text = String::with_capacity(content.len());
    let mut runs = vec![Run { decoded: 0, source: quote as u32 }];
    let mut rest = content;
    while let Some(at) = rest.find(['\\', '"']) {
        text.push_str(&rest[..at]);
        let escape = &rest[at..];
        if escape.starts_with('"') {
            rest = "";
            break;
        }
        let source = token.len() - escape.len();
        runs.push(Run { decoded: text.len() as u32, source: source as u32 });
        let (decoded, length) = unescape(escape);
        text.push(decoded);
        rest = &escape[length..];
        runs.push(Run { decoded: text.len() as u32, source: (source + length) as u32 });
    }
    text.push_str(rest);
    runs.dedup_by(|later, earlier| {
        // Two escapes in a row: the run between them is empty.
        let empty = later.decoded == earlier.decoded;
        if empty {
            *earlier = *later;
        }
        empty
    });
    Decoded { text, runs }
}

/// The character an escape stands for, and the escape's length in bytes.
fn unescape(escape: &str) -> (char, usize) {
    let simple = match escape.as_bytes().get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(escape),
        Some(byte) if *byte < 0x80 => return (char::REPLACEMENT_CHARACTER, 2),
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    (simple, 2)
}

fn unicode(escape: &str) -> (char, usize) {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            u32::from_str_radix(digits, 16).ok()
        } else {
            None
        }
    };
    let Some(first) = unit(escape) else { return (char::REPLACEMENT_CHARACTER, 2) };
    if (0xD800..0xDC00).contains(&first)
        && let Some(second) = escape.get(6..).and_then(unit)
        && (0xDC00..0xE000).contains(&second)
        && let Some(pair) = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    {
        return (pair, 12);
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

/// The content of a JSON string that says `text`, without quotes.
pub fn encode(text: &str) -> String {
    let mut content = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '"' => content.push_str("\\\""),
            '\\' => content.push_str("\\\\"),
            '\n' => content.push_str("\\n"),
            '\r' => content.push_str("\\r"),
            '\t' => content.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                content.push_str(&format!("\\u{:04x}", control as u32));
            }
            other => content.push(other),
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_decode_with_the_way_back() {
        let decoded = decode(r#""a\u0041\n\"é""#);
        assert_eq!(decoded.text, "aA\n\"é");
        let runs: Vec<(u32, u32)> = decoded.runs.iter().map(|run| (run.decoded, run.source)).collect();
        assert_eq!(runs, [(0, 1), (1, 2), (2, 8), (3, 10), (4, 12)]);
        assert_eq!(decode(r#""\ud83d\ude00""#).text, "😀");
        assert_eq!(decode(r#""\ud83d""#).text, "\u{fffd}");
        assert_eq!(decode(r#""open"#).text, "open");
        assert_eq!(decode(r#""open\"#).text, "open\u{fffd}");
        assert_eq!(decode(r#""bad\x""#).text, "bad\u{fffd}");
        assert_eq!(decode(r#""""#).text, "");
        assert_eq!(decode("\"").text, "");
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        let text = "\u{1}\t\"\\é😀/\n";
        assert_eq!(decode(&format!("\"{}\"", encode(text))).text, text);
    }
}
