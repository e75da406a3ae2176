use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::OfUnit;
use crate::host::value::Value;
use crate::model::{ActionPattern, ConditionKey, Effect, Policy, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions that ask a request for something it needs another permission for.
    ///
    /// A request that uploads an object with tags needs `s3:PutObjectTagging` beside `s3:PutObject`; the same
    /// goes for retention and legal hold. A statement that allows `s3:PutObject` only with a certain tag, in a
    /// policy without that second permission, allows nothing.
    ///
    /// ```json
    /// "Action": "s3:PutObject",
    /// "Condition": { "StringEquals": { "s3:RequestObjectTag/team": "shop" } }
    /// ```
    ///
    /// Add `s3:PutObjectTagging` to the actions.
    ///
    /// AWS: "Tagging and access control policies" in the Amazon S3 user guide.
    pub ConditionKeyNeedsAction {
        id: "condition-key-needs-action",
        group: Policy,
        reads: [Policy],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "setting what the condition asks for needs an action that is not allowed",
        sources: ["access-analyzer/MISSING_ACTION_FOR_CONDITION_KEY"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ConditionKeyNeedsAction {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if !policy.document.is_whole() {
            return;
        }
        for placed in policy.units().iter().filter(|placed| placed.unit.known::<HasExtra>().0) {
            let Some(object) = placed.unit.value.as_object() else { continue };
            let (base, statement) = (placed.base, Statement { object });
            for test in access::tests(statement) {
                let Some(extra) = catalog::key_traits(test.key()).and_then(|traits| traits.extra_action)
                else {
                    continue;
                };
                if !test.holds_without_key().is_no() || access::is_open(statement, context) {
                    continue;
                }
                let Some(action) = statement.listed_actions().find(|action| action.covers(extra.of)) else {
                    continue;
                };
                let unknown = statement.listed_actions().any(|action| action.string.has_unknown());
                if unknown || policy.statements().any(|(_, other)| other.grants(extra.needs)) {
                    continue;
                }
                acc.report(
                    test.condition.key.content_span().shifted(base),
                    format!("a request with `{}` needs `{}` too", test.key(), extra.needs),
                )
                .related(action.string.span.shifted(base), format!("this allows `{}`", extra.of))
                .note(format!(
                    "Unless another policy allows it, the statement allows nothing. Add `{}` to its actions.",
                    extra.needs
                ));
            }
        }
    }
}

/// Whether a statement allows an action that needs another for some of its keys, and has such a key.
struct HasExtra(bool);

impl OfUnit for HasExtra {
    fn of(value: &Value) -> HasExtra {
        let statement = value.as_object().map(|object| Statement { object });
        let statement = statement.filter(|it| it.effect() == Some(Effect::Allow));
        let is_extra = |action: ActionPattern<'_>| {
            catalog::actions_with_extras().iter().any(|known| action.covers(known))
        };
        let needs_more = |key: ConditionKey<'_>| {
            catalog::key_traits(&key.key.text).is_some_and(|traits| traits.extra_action.is_some())
        };
        HasExtra(
            statement
                .is_some_and(|it| it.condition_keys().any(needs_more) && it.listed_actions().any(is_extra)),
        )
    }
}
