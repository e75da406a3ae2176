//! Suppressions in comments.

use super::{Cover, Directive, Fault, FaultKind, Origin, Suppression, Suppressions, Verb};
use crate::host::Comment;
use crate::text::Span;
use std::sync::Arc;

/// What such a comment begins with, behind the sign that makes it one.
pub const MARK: &str = "passrole:";

/// The suppressions among the comments of a file, which stand in the order of the text.
pub fn in_comments(text: &str, comments: &[Comment]) -> Suppressions {
    let mut found = Suppressions::default();
    let mut open: Vec<Directive> = Vec::new();
    let mut head = None;
    for (index, comment) in comments.iter().enumerate() {
        let words = &text[comment.words.as_usize()];
        let blanks = words.len() - words.trim_start().len();
        let Some(behind) = words.trim_start().strip_prefix(MARK) else { continue };
        let base = comment.words.start + (blanks + MARK.len()) as u32;
        let Some(directive) = Directive::parse(behind, base, &mut found.faults) else { continue };
        let fault = |kind| Fault { span: directive.span, kind };
        let cover = match directive.verb {
            Verb::Ignore => Cover::Within(line_meant(text, comment, &comments[index + 1..])),
            Verb::File if comment.span.start < *head.get_or_insert_with(|| end_of_head(text, comments)) => {
                Cover::File
            }
            Verb::File => {
                found.faults.push(fault(FaultKind::NotAtHead));
                continue;
            }
            Verb::Start => {
                open.push(directive);
                continue;
            }
            Verb::End => {
                let is_its_end = |start: &mut Directive| {
                    let names =
                        |it: &Directive| it.rules.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
                    directive.rules.is_empty() || names(start) == names(&directive)
                };
                match open.pop_if(is_its_end) {
                    Some(start) => {
                        let within = Span::new(start.span.end, directive.span.start);
                        found.list.push(suppression(start, Cover::Within(within)));
                    }
                    None => found.faults.push(fault(FaultKind::Unpaired(Verb::End))),
                }
                continue;
            }
        };
        found.list.push(suppression(directive, cover));
    }
    let unpaired = |start: Directive| Fault { span: start.span, kind: FaultKind::Unpaired(Verb::Start) };
    found.faults.extend(open.into_iter().map(unpaired));
    found.list.sort_by_key(|it| it.span);
    found.faults.sort_by_key(|it| it.span);
    found
}

fn suppression(directive: Directive, cover: Cover) -> Arc<Suppression> {
    let Directive { rules, until, reason, span, .. } = directive;
    let (owner, reason) = owner_and_reason(&reason);
    Arc::new(Suppression {
        span,
        rules,
        until,
        reason: reason.into(),
        owner: owner.map(Into::into),
        cover,
        origin: Origin::Comment,
    })
}

/// A reason that begins with `(name)` says who answers for it.
fn owner_and_reason(reason: &str) -> (Option<&str>, &str) {
    let named = reason.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let named = named.filter(|(owner, rest)| !owner.trim().is_empty() && !rest.trim().is_empty());
    named.map_or((None, reason), |(owner, rest)| (Some(owner.trim()), rest.trim()))
}

/// The resource or block that a comment stands in; `None` outside of all. `index` is that of the comment.
pub(super) fn block_around(text: &str, all: &[Comment], index: usize, blocks: &[Span]) -> Option<Span> {
    let at = all[index].span.start;
    let before = blocks.partition_point(|block| block.start <= at).checked_sub(1)?;
    let block = without_comments_around(text, all, *blocks.get(before)?);
    (block.start <= at && at < block.end).then_some(block)
}

/// What begins on the line that a comment is about: a block or resource, or a value that goes on until its brackets are
/// closed or its lines are indented no more; else the line itself. `index` is that of the comment.
pub(super) fn what_begins_behind(text: &str, all: &[Comment], index: usize, blocks: &[Span]) -> Span {
    let line = line_meant(text, &all[index], &all[index + 1..]);
    let near = blocks.partition_point(|it| it.end <= line.start);
    for block in blocks[near..].iter().take(2) {
        let block = without_comments_around(text, all, *block);
        if line.start <= block.start && block.start < line.end {
            return Span::new(line.start, block.end.max(line.end));
        }
    }
    Span::new(line.start, line.end + length_of_rest(&text[line.as_usize()], &text[line.end as usize..]))
}

