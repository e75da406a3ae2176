//! Reading around a line that is not whole: what every host whose parser stops at the first error does.

use std::ops::Range;

/// How often a line that the parser refuses is blanked out before the rest is given up.
const REPAIRS: usize = 8;

/// How many lines before the place where the parser stops may be the one that is not whole.
const LOOKED_BACK: usize = 20;

/// Parses a text of which a part is refused: blanks out the lines that are to blame, one after the
/// other, at the same length. `attempt` says what it got and at which byte it stops; `is_whole`,
/// whether a line can be read without those around it; `kept`, how much of the line that is to go at a place
/// has to stay, since what follows hangs on it.
pub(super) fn around<T>(
    text: String,
    mut at: usize,
    is_whole: fn(&str) -> bool,
    kept: fn(&str, Range<usize>) -> usize,
    mut attempt: impl FnMut(&str) -> (Option<T>, Option<usize>),
) -> Option<T> {
    let mut text = text;
    let mut value = None;
    for _ in 0..REPAIRS {
        if !blank_line(&mut text, at, is_whole, kept) {
            break;
        }
        let (better, stop) = attempt(&text);
        value = better.or(value);
        match stop {
            Some(next) => at = next,
            None => break,
        }
    }
    value
}

/// Overwrites the line that makes a text unreadable with spaces: the nearest at or before `at` that is
/// not whole in itself, or else the line of `at`.
fn blank_line(
    text: &mut String,
    at: usize,
    is_whole: fn(&str) -> bool,
    kept: fn(&str, Range<usize>) -> usize,
) -> bool {
    let at = text.floor_char_boundary(at);
    let mut end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let mut line = None;
    for _ in 0..LOOKED_BACK {
        let start = text[..end].rfind('\n').map_or(0, |before| before + 1);
        let content = text[start..end].trim();
        if !content.is_empty() {
            if !is_whole(content) {
                line = Some(start..end);
                break;
            }
            line = line.or(Some(start..end));
        }
        if start == 0 {
            break;
        }
        end = start - 1;
    }
    let Some(line) = line else { return false };
    let line = (line.start + kept(text, line.clone())).min(line.end)..line.end;
    let spaces = " ".repeat(line.len());
    text.replace_range(line, &spaces);
    true
}
