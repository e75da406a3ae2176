//! The commas that a new member or item needs: what is valid stays so when a completion is taken.

use crate::ide::File;
use crate::ide::place::{Notation, Place, Slot, Step, TypedText};
use crate::text::{Source, Span};

/// How far to look for the neighbours, in bytes.
const REACH: u32 = 2048;

/// What a completion has to write beside itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Commas {
    /// Where one is to be written behind the neighbour before.
    pub before: Option<u32>,
    /// Whether one is to follow what is completed.
    pub behind: bool,
}

/// `typed` is what the completion replaces.
pub(super) fn around(file: &File<'_>, place: &Place<'_>, typed: &TypedText) -> Commas {
    let is_new = match place.slot {
        Slot::Name { has_colon } => !has_colon,
        // What follows a closed string cannot be written within its quotes.
        Slot::Value => !typed.closed,
    };
    if !is_new {
        return Commas::default();
    }
    if place.notation != Notation::Json {
        return Commas { before: typed.comma_before, behind: typed.lacks_comma };
    }
    let is_element = matches!(place.slot, Slot::Name { .. }) || place.path.last() == Some(&Step::Item);
    let start = typed.replace.start - u32::from(typed.opened);
    let before = file.text.slice(Span::new(start.saturating_sub(REACH), start));
    let before = without_space(&before, start);
    let behind = file.text.slice(Span::new(typed.replace.end, typed.replace.end + REACH));
    Commas { before: before.filter(|_| is_element), behind: typed.lacks_comma || begins_another(&behind) }
}

/// Where the value ends that stands before; `None` where none does, or a comma behind it.
fn without_space(before: &str, end: u32) -> Option<u32> {
    let mut rest = before;
    loop {
        rest = rest.trim_end();
        if let Some(comment) = rest.strip_suffix("*/") {
            rest = &comment[..comment.rfind("/*")?];
            continue;
        }
        let line = rest.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        match line_comment(&rest[line..]) {
            Some(at) => rest = &rest[..line + at],
            None => break,
        }
    }
    let last = rest.chars().next_back()?;
    let ends_value = matches!(last, '"' | '}' | ']') || last.is_alphanumeric();
    ends_value.then(|| end - (before.len() - rest.len()) as u32)
}

/// Where a comment begins that takes the rest of a line.
fn line_comment(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'/' if !in_string && bytes.get(at + 1) == Some(&b'/') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether what follows is a member or an item, without a comma before it.
fn begins_another(behind: &str) -> bool {
    let mut rest = behind;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once(['\n', '\r']).map_or("", |(_, next)| next);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, next)| next);
        } else {
            return rest
                .starts_with(|char: char| char.is_alphanumeric() || matches!(char, '"' | '{' | '[' | '-'));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_found_behind_space_and_comments() {
        for (before, expected) in [
            ("{ \"a\": 1 ", Some(8)),
            ("{ \"a\": \"//x\" // \"\n /* , */ ", Some(12)),
            ("{ \"a\": true, // 1\n", None),
            ("{ ", None),
            ("", None),
            ("[ {} /* x */\n", Some(4)),
            ("{ \"a\": ", None),
        ] {
            assert_eq!(without_space(before, before.len() as u32), expected, "{before}");
        }
        for (behind, expected) in [
            (" \"x\"", true),
            ("}", false),
            (" , 1", false),
            ("", false),
            (" // x\n/* */ {", true),
            ("\n]", false),
        ] {
            assert_eq!(begins_another(behind), expected, "{behind}");
        }
    }
}
