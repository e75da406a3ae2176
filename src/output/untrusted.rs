//! Text that came from a document or a file name, made fit to print.
//!
//! A terminal obeys control characters, and the logs of GitHub Actions and Azure Pipelines obey workflow
//! commands, whoever wrote them. So each format passes what it did not write itself through its function here.

use serde_json::Value;
use std::borrow::Cow;

/// For formats with lines, for terminals and for logs: one line that commands nothing. Tabs stay.
///
/// Each character becomes one character, so that columns stay right.
pub fn line(text: &str) -> Cow<'_, str> {
    let cleaned = characters(text);
    // A command is one at the start of a line only; ARNs have two colons as well.
    let at = command_start(&cleaned);
    if cleaned[at..].starts_with("::") {
        return Cow::Owned(format!("{}{COLON}{}", &cleaned[..at], &cleaned[at + 1..]));
    }
    cleaned
}

/// The same for several lines that were put together of such pieces.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    if !text.split('\n').any(|line| line[command_start(line)..].starts_with("::")) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let at = command_start(line);
            match line[at..].strip_prefix("::") {
                Some(rest) => format!("{}{COLON}:{rest}", &line[..at]),
                None => line.to_string(),
            }
        })
        .collect();
    Cow::Owned(lines.join("\n"))
}

/// A character of that kind, for text whose characters are looked at one by one; `before` is what stands
/// before it.
pub(super) fn character(char: char, before: &str) -> char {
    match char {
        '[' if opens_command(before) => BRACKET,
        '\t' => char,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + char as u32).unwrap_or(REPLACEMENT),
        '\u{7f}' => '\u{2421}',
        char if is_control(char) => REPLACEMENT,
        char => char,
    }
}

/// For XML 1.0: its own signs as entities, nothing that it forbids.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in line(text).chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push(REPLACEMENT),
            other => out.push(other),
        }
    }
    out
}

/// JSON over several lines, with a line end. Readers get every character as it was; a terminal sees
/// escapes.
pub fn json(value: &Value) -> String {
    let text = format!("{value:#}\n");
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        // Outside of strings there is none of these.
        let escaped = char != '\n' && is_control(char) || char == '[' && opens_command(&out);
        if escaped {
            out.push_str(&format!("\\u{:04x}", char as u32));
        } else {
            out.push(char);
        }
    }
    out
}

/// Stands in for the first colon of `::` where a command could start.
const COLON: char = '\u{ff1a}';

/// Stands in for the bracket of `##[` and `##vso[`.
const BRACKET: char = '\u{ff3b}';

const REPLACEMENT: char = '\u{fffd}';

fn characters(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'[') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        let cleaned = character(char, &out);
        out.push(cleaned);
    }
    Cow::Owned(out)
}

/// What a terminal obeys or a viewer takes for a line end, and what turns the order of what is read.
fn is_control(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a bracket behind that makes it `##[`, `##vso[`, `##teamcity[`: those count anywhere in a line.
fn opens_command(before: &str) -> bool {
    before.trim_end_matches(|char: char| char.is_ascii_alphabetic()).ends_with("##")
}

/// Where a command would begin: behind white space and colours.
fn command_start(line: &str) -> usize {
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        match rest.strip_prefix("\u{1b}[").and_then(|it| it.split_once('m')) {
            Some((colours, behind)) if colours.bytes().all(|it| it.is_ascii_digit() || it == b';') => {
                rest = behind;
            }
            _ => return line.len() - rest.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_that_commands_nothing() {
        for (text, expected) in [
            ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket"),
            ("a\tb é", "a\tb é"),
            ("a\n::error::x", "a␊::error::x"),
            ("::error::x", "：:error::x"),
            (" \u{2003}::error::x", " \u{2003}：:error::x"),
            ("a\u{1b}]0;x\u{7}\r\u{7f}", "a␛]0;x␇␍␡"),
            ("\u{9b}31m\u{85}\u{2028}\u{202e}\u{2066}", "\u{fffd}31m\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("x ##[error]y ##vso[task]z #[a] ##-[b]", "x ##［error]y ##vso［task]z #[a] ##-[b]"),
        ] {
            assert_eq!(line(text), expected);
            assert_eq!(line(text).chars().count(), text.chars().count());
        }
        assert_eq!(lines("a\n  ::b\nc\n"), "a\n  ：:b\nc\n");
        assert_eq!(lines("\u{1b}[1m\u{1b}[0m ::b"), "\u{1b}[1m\u{1b}[0m ：:b");
    }

    #[test]
    fn json_reads_as_it_was() {
        let value = serde_json::json!({ "a": ["\u{9b}\u{2028}\u{202e}\u{7f}\n##[error]é", []] });
        let text = json(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        assert!(
            !text.contains(['\u{9b}', '\u{2028}', '\u{202e}', '\u{7f}']) && !text.contains("##["),
            "{text}"
        );
    }

    #[test]
    fn xml_has_nothing_that_it_forbids() {
        assert_eq!(
            xml("<a b=\"&\">\0\u{b}\u{fffe}\u{ffff}\n"),
            "&lt;a b=&quot;&amp;&quot;&gt;␀␋\u{fffd}\u{fffd}␊"
        );
    }
}
