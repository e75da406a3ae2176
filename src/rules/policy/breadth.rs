//! What the rules on wide permissions share: whether a statement is narrowed at all, and by which of its
//! patterns it grants an action.

use crate::access::{named_patterns, unrestricted};
use crate::catalog;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::model::{ActionPattern, PolicyContext, Statement};
use crate::text::{Span, quoted};

/// Whether a policy of that kind gives permissions to whoever it is attached to.
pub(super) fn gives(policy: &PolicyContext) -> bool {
    matches!(policy.kind, DocumentKind::Identity | DocumentKind::Session)
}

/// How a statement grants an action on every resource.
pub(super) struct Shape<'a> {
    /// Which of six.
    pub case: &'static str,
    /// What opens it: the resource, or `NotResource`.
    pub span: Span,
    /// The pattern that covers the action; `None` where `NotAction` leaves it in.
    pub action: Option<ActionPattern<'a>>,
    /// Whether the action is named in full.
    pub by_name: bool,
}

impl Shape<'_> {
    /// What to say behind the action where it is not named.
    pub fn via(&self, acc: &Findings) -> String {
        match self.action {
            Some(action) if !self.by_name => format!(" (`{}` covers it)", action.text()),
            Some(_) => String::new(),
            None => format!(" (`{}` leaves it in)", acc.name("NotAction")),
        }
    }
}

/// The shape in which a statement grants an action on every resource that `is_any` knows, or on all but
/// some.
pub(super) fn shape<'a>(
    statement: Statement<'a>,
    action: &str,
    is_any: impl Fn(&str) -> bool,
) -> Option<Shape<'a>> {
    if !statement.grants(action) {
        return None;
    }
    let pattern = statement.listed_actions().find(|pattern| pattern.covers(action));
    let everywhere = statement.listed_resources().find(|resource| is_any(&resource.text));
    let not_resource = statement.member("NotResource");
    let by_name = pattern.is_some_and(|pattern| pattern.text().eq_ignore_ascii_case(action));
    let (case, span) = match (everywhere, not_resource, pattern) {
        (Some(resource), _, Some(_)) if by_name => ("star-in-resource", resource.content_span()),
        (Some(resource), _, Some(_)) => ("star-in-action-and-resource", resource.content_span()),
        (Some(resource), _, None) => ("star-in-resource-and-not-action", resource.content_span()),
        (None, Some(member), Some(_)) if by_name => ("not-resource", member.name.content_span()),
        (None, Some(member), Some(_)) => ("star-in-action-and-not-resource", member.name.content_span()),
        (None, Some(member), None) => ("not-action-and-not-resource", member.name.content_span()),
        (None, None, _) => return None,
    };
    Some(Shape { case, span, action: pattern, by_name })
}

/// Reports that a statement lets one of `dangerous` act on everything: one finding for the statement, at
/// the pattern, with the others in its note.
pub(super) fn report_unrestricted(
    statement: Statement<'_>,
    policy: &PolicyContext,
    dangerous: &[&'static str],
    acc: &mut crate::diagnostic::Findings,
    message: impl Fn(&str) -> String,
    why: &str,
    remedy: &str,
) {
    if !gives(policy) {
        return;
    }
    let Some(resource) = unrestricted(statement, policy) else { return };
    // What takes `*` only cannot be narrowed.
    let narrows = |action: &str| catalog::action(action).is_some_and(|it| !it.takes_all_resources_only());
    let mut found = named_patterns(statement).filter_map(|pattern| {
        let action = dangerous.iter().find(|action| pattern.covers(action) && narrows(action))?;
        Some((pattern, *action))
    });
    let Some((pattern, action)) = found.next() else { return };
    let mut others: Vec<&str> = found.map(|(_, action)| action).collect();
    others.sort();
    others.dedup();
    others.truncate(5);
    let more = if others.is_empty() { String::new() } else { format!(" So do {}.", quoted(others)) };
    acc.report(pattern.string.content_span(), message(action))
        .note(format!("{why}{more} {remedy}"))
        .related(resource.span, "on everything");
}
