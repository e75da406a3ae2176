use super::principals::{claim_of, oidc_issuers};
use crate::catalog::{self, OidcProvider};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a condition on an OIDC provider's claim that names nobody.
    ///
    /// `repo:*` fits every repository on GitHub, `organization:*` every organization of HCP Terraform, and
    /// `system:serviceaccount:*` every pod of a cluster. `repo:example/*` fits every repository of one owner, which is
    /// advice only. `repo:example*` fits the owner `example-of-somebody-else` as well: the name ends with its slash.
    /// GitHub also writes owner and repository with ids that never change, `repo:example@1234/shop@5678:…`; there the
    /// id must be complete, since `repo:example@*` fits whoever has the name.
    ///
    /// ```json
    /// "StringLike": { "token.actions.githubusercontent.com:sub": "repo:*" }
    /// ```
    ///
    /// Name the repository, and the branch or environment: `repo:example/shop:environment:prod`. For a cluster name
    /// the namespace and the service account: `system:serviceaccount:shop:web`.
    ///
    /// AWS: "Create a role for OpenID Connect federation" in the IAM user guide.
    pub OidcConditionTooWide {
        id: "oidc-condition-too-wide",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        cases: ["cluster", "everybody", "namespace", "other-owners", "owner", "repositories"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the condition on a token fits strangers",
        sources: [
            "access-analyzer/SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
            "checkov/CKV_AWS_358",
            "checkov/CKV_AWS_393",
            "semgrep/unrestricted-github-oidc-policy",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for OidcConditionTooWide {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for (_, issuer) in oidc_issuers(statement) {
            let provider = catalog::oidc_provider(issuer);
            let claim = provider.map_or("sub", |provider| provider.claim);
            for key in statement.condition_keys() {
                let of_claim =
                    claim_of(&key.key.text, issuer).is_some_and(|it| it.eq_ignore_ascii_case(claim));
                let positive = catalog::parse_operator(&key.operator.text)
                    .is_some_and(|operator| !operator.base.negated && operator.base.wildcards);
                if !of_claim || !positive {
                    continue;
                }
                for value in key.values().iter().filter_map(Value::as_string).filter(|it| !it.has_unknown()) {
                    let Some(width) = width(&value.text, issuer, provider) else { continue };
                    let (case, severity, what) = match (width, provider) {
                        (Width::Everybody, Some(provider)) => {
                            ("everybody", Severity::Warning, format!("any customer of {}", provider.title))
                        }
                        (Width::Everybody, None) => {
                            ("everybody", Severity::Warning, "any token of the provider".to_string())
                        }
                        (Width::Cluster, _) => {
                            ("cluster", Severity::Warning, "any pod of the cluster".to_string())
                        }
                        (Width::Namespace, _) => {
                            ("namespace", Severity::Info, "any service account of the namespace".to_string())
                        }
                        (Width::Owner, _) => {
                            ("owner", Severity::Info, "any repository of the owner".to_string())
                        }
                        (Width::Repositories, _) => (
                            "repositories",
                            Severity::Info,
                            "every repository of the owner whose name begins so".to_string(),
                        ),
                        (Width::OtherOwners, _) => {
                            ("other-owners", Severity::Warning, "other owners, too".to_string())
                        }
                    };
                    let example = match (width, provider) {
                        (Width::Cluster | Width::Namespace, _) => "system:serviceaccount:shop:web",
                        (_, Some(provider)) => provider.example,
                        _ => "",
                    };
                    let such =
                        if example.is_empty() { String::new() } else { format!(", such as `{example}`") };
                    let note = match width {
                        Width::OtherOwners => format!(
                            "The wildcard stands where the owner's name, or its id, is not yet complete: whoever has one that \
                             begins so gets in. End it before the wildcard{such}."
                        ),
                        _ => format!("Name whose token counts{such}."),
                    };
                    acc.report(value.content_span(), format!("`{}` fits {what}", value.text))
                        .severity(severity)
                        .case(case)
                        .note(note);
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Width {
    Everybody,
    Cluster,
    Namespace,
    Owner,
    /// Those whose names begin so.
    Repositories,
    OtherOwners,
}

/// How much a pattern fits; `None` where it names somebody.
fn width(pattern: &str, issuer: &str, provider: Option<&OidcProvider>) -> Option<Width> {
    let head = &pattern[..pattern.find(['*', '?'])?];
    if issuer.starts_with("oidc.eks.") || head.starts_with("system:serviceaccount:") {
        return match head.strip_prefix("system:serviceaccount:") {
            None if "system:serviceaccount:".starts_with(head) => Some(Width::Cluster),
            None => None,
            Some(rest) if !rest.contains(':') => Some(Width::Cluster),
            Some(rest) => rest.ends_with(':').then_some(Width::Namespace),
        };
    }
    let Some((start, end)) = provider.and_then(|provider| provider.subject) else {
        // How the subjects of other providers look is theirs: `org/1234/project/…`.
        return head.is_empty().then_some(Width::Everybody);
    };
    let Some(owner) = head.strip_prefix(start) else {
        // `*`, `repo*`; what begins otherwise has another form, which some customers choose.
        return start.starts_with(head).then_some(Width::Everybody);
    };
    match owner.split_once(end) {
        // `repo:*`, and the slash alone: `repo:*/shop`.
        None if owner.is_empty() => Some(Width::Everybody),
        // `repo:acme*`, `repo:acme@12*`.
        None => Some(Width::OtherOwners),
        // `repo:acme/*`, `repo:acme@1234/*`.
        Some((_, "")) if start == "repo:" => Some(Width::Owner),
        // `repo:acme/web*`: `acme/website`, too. With a hyphen in front of the star, a family of them is meant.
        Some((_, name))
            if start == "repo:" && !name.contains(':') && name.ends_with(|it: char| it.is_alphanumeric()) =>
        {
            Some(Width::Repositories)
        }
        Some(_) => None,
    }
}
