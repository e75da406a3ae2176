use super::conditions;
use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `IfExists` on keys that every request has.
    ///
    /// `aws:CurrentTime`, `aws:SecureTransport`, `aws:RequestedRegion` and `aws:ViaAWSService` are always
    /// there, so that the suffix changes nothing but makes readers wonder.
    ///
    /// ```json
    /// "Condition": { "BoolIfExists": { "aws:SecureTransport": "false" } }
    /// ```
    ///
    /// Write the operator alone.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub NeedlessIfExists {
        id: "needless-if-exists",
        group: Policy,
        reads: [Statement],
        severity: Hint,
        confidence: High,
        level: Pedantic,
        summary: "IfExists stands on a key that every request has",
        sources: ["iam-policy-validator/ifexists_on_always_present_key"],
        fix: Safe,
        since: "0.1.0",
    }
}

impl Rule for NeedlessIfExists {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement).filter(|test| test.operator.if_exists) {
            if !is_always_there(test.key()) {
                continue;
            }
            let operator = test.condition.operator;
            let start = operator.text.len() - "IfExists".len();
            let name = &operator.text[..start];
            let edits = conditions::rename(statement, operator, name, |key| is_always_there(&key.key.text));
            acc.report(
                operator.part(start..operator.text.len()),
                format!("every request has `{}`", test.key()),
            )
            .related(test.condition.key.span, "the key is here")
            .note(format!("`IfExists` changes nothing. Write `{name}`."))
            .maybe_fix(edits.map(|edits| Fix::safe(format!("Replace with `{name}`"), edits)));
        }
    }
}

fn is_always_there(key: &str) -> bool {
    catalog::global_key(key).is_some_and(|known| known.present == "always" && known.about == "request")
        && !catalog::key_traits(key).is_some_and(|traits| traits.forgeable)
}
