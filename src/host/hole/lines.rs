//! Holes in YAML: in lines told apart by their indentation, between brackets, and in the JSON or YAML that a
//! block of text holds.

use super::brackets::{Grammar, Opened, opened};
use super::{Function, Gap, Notation, PROBE, Taken, braces, line_end, string_end};
use crate::catalog;
use crate::text::Span;

/// How many lines above are looked at for what a line belongs to.
const LOOKED_BACK: usize = 400;

pub(super) fn hole(text: &str, at: usize) -> Option<Gap> {
    let start = line_start(text, at);
    if let Some(block) = block_of_text(text, start, at) {
        // A policy as a string; the mappings of aws-auth are lines as any others.
        if text[block..].trim_start().starts_with(['{', '[']) {
            let end = end_of_block(text, block);
            let mut hole = braces::json(&text[..end], block, at)?;
            hole.filled_in = is_filled_in(&text[..block]);
            hole.pieces.iter_mut().for_each(|piece| piece.push_str(&text[end..]));
            return Some(hole);
        }
        let is_mapping = text[..block].trim_end().ends_with(['|', '-', '+', '>'])
            && text[line_start(text, block - 1)..block].trim_start().starts_with("map");
        if !is_mapping {
            return None;
        }
    }
    match bracketed(text, start, at) {
        Some((from, found)) => in_brackets(text, from, at, &found),
        None => in_line(text, start, at),
    }
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The lines before a place, the nearest first, with where they start.
fn lines_above(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut end = start;
    std::iter::from_fn(move || {
        let before = text[..end].strip_suffix('\n')?;
        let from = line_start(text, before.len());
        end = from;
        Some((from, before[from..].trim_end_matches('\r')))
    })
    .take(LOOKED_BACK)
}

/// Whether a line ends with the sign that makes a text of the lines below it.
fn begins_block_of_text(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim_end();
    let sign = line.trim_end_matches(|char: char| char.is_ascii_digit() || matches!(char, '-' | '+'));
    sign.ends_with(['|', '>'])
        && sign[..sign.len() - 1].ends_with(' ')
        && (sign.contains(':') || sign.trim_start().starts_with('-'))
}

/// Where the first line of the block of text starts that a place stands in.
fn block_of_text(text: &str, start: usize, at: usize) -> Option<usize> {
    let line = &text[start..line_end(text, at)];
    let mut depth = if line.trim().is_empty() { at - start } else { indentation(line) };
    for (from, line) in lines_above(text, start) {
        if line.trim().is_empty() || indentation(line) >= depth {
            continue;
        }
        if begins_block_of_text(line) {
            return Some(from + text[from..].find('\n')? + 1);
        }
        depth = indentation(line);
        if depth == 0 {
            return None;
        }
    }
    None
}

/// Where a block of text ends.
fn end_of_block(text: &str, block: usize) -> usize {
    let mut depth = None;
    let mut at = block;
    for line in text[block..].split_inclusive('\n') {
        if !line.trim().is_empty() {
            let depth = *depth.get_or_insert(indentation(line));
            if indentation(line) < depth {
                break;
            }
        }
        at += line.len();
    }
    at
}

/// Whether the key of a block of text has a function that fills it in.
fn is_filled_in(before: &str) -> bool {
    before
        .trim_end()
        .rsplit('\n')
        .next()
        .is_some_and(|line| line.contains("!Sub") || line.contains("Fn::Sub"))
}

/// Whether a line is an entry of a block, not a part of what stands between brackets.
fn is_entry(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("- ") || key_end(line).is_some_and(|end| !line[..end].contains(['"', '{', '[', ',']))
}

/// The line in which brackets begin that are open at a place, and what is open.
fn bracketed(text: &str, start: usize, at: usize) -> Option<(usize, Opened)> {
    let own = &text[start..at];
    let depth = indentation(&text[start..line_end(text, at)]);
    let lines = std::iter::once((start, own)).chain(lines_above(text, start).take(60));
    for (from, line) in lines {
        let value = from + content_start(line);
        let is_own = from == start;
        if line[value - from..].contains(['[', '{']) {
            let found = opened(text, value, at, Grammar::Flow);
            if !found.brackets.is_empty() {
                let is_left_open =
                    !is_own && is_entry(&text[start..line_end(text, at)]) && depth <= indentation(line);
                return (!is_left_open).then_some((from, found));
            }
        }
        if is_own {
            continue;
        }
        // A line further out that opens none: nothing above it can be open.
        if is_entry(line) && !line.trim_end().ends_with(',') {
            return None;
        }
    }
    None
}

/// Behind the marks of lists, the key and the tag of a line.
fn content_start(line: &str) -> usize {
    let mut at = marks_end(line);
    if let Some(key) = key_end(&line[at..]) {
        at += key + 1;
        at += indentation(&line[at..]);
    }
    if line[at..].starts_with('!') {
        at += line[at..].find(' ').unwrap_or(line.len() - at);
        at += indentation(&line[at..]);
    }
    at
}

/// Behind a line's indentation and the marks of lists.
fn marks_end(line: &str) -> usize {
    let mut at = indentation(line);
    while line[at..].starts_with("- ") || &line[at..] == "-" {
        at += 1;
        at += indentation(&line[at..]);
    }
    at
}

/// Where the colon stands that ends a key which a text starts with.
fn key_end(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|char| matches!(char, '"' | '\''));
    if let Some(quote) = quote {
        let end = 1 + text[1..].find(quote)? + 1;
        return text[end..].starts_with(':').then_some(end);
    }
    let is_end = |at: &usize| {
        let behind = text[at + 1..].chars().next();
        behind.is_none_or(|char| char.is_whitespace())
    };
    let end = text.match_indices(':').map(|(at, _)| at).find(is_end)?;
    // What stands behind is a comment, or brackets have begun before.
    (!text[..end].contains(" #") && !text.starts_with(['[', '{', '#', '!'])).then_some(end)
}

