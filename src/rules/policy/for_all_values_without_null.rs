use super::for_all_values_lets_absent_pass::check;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `ForAllValues` in statements that allow, without a condition that the key is there at all.
    ///
    /// `ForAllValues` holds for a request that does not have the key: of no values, all fit. Often that is
    /// meant, as for the keys of tags that may be set; where the list is to hold something back, as
    /// `dynamodb:LeadingKeys` does, a request that names nothing gets all of it.
    ///
    /// ```json
    /// "Condition": { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "${aws:PrincipalTag/team}" } }
    /// ```
    ///
    /// Add `"Null": { "dynamodb:LeadingKeys": "false" }` where the key has to be there.
    ///
    /// AWS: "Set operators for multivalued context keys" in the IAM user guide.
    pub ForAllValuesWithoutNull {
        id: "for-all-values-without-null",
        group: Policy,
        reads: [Statement],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "ForAllValues also allows requests that have no such key",
        sources: [
            "iam-policy-validator/forallvalues_allow_without_null_check",
            "aws-iam-language-server/PERMISSIVE_SET_OPERATOR",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for ForAllValuesWithoutNull {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        check(statement, policy, false, acc);
    }
}