/// A block without the comments before and behind it; empty where it is nothing else.
fn without_comments_around(text: &str, all: &[Comment], block: Span) -> Span {
    let first = all.partition_point(|it| it.span.start < block.start);
    let start = skip_comments(text, block.start as usize, &all[first..]);
    let last = all.partition_point(|it| it.span.end <= block.end);
    let mut end = block.end as usize;
    for comment in all[..last].iter().rev() {
        let trimmed = text[..end].trim_end().len();
        if comment.span.end as usize != trimmed {
            break;
        }
        end = comment.span.start as usize;
    }
    Span::new(start as u32, end.max(start) as u32)
}

/// How much of the lines behind a line belongs to what begins on it.
fn length_of_rest(first: &str, rest: &str) -> u32 {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let code = first.trim_end();
    let is_closing = |line: &str| line.trim_start().starts_with(['}', ']', ')']);
    // A bracket that closes stands as deep as the line that opens it; an item of YAML may do so as well.
    let opens = code.ends_with(['{', '[', '(']);
    let has_items = code.ends_with(':') && !code.trim_start().starts_with("- ");
    let word = code.rsplit_once("<<").map(|(_, word)| word.trim_start_matches('-').trim());
    let word =
        word.filter(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'));
    let mut length = 0;
    for line in rest.split_inclusive('\n') {
        let is_outside = !line.trim().is_empty() && depth(line) <= depth(first);
        let is_last = match word {
            Some(word) => line.trim() == word,
            None => is_outside && opens && is_closing(line),
        };
        let is_item = has_items && depth(line) == depth(first) && line.trim_start().starts_with("- ");
        if word.is_none() && is_outside && !is_last && !is_item {
            break;
        }
        length += line.len() as u32;
        if is_last {
            break;
        }
    }
    length
}

/// The comment's own line where something stands before it; else the next line that holds more than comments.
/// `behind` are the comments that follow.
fn line_meant(text: &str, comment: &Comment, behind: &[Comment]) -> Span {
    let start = start_of_line(text, comment.span.start as usize);
    if !text[start..comment.span.start as usize].trim().is_empty() {
        return line_from(text, start);
    }
    let at = skip_comments(text, comment.span.end as usize, behind);
    line_from(text, start_of_line(text, at))
}

/// The first place from `at` on that is neither white space nor a comment.
fn skip_comments(text: &str, mut at: usize, comments: &[Comment]) -> usize {
    let mut comments = comments.iter().peekable();
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        match comments.next_if(|next| next.span.start as usize == at) {
            Some(next) => at = next.span.end as usize,
            None => return at,
        }
    }
}

/// Where the comments at the head of a file end. What separates YAML documents belongs to the head.
fn end_of_head(text: &str, comments: &[Comment]) -> u32 {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let at = skip_comments(text, start, comments);
    let Some(behind) = text[at..].strip_prefix("---") else { return at as u32 };
    let at = text.len() - behind.len();
    let later = comments.partition_point(|comment| (comment.span.start as usize) < at);
    skip_comments(text, at, &comments[later..]) as u32
}

fn start_of_line(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line| line + 1)
}

fn line_from(text: &str, start: usize) -> Span {
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    Span::new(start as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_on_a_line_goes_on_to_its_end() {
        let rest = |text: &str| {
            let (first, rest) = text.split_once('\n').unwrap();
            rest[..length_of_rest(&format!("{first}\n"), rest) as usize].to_string()
        };
        assert_eq!(rest("  a = f({\n    b = 1\n\n  })\n  c = 2\n"), "    b = 1\n\n  })\n");
        assert_eq!(rest("  a = <<-EOF\n{ }\n  EOF\n  c = 2\n"), "{ }\n  EOF\n");
        assert_eq!(rest("  a = 1\n  c = 2\n"), "");
        assert_eq!(rest("Statement:\n- a\n  b\n- c\nx:\n"), "- a\n  b\n- c\n");
        assert_eq!(rest("- a:\n    b\n- c\n"), "    b\n");
    }
}
