//! Hover: what stands under the pointer, explained in Markdown. One file for each kind of thing.

pub(crate) mod action;
mod arn;
mod condition;
mod managed_policy;
mod others;
pub(super) mod pages;
mod policy;
mod principal;
mod statement;
mod task_field;
mod task_value;
mod template;
mod variable;
pub(crate) mod words;

pub(super) use others::type_of as agent_type;

use super::place::{self, Place, Slot, TokenText};
use super::prose;
use super::{Block, File};
use crate::host::DocumentKind;
use crate::model::Statement;
use crate::text::Span;
use std::fmt::Write;

#[derive(Debug, Clone, PartialEq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    pub markdown: String,
}

/// How many names a list shows before it says how many more there are.
const NAMES: usize = 12;

pub fn hover(file: &File<'_>, offset: u32) -> Option<Hover> {
    if let Some(block) = Block::at(file, offset) {
        let found = hover(&block.file(), offset - block.start)?;
        return Some(Hover { span: found.span.shifted(block.start), ..found });
    }
    if let Some(hover) = policy::at_brace(file, offset) {
        return Some(hover);
    }
    variable::about(file, offset)
        .or_else(|| in_document(file, offset))
        .or_else(|| template::about(file, offset))
        .or_else(|| others::about(file, offset))
}

fn in_document(file: &File<'_>, offset: u32) -> Option<Hover> {
    let place = place::place(file, offset, false)?;
    let TokenText { text, span } = place.token.clone()?;
    let markdown = match place.document.kind {
        DocumentKind::Attachments => attachment(&place, &text),
        DocumentKind::AwsAuth | DocumentKind::ServiceAccount => kubernetes(&place, &text),
        kind if kind.is_policy() => policy(&place, &text, offset),
        _ => task(&place, &text, offset),
    }?;
    Some(Hover { span, markdown })
}

/// What a field of a structure of the ECS API is for, in Markdown; `None` for an unknown one. The
/// structure is named as the API's model does.
pub fn task_field(shape: &str, field: &str) -> Option<String> {
    task_field::described(shape, field)
}

/// What a value of such a field means; `None` for one that is not explained.
pub fn task_value(shape: &str, field: &str, value: &str) -> Option<&'static str> {
    prose::task_value(shape, field, value)
}

/// What an option of a log driver does; `None` for an unknown one.
pub fn log_option(driver: &str, option: &str) -> Option<&'static str> {
    prose::log_option(driver, option)
}

fn policy(place: &Place<'_>, text: &str, offset: u32) -> Option<String> {
    let names = place.names();
    let statement = || Some(Statement { object: place.unit(offset)?.unit.value.as_object()? });
    match (&names[..], place.slot) {
        ([], Slot::Name { .. }) if matches!(text, "Version" | "Statement") => {
            Some(format!("{}\n\n{}", element(text)?, policy::about(&place.document)?))
        }
        ([] | ["Statement"], Slot::Name { .. }) => element(text),
        (["Version" | "Id"], Slot::Value) => element(names[0]),
        (["Statement", "Sid"], Slot::Value) => {
            Some(format!("**{text}**\n\n{}", statement::about(statement()?)))
        }
        (["Statement", name @ "Effect"], Slot::Value) => element(name),
        (["Statement", "Action" | "NotAction"], Slot::Value) => action::about(text),
        (["Statement", "Resource" | "NotResource"], Slot::Value) => {
            arn::about(text, statement()).or_else(|| everything(text))
        }
        (["Statement", "Principal" | "NotPrincipal"], Slot::Name { .. }) => principal::kind(text),
        (["Statement", "Principal" | "NotPrincipal", ..], Slot::Value) => {
            principal::about(text).or_else(|| arn::about(text, None))
        }
        (["Statement", "Condition"], Slot::Name { .. }) => {
            condition::operator(text).or_else(|| condition::unknown_operator(text))
        }
        (["Statement", "Condition", _], Slot::Name { .. }) => condition::key(text, statement()),
        (["Statement", "Condition", _, key], Slot::Value) => {
            condition::value(key, text).or_else(|| arn::about(text, None)).or_else(|| principal::about(text))
        }
        _ => None,
    }
}

fn task(place: &Place<'_>, text: &str, offset: u32) -> Option<String> {
    match place.slot {
        Slot::Name { .. } => task_field::name(place, text, offset),
        Slot::Value => task_value::about(place, text, offset),
    }
}

fn kubernetes(place: &Place<'_>, text: &str) -> Option<String> {
    match place.slot {
        Slot::Name { .. } => Some(format!("**{text}**\n\n{}", prose::other(text)?)),
        Slot::Value => arn::about(text, None),
    }
}

fn attachment(place: &Place<'_>, text: &str) -> Option<String> {
    match (&place.names()[..], place.slot) {
        (["managedPolicies" | "permissionsBoundary"], Slot::Value) => managed_policy::about(text)
            .or_else(|| managed_policy::named(text))
            .or_else(|| arn::about(text, None)),
        (["policyTemplates"], Slot::Name { .. }) => others::policy_template(text),
        _ => None,
    }
}

fn element(name: &str) -> Option<String> {
    let page = pages::element(name);
    Some(format!("**{name}**\n\n{}\n\n[IAM User Guide]({page})", prose::element(name)?))
}

fn everything(text: &str) -> Option<String> {
    (text == "*").then(|| "**\\***\n\nEvery resource that the actions can act on.".to_string())
}

/// Names in code style, in a row.
fn list<'n>(out: &mut String, names: impl Iterator<Item = &'n str>, len: usize) {
    for (index, name) in names.take(NAMES).enumerate() {
        let _ = write!(out, "{}`{name}`", if index == 0 { "" } else { ", " });
    }
    more(out, len);
}

fn more(out: &mut String, len: usize) {
    if len > NAMES {
        let _ = write!(out, " and {} more", len - NAMES);
    }
}

fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
