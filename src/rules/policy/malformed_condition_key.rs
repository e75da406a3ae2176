use super::conditions;
use crate::access;
use crate::catalog::{self, Guess};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds condition keys without a prefix.
    ///
    /// A condition key is `prefix:name`: `aws:SourceArn`, `ecs:cluster`. IAM refuses a policy with anything
    /// else in its place. Often the operator is missing: the key then stands where `StringEquals` belongs.
    ///
    /// ```text
    /// "Condition": { "StringEquals": { "SourceArn": "…" } }        refused
    /// "Condition": { "StringEquals": { "aws:SourceArn": "…" } }    right
    /// ```
    pub MalformedConditionKey {
        id: "malformed-condition-key",
        group: Policy,
        reads: [Statement],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a condition key has no prefix",
        sources: [
            "access-analyzer/INVALID_CONDITION_KEY_FORMAT",
            "iam-policy-validator/invalid_condition_key",
            "parliament/UNKNOWN_CONDITION_FOR_ACTION",
        ],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Actions/Conditions must be prefaced by a vendor"],
    }
}

impl Rule for MalformedConditionKey {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for condition in statement.condition_keys() {
            let key = condition.key;
            if key.has_unknown() || key.text.contains(':') {
                continue;
            }
            if key.text.is_empty() {
                acc.report(key.span, "a condition key is empty").note("IAM refuses the policy.");
            } else {
                let meant =
                    format!("aws:{}", key.text.trim_start_matches("aws").trim_start_matches(['.', '/', '-']));
                let known = catalog::global_key(&meant)
                    .map(|known| known.name)
                    .filter(|it| !it.contains('$') && !access::has_any(statement, &[it]));
                acc.report(key.content_span(), format!("the condition key `{}` has no prefix", key.text))
                    .maybe_fix(known.and_then(|name| conditions::rename_key(condition, Guess::plain(name))))
                    .note("Write `prefix:name`, as in `aws:SourceArn` or `ecs:cluster`. IAM refuses the policy.");
            }
        }
    }
}
