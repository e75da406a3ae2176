//! Holes in HCL, and in the JSON of its heredocs.

use super::brackets::{Bracket, Grammar, Opened, opened};
use super::{Function, Gap, Notation, PROBE, Taken, is_word, line_end, string_end, word_end, word_start};
use crate::text::Span;

pub(super) fn hole(text: &str, at: usize) -> Option<Gap> {
    let found = opened(text, 0, at, Grammar::Hcl);
    if found.in_comment {
        return None;
    }
    if let Some((start, word)) = &found.heredoc {
        return in_heredoc(text, *start, at, word, &found);
    }
    let top = *found.innermost()?;
    if let Some(interpolation) = found.interpolation {
        let start = word_start(text, at, is_reference).max(interpolation + 2);
        let end = word_end(text, at, is_reference);
        let closes = text[end..].starts_with('}');
        return Some(Gap {
            closed: closes,
            filled_in: true,
            ..Gap::plain(span(start, end), Taken::Reference(Function::Expression), Notation::Hcl)
        });
    }
    let is_name = top.open == b'{' && top.mark.is_none();
    let (start, end, quote, closed) = match found.string {
        Some((quote, start)) => {
            let (end, closed) = string_end(text, at, quote);
            (start, end, Some(quote), closed)
        }
        None => {
            let belongs = if is_name { is_name_char } else { is_bare };
            let begin = top.mark.unwrap_or(top.part);
            (word_start(text, at, belongs).max(begin), word_end(text, at, belongs), None, false)
        }
    };
    let token = start - usize::from(quote.is_some())..end + usize::from(closed);
    let rest = &text[token.end..line_end(text, token.end)];
    let next = rest.trim_start();
    if start == end && quote.is_none() && (is_behind_value(text, start) || !has_room(text, &top, at, next)) {
        return None;
    }
    // What is called is no text.
    if quote.is_none() && start < end && next.starts_with(['(', '[']) {
        return None;
    }
    // `{ for key in … }` makes an object, and names none of its members.
    let is_loop =
        text[top.part..].trim_start().strip_prefix("for").is_some_and(|it| it.starts_with([' ', '\n']));
    if is_name && is_loop && start < end {
        return None;
    }
    let is_marked = next.starts_with([':', '{']) || next.starts_with('=') && !next.starts_with("==");
    let taken = if is_name { Taken::Name { marked: is_marked } } else { Taken::Value };
    let is_item = top.open != b'{' || is_on_line_of(text, &top, at);
    let comma_before = missing_comma(text, &top, token.start).map(|at| at as u32);
    let follows = text[token.end..].trim_start();
    let lacks_comma = match top.open {
        b'{' => is_item && !is_marked && is_another(next),
        _ => is_another(follows) && !follows.starts_with("for "),
    };
    // A comma behind what is written only where a list has one item more.
    let lacks_comma = lacks_comma && !(quote.is_some() && closed && !is_name);
    let word = match taken {
        Taken::Name { marked: false } => {
            let is_over = next.is_empty() || next.starts_with(['}', ',', '#']);
            format!(
                "{PROBE} = 0{}",
                if is_over {
                    ""
                } else if is_item {
                    ", "
                } else {
                    "\n"
                }
            )
        }
        Taken::Name { marked: true } => PROBE.to_string(),
        _ => format!("\"{PROBE}\"{}", if lacks_comma { "," } else { "" }),
    };
    let mut before = mended(text, token.start, &found);
    if let Some(comma) = comma_before {
        let moved = comma as usize + before.len() - token.start;
        before.insert(moved, ',');
    }
    let line = text[..token.start].rfind('\n').map_or(0, |at| at + 1);
    let behind = &text[token.end..];
    let below = &text[line_end(text, token.end)..];
    let of_line = found.closers(|bracket| bracket.at >= line);
    let to_brace = found.closers(|bracket| bracket.at >= line || bracket.open != b'{');
    let all = found.closers(|_| true);
    let mut pieces = vec![
        format!("{before}{word}{behind}"),
        format!("{before}{word}{of_line}{below}"),
        format!("{before}{word}{to_brace}{below}"),
        // What is a block needs its closing brace on a line of its own.
        format!("{before}{word}\n{}\n", spread(&all)),
    ];
    pieces.dedup();
    Some(Gap {
        quote,
        closed,
        comma_before,
        lacks_comma,
        filled_in: true,
        pieces,
        ..Gap::plain(span(start, end), taken, Notation::Hcl)
    })
}

fn spread(closers: &str) -> String {
    closers.chars().map(|char| if char == '}' { "\n}".to_string() } else { char.to_string() }).collect()
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

fn is_name_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | ':' | '.')
}

fn is_bare(char: char) -> bool {
    is_word(char) && !matches!(char, '{' | '}')
}

fn is_reference(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.')
}

