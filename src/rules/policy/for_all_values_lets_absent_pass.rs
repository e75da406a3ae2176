use super::conditions;
use crate::access;
use crate::catalog::{self, Family, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `ForAllValues` in statements that allow, without a condition that the key is there at all.
    ///
    /// `ForAllValues` holds for a request that does not have the key: of no values, all fit. A statement that
    /// is meant for callers of one organization, or for calls through one service, so allows all who belong to
    /// none. This is about keys of the caller and the network; others are `for-all-values-without-null`.
    ///
    /// ```json
    /// "Condition": { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" } }
    /// ```
    ///
    /// Write `ForAnyValue`, or add `"Null": { "aws:PrincipalOrgPaths": "false" }`.
    ///
    /// AWS: "Set operators for multivalued context keys" in the IAM user guide.
    pub ForAllValuesLetsAbsentPass {
        id: "for-all-values-lets-absent-pass",
        group: Policy,
        reads: [Statement],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "ForAllValues allows requests that do not have the key",
        sources: [
            "iam-policy-validator/forallvalues_allow_without_null_check",
            "aws-iam-language-server/PERMISSIVE_SET_OPERATOR",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for ForAllValuesLetsAbsentPass {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        check(statement, policy, true, acc);
    }
}

/// Finds `ForAllValues` without a guard in a statement that allows: on keys that tell who calls and from
/// where, or on all others.
pub(super) fn check(statement: Statement<'_>, policy: &PolicyContext, callers: bool, acc: &mut Findings) {
    if !statement.allows() {
        return;
    }
    for test in access::tests(statement) {
        if test.operator.qualifier != Some(SetQualifier::ForAllValues)
            || test.operator.base.family == Family::Null
            || tells_of_caller(test.key()) != callers
            || test.has_empty_list()
            || access::is_open(statement, policy)
            || !access::demands(statement, test.key()).is_no()
        {
            continue;
        }
        // On keys with one value the set operator itself is the mistake, and another rule's finding.
        if !catalog::condition_key(test.key()).is_some_and(|key| key.is_multivalued()) {
            continue;
        }
        let operator = test.condition.operator;
        let end = operator.text.find(':').unwrap_or(operator.text.len());
        acc.report(
            operator.part(0..end),
            format!("a request without `{}` passes this condition", test.key()),
        )
        .related(test.condition.key.span, "the key is here")
        .note(format!(
            "`ForAllValues` holds where the key is absent. Add `\"Null\": {{ \"{}\": \"false\" }}`.",
            test.key()
        ))
        .maybe_fix(
            conditions::null_guard(statement, test.key())
                .map(|edit| Fix::unsafe_(format!("Ask that `{}` is there", test.key()), vec![edit])),
        );
    }
}

/// Keys of who calls, from which network and through what.
fn tells_of_caller(key: &str) -> bool {
    catalog::global_key(key).is_some_and(|known| !catalog::is_tag_key(known.name))
}
