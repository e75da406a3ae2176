use super::principals::{claim_of, has_open_condition, oidc_issuers};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;
use crate::rules::policy::elements::with_condition;

declare_rule! {
    /// Finds roles for OIDC and SAML providers without a condition on the audience.
    ///
    /// The audience says for whom a token was issued. IAM compares it with the audiences of the provider, so the
    /// condition is a second lock; the guides of AWS, of GitHub and of EKS all show it. For Cognito the second
    /// lock is `amr`: without it users who have not signed in get the role too.
    ///
    /// ```json
    /// "Condition": { "StringEquals": { "token.actions.githubusercontent.com:sub": "repo:example/shop:ref:refs/heads/main" } }
    /// ```
    ///
    /// Add `"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"`; for SAML
    /// `"SAML:aud": "https://signin.aws.amazon.com/saml"`.
    ///
    /// AWS: "Create a role for OpenID Connect federation" and "Create a role for SAML 2.0 federation" in the IAM user
    /// guide.
    pub MissingTokenAudience {
        id: "missing-token-audience",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        templates: Silent,
        cases: ["cognito", "oidc", "saml"],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "a trust policy does not ask for whom a token was issued",
        sources: [
            "iam-policy-validator/missing_required_condition_for_assume_action",
            "cdk-preflight/pf-iam-trust-policy-cognito-condition",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for MissingTokenAudience {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() || has_open_condition(statement) {
            return;
        }
        for (value, issuer) in oidc_issuers(statement) {
            let asks = |claim: &str| {
                statement.condition_keys().any(|key| {
                    claim_of(&key.key.text, issuer)
                        .is_some_and(|it| claim.is_empty() || it.eq_ignore_ascii_case(claim))
                })
            };
            let cognito = issuer == "cognito-identity.amazonaws.com";
            // Without any condition it is another rule's.
            let audience = if cognito { "amr" } else { "aud" };
            // Facebook and Amazon call the audience by another name.
            if !asks("") || asks(audience) || asks("app_id") {
                continue;
            }
            if cognito {
                acc.report(value.content_span(), "users who have not signed in get this role too")
                    .case("cognito")
                    .maybe_fix(fix(
                        statement,
                        "ForAnyValue:StringLike",
                        "cognito-identity.amazonaws.com:amr",
                        "authenticated",
                    ))
                    .note("Add `\"ForAnyValue:StringLike\": {\"cognito-identity.amazonaws.com:amr\": \"authenticated\"}`.");
            } else {
                acc.report(value.content_span(), "no condition says for whom the token was issued")
                    .case("oidc")
                    .maybe_fix(fix(statement, "StringEquals", &format!("{issuer}:aud"), "sts.amazonaws.com"))
                    .note(format!("Add `\"{issuer}:aud\": \"sts.amazonaws.com\"`."));
            }
        }
        if !statement.listed_actions().any(|action| action.covers("sts:AssumeRoleWithSAML"))
            || statement.condition_keys().any(|key| key.key.text.eq_ignore_ascii_case("SAML:aud"))
        {
            return;
        }
        let Some(principal) = statement.principal() else { return };
        let saml = principal
            .entries()
            .find(|entry| !entry.value.has_unknown() && entry.value.text.contains(":saml-provider/"));
        if let Some(entry) = saml {
            acc.report(entry.value.content_span(), "no condition says for whom the assertion was issued")
                .case("saml")
                .maybe_fix(fix(statement, "StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml"))
                .note("Add `\"StringEquals\": {\"SAML:aud\": \"https://signin.aws.amazon.com/saml\"}`.");
        }
    }
}

fn fix(statement: Statement<'_>, operator: &str, key: &str, value: &str) -> Option<Fix> {
    let edit = with_condition(statement, operator, key, value)?;
    Some(Fix::unsafe_(format!("Add a condition on `{key}`"), vec![edit]))
}
