//! Action patterns: `ecs:RunTask`, `ec2:Describe*`, `*`.

use crate::catalog::{is_wildcard, wildcard_matches};
use crate::host::value::StringValue;
use crate::text::Span;

/// One entry of `Action` or `NotAction`.
#[derive(Debug, Clone, Copy)]
pub struct ActionPattern<'a> {
    pub string: &'a StringValue,
    /// Before the first colon; the whole text where there is none.
    pub service: &'a str,
    /// Behind the first colon; `None` where there is none, as in `*` or a half-typed `ecs`.
    pub name: Option<&'a str>,
    /// Whether it stands in `NotAction`.
    pub negated: bool,
}

impl<'a> ActionPattern<'a> {
    pub fn new(string: &'a StringValue, negated: bool) -> ActionPattern<'a> {
        match string.text.split_once(':') {
            Some((service, name)) => ActionPattern { string, service, name: Some(name), negated },
            None => ActionPattern { string, service: &string.text, name: None, negated },
        }
    }

    pub fn text(&self) -> &'a str {
        &self.string.text
    }

    /// Where the service's prefix stands.
    pub fn service_span(&self) -> Span {
        self.string.part(0..self.service.len())
    }

    /// Where the name stands; an empty place at the end where there is none.
    pub fn name_span(&self) -> Span {
        let end = self.text().len();
        self.string.part(end - self.name.map_or(0, str::len)..end)
    }

    /// `*` alone: every action of every service.
    pub fn is_everything(&self) -> bool {
        self.name.is_none() && !self.service.is_empty() && self.service.bytes().all(|byte| byte == b'*')
            || self.text() == "*:*"
    }

    pub fn has_wildcard(&self) -> bool {
        is_wildcard(self.text())
    }

    /// Whether it covers that action, given as `service:Name`. Case does not count.
    pub fn covers(&self, action: &str) -> bool {
        // Most patterns differ from the action at the first letter.
        match (self.text().as_bytes().first(), action.as_bytes().first()) {
            (Some(b'*' | b'?'), _) => {}
            (Some(own), Some(other)) if own.eq_ignore_ascii_case(other) => {}
            _ => return false,
        }
        self.is_everything() || wildcard_matches(self.text(), action, true)
    }
}
