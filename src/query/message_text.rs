//! The text of messages as AWS wrote it: without the colours, boxes, quotes and line ends of whatever printed it.

use std::borrow::Cow;

/// What programs put in front of lines, and behind them: boxes, comments, quotes.
const MARGINS: [char; 14] = ['│', '┃', '║', '╷', '╵', '|', '#', '>', '╭', '╰', '┆', '╎', '▏', '┊'];

/// One line of a text, with single spaces where it was broken.
pub(super) fn joined(text: &str) -> String {
    let plain = plain(text);
    let lines: Vec<&str> = plain.lines().map(without_margins).collect();
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let mut out = String::with_capacity(plain.len());
    for (number, line) in lines.iter().enumerate() {
        let before = number.checked_sub(1).map(|before| lines[before]);
        if before.is_some_and(|before| !continues(before, line, longest)) {
            out.push(' ');
        }
        // Where it was cut by width alone, a space at its end is one of the text.
        out.push_str(line.trim());
    }
    out
}

/// One line of a text of several, as if words were cut where its lines end; `None` for a text of one line.
pub(super) fn glued(text: &str) -> Option<String> {
    let plain = plain(text);
    let lines: Vec<&str> = plain.lines().map(within_margin).collect();
    (lines.len() > 1).then(|| lines.concat())
}

/// Whether lines end at a width, words or not: all but the last are of one length.
pub(super) fn is_cut(text: &str) -> bool {
    const NARROWEST: usize = 24;
    let plain = plain(text);
    let mut lengths: Vec<usize> = plain.lines().map(|line| within_margin(line).chars().count()).collect();
    let last = lengths.pop().unwrap_or_default();
    lengths
        .first()
        .is_some_and(|width| *width >= NARROWEST && last <= *width && lengths.iter().all(|it| it == width))
}

/// A line behind its margin, with the spaces that are its own.
fn within_margin(line: &str) -> &str {
    let rest = line.trim_start_matches(MARGINS);
    if rest.len() == line.len() { line } else { rest.strip_prefix(' ').unwrap_or(rest) }
}

/// Without colours, with plain quotes and spaces, what JSON, XML and programs escape undone.
fn plain(text: &str) -> String {
    let text = without_colours(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(letter) = rest.chars().next() {
        match letter {
            '\\' => {
                let behind = rest.trim_start_matches('\\');
                let (replacement, length) = escaped(behind);
                out.push_str(replacement);
                rest = &behind[length..];
                continue;
            }
            '&' => {
                if let Some((name, replacement)) = ENTITIES.iter().find(|(name, _)| rest.starts_with(name)) {
                    out.push_str(replacement);
                    rest = &rest[name.len()..];
                    continue;
                }
                out.push('&');
            }
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => out.push('"'),
            '\u{2018}' | '\u{2019}' | '\u{201a}' => out.push('\''),
            '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            '\n' => out.push('\n'),
            space if space.is_whitespace() || space.is_control() => out.push(' '),
            other => out.push(other),
        }
        rest = &rest[letter.len_utf8()..];
    }
    out
}

const ENTITIES: [(&str, &str); 9] = [
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#x22;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

/// What stands behind backslashes, however often it was escaped, and how many bytes of it are done with.
fn escaped(behind: &str) -> (&'static str, usize) {
    const CODES: [(&str, &str); 7] = [
        ("u0022", "\""),
        ("u0027", "'"),
        ("u003c", "<"),
        ("u003C", "<"),
        ("u003e", ">"),
        ("u003E", ">"),
        ("u0026", "&"),
    ];
    if let Some((code, replacement)) = CODES.iter().find(|(code, _)| behind.starts_with(code)) {
        return (replacement, code.len());
    }
    match behind.chars().next() {
        Some('n' | 'r' | 't') => (" ", 1),
        Some('"') => ("\"", 1),
        _ => ("", 0),
    }
}

/// Without the sequences that terminals take for colours.
fn without_colours(text: &str) -> Cow<'_, str> {
    const ESCAPE: char = '\u{1b}';
    if !text.contains([ESCAPE, '\u{9b}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ESCAPE => match letters.next() {
                Some('[') => while letters.next().is_some_and(|it| !('@'..='~').contains(&it)) {},
                // A title or a link ends in a bell or in another escape.
                Some(']') => {
                    while let Some(it) = letters.next() {
                        if it == '\u{7}' || it == ESCAPE && letters.next_if_eq(&'\\').is_some() {
                            break;
                        }
                    }
                }
                _ => {}
            },
            '\u{9b}' => while letters.next().is_some_and(|it| !('@'..='~').contains(&it)) {},
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

fn without_margins(line: &str) -> &str {
    let line = line.trim().trim_start_matches(|it| MARGINS.contains(&it) || it == ' ');
    let line = line.trim_end_matches(['│', '┃', '║', ' ']);
    line.strip_prefix("//").unwrap_or(line).trim_start()
}

/// Whether an ARN was cut at the end of a line, since it was too long for it.
fn continues(before: &str, line: &str, longest: usize) -> bool {
    let last = before.rsplit(' ').next().unwrap_or_default();
    let first = line.split(' ').next().unwrap_or_default();
    let is_day =
        first.as_bytes().get(4) == Some(&b'-') && first.bytes().take(4).all(|it| it.is_ascii_digit());
    last.trim_start_matches(['"', '\'']).starts_with("arn:")
        && before.chars().count() == longest
        && first.starts_with(|it: char| it.is_ascii_alphanumeric() || "/:-_".contains(it))
        && first.contains(['/', '-', '_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        && !is_day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_put_around_a_message_is_taken_away() {
        let message =
            "User: ann is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\"";
        for wrapped in [
            "╷\n│ User: ann is not authorized to\n│ perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\"\n╵",
            "\u{1b}[31mUser: ann \u{1b}[1mis not\u{1b}[0m authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\"",
            "> User: ann is not authorized to perform: s3:GetObject on resource: &quot;arn:aws:s3:::b/k&quot;",
            "User: ann\u{a0}is not authorized to perform: s3:GetObject on resource: \\\\\\\"arn:aws:s3:::b/k\\\\\\\"",
            "User: ann is not authorized to perform: s3:GetObject on resource: \u{201c}arn:aws:s3:::b/k\u{201d}",
        ] {
            assert_eq!(joined(wrapped).trim(), message, "{wrapped:?}");
        }
        assert!(is_cut(
            "User: ann is not authorized to per\nform: s3:GetObject on resource: ar\nn:aws:s3:::b"
        ));
        assert!(!is_cut("User: ann is not authorized to\nperform: s3:GetObject on resource\nx"));
        assert_eq!(
            glued("User: ann is not autho\nrized to").as_deref(),
            Some("User: ann is not authorized to")
        );
        for text in ["", "\u{1b}", "\u{1b}[", "\u{1b}]0;x", "\\", "&", "│", "\\u00"] {
            let _ = joined(text);
        }
    }
}