/// Whether a word with a colon behind it is likely to go on: the prefix of a service, of an ARN or of a key.
fn goes_on(word: &str) -> bool {
    let word = word.trim_start_matches(['"', '\'']).trim_end_matches(':');
    let prefix = word.split(':').next().unwrap_or(word);
    word.contains(['.', ':']) && !word.contains("::")
        || word == "arn"
        || word == "aws"
        || word.starts_with(|char: char| char.is_ascii_lowercase()) && catalog::service(prefix).is_some()
        || matches!(word, "ForAnyValue" | "ForAllValues" | "Fn")
}

fn in_line(text: &str, start: usize, at: usize) -> Option<Gap> {
    let end = line_end(text, at);
    let before = &text[start..at];
    let marks = marks_end(before);
    let content = &before[marks..];
    if content.starts_with('#')
        || content.contains(" #")
            && key_end(content).is_none_or(|key| {
                let value = &content[key + 1..];
                !value.trim_start().starts_with(['"', '\'']) && value.contains(" #")
            })
    {
        return None;
    }
    let indent = |line: &str| indentation(line);
    // A mark of a list wants a blank behind it.
    let is_bare_mark = before.trim_end_matches(' ').ends_with('-') && before.ends_with('-');
    let key = key_end(content).filter(|key| {
        let is_last = key + 1 == content.len();
        !(is_last && goes_on(&content[..*key]))
    });
    let Some(key) = key else {
        // A name, or an item.
        let token = start + marks;
        let (from, quote) = match content.chars().next().filter(|char| matches!(char, '"' | '\'')) {
            Some(quote) => (token + 1, Some(quote)),
            None => (token, None),
        };
        let rest = &text[at..end];
        // Before what stands there already.
        let is_before = |rest: &str| {
            rest.starts_with([
                ' ', '-', '{', '[', '"', '\'', '!', '&', '*', '|', '>', '#', '}', ']', ',', ':',
            ]) && !rest.trim().is_empty()
        };
        if content.is_empty() && is_before(rest) || quote.is_some_and(|quote| content[1..].contains(quote)) {
            return None;
        }
        let lead = if is_bare_mark { " " } else { "" };
        let column = token - start + lead.len();
        let deeper = text[end..].lines().skip(1).find(|line| !line.trim().is_empty()).is_some_and(|next| {
            indent(next) > column || indent(next) == column && next.trim_start().starts_with("- ")
        });
        // Amid a tag: what it makes something of would be left over.
        if is_amid_tag(content) && (rest.trim_end().contains(' ') || deeper) {
            return None;
        }
        let (to, closed) = match quote {
            Some(quote) => string_end(text, at, quote),
            None => {
                let stop = rest
                    .find(": ")
                    .or_else(|| rest.strip_suffix(':').map(str::len))
                    .or_else(|| rest.find(" #"));
                (at + stop.unwrap_or(rest.trim_end().len()), false)
            }
        };
        let token_end = to + usize::from(closed);
        let behind = &text[token_end..end];
        if quote.is_none() && behind.is_empty() && content.contains(' ') && !content.starts_with('!') {
            // Several words: a text that goes on over lines.
            return None;
        }
        let tag = tag_before(content);
        if let Some(function) = tag {
            return reference(text, start, marks + tag_length(content), at, end, function, before);
        }
        let is_marked = behind.starts_with(':') && !behind.starts_with("::");
        let taken = if is_marked { Taken::Name { marked: true } } else { Taken::Either };
        let word = match (is_marked, deeper) {
            (true, _) => PROBE.to_string(),
            (false, true) => format!("{PROBE}:"),
            (false, false) => format!("{PROBE}: 0"),
        };
        let head = &text[..token];
        let mut pieces = vec![format!("{head}{lead}{word}{}", &text[token_end..])];
        if !is_marked {
            // As an item or a value: where nothing can have a name.
            pieces.push(format!("{head}{lead}{PROBE}{}", &text[token_end..]));
        }
        pieces.push(format!("{head}{lead}{word}{}", &text[end..]));
        pieces.push(format!("{head}{lead}{word}\n"));
        pieces.dedup();
        return Some(Gap {
            quote,
            closed,
            lead,
            pieces,
            ..Gap::plain(span(from, to), taken, Notation::Yaml)
        });
    };
    let value = &content[key + 1..];
    let lead = if value.is_empty() { " " } else { "" };
    let mut from = start + marks + key + 1 + (value.len() - value.trim_start_matches(' ').len());
    let written = &text[from..at];
    let long = match content[..key].trim_matches(['"', '\'']) {
        "Ref" => Some(Function::Ref),
        "Fn::GetAtt" => Some(Function::GetAtt),
        "Fn::Sub" => Some(Function::Sub),
        _ => None,
    };
    if let Some(function @ (Function::Ref | Function::GetAtt)) = long
        && !written.starts_with(['"', '\'', '[', '!'])
    {
        return reference(text, start, from - start, at, end, function, before);
    }
    let function = tag_before(written).or(long);
    if let Some(function @ (Function::Ref | Function::GetAtt)) = function {
        return reference(text, start, from - start + tag_length(written), at, end, function, before);
    }
    if written.starts_with('!') && written.contains(' ') {
        from += tag_length(written);
    }
    let quote = text[from..at].chars().next().filter(|char| matches!(char, '"' | '\''));
    let (from, to, closed) = match quote {
        Some(quote) => {
            let (to, closed) = string_end(text, at, quote);
            (from + 1, to, closed)
        }
        None => {
            let rest = &text[at..end];
            let stop = rest.find(" #").unwrap_or(rest.trim_end().len());
            (from, at + stop, false)
        }
    };
    let is_behind = quote.is_some_and(|quote| from <= at && text[from..at].contains(quote));
    let is_before = from == at
        && quote.is_none()
        && text[at..].trim_start_matches(' ').starts_with(['"', '\'', '{', '[', '!', '&', '*', '|', '>']);
    if from > at || is_behind || is_before {
        return None;
    }
    // Behind a value that is closed already, or a block of text, nothing comes.
    if text[from..at].contains("\" ") || matches!(&text[from..to], "|" | ">" | "|-" | ">-") {
        return None;
    }
    // Lines below that belong to the key are its value.
    let column = marks;
    let is_empty = text[from..to].trim().is_empty() && quote.is_none();
    let deeper = text[end..].lines().skip(1).find(|line| !line.trim().is_empty()).is_some_and(|next| {
        let marks = next.trim_start().starts_with("- ");
        indent(next) > column || marks && indent(next) == column && indentation(&text[start..end]) == column
    });
    if (is_empty || is_amid_tag(&text[from..at])) && deeper {
        return None;
    }
    let open = from - usize::from(quote.is_some());
    let word = if quote.is_some() { format!("\"{PROBE}\"") } else { PROBE.to_string() };
    let token_end = to + usize::from(closed);
    let head = &text[..open];
    let mut pieces = vec![
        format!("{head}{lead}{word}{}", &text[token_end..]),
        format!("{head}{lead}{word}{}", &text[end..]),
        format!("{head}{lead}{word}\n"),
    ];
    pieces.dedup();
    let filled_in = function == Some(Function::Sub);
    Some(Gap {
        quote,
        closed,
        lead,
        filled_in,
        pieces,
        ..Gap::plain(span(from, to), Taken::Value, Notation::Yaml)
    })
}

