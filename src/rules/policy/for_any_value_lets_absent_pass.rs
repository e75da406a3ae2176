use crate::access;
use crate::catalog;
use crate::catalog::{Family, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `ForAnyValue` with a negated operator in statements that deny.
    ///
    /// "Deny where a value is not one of these" reads as if it turned all others away. A request that does not
    /// have the key has no such value: it is not denied.
    ///
    /// ```json
    /// "Effect": "Deny",
    /// "Condition": { "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*" } }
    /// ```
    ///
    /// Deny what lacks the key in a second statement, with `Null` and `"true"`; or use `ForAllValues` with the
    /// negated operator, which also denies without the key, where no value may be one of the list.
    ///
    /// AWS: "Set operators for multivalued context keys" in the IAM user guide.
    pub ForAnyValueLetsAbsentPass {
        id: "for-any-value-lets-absent-pass",
        group: Policy,
        reads: [Statement],
        severity: Info,
        confidence: Medium,
        level: Default,
        summary: "a negated ForAnyValue does not deny requests without the key",
        sources: ["iam-policy-validator/foranyvalue_deny_without_null_check"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ForAnyValueLetsAbsentPass {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        if statement.effect() != Some(Effect::Deny) {
            return;
        }
        for test in access::tests(statement) {
            if test.operator.qualifier != Some(SetQualifier::ForAnyValue)
                || !test.operator.base.negated
                || test.operator.if_exists
                || test.operator.base.family == Family::Null
                || test.key().to_ascii_lowercase().ends_with("tagkeys")
                || access::demands_null(statement, test.key())
                // On a key with one value the operator itself is wrong, and another rule says so.
                || catalog::condition_key(test.key()).is_some_and(|known| !known.is_multivalued())
            {
                continue;
            }
            let operator = test.condition.operator;
            let end = operator.text.find(':').unwrap_or(operator.text.len());
            acc.report(
                operator.part(0..end),
                format!("a request without `{}` is not denied", test.key()),
            )
            .related(test.condition.key.span, "the key is here")
            .note(format!(
                "`ForAnyValue` does not hold where the key is absent. Deny those requests too, in a statement with `\"Null\": {{ \"{}\": \"true\" }}`.",
                test.key()
            ));
        }
    }
}
