//! A policy as a whole: what it is taken for, and how much of its limit is left.

use super::{File, Hover};
use crate::diagnostic::thousands;
use crate::host::Document;
use crate::host::value::Value;
use crate::model::Policy;
use crate::text::{Source, Span};
use std::fmt::Write;

/// On the opening brace of a policy.
pub(super) fn at_brace(file: &File<'_>, offset: u32) -> Option<Hover> {
    let document =
        file.report.documents.iter().find(
            |document| matches!(&*document.head, Value::Object(object) if object.open().start == offset),
        )?;
    let span = Span::new(offset, offset + 1);
    let is_brace = file.text.slice(span) == "{";
    let markdown = is_brace.then(|| about(document)).flatten()?;
    Some(Hover { span, markdown })
}

pub(super) fn about(document: &Document) -> Option<String> {
    let policy = Policy::of(document)?;
    let kind = document.kind.title();
    let article = if kind.starts_with('i') { "An" } else { "A" };
    let mut out = format!("{article} {kind}: {}.", document.reason);
    let characters = policy.characters();
    let _ = write!(out, "\n\n{} characters", thousands(characters));
    let mut limits = policy.limits().peekable();
    out.push_str(if limits.peek().is_some_and(|limit| limit.white_space) {
        ", without the white space between the words, which counts as well where it is sent."
    } else {
        ", white space not counted."
    });
    out.push_str(if limits.peek().is_some() { "\n" } else { "" });
    for limit in limits {
        let together = if limit.together { ", together" } else { "" };
        let _ = write!(out, "\n* {}: {}{together} – ", limit.title, thousands(limit.least));
        let _ = match limit.least.checked_sub(characters) {
            Some(left) => write!(out, "{} left", thousands(left)),
            None => write!(out, "{} too many", thousands(characters - limit.least)),
        };
        if limit.most > limit.least {
            let _ = write!(out, " (can be raised to {})", thousands(limit.most));
        }
    }
    Some(out)
}
