//! What the rules on wide permissions share: whether a statement is narrowed at all, and by which of its
//! patterns it grants an action.

use crate::catalog;
use crate::host::DocumentKind;
use crate::host::value::StringValue;
use crate::model::{ActionPattern, Arn, Effect, Policy, PolicyContext, Statement};
use crate::text::Span;

/// Whether a policy of that kind gives permissions to whoever it is attached to.
pub(super) fn gives(policy: &PolicyContext) -> bool {
    matches!(policy.kind, DocumentKind::Identity | DocumentKind::Session)
}

/// `*`, and no other text than stars.
pub(super) fn is_star(resource: &str) -> bool {
    !resource.is_empty() && resource.bytes().all(|byte| byte == b'*')
}

/// Whether a resource stands for everything of its type: `*`, `arn:aws:ecs:*:*:*`,
/// `arn:aws:iam::*:role/*`.
pub(super) fn is_any(resource: &str) -> bool {
    if is_star(resource) {
        return true;
    }
    let Ok(arn) = Arn::parse(resource) else { return false };
    let Some(head) = arn.resource.strip_suffix('*') else { return false };
    let name = head.trim_end_matches(['/', ':']);
    name.is_empty()
        || catalog::service(arn.service).is_some_and(|service| service.resource_type(name).is_some())
}

/// The entry of `Resource` by which an allowing statement reaches everything, where no condition narrows
/// it.
pub(super) fn unrestricted<'a>(statement: Statement<'a>, policy: &PolicyContext) -> Option<&'a StringValue> {
    if !statement.allows() || policy.template || !statement.is_unconditional() {
        return None;
    }
    statement.listed_resources().find(|resource| is_any(&resource.text))
}

/// The patterns of a statement that name something less than everything.
pub(super) fn patterns<'a>(statement: Statement<'a>) -> impl Iterator<Item = ActionPattern<'a>> + use<'a> {
    statement.listed_actions().filter(|action| !action.string.has_unknown() && !action.is_everything())
}

/// Whether some statement of the policy denies an action on everything, whatever the request.
pub(super) fn is_denied(policy: Policy<'_>, action: &str) -> bool {
    policy.statements().any(|(_, statement)| {
        statement.effect() == Some(Effect::Deny)
            && statement.is_unconditional()
            && statement.listed_resources().any(|resource| is_any(&resource.text))
            && statement.listed_actions().any(|pattern| pattern.covers(action))
    })
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
    pub fn via(&self) -> String {
        match self.action {
            Some(action) if !self.by_name => format!(" (`{}` covers it)", action.text()),
            Some(_) => String::new(),
            None => " (`NotAction` leaves it in)".to_string(),
        }
    }
}

/// Whether a statement makes an administrator: every action on every resource, whatever the request. It
/// has a finding of its own, which stands for all that this includes.
pub(super) fn is_administrator(statement: Statement<'_>) -> bool {
    statement.allows()
        && statement.is_unconditional()
        && statement.listed_actions().any(|action| action.is_everything())
        && statement.listed_resources().any(|resource| is_any(&resource.text))
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
    let mut found = patterns(statement).filter_map(|pattern| {
        let action = dangerous.iter().find(|action| pattern.covers(action) && narrows(action))?;
        Some((pattern, *action))
    });
    let Some((pattern, action)) = found.next() else { return };
    let mut others: Vec<String> = found.map(|(_, action)| format!("`{action}`")).collect();
    others.sort();
    others.dedup();
    others.truncate(5);
    let more = if others.is_empty() { String::new() } else { format!(" So do {}.", others.join(", ")) };
    acc.report(pattern.string.content_span(), message(action))
        .note(format!("{why}{more} {remedy}"))
        .related(resource.span, "on everything");
}