/// The function whose tag a value starts with, with a blank behind it.
fn tag_before(value: &str) -> Option<Function> {
    let (tag, _) = value.strip_prefix('!')?.split_once(' ')?;
    match tag {
        "Ref" => Some(Function::Ref),
        "GetAtt" => Some(Function::GetAtt),
        "Sub" => Some(Function::Sub),
        _ => None,
    }
}

/// Whether a text ends amid a tag or right behind it.
fn is_amid_tag(written: &str) -> bool {
    written.starts_with('!') && !written.contains(' ')
}

/// How long a tag is, the blanks behind it included.
fn tag_length(value: &str) -> usize {
    let length = value.find(' ').unwrap_or(value.len());
    length + indentation(&value[length..])
}

/// What a tag refers to.
fn reference(
    text: &str,
    start: usize,
    from: usize,
    at: usize,
    end: usize,
    function: Function,
    before: &str,
) -> Option<Gap> {
    let from = start + from;
    if from > at || function == Function::Sub && before.is_empty() {
        return None;
    }
    let rest = &text[at..end];
    let to = at + rest.find([' ', ',', ']', '}']).unwrap_or(rest.len());
    Some(Gap::plain(span(from, to), Taken::Reference(function), Notation::Yaml))
}

/// Between brackets.
fn in_brackets(text: &str, from: usize, at: usize, found: &Opened) -> Option<Gap> {
    if found.in_comment {
        return None;
    }
    let top = found.innermost()?;
    if found.string.is_none()
        && top.open == b'['
        && top.part == top.at + 1
        && text[from..top.at].trim_end().ends_with("Fn::GetAtt:")
    {
        let word = |char: char| char.is_ascii_alphanumeric();
        let start = top.part + (text[top.part..at].len() - text[top.part..at].trim_start().len());
        let end = at + text[at..].find(|char| !word(char)).unwrap_or(text.len() - at);
        if text[start..at].chars().all(word) {
            return Some(Gap::plain(span(start, end), Taken::Reference(Function::Ref), Notation::Yaml));
        }
    }
    let is_name = top.open == b'{' && top.mark.is_none();
    let (start, end, quote, closed) = match found.string {
        Some((quote, start)) => {
            let (end, closed) = string_end(text, at, quote);
            (start, end, Some(quote), closed)
        }
        None => {
            let begin = top.mark.unwrap_or(top.part);
            let start = begin + (text[begin..at].len() - text[begin..at].trim_start().len());
            let line = line_end(text, at);
            let rest = &text[at..line];
            // A string that follows is another item, whatever is in it.
            let is_before_string = start >= at && rest.trim_start().starts_with(['"', '\'']);
            let stop = match is_before_string {
                true => Some(0),
                false => rest.find([',', ']', '}']).into_iter().chain(rest.find(": ")).min(),
            };
            (start.min(at), at + stop.unwrap_or(rest.trim_end().len()), None, false)
        }
    };
    let written = &text[start..at];
    if quote.is_none() {
        let rest = text[at..].trim_start_matches(' ');
        let is_before = written.is_empty()
            && (rest.starts_with(['[', '{', '!', '&', '*'])
                || top.open == b'{' && rest.starts_with(['"', '\'']));
        let is_behind = written.is_empty() && text[..at].ends_with(['"', '\'', ']', '}']);
        if is_before || is_behind || written.starts_with('!') && !written.contains(' ') {
            return None;
        }
    }
    if quote.is_none() && written.contains(char::is_whitespace) {
        return match tag_before(written) {
            Some(function @ (Function::Ref | Function::GetAtt)) => {
                reference(text, start, tag_length(written), at, line_end(text, at), function, written)
            }
            _ => None,
        };
    }
    let token = start - usize::from(quote.is_some())..end + usize::from(closed);
    let next = text[token.end..].trim_start();
    let marked = next.starts_with(':');
    let is_there = |mark: usize| text[mark..token.start].trim().ends_with(['"', '\'', ']', '}']);
    if top.open == b'{' && top.mark.is_some_and(is_there) {
        return None;
    }
    let taken = if is_name { Taken::Name { marked } } else { Taken::Value };
    let is_another = |rest: &str| {
        rest.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '"' | '\'' | '{' | '['))
    };
    let line = line_end(text, token.end);
    let rest_of_line = text[token.end..line].trim_start();
    let lacks_comma = !marked && is_another(rest_of_line) && (!closed || is_name);
    let word = match taken {
        Taken::Name { marked: false } => format!("{PROBE}: 0{}", if lacks_comma { ", " } else { "" }),
        Taken::Name { marked: true } => PROBE.to_string(),
        _ => format!("\"{PROBE}\"{}", if lacks_comma { "," } else { "" }),
    };
    let lead = match top.mark {
        Some(mark) if mark == start && quote.is_none() => " ",
        _ => "",
    };
    let part = text[top.part..token.start].trim_end();
    let comma_before =
        (top.open == b'[' && part.ends_with(['"', '\'', ']', '}'])).then(|| (top.part + part.len()) as u32);
    let mut head = text[..token.start].to_string();
    if let Some(comma) = comma_before {
        head.insert(comma as usize, ',');
    }
    let all = found.closers(|_| true);
    let begun = line_start(text, at);
    let of_line = found.closers(|bracket| bracket.at >= begun.max(from));
    let mut pieces = vec![
        format!("{head}{lead}{word}{}", &text[token.end..]),
        format!("{head}{lead}{word}{of_line}{}", &text[line..]),
        format!("{head}{lead}{word}{all}{}", &text[line..]),
        format!("{head}{lead}{word}{all}\n"),
    ];
    pieces.dedup();
    Some(Gap {
        quote,
        closed,
        lead,
        comma_before,
        lacks_comma,
        in_brackets: true,
        pieces,
        ..Gap::plain(span(start, end), taken, Notation::Yaml)
    })
}
