use crate::access::{self, Test};
use crate::catalog::{Family, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::DocumentKind;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;
use crate::rules::trust::principals::{has_open_condition, keeps_strangers_out};

declare_rule! {
    /// Finds conditions that hold for every request, and such as hold for none.
    ///
    /// A lone `*` fits every value. Under `StringLikeIfExists` and `ForAllValues:StringLike` the condition then
    /// holds whether the key is there or not, so that it restricts nothing. Under `ForAnyValue:StringNotLike`
    /// it never holds, and the statement does nothing. An address range of `/0` is a star of its own.
    ///
    /// ```json
    /// "Condition": { "StringLikeIfExists": { "aws:SourceVpce": "*" } }
    /// ```
    ///
    /// Write the values that are meant, or remove the key.
    ///
    /// AWS: "IAM JSON policy elements: Condition operators" in the IAM user guide.
    pub ConditionDecidesNothing {
        id: "condition-decides-nothing",
        group: Policy,
        reads: [Statement],
        cases: ["always", "everywhere", "never"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a condition holds for every request, or for none",
        sources: [
            "access-analyzer/REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
            "access-analyzer/REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ConditionDecidesNothing {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            if test.operator.base.family == Family::IpAddress {
                // Where everybody is let in by it, that is told.
                if !lets_everybody_in(statement, policy) {
                    everywhere(test, acc);
                }
                continue;
            }
            let Some(star) = test.star() else { continue };
            let name = &test.condition.operator.text;
            let negated = test.operator.base.negated;
            let always = !negated
                && (test.operator.if_exists || test.operator.qualifier == Some(SetQualifier::ForAllValues));
            let never = negated
                && test.operator.qualifier == Some(SetQualifier::ForAnyValue)
                && !test.operator.if_exists;
            if always {
                acc.report(star.content_span(), format!("`{name}` with `{}` holds for every request", star.text))
                    .related(test.condition.key.span, "the key is here")
                    .severity(Severity::Info)
                    .case("always")
                    .note("It holds with the key and without, and restricts nothing. Write the values that are meant, or remove the key.");
            } else if never {
                acc.report(star.content_span(), format!("`{name}` with `{}` holds for no request", star.text))
                    .related(test.condition.key.span, "the key is here")
                    .case("never")
                    .note("No value differs from all strings, so the statement does nothing. Write the values that are meant.");
            }
        }
    }
}

/// Whether a statement of a resource's or role's policy lets everybody in, whatever its conditions say.
fn lets_everybody_in(statement: Statement<'_>, policy: &PolicyContext) -> bool {
    matches!(policy.kind, DocumentKind::Resource | DocumentKind::Trust)
        && statement.allows()
        && statement.principal().is_some_and(|principal| principal.is_everyone())
        && !has_open_condition(statement)
        && !keeps_strangers_out(statement)
}

fn everywhere(test: Test<'_>, acc: &mut Findings) {
    for value in test.texts().filter(|text| matches!(&*text.text, "0.0.0.0/0" | "::/0" | "0000::/0")) {
        let version = if value.text.contains(':') { "IPv6" } else { "IPv4" };
        let finding =
            acc.report(value.content_span(), format!("`{}` is every {version} address", value.text));
        finding.related(test.condition.key.span, "the key is here").case("everywhere");
        if test.operator.base.negated {
            finding.note("No address lies outside, so the condition does not hold for any. Write the ranges that are meant.");
        } else {
            finding.severity(Severity::Info).note(
                "The condition lets all of them pass. Write the ranges that are meant, or remove the key.",
            );
        }
    }
}
