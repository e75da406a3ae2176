use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a role that any token of an OIDC provider opens.
    ///
    /// A provider such as GitHub's or a cluster's signs tokens for all its users. Only a condition on
    /// its keys (`…:sub`, `…:aud`) says whose token counts; without one, every workflow of every
    /// repository, or every pod of the cluster, may assume the role.
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
    /// AWS: "Create a role for OpenID Connect federation" in the IAM user guide.
    pub MissingOidcCondition {
        id: "missing-oidc-condition",
        group: Trust,
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "any token of the identity provider opens the role",
        sources: [
            "access-analyzer/MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
            "iam-policy-validator/missing_required_condition_for_assume_action",
            "cdk-preflight/pf-iam-trust-policy-cognito-condition",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for MissingOidcCondition {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if policy.kind != DocumentKind::Trust
            || policy.template
            || !statement.allows()
            || !statement.listed_actions().any(|action| action.covers("sts:AssumeRoleWithWebIdentity"))
        {
            return;
        }
        if statement.object.get("Condition").is_some_and(Value::is_unknown)
            || statement.condition_keys().any(|key| key.key.has_unknown())
        {
            return;
        }
        let Some(principal) = statement.principal() else { return };
        for entry in principal.entries() {
            if &*entry.kind.text != "Federated"
                || entry.value.has_unknown()
                || entry.value.text.contains("${")
            {
                continue;
            }
            let Some(provider) = provider(&entry.value.text) else { continue };
            let own = |key: &str, claim: &str| {
                key.len() > provider.len()
                    && key.get(..provider.len()).is_some_and(|head| head.eq_ignore_ascii_case(provider))
                    && key[provider.len()..].starts_with(':')
                    && (claim.is_empty() || key[provider.len() + 1..].eq_ignore_ascii_case(claim))
            };
            let has = |claim: &str| statement.condition_keys().any(|key| own(&key.key.text, claim));
            if !has("") {
                acc.report(entry.value.content_span(), format!("any token of `{provider}` opens this role"))
                    .case("none")
                    .note(format!("Say whose token counts: add a condition on `{provider}:sub`, and one on `{provider}:aud`."));
                continue;
            }
            if provider != "token.actions.githubusercontent.com" {
                continue;
            }
            if ![
                "sub",
                "repository",
                "repository_id",
                "repository_owner",
                "repository_owner_id",
                "job_workflow_ref",
            ]
            .iter()
            .any(|claim| has(claim))
            {
                acc.report(entry.value.content_span(), "any repository on GitHub may assume this role")
                    .case("github-sub")
                    .note(format!("`aud` is the same for all. Add a condition on `{provider}:sub`, such as `repo:example/shop:*`."));
            }
            for key in statement.condition_keys().filter(|key| own(&key.key.text, "sub")) {
                for value in key.values().iter().filter_map(Value::as_string) {
                    let open =
                        matches!(&*value.text, "*" | "repo:*" | "repo:*/*" | "repo:*/*:*" | "repo:*:*");
                    if open && !key.operator.text.contains("Not") {
                        acc.report(
                            value.content_span(),
                            format!("`{}` fits any repository on GitHub", value.text),
                        )
                        .case("github-sub")
                        .note("Name the organization and the repository, such as `repo:example/shop:*`.");
                    }
                }
            }
        }
    }
}

/// The provider's name, which its condition keys start with.
fn provider(name: &str) -> Option<&str> {
    match name.split_once(":oidc-provider/") {
        Some((_, provider)) => (!provider.is_empty() && !provider.contains('*')).then_some(provider),
        None => (!name.starts_with("arn:") && name.contains('.')).then_some(name),
    }
}
