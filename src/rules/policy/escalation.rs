//! What a caller can get with the actions that a policy allows on everything.

use super::breadth::gives;
use crate::access::{everything_for, is_any, is_denied, named_patterns, unrestricted};
use crate::catalog::{self, Escalation};
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{ActionPattern, Policy, PolicyContext, Statement};
use crate::text::{Span, all_quoted};

/// Reports the first of the sets that `counts` and that the policy allows in full, with the number of the
/// others.
pub(super) fn report(
    policy: Policy<'_>,
    context: &PolicyContext,
    acc: &mut Findings,
    counts: impl Fn(&Escalation) -> bool,
) {
    let resource = acc.name("Resource");
    if !gives(context) {
        return;
    }
    // A statement with all of the actions' names is somebody's administrator, and another rule's.
    let open: Vec<(u32, Statement<'_>, ActionPattern<'_>)> = policy
        .statements()
        .filter(|(_, statement)| unrestricted(*statement, context).is_some())
        .flat_map(|(base, statement)| {
            named_patterns(statement).map(move |pattern| (base, statement, pattern))
        })
        .collect();
    if open.is_empty() {
        return;
    }
    let holds = |action: &str, set: &Escalation| -> Option<Span> {
        let found = open.iter().find(|(_, statement, pattern)| {
            pattern.covers(action) && everything_for(*statement, action).is_some()
        });
        let span = match found {
            Some((base, _, pattern)) => pattern.string.content_span().shifted(*base),
            None if action == "iam:PassRole" => passes_to(policy, context, set)?,
            None => return None,
        };
        (!is_denied(policy, action)).then_some(span)
    };
    let found: Vec<(&Escalation, Vec<Span>)> = catalog::escalations()
        .iter()
        .filter(|set| counts(set))
        .filter_map(|set| {
            let spans: Option<Vec<Span>> = set.actions.iter().map(|action| holds(action, set)).collect();
            Some((set, spans?))
        })
        .collect();
    let Some((set, spans)) = found.first() else { return };
    let names = all_quoted(set.actions);
    // The action that is not PassRole tells more.
    let at = set.actions.iter().position(|action| *action != "iam:PassRole").unwrap_or_default();
    let Some(span) = spans.get(at) else { return };
    let finding = acc.report(*span, format!("with {names} on everything, a caller can {}", set.how));
    finding.case(match (set.actions, set.actions.iter().any(|action| action.starts_with("ecs:"))) {
        (_, true) => "ecs",
        ([_], false) => "alone",
        _ => "together",
    });
    let more = match found.len() - 1 {
        0 => String::new(),
        1 => " There is one more way.".to_string(),
        count => format!(" There are {count} more ways."),
    };
    finding.note(format!(
        "They get rights that nobody gave them.{more} Name the roles, users or policies in `{resource}`."
    ));
    for (index, other) in spans.iter().enumerate() {
        if index != at && other != span {
            finding.related(*other, "and this is allowed on everything too");
        }
    }
}

/// Where `iam:PassRole` is allowed for every role, limited to the service that the rest of the set is of.
fn passes_to(policy: Policy<'_>, context: &PolicyContext, set: &Escalation) -> Option<Span> {
    let service = set.actions.iter().find(|action| !action.starts_with("iam:"))?.split(':').next()?;
    let fits = |statement: &Statement<'_>| {
        statement.allows()
            && !context.template
            && statement.listed_resources().any(|resource| is_any(&resource.text))
            && statement.condition_keys().all(|key| {
                key.key.text.eq_ignore_ascii_case("iam:PassedToService")
                    && key
                        .values()
                        .iter()
                        .filter_map(Value::as_string)
                        .any(|value| !value.has_unknown() && value.text.contains(service))
            })
            && statement.condition_keys().next().is_some()
    };
    policy.statements().filter(|(_, statement)| fits(statement)).find_map(|(base, statement)| {
        let pattern = named_patterns(statement).find(|pattern| pattern.covers("iam:PassRole"))?;
        Some(pattern.string.content_span().shifted(base))
    })
}
