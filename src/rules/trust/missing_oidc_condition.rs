use super::principals::{claim_of, has_open_condition, is_of_another, is_open_provider, oidc_issuers};
use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Effect, Policy, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a role that any token of an OIDC provider opens.
    ///
    /// A provider such as GitHub's or a cluster's signs tokens for all its users. Only a condition on its keys
    /// (`…:sub`, `…:aud`) says whose token counts; without one, every workflow of every repository, or every pod of
    /// the cluster, may assume the role.
    ///
    /// Some providers have one issuer for all their customers: GitHub, GitLab, HCP Terraform, Buildkite, Cognito and
    /// others. For those IAM refuses a trust policy that does not ask for the claim which tells the customer, so that
    /// is an error. For the others it is a warning.
    ///
    /// ```json
    /// {
    ///   "Effect": "Allow",
    ///   "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    ///   "Action": "sts:AssumeRoleWithWebIdentity"
    /// }
    /// ```
    ///
    /// Add a condition on the provider's `sub`, and one on `aud`:
    /// `"token.actions.githubusercontent.com:sub": "repo:example/shop:ref:refs/heads/main"`.
    ///
    /// AWS: "Identity-provider controls for shared OIDC providers" and "Create a role for OpenID Connect
    /// federation" in the IAM user guide.
    pub MissingOidcCondition {
        id: "missing-oidc-condition",
        group: Trust,
        reads: [Policy],
        on: [Trust],
        templates: Silent,
        cases: ["claim", "excluded", "none"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "any token of the identity provider opens the role",
        sources: [
            "access-analyzer/MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
            "access-analyzer/MISSING_GITHUB_REPO_CONDITION_KEY",
            "iam-policy-validator/missing_required_condition_for_assume_action",
            "cdk-preflight/pf-iam-trust-policy-cognito-condition",
            "checkov/CKV_AWS_358",
            "checkov/CKV_AWS_393",
            "semgrep/unrestricted-github-oidc-policy",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Identity-provider controls"],
    }
}

impl Rule for MissingOidcCondition {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        for (base, statement) in policy.statements() {
            let issuers: Vec<_> = oidc_issuers(statement).collect();
            if issuers.is_empty() && statement.is_unconditional() && lets_in(statement) {
                unnamed(statement, base, acc);
                continue;
            }
            if issuers.is_empty()
                || has_open_condition(statement)
                || statement.condition_keys().any(|key| is_of_another(&key.key.text, &issuers))
            {
                continue;
            }
            for (value, issuer) in issuers {
                let shared = catalog::oidc_provider(issuer);
                let asked = |claim: &str| {
                    statement.condition_keys().any(|key| {
                        claim_of(&key.key.text, issuer).is_some_and(|it| it.eq_ignore_ascii_case(claim))
                    })
                };
                let any = statement.condition_keys().any(|key| claim_of(&key.key.text, issuer).is_some());
                let tells_tenant = match shared {
                    Some(provider) if provider.claim == "aud" => asked("aud"),
                    // Other claims than the subject tell the customer too; the audience does not.
                    Some(_) => statement.condition_keys().any(|key| {
                        claim_of(&key.key.text, issuer).is_some_and(|it| !it.eq_ignore_ascii_case("aud"))
                    }),
                    None => any,
                };
                if denies_others(policy, issuer) {
                    continue;
                }
                let span = value.content_span().shifted(base);
                if tells_tenant {
                    if names_nobody(statement, issuer) {
                        acc.report(
                            span,
                            format!("any token of `{issuer}` opens this role, but for those excluded"),
                        )
                        .severity(Severity::Warning)
                        .case("excluded")
                        .note("The conditions only say whose token does not count. Say whose does.");
                    }
                    continue;
                }
                match shared {
                    Some(provider) => {
                        let key = format!("{issuer}:{}", provider.claim);
                        let example = match provider.example {
                            "" => String::new(),
                            example => format!(", such as `{example}`"),
                        };
                        acc.report(span, format!("any customer of {} may assume this role", provider.title))
                            .case(if any { "claim" } else { "none" })
                            .note(format!(
                                "All of them have this issuer, and IAM refuses the policy: it has to ask for the claim that \
                                 tells them apart. Add a condition on `{key}`{example}."
                            ));
                    }
                    None => {
                        acc.report(span, format!("any token of `{issuer}` opens this role"))
                            .severity(Severity::Warning)
                            .case("none")
                            .note(format!(
                                "Say whose token counts: add a condition on `{issuer}:sub`, and one on `{issuer}:aud`."
                            ));
                    }
                }
            }
        }
    }
}

/// Whether somebody gets in with a token of an OIDC provider.
fn lets_in(statement: Statement<'_>) -> bool {
    statement.allows()
        && statement.listed_actions().any(|action| action.covers("sts:AssumeRoleWithWebIdentity"))
}

/// A provider that stands elsewhere, and no condition at all: whichever it is, all its tokens count.
fn unnamed(statement: Statement<'_>, base: u32, acc: &mut Findings) {
    let entries = statement.principal().into_iter().flat_map(|principal| principal.entries());
    for entry in entries.filter(|entry| &*entry.kind.text == "Federated") {
        if is_open_provider(entry.value) {
            acc.report(entry.value.content_span().shifted(base), "any token of the provider opens this role")
                .severity(Severity::Warning)
                .case("none")
                .note(
                    "Say whose token counts: add a condition on the provider's `sub`, and one on its `aud`.",
                );
        }
    }
}

/// Whether the conditions on the provider's claims all say who does not count; the audience left out.
fn names_nobody(statement: Statement<'_>, issuer: &str) -> bool {
    let mut found = false;
    for test in access::tests(statement) {
        let Some(claim) = claim_of(test.key(), issuer) else { continue };
        if claim.eq_ignore_ascii_case("aud") {
            continue;
        }
        if !test.operator.base.negated {
            return false;
        }
        found = true;
    }
    found
}

/// Whether a statement that denies looks at the provider's claims.
fn denies_others(policy: Policy<'_>, issuer: &str) -> bool {
    policy.statements().any(|(_, statement)| {
        statement.effect() == Some(Effect::Deny)
            && statement.condition_keys().any(|key| claim_of(&key.key.text, issuer).is_some())
    })
}
