use super::missing_set_operator::either_arity;
use super::{conditions, elements};
use crate::catalog::{self, Family, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `ForAllValues` and `ForAnyValue` on keys that have one value.
    ///
    /// `ForAllValues` holds where the request does not have the key at all, so that a statement that
    /// allows, meant to be narrow, lets such requests through. `ForAnyValue` on one value changes nothing but
    /// the reader's mind.
    ///
    /// ```json
    /// "Condition": { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }
    /// ```
    ///
    /// Write the operator alone.
    ///
    /// AWS: "Multivalued context keys" in the IAM user guide.
    pub NeedlessSetOperator {
        id: "needless-set-operator",
        group: Policy,
        reads: [Statement],
        cases: ["needless", "open"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "ForAllValues or ForAnyValue stands before a key with one value",
        sources: [
            "access-analyzer/FORALLVALUES_WITH_SINGLE_VALUED_KEY",
            "parliament/SINGLE_VALUE_CONDITION_TOO_PERMISSIVE",
            "iam-policy-validator/set_operator_on_single_valued_key",
            "aws-iam-language-server/UNNECESSARY_SET_OPERATOR",
        ],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for NeedlessSetOperator {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for key in statement.condition_keys().filter(|key| !key.key.has_unknown()) {
            let Some(operator) = catalog::parse_operator(&key.operator.text) else { continue };
            let Some(qualifier) = operator.qualifier else { continue };
            // What claims an identity provider writes as lists is known to nobody but the provider.
            let of_a_provider = key.key.text.split(':').next().is_some_and(|prefix| prefix.contains('.'));
            if operator.base.family == Family::Null
                || of_a_provider
                || either_arity(&key.key.text)
                || catalog::condition_key(&key.key.text).is_none_or(|known| known.is_multivalued())
            {
                continue;
            }
            let text = &*key.operator.text;
            let start = text.find(':').map_or(0, |at| at + 1);
            let alone = elements::operator_is_free(statement, key.operator, &text[start..]);
            let fix = Fix {
                title: format!("Write `{}`", &text[start..]).into(),
                // Without the qualifier, requests that lack the key are told by the operator alone.
                safety: match (qualifier, operator.base.negated) {
                    (SetQualifier::ForAllValues, false) => {
                        conditions::safety_of_matching_more(statement, true)
                    }
                    (SetQualifier::ForAnyValue, true) => {
                        conditions::safety_of_matching_more(statement, false)
                    }
                    _ => Safety::Unsafe,
                },
                edits: vec![Edit::ReplaceText {
                    span: key.operator.content_span(),
                    text: text[start..].into(),
                }],
            };
            let opens = qualifier == SetQualifier::ForAllValues && statement.allows();
            let finding = acc.report(
                key.operator.part(0..start.saturating_sub(1)),
                if opens {
                    format!("`ForAllValues` also lets in requests without `{}`", key.key.text)
                } else {
                    format!(
                        "`{}` has one value: `{}` is for keys with several",
                        key.key.text,
                        &text[..start.saturating_sub(1)]
                    )
                },
            );
            finding.related(key.key.span, "the key is here").maybe_fix(alone.then_some(fix));
            if opens {
                finding.case("open").note(format!(
                    "The key has one value, and `ForAllValues`, which is for keys with several, also holds where the request has none. Write `{}`.",
                    &text[start..]
                ));
            } else {
                finding
                    .severity(Severity::Info)
                    .case("needless")
                    .note(format!("Write `{}`.", &text[start..]));
            }
            finding.also(elements::too_many_operators(statement));
        }
    }
}
