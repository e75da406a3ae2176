//! Hover: what stands under the pointer, explained in Markdown. One file for each kind of thing.

pub(crate) mod action;

use super::File;
use super::place::{self, Place, Slot};
use crate::text::Span;

#[derive(Debug, Clone, PartialEq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    pub markdown: String,
}

pub fn hover(file: &File<'_>, offset: u32) -> Option<Hover> {
    let place = place::place(file, offset)?;
    let (text, span) = place::string(file, place.token()?)?;
    let markdown = if place.document.kind.is_policy() { policy(&place, &text) } else { None }?;
    Some(Hover { span, markdown })
}

fn policy(place: &Place<'_>, text: &str) -> Option<String> {
    let names = place.names();
    match (&names[..], place.slot) {
        (["Statement", "Action" | "NotAction"], Slot::Value { .. }) => action::about(text),
        _ => None,
    }
}
