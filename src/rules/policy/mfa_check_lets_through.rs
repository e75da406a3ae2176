use super::conditions;
use crate::access::{self, says};
use crate::catalog::Family;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on a second factor that let callers without one through.
    ///
    /// `aws:MultiFactorAuthPresent` is there in requests with temporary credentials only; those with an access
    /// key of a user do not have it. So a `Deny` under `Bool` `"false"` does not touch them, an `Allow` under
    /// `BoolIfExists` `"true"` lets them in, and `Null` only asks whether the key is there, not what it says.
    ///
    /// ```text
    /// "Effect": "Deny",  "Bool":         { "aws:MultiFactorAuthPresent": "false" }    access keys pass
    /// "Effect": "Deny",  "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" }    right
    /// "Effect": "Allow", "Bool":         { "aws:MultiFactorAuthPresent": "true" }     right
    /// ```
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub MfaCheckLetsThrough {
        id: "mfa-check-lets-through",
        group: Policy,
        reads: [Statement],
        cases: ["allow-false", "allow-if-exists", "allow-null-false", "allow-null-true", "deny-false"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a condition on the second factor lets callers without one through",
        sources: [
            "parliament/BAD_PATTERN_FOR_MFA",
            "iam-policy-validator/mfa_antipattern_bool_false",
            "iam-policy-validator/mfa_antipattern_boolif_exists_false",
            "iam-policy-validator/mfa_antipattern_null_false",
            "iam-policy-validator/mfa_antipattern_null_true",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

const KEY: &str = "aws:MultiFactorAuthPresent";

impl Rule for MfaCheckLetsThrough {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        let Some(effect) = statement.effect() else { return };
        for test in access::tests(statement).filter(|test| test.is_on(KEY)) {
            let [value] = test.condition.values() else { continue };
            let wanted = match (says(value, true).is_yes(), says(value, false).is_yes()) {
                (true, _) => true,
                (_, true) => false,
                _ => continue,
            };
            let family = test.operator.base.family;
            let compares = matches!(family, Family::Bool | Family::String) && !test.operator.base.negated;
            let operator = test.condition.operator;
            let plain = operator.text.strip_suffix("IfExists").unwrap_or(&operator.text);
            // Another test of the same key in the statement makes up for it.
            let sibling = access::tests(statement)
                .any(|other| other.is_on(KEY) && other.condition.operator.span != operator.span);
            let (case, message, note, name) = match (effect, family, wanted) {
                (Effect::Deny, _, false) if compares && !test.operator.if_exists && !sibling => (
                    "deny-false",
                    format!(
                        "`{}` does not deny requests without `{KEY}`, such as those with an access key",
                        operator.text
                    ),
                    format!("Write `{plain}IfExists`, which denies them too."),
                    Some(format!("{plain}IfExists")),
                ),
                (Effect::Allow, _, true) if compares && test.operator.if_exists && !sibling => (
                    "allow-if-exists",
                    format!(
                        "`{}` allows requests without `{KEY}`, such as those with an access key",
                        operator.text
                    ),
                    format!("Write `{plain}`, which wants the second factor."),
                    Some(plain.to_string()),
                ),
                (Effect::Allow, _, false) if compares => (
                    "allow-false",
                    "the statement allows just those who showed no second factor".to_string(),
                    "Write `\"true\"` if a second factor is wanted.".to_string(),
                    None,
                ),
                (Effect::Allow, Family::Null, false) if !sibling => (
                    "allow-null-false",
                    format!("`Null` asks whether `{KEY}` is there, not whether it is true"),
                    format!(
                        "Sessions without a second factor have it too, as `false`. Write `\"Bool\": {{ \"{KEY}\": \"true\" }}`."
                    ),
                    None,
                ),
                (Effect::Allow, Family::Null, true) if !sibling => (
                    "allow-null-true",
                    "the statement allows just those who cannot have shown a second factor".to_string(),
                    format!(
                        "They use access keys of a user. Write `\"Bool\": {{ \"{KEY}\": \"true\" }}` if a second factor is wanted."
                    ),
                    None,
                ),
                _ => continue,
            };
            let fix = name.and_then(|name| {
                let edits = conditions::rename(statement, operator, &name, |key| {
                    key.key.text.eq_ignore_ascii_case(KEY)
                })?;
                Some(Fix::unsafe_(format!("Replace with `{name}`"), edits))
            });
            let span = if matches!(case, "deny-false" | "allow-if-exists") {
                operator.content_span()
            } else {
                value_span(value)
            };
            let finding = acc.report(span, message);
            finding.case(case).note(note).related(test.condition.key.span, "the key is here").maybe_fix(fix);
            if case == "allow-null-true" {
                finding.severity(Severity::Info);
            }
        }
    }
}

fn value_span(value: &crate::host::value::Value) -> crate::text::Span {
    value.as_string().map_or_else(|| value.span(), |text| text.content_span())
}
