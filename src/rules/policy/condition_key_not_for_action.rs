use crate::access::{self, Test};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{ActionPattern, Effect, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds a condition on a key that no request for a listed action carries, so that the statement never
    /// allows the action, or never denies it.
    ///
    /// Which keys a request carries depends on the action and on the resources it acts on. A condition on
    /// another key fails, and the action is neither allowed nor denied, whatever the request.
    ///
    /// ```text
    /// "Action": ["ecs:RunTask", "ecs:ListClusters"],
    /// "Condition": { "ArnEquals": { "ecs:cluster": "…" } }    ListClusters never carries ecs:cluster
    /// ```
    ///
    /// Put the actions that do not carry the key into a statement of their own. Actions given by wildcards
    /// are judged for tags (`aws:ResourceTag/…`, `aws:RequestTag/…`, `aws:TagKeys`) and for keys of another
    /// service alone. A negated operator holds without the key: it then always does. `IfExists`, `Null` and
    /// `ForAllValues` are not judged.
    ///
    /// See the service's page in the Service Authorization Reference.
    pub ConditionKeyNotForAction {
        id: "condition-key-not-for-action",
        group: Policy,
        reads: [Statement],
        cases: ["all-actions", "allow-not-action", "always", "deny-all-actions", "deny-not-action", "deny-some-actions", "some-actions"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "no request for a listed action carries the condition key",
        sources: [
            "access-analyzer/UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
            "access-analyzer/ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "access-analyzer/ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "access-analyzer/DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "access-analyzer/DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
            "parliament/UNKNOWN_CONDITION_FOR_ACTION",
            "iam-policy-validator/invalid_condition_key",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ConditionKeyNotForAction {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let Some(effect) = statement.effect() else { return };
        if !policy.kind.is_policy() {
            return;
        }
        for test in access::tests(statement) {
            let prefix = test.key().split(':').next().unwrap_or_default();
            // What an identity provider vouched for goes along with the session.
            let always = test.holds_without_key().is_yes();
            if always
                && (!test.operator.base.negated
                    || test.operator.if_exists
                    || test.operator.qualifier.is_some())
                || test.operator.base.family == catalog::Family::Null
                || prefix.contains(['.', '/'])
                || prefix.eq_ignore_ascii_case("saml")
                || catalog::condition_key(test.key()).is_none()
            {
                continue;
            }
            if statement.object.has("NotAction") {
                if !always {
                    all_but(test, effect, acc);
                }
            } else {
                of_listed(statement, test, effect, acc);
            }
        }
    }
}

/// Whether requests for what the pattern covers carry the key; `None` where that is not known.
fn carries(action: &ActionPattern<'_>, key: &str) -> Option<bool> {
    if action.string.has_unknown() || action.is_everything() {
        return None;
    }
    if action.has_wildcard() {
        // Of tags, and of another service's keys, the reference tells the whole.
        if catalog::service(action.service).is_none()
            || !catalog::is_tag_key(key) && !is_foreign(key, action.service)
        {
            return None;
        }
        let mut covered = catalog::expand(action.text()).peekable();
        covered.peek()?;
        return covered.all(|action| !action.accepts_condition_key(key)).then_some(false);
    }
    let known = catalog::action(action.text())?;
    // Of permission-only actions the reference says little.
    Some(known.accepts_condition_key(key) || known.is_permission_only() && known.takes_all_resources_only())
}

/// Whether the key is that of another service.
fn is_foreign(key: &str, service: &str) -> bool {
    let prefix = key.split(':').next().unwrap_or_default();
    catalog::service(prefix).is_some() && !prefix.eq_ignore_ascii_case(service)
}

fn of_listed(statement: Statement<'_>, test: Test<'_>, effect: Effect, acc: &mut Findings) {
    let key = test.condition.key;
    let mut without = Vec::new();
    let mut all = true;
    let mut patterns = true;
    for action in statement.listed_actions() {
        match carries(&action, &key.text) {
            Some(false) => {
                patterns &= action.has_wildcard();
                without.push(action);
            }
            _ => all = false,
        }
    }
    let Some(first) = without.first() else { return };
    let always = test.holds_without_key().is_yes();
    if always && !all {
        return;
    }
    let name = |action: &ActionPattern<'_>| {
        catalog::action(action.text()).map_or_else(|| action.text().to_string(), |known| known.to_string())
    };
    let names = quoted(without.iter().take(4).map(name));
    let more = if without.len() > 4 { format!(" and {} more", without.len() - 4) } else { String::new() };
    let finding = acc.report(
        key.content_span(),
        format!("no request for {}{more} carries the condition key `{}`", names, key.text),
    );
    finding.related(first.string.span, "listed here");
    if always {
        finding.case("always").note(match effect {
            Effect::Allow => "A negated operator holds without the key, so the condition restricts nothing. Use a key that the action's requests carry.",
            Effect::Deny => "A negated operator holds without the key, so all of them are denied. Use a key that the action's requests carry.",
        });
        // Of its own keys a service may set more than it tells.
        if !without.iter().all(|action| is_foreign(&key.text, action.service)) {
            finding.severity(Severity::Info);
        }
        return;
    }
    match (all, effect) {
        (true, Effect::Allow) => {
            finding.case("all-actions").note("The statement allows nothing. Use a key that the action's requests carry, or leave the condition out.");
            if patterns && catalog::is_tag_key(&key.text) {
                finding.severity(Severity::Info);
            }
        }
        (true, Effect::Deny) => {
            finding.case("deny-all-actions").note("The statement denies nothing. Use a key that the action's requests carry, or a negated operator, which also holds without it.");
        }
        (false, Effect::Allow) => {
            finding.case("some-actions").note(
                "The statement never allows them. Give them a statement of their own, without this condition.",
            );
            // Of what is named, and of tags in requests, the reference tells the whole.
            if patterns || !catalog::key_fits("aws:RequestTag/${TagKey}", &key.text) {
                finding.severity(Severity::Info);
            }
        }
        (false, Effect::Deny) => {
            finding
                .case("deny-some-actions")
                .severity(Severity::Info)
                .note("The statement never denies them. Give them a statement of their own, without this condition.");
        }
    }
}

/// `NotAction` takes in actions of every service, those without tags too.
fn all_but(test: Test<'_>, effect: Effect, acc: &mut Findings) {
    let [not_action, action] = acc.names(["NotAction", "Action"]);
    let key = test.condition.key;
    if !catalog::is_tag_key(&key.text) {
        return;
    }
    let finding = acc.report(
        key.content_span(),
        format!("many actions that `{not_action}` leaves in do not carry the condition key `{}`", key.text),
    );
    match effect {
        Effect::Deny => finding
            .case("deny-not-action")
            .note(format!("They are not denied. List the actions to deny under `{action}`.")),
        Effect::Allow => finding
            .severity(Severity::Info)
            .case("allow-not-action")
            .note(format!("They are not allowed. List the actions that carry it under `{action}`.")),
    };
}
