use crate::access;
use crate::catalog::SetQualifier;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a lone `*` as the value of a condition that only asks whether the key is there.
    ///
    /// `StringLike` with `*` holds where the request has the key, whatever it says, and `StringNotLike` with
    /// `*` where it has not. `Null` asks the same in so many words.
    ///
    /// ```text
    /// "StringLike":    { "aws:RequestTag/team": "*" }    "Null": { "aws:RequestTag/team": "false" }
    /// "StringNotLike": { "aws:RequestTag/team": "*" }    "Null": { "aws:RequestTag/team": "true" }
    /// ```
    ///
    /// AWS: "Condition operator to check existence of condition keys" in the IAM user guide.
    pub ConditionAsksForPresence {
        id: "condition-asks-for-presence",
        group: Policy,
        reads: [Statement],
        cases: ["absent", "present"],
        severity: Hint,
        confidence: High,
        level: Pedantic,
        summary: "a pattern of `*` asks what `Null` asks in words",
        sources: [
            "access-analyzer/EQUIVALENT_TO_NULL_FALSE",
            "access-analyzer/EQUIVALENT_TO_NULL_TRUE",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ConditionAsksForPresence {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            let Some(star) = test.star() else { continue };
            let wanted = match (test.operator.base.negated, test.operator.qualifier, test.operator.if_exists)
            {
                (false, None | Some(SetQualifier::ForAnyValue), false) => "false",
                (true, None | Some(SetQualifier::ForAllValues), _) => "true",
                _ => continue,
            };
            let name = &test.condition.operator.text;
            acc.report(
                star.content_span(),
                format!(
                    "`{name}` with `{}` asks whether the request has {}`{}`",
                    star.text,
                    if wanted == "true" { "no " } else { "" },
                    test.key()
                ),
            )
            .related(test.condition.key.span, "the key is here")
            .case(if wanted == "true" { "absent" } else { "present" })
            .note(format!("Say so: `\"Null\": {{ \"{}\": \"{wanted}\" }}`.", test.key()));
        }
    }
}
