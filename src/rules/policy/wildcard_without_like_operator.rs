use super::{conditions, elements};
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{PolicyContext, PolicyVariable, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds wildcards under an operator that takes them letter by letter.
    ///
    /// `StringEquals` and `StringNotEquals` compare the star itself: an `Allow` then never applies, and a
    /// `Deny` with `StringNotEquals` always does.
    ///
    /// ```json
    /// "Condition": { "StringEquals": { "aws:RequestTag/team": "shop-*" } }
    /// ```
    ///
    /// Write `StringLike` or `StringNotLike`. Where the star is meant as such, write `${*}` under
    /// `StringLike`, or allow the finding.
    ///
    /// AWS: "IAM JSON policy elements: Condition operators" in the IAM user guide.
    pub WildcardWithoutLikeOperator {
        id: "wildcard-without-like-operator",
        group: Policy,
        reads: [Statement],
        cases: ["question-mark"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a wildcard stands under an operator that has none",
        sources: ["access-analyzer/WILDCARD_WITHOUT_LIKE_OPERATOR"],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for WildcardWithoutLikeOperator {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for key in statement.condition_keys() {
            let Some(operator) = catalog::parse_operator(&key.operator.text) else { continue };
            if operator.base.family != Family::String || operator.base.wildcards {
                continue;
            }
            for value in key.values().iter().filter_map(Value::as_string) {
                let literals: Vec<_> =
                    PolicyVariable::all(value, true).map(|variable| variable.range).collect();
                // A question mark is at home in addresses and behind words.
                let is_query = value.text.contains(['=', ' '])
                    || value.text.contains("://")
                    || value.text.strip_suffix('?').is_some_and(|it| it.ends_with(char::is_alphabetic));
                let star = value.text.bytes().enumerate().find(|(at, byte)| {
                    (*byte == b'*' || *byte == b'?' && !is_query)
                        && !value.is_unknown_in(*at..at + 1)
                        && !literals.iter().any(|range| range.contains(at))
                });
                let Some((at, _)) = star else { continue };
                if &*value.text == "*"
                    && catalog::key_traits(&key.key.text).is_some_and(|it| it.star_is_value)
                {
                    continue;
                }
                let finding = acc.report(
                    value.part(at..at + 1),
                    format!(
                        "`{}` takes `{}` as it stands, not as a wildcard",
                        operator.base.name,
                        &value.text[at..at + 1]
                    ),
                );
                finding.related(key.operator.span, "the operator is here");
                if !value.text.contains('*') {
                    finding.severity(Severity::Info).case("question-mark");
                }
                let like = match operator.base.name {
                    "StringEquals" => "StringLike",
                    "StringNotEquals" => "StringNotLike",
                    _ => {
                        finding.note("There is no operator that ignores case and takes wildcards. Write the values out, or use `StringLike` with each spelling.");
                        continue;
                    }
                };
                let text = &*key.operator.text;
                let start = text.rfind(':').map_or(0, |at| at + 1);
                let end = start + operator.base.name.len();
                let renamed = format!("{}{like}{}", &text[..start], &text[end..]);
                finding
                    .note(format!("The condition compares the character itself. Write `{like}`."))
                    .also(elements::too_many_operators(statement))
                    .maybe_fix(elements::operator_is_free(statement, key.operator, &renamed).then(|| Fix {
                        title: format!("Replace with `{like}`").into(),
                        safety: conditions::safety_of_matching_more(statement, operator.base.negated),
                        edits: vec![Edit::ReplaceText {
                            span: key.operator.part(start..end),
                            text: like.into(),
                        }],
                    }));
            }
        }
    }
}
