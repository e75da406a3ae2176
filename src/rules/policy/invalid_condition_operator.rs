use super::elements;
use crate::catalog::{self, Family, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds condition operators that the policy language does not have.
    ///
    /// There are 27 operators. `ForAllValues:` or `ForAnyValue:` may stand before one of them, and
    /// `IfExists` behind any but `Null`. AWS refuses a policy with another.
    ///
    /// ```json
    /// "Condition": { "StringEqual": { "aws:SourceAccount": "111122223333" } }
    /// ```
    ///
    /// Write `StringEquals`. `Null` already asks whether a key is there, so it takes no `IfExists`; under
    /// `ForAllValues` it always holds, and under `ForAnyValue` never.
    ///
    /// AWS: "IAM JSON policy elements: Condition operators" in the IAM user guide.
    pub InvalidConditionOperator {
        id: "invalid-condition-operator",
        group: Policy,
        reads: [Statement],
        templates: Silent,
        cases: ["key", "null-if-exists", "null-with-qualifier"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "there is no such condition operator",
        sources: [
            "access-analyzer/INVALID_CONDITION_OPERATOR",
            "access-analyzer/NULL_WITH_IF_EXISTS",
            "access-analyzer/NULL_WITH_QUALIFIER",
            "parliament/UNKNOWN_OPERATOR",
            "iam-policy-validator/invalid_operator",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-condition-operator",
            "cdk-preflight/pf-iam-policy-condition-null-ifexists",
            "aws-iam-language-server/INVALID_CONDITION_OPERATOR",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Invalid Condition type"],
    }
}

impl Rule for InvalidConditionOperator {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for condition in statement.conditions() {
            let operator = condition.operator;
            let text = &*operator.text;
            if operator.has_unknown() || text.starts_with("Fn::") {
                continue;
            }
            if let Some(known) = catalog::parse_operator(text) {
                if known.base.family == Family::Null && known.qualifier.is_some() {
                    let start = text.find(':').map_or(0, |at| at + 1);
                    let outcome =
                        if known.qualifier == Some(SetQualifier::ForAllValues) { "always" } else { "never" };
                    acc.report(operator.part(0..start), format!("`{text}` {outcome} holds"))
                        .severity(Severity::Warning)
                        .case("null-with-qualifier")
                        .note("`Null` asks whether the key is there, not what its values are. Write `Null`.")
                        .maybe_fix(elements::operator_is_free(statement, operator, known.base.name).then(
                            || Fix {
                                safety: Safety::Unsafe,
                                ..Fix::replace_text(operator.content_span(), known.base.name)
                            },
                        ));
                }
                continue;
            }
            // A condition key in an operator's place, with its value, is told as a wrong type.
            if text.contains(':') && !starts_with_set(text) && !matches!(condition.value, Value::Object(_)) {
                continue;
            }
            let span = if text.is_empty() { operator.span } else { operator.content_span() };
            if text.eq_ignore_ascii_case("NullIfExists") {
                acc.report(span, "`Null` takes no `IfExists`")
                    .case("null-if-exists")
                    .note(
                        "AWS refuses the policy: `Null` already asks whether the key is there. Write `Null`.",
                    )
                    .maybe_fix(
                        elements::operator_is_free(statement, operator, "Null")
                            .then(|| Fix::replace_text(operator.content_span(), "Null")),
                    );
                continue;
            }
            let finding = acc.report(span, format!("there is no condition operator `{text}`"));
            match meant(text) {
                Some(meant) => finding.note(format!("AWS refuses the policy. Write `{meant}`.")).maybe_fix(
                    elements::operator_is_free(statement, operator, &meant)
                        .then(|| Fix::replace_text(operator.content_span(), &meant)),
                ),
                None if catalog::condition_key(text).is_some() => finding
                    .case("key")
                    .note("This is a condition key: it belongs under an operator such as `StringEquals`."),
                None => finding.note(
                    "AWS refuses the policy. Operators are `StringEquals`, `StringLike`, `ArnLike`, `Bool`, \
                     `NumericLessThan`, `DateGreaterThan`, `IpAddress`, `Null` and their kin.",
                ),
            };
        }
    }
}

fn starts_with_set(text: &str) -> bool {
    text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("For"))
}

/// The operator that a misspelt one stands for, with its qualifier and suffix.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let (set, rest) = match text.split_once(':') {
        Some((set, rest)) => (
            format!("{}:", catalog::nearest(set.trim(), ["ForAllValues", "ForAnyValue"].into_iter())?),
            rest.trim(),
        ),
        None => match ["ForAllValues", "ForAnyValue"]
            .into_iter()
            .find_map(|set| Some((set, text.strip_prefix(set)?)))
        {
            Some((set, rest)) => (format!("{set}:"), rest),
            None => (String::new(), text),
        },
    };
    let lower = rest.to_ascii_lowercase();
    let (name, suffix) =
        match ["ifexists", "ifexist", "_if_exists", "ifexits"].iter().find_map(|end| lower.strip_suffix(end))
        {
            Some(head) => (&rest[..head.len()], "IfExists"),
            None => (rest, ""),
        };
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let names = || catalog::operators().map(|operator| operator.name);
    let base = names()
        .find(|known| known.eq_ignore_ascii_case(&bare))
        .or_else(|| catalog::nearest(&bare, names()))?;
    if base == "Null" && !suffix.is_empty() {
        return None;
    }
    Some(format!("{set}{base}{suffix}"))
}
