use super::principals::{claim_of, oidc_issuers};
use crate::catalog::{self, Family, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;
use crate::rules::policy::elements::{operator_is_free, too_many_operators};

declare_rule! {
    /// Finds `ForAllValues` and `ForAnyValue` on the audience or the subject of a token.
    ///
    /// Tokens for AWS have one audience and one subject. `ForAllValues` also holds where there is none, so it lets in more than it
    /// says. `ForAnyValue` is right only where the provider writes `aud` as a list.
    ///
    /// ```json
    /// "ForAllValues:StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" }
    /// ```
    ///
    /// Write `StringEquals`.
    ///
    /// AWS: "Set operators for multivalued context keys" in the IAM user guide.
    pub AudienceSetOperator {
        id: "audience-set-operator",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        cases: ["for-all", "for-any"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "the audience or the subject is compared as if it were a list",
        sources: [
            "access-analyzer/FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
            "access-analyzer/CONFIRM_AUDIENCE_CLAIM_TYPE",
            "iam-policy-validator/set_operator_on_single_valued_key",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for AudienceSetOperator {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for key in statement.condition_keys() {
            let Some(operator) = catalog::parse_operator(&key.operator.text) else { continue };
            let Some(qualifier) = operator.qualifier.filter(|_| operator.base.family != Family::Null) else {
                continue;
            };
            let claim = oidc_issuers(statement).find_map(|(_, issuer)| {
                let claim = claim_of(&key.key.text, issuer)?;
                ["aud", "sub"].into_iter().find(|known| known.eq_ignore_ascii_case(claim))
            });
            let Some(claim) = claim else { continue };
            let name = if claim == "aud" { "audience" } else { "subject" };
            let text = &*key.operator.text;
            let start = text.find(':').map_or(0, |at| at + 1);
            let (set, bare) = (&text[..start.saturating_sub(1)], &text[start..]);
            let opens = qualifier == SetQualifier::ForAllValues;
            let finding = acc.report(
                key.operator.part(0..start.saturating_sub(1)),
                if opens {
                    format!(
                        "`ForAllValues` also lets in tokens without {} {name}",
                        if claim == "aud" { "an" } else { "a" }
                    )
                } else {
                    format!("`{set}` is for tokens with several {name}s")
                },
            );
            finding
                .case(if opens { "for-all" } else { "for-any" })
                .related(key.key.span, format!("the {name} is here"))
                .note(format!("A token for AWS has one {name}. Write `{bare}`."))
                .also(too_many_operators(statement));
            if !opens {
                finding.severity(Severity::Info);
            }
            // Under the bare operator the other keys would be asked for as well, whether tokens bring them or not.
            let is_alone = key.siblings.members.len() == 1;
            if is_alone && operator_is_free(statement, key.operator, bare) {
                finding.fix(Fix {
                    title: format!("Write `{bare}`").into(),
                    safety: Safety::Unsafe,
                    edits: vec![Edit::ReplaceText { span: key.operator.content_span(), text: bare.into() }],
                });
            }
        }
    }
}
