use super::{conditions, elements};
use crate::catalog::{self, Family, Guess, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{StringValue, Value};
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
        templates: SilentOnText,
        cases: ["case", "key", "null-if-exists", "null-with-qualifier"],
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
        fix: Grants,
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
                    let always = known.qualifier == Some(SetQualifier::ForAllValues);
                    let outcome = if always { "always" } else { "never" };
                    acc.report(operator.part(0..start), format!("`{text}` {outcome} holds"))
                        .severity(Severity::Warning)
                        .case("null-with-qualifier")
                        .note("`Null` asks whether the key is there, not what its values are. Write `Null`.")
                        .also(elements::too_many_operators(statement))
                        .maybe_fix(elements::operator_is_free(statement, operator, known.base.name).then(
                            || Fix {
                                // Always or never before, now at times.
                                safety: conditions::safety_of_matching_more(statement, always),
                                ..Fix::replace_text(operator.content_span(), known.base.name)
                            },
                        ));
                }
                other_case(statement, operator, known, acc);
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
                    .also(elements::too_many_operators(statement))
                    .maybe_fix(
                        operator_is_free(statement, operator, "Null")
                            .then(|| Fix::replace_text(operator.content_span(), "Null")),
                    );
                continue;
            }
            let finding = acc.report(span, format!("there is no condition operator `{text}`"));
            match meant(text) {
                Some(meant) => {
                    let note = format!("AWS refuses the policy. Write `{}`.", meant.word);
                    finding.note(note).also(elements::too_many_operators(statement)).maybe_fix(
                        operator_is_free(statement, operator, &meant.word)
                            .then(|| Fix::guess(operator.content_span(), meant)),
                    )
                }
                None if catalog::condition_key(text).is_some() => finding
                    .case("key")
                    .note("This is a condition key: it belongs under an operator such as `StringEquals`."),
                None => finding.note(
                    "AWS refuses the policy. Operators are `StringEquals`, `StringLike`, `ArnLike`, `Bool`, \
                     `NumericLessThan`, `DateGreaterThan`, `IpAddress`, `Null` and their variants.",
                ),
            };
        }
    }
}

/// Some who wrote an operator in other letters were refused: "Invalid Condition type : stringEquals". No page of AWS
/// says whether case counts.
fn other_case(
    statement: Statement<'_>,
    operator: &StringValue,
    known: catalog::Operator,
    acc: &mut Findings,
) {
    let set = match known.qualifier {
        Some(SetQualifier::ForAllValues) => "ForAllValues:",
        Some(SetQualifier::ForAnyValue) => "ForAnyValue:",
        None => "",
    };
    let right = format!("{set}{}{}", known.base.name, if known.if_exists { "IfExists" } else { "" });
    if *operator.text == *right {
        return;
    }
    acc.report(operator.content_span(), format!("the operator is written `{right}`"))
        .severity(Severity::Warning)
        .case("case")
        .note("IAM has refused operators in other letters as invalid condition types.")
        .maybe_fix(
            operator_is_free(statement, operator, &right)
                .then(|| Fix::replace_text(operator.content_span(), &right)),
        );
}

/// Whether two names differ in the first letter at most before something is the same.
fn begins_alike(one: &str, other: &str) -> bool {
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let first = |text: &str| text.chars().next().map(|it| it.to_ascii_lowercase());
    let rest = |text: &str| text.get(1..).unwrap_or_default().to_string();
    first(one) == first(other)
        || same(&rest(one), other)
        || same(one, &rest(other))
        || same(&rest(one), &rest(other))
}

/// Whether an operator may be renamed so: no other has that name, or may be meant to have it.
fn operator_is_free(statement: Statement<'_>, renamed: &StringValue, name: &str) -> bool {
    let others = || statement.conditions().filter(|other| other.operator.span != renamed.span);
    elements::operator_is_free(statement, renamed, name)
        && others().all(|other| {
            let other = &*other.operator.text;
            catalog::parse_operator(other).is_some() || catalog::guess(other, std::iter::once(name)).is_none()
        })
}

fn starts_with_set(text: &str) -> bool {
    text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("For"))
}

/// The operator that a misspelt one stands for, with its qualifier and suffix. A guess keeps what is plain
/// in what is written: `Not`, the type of the values, `IfExists`, the qualifier.
fn meant(text: &str) -> Option<Guess<String>> {
    let text = text.trim();
    let mut is_plain = true;
    let (set, rest) = match text.split_once(':') {
        Some((set, rest)) => {
            let set = catalog::guess(set.trim(), ["ForAllValues", "ForAnyValue"].into_iter())?;
            is_plain &= set.is_plain;
            (format!("{}:", set.word), rest.trim())
        }
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
            // Half of it may be there: whether it holds without the key hangs on that.
            None if lower.contains("exist") => return None,
            None => (rest, ""),
        };
    let bare: String = name.chars().filter(|it| !it.is_ascii() || it.is_ascii_alphanumeric()).collect();
    let base = catalog::guess(&bare, catalog::operators().map(|operator| operator.name))?;
    // Two letters may be all that tells two types, or two comparisons, from each other.
    if base.word == "Null" && !suffix.is_empty() || !base.is_plain || !begins_alike(&bare, base.word) {
        return None;
    }
    Some(Guess { word: format!("{set}{}{suffix}", base.word), is_plain })
}
