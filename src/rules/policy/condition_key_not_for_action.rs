use crate::catalog::{self, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a condition on a key that no request for a listed action carries, so that the statement never
    /// allows the action.
    ///
    /// Which keys a request carries depends on the action and on the resources it acts on. A condition on
    /// another key fails, and the action is not allowed, whatever the request.
    ///
    /// ```text
    /// "Action": ["ecs:RunTask", "ecs:ListClusters"],
    /// "Condition": { "ArnEquals": { "ecs:cluster": "…" } }    ListClusters never carries ecs:cluster
    /// ```
    ///
    /// Put the actions that do not carry the key into a statement of their own. Actions given by wildcards
    /// are not judged, nor are `IfExists`, `Null`, negated operators and `ForAllValues`, which hold without
    /// the key.
    ///
    /// See the service's page in the Service Authorization Reference.
    pub ConditionKeyNotForAction {
        id: "condition-key-not-for-action",
        group: Policy,
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "no request for a listed action carries the condition key",
        sources: [
            "access-analyzer/UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
            "access-analyzer/ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "parliament/UNKNOWN_CONDITION_FOR_ACTION",
            "iam-policy-validator/invalid_condition_key",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ConditionKeyNotForAction {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() || !policy.kind.is_policy() || statement.object.has("NotAction") {
            return;
        }
        for condition in statement.condition_keys() {
            let key = condition.key;
            let holds_without = catalog::parse_operator(&condition.operator.text).is_none_or(|operator| {
                operator.if_exists
                    || operator.base.negated
                    || operator.base.family == catalog::Family::Null
                    || operator.qualifier == Some(SetQualifier::ForAllValues)
            });
            if holds_without
                || key.has_unknown()
                || key.text.split(':').next().is_none_or(|it| it.contains(['.', '/']))
            {
                continue;
            }
            if catalog::condition_key(&key.text).is_none() {
                continue;
            }
            let mut without = Vec::new();
            let mut with = 0;
            let mut patterns = false;
            for action in statement.listed_actions() {
                if action.has_wildcard() || action.string.has_unknown() {
                    patterns = true;
                    continue;
                }
                match catalog::action(action.text()) {
                    Some(known) if known.accepts_condition_key(&key.text) => with += 1,
                    // Of permission-only actions the reference says little.
                    Some(known) if known.is_permission_only() && known.takes_all_resources_only() => {
                        with += 1
                    }
                    Some(known) => without.push((action, known)),
                    None => patterns = true,
                }
            }
            let Some((first, _)) = without.first() else { continue };
            let names: Vec<String> =
                without.iter().take(4).map(|(_, action)| format!("`{action}`")).collect();
            let more =
                if without.len() > 4 { format!(" and {} more", without.len() - 4) } else { String::new() };
            let all = with == 0 && !patterns;
            let finding = acc.report(
                key.content_span(),
                format!("no request for {}{more} carries the condition key `{}`", names.join(", "), key.text),
            );
            finding.related(first.string.span, "listed here");
            if all {
                finding.case("all-actions").note("The statement allows nothing. Use a key that the action's requests carry, or leave the condition out.");
            } else {
                finding.case("some-actions").severity(Severity::Info).note(
                    "The statement never allows them. Give them a statement of their own, without this condition.",
                );
            }
        }
    }
}