/// Whether the braces around an offset have been opened on its line: their members are told apart by commas.
fn is_on_line_of(text: &str, top: &Bracket, at: usize) -> bool {
    !text[top.at..at].contains('\n')
}

/// Where a comma is missing before an item.
fn missing_comma(text: &str, top: &Bracket, start: usize) -> Option<usize> {
    let before = text[top.part..start].trim_end();
    let ends_value =
        before.ends_with(|char: char| char.is_alphanumeric() || matches!(char, '"' | '}' | ']' | ')'));
    (top.open == b'[' && ends_value).then(|| top.part + before.len())
}

/// Whether a value ends right before an offset.
fn is_behind_value(text: &str, at: usize) -> bool {
    text[..at].ends_with(['"', '}', ']', ')'])
}

/// Whether something can be written where nothing is, before `next` on its line.
fn has_room(text: &str, top: &Bracket, at: usize, next: &str) -> bool {
    if top.open != b'{' {
        return true;
    }
    let is_over = next.is_empty() || next.starts_with(['}', ',', '#']);
    // A block's arguments stand on lines of their own.
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let is_block = !text[..top.at].trim_end().ends_with(['=', '(', '[', ',', ':']);
    let begins = top.at >= line && text[top.at + 1..at].trim().is_empty();
    // Nor can one stand before the brace that closes it on a line below.
    let closes = is_block && top.at < line && next.starts_with('}');
    is_over && !closes && !(is_block && begins && !next.starts_with('}'))
}

/// Whether something else begins there.
fn is_another(rest: &str) -> bool {
    rest.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '"' | '{' | '['))
}

/// The text before a token, with what was left open above closed.
fn mended(text: &str, end: usize, found: &Opened) -> String {
    let mut out = String::with_capacity(end + 8);
    let mut from = 0;
    for (at, close) in &found.mended {
        out.push_str(&text[from..(*at).max(from)]);
        out.push(*close);
        from = (*at).max(from);
    }
    out.push_str(&text[from..end]);
    out
}

/// JSON in lines that are a string.
fn in_heredoc(text: &str, start: usize, at: usize, word: &str, outer: &Opened) -> Option<Gap> {
    let ends = |line: &str| line.trim() == word;
    let content = text.get(start..)?;
    let mut end = start;
    let is_ended = content.split_inclusive('\n').any(|line| {
        let is_end = ends(line);
        end += if is_end { 0 } else { line.len() };
        is_end
    });
    let mut hole = json(&text[..if is_ended { end } else { text.len() }], start, at)?;
    let tail = if is_ended {
        text[end..].to_string()
    } else {
        format!("\n{word}\n{}\n", spread(&outer.closers(|_| true)))
    };
    hole.pieces.iter_mut().for_each(|piece| piece.push_str(&tail));
    hole.filled_in = true;
    Some(hole)
}

/// A hole in JSON that stands between `start` and the end of a text.
pub(super) fn json(text: &str, start: usize, at: usize) -> Option<Gap> {
    if !text.get(start..)?.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let found = opened(text, start, at, Grammar::Json);
    if found.in_comment {
        return None;
    }
    let top = found.innermost()?;
    let is_name = top.open == b'{' && top.mark.is_none();
    let (from, to, quote, closed) = match found.string {
        Some((quote, from)) => {
            let (to, closed) = string_end(text, at, quote);
            (from, to, Some(quote), closed)
        }
        None => {
            let begin = top.mark.unwrap_or(top.part);
            // The colon behind a name is none of a word's.
            let end = if text[at..].starts_with(':') { at } else { word_end(text, at, is_bare) };
            (word_start(text, at, is_bare).max(begin), end, None, false)
        }
    };
    if from == to && quote.is_none() {
        let is_value_there = !is_name && top.open == b'{' && is_another(text[to..].trim_start());
        let is_written = top.mark.is_some_and(|mark| !text[mark..from].trim().is_empty());
        if is_behind_value(text, from) || is_value_there || is_written {
            return None;
        }
    }
    let token = from - usize::from(quote.is_some())..to + usize::from(closed);
    let next = text[token.end..].trim_start();
    let taken = if is_name { Taken::Name { marked: next.starts_with(':') } } else { Taken::Value };
    let lacks_comma = is_another(next) && !(quote.is_some() && closed && !is_name);
    let word = match taken {
        Taken::Name { marked: false } => format!("\"{PROBE}\": 0{}", if is_another(next) { "," } else { "" }),
        Taken::Name { marked: true } => format!("\"{PROBE}\""),
        _ => format!("\"{PROBE}\"{}", if is_another(next) { "," } else { "" }),
    };
    Some(Gap {
        quote,
        closed,
        lacks_comma,
        pieces: vec![format!("{}{word}{}", &text[..token.start], &text[token.end..])],
        ..Gap::plain(span(from, to), taken, Notation::Json)
    })
}
