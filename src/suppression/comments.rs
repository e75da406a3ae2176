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
