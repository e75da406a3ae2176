use super::conditions;
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on keys with several values that do not say whether all or any must fit.
    ///
    /// A request carries a list of values for such a key (`aws:TagKeys`, `aws:CalledVia`). Without
    /// `ForAllValues` or `ForAnyValue` before the operator, the outcome is not what it seems.
    ///
    /// ```json
    /// "Condition": { "StringEquals": { "aws:TagKeys": "team" } }
    /// ```
    ///
    /// Write `ForAnyValue:StringEquals` where one fitting value is enough, `ForAllValues:StringEquals`
    /// where each must fit. The latter also holds where the request has no such key.
    ///
    /// AWS: "Multivalued context keys" in the IAM user guide.
    pub MissingSetOperator {
        id: "missing-set-operator",
        group: Policy,
        reads: [Statement],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a key with several values is compared without ForAllValues or ForAnyValue",
        sources: [
            "access-analyzer/MISSING_QUALIFIER",
            "aws-iam-language-server/MISSING_SET_OPERATOR",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for MissingSetOperator {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for key in statement.condition_keys().filter(|key| !key.key.has_unknown()) {
            let Some(operator) = catalog::parse_operator(&key.operator.text) else { continue };
            if operator.qualifier.is_some() || operator.base.family == Family::Null {
                continue;
            }
            if !catalog::condition_key(&key.key.text).is_some_and(|known| known.is_multivalued())
                || either_arity(&key.key.text)
            {
                continue;
            }
            let set = if operator.base.negated { "ForAllValues" } else { "ForAnyValue" };
            let renamed = format!("{set}:{}", key.operator.text);
            // Both give one value what the operator alone gives it.
            let edits = conditions::rename(statement, key.operator, &renamed, |other| {
                catalog::condition_key(&other.key.text).is_some_and(|known| known.is_multivalued())
            });
            acc.report(
                key.key.content_span(),
                format!(
                    "`{}` has several values, and `{}` does not say how many must fit",
                    key.key.text, key.operator.text
                ),
            )
            .related(key.operator.span, "the operator is here")
            .note(format!(
                "Write `ForAnyValue:{0}` where one is enough, or `ForAllValues:{0}` where each must fit.",
                key.operator.text
            ))
            .maybe_fix(edits.map(|edits| Fix::unsafe_(format!("Write `{renamed}`"), edits)));
        }
    }
}

/// Whether AWS's own policies use the key with a set operator and without.
pub(super) fn either_arity(key: &str) -> bool {
    catalog::key_traits(key).is_some_and(|traits| traits.either_arity)
}
