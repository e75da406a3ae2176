use super::principals::{is_of_another, oidc_issuer, oidc_issuers};
use crate::access;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on the claims of a provider that the statement does not let in.
    ///
    /// A condition key of an OIDC provider starts with its issuer, without `https://`, exactly as the provider's ARN
    /// ends. A key that starts with another issuer is in no request, so the condition never holds and nobody
    /// gets in. It happens when a role is copied from one cluster to another: the ARN is changed and the keys are
    /// not.
    ///
    /// ```json
    /// "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AAAA" },
    /// "Condition": { "StringEquals": { "https://oidc.eks.eu-west-1.amazonaws.com/id/AAAA:aud": "sts.amazonaws.com" } }
    /// ```
    ///
    /// Write the issuer of the principal, a colon, and the claim.
    ///
    /// AWS: "Available keys for AWS OIDC federation" in the IAM user guide.
    pub OidcKeyOfAnotherProvider {
        id: "oidc-key-of-another-provider",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        cases: ["https", "other"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a condition asks for a claim of another identity provider",
        sources: [
        ],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for OidcKeyOfAnotherProvider {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let issuers: Vec<_> = oidc_issuers(statement).collect();
        let Some((first, issuer)) = issuers.first().copied() else { return };
        // Anybody else whom the statement lets in may bring other keys.
        let others = statement.principals().any(|principal| {
            principal.member.value.is_unknown()
                || principal.object().is_some_and(|object| {
                    object.members.iter().any(|member| {
                        &*member.name.text != "Federated"
                            || member.value.one_or_many().iter().any(|value| {
                                value.is_unknown() || value.as_string().and_then(oidc_issuer).is_none()
                            })
                    })
                })
        });
        if others {
            return;
        }
        for key in statement.condition_keys() {
            let text = &*key.key.text;
            let Some((prefix, claim)) = text.rsplit_once(':') else { continue };
            let bare = prefix.strip_prefix("https://").unwrap_or(prefix);
            if key.key.has_unknown() || !is_of_another(text, &issuers) {
                continue;
            }
            // In the provider's ARN it is the scheme that is wrong, and another rule says so.
            if issuers.iter().any(|(_, issuer)| issuer.contains("://")) {
                continue;
            }
            let stripped = issuers.iter().find(|(_, issuer)| bare.eq_ignore_ascii_case(issuer));
            let span = key.key.part(0..prefix.len());
            let message = match stripped {
                Some(_) => "a provider's condition key starts without `https://`".to_string(),
                None => format!("`{bare}` is not the provider that this statement lets in"),
            };
            let right = stripped.map_or(issuer, |(_, issuer)| issuer);
            let finding = acc.report(span, message);
            finding
                .case(if stripped.is_some() { "https" } else { "other" })
                .related(first.span, "the provider is here");
            let shuts_out = access::fails_without(key);
            if !shuts_out {
                finding.severity(Severity::Warning);
            }
            let nobody = if shuts_out { "and nobody gets in" } else { "and the condition says nothing" };
            finding.note(format!("No token brings this key, {nobody}. Write `{right}:{claim}`."));
            if issuers.len() == 1 || stripped.is_some() {
                // A condition that held for nobody, or for everybody, then asks about this provider's users.
                let safety = if stripped.is_some() { Safety::Safe } else { Safety::Grants };
                finding.fix(Fix {
                    title: format!("Replace with `{right}:{claim}`").into(),
                    safety,
                    edits: vec![Edit::ReplaceText { span, text: right.into() }],
                });
            }
        }
    }
}
