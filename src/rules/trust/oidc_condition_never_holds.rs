use super::principals::{claim_of, oidc_issuers};
use crate::access::{self, Test};
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::host::Edit;
use crate::host::value::StringValue;
use crate::model::{PolicyContext, Statement, is_wildcard};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on the token of an OIDC provider that no token meets: claims that AWS does not make keys of,
    /// and subjects that the provider never writes.
    ///
    /// ```text
    /// token.actions.githubusercontent.com:iss     AWS sets no such key: it looks the issuer up by the provider
    /// repo:example/shop:ref:main                  "repo:example/shop:ref:refs/heads/main"
    /// repo:https://github.com/example/shop:*      "repo:example/shop:*"
    /// system:serviceaccount:web/app               "system:serviceaccount:web:app"
    /// ```
    ///
    /// AWS accepts the policy, and nobody gets in; under `ForAllValues` or a negated operator everybody passes the
    /// condition.
    ///
    /// GitHub writes owner and repository alone, `repo:example/shop:…`, or with ids that never change,
    /// `repo:example@1234/shop@5678:…`; both are right. Who has chosen other claims for the subject writes
    /// `repository_owner_id:1234` and the like: that is not judged.
    ///
    /// AWS: "Available keys for AWS OIDC federation" in the IAM user guide.
    pub OidcConditionNeverHolds {
        id: "oidc-condition-never-holds",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        cases: ["claim", "github", "issuer", "kubernetes", "provider"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "no token meets the condition",
        sources: [],
        fix: Grants,
        since: "0.2.0",
    }
}

impl Rule for OidcConditionNeverHolds {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for (value, issuer) in oidc_issuers(statement) {
            check_issuer(value, issuer, acc);
            for test in access::tests(statement) {
                let Some(claim) = claim_of(test.key(), issuer) else { continue };
                if !is_set(issuer, claim) {
                    never_set(test, issuer, claim, acc);
                } else if claim.eq_ignore_ascii_case("sub") && test.operator.base.family == Family::String {
                    for value in test.texts() {
                        check_subject(test, issuer, value, acc);
                    }
                }
            }
        }
    }
}

/// `oidc.eu-west-1.eks.amazonaws.com` for `oidc.eks.eu-west-1.amazonaws.com`.
fn check_issuer(value: &StringValue, issuer: &str, acc: &mut Findings) {
    let Some((region, rest)) =
        issuer.strip_prefix("oidc.").and_then(|rest| rest.split_once(".eks.amazonaws.com"))
    else {
        return;
    };
    if !catalog::is_region(region) {
        return;
    }
    let right = format!("oidc.eks.{region}.amazonaws.com{rest}");
    let start = value.text.len() - issuer.len();
    let span = value.part(start..value.text.len());
    acc.report(span, format!("Amazon EKS has no issuer `{issuer}`"))
        .case("issuer")
        .note(format!("Nobody gets in. Write `{right}`."))
        .fix(Fix {
            title: format!("Replace with `{right}`, which lets it in").into(),
            safety: Safety::Grants,
            edits: vec![Edit::ReplaceText { span, text: right.as_str().into() }],
        });
}

/// Whether AWS makes a condition key of a provider's claim, as far as that is known.
fn is_set(issuer: &str, claim: &str) -> bool {
    // What every token has, and AWS keeps for itself.
    let is_kept = ["iss", "exp", "iat", "nbf", "jti", "subject", "audience"];
    if is_kept.iter().any(|known| known.eq_ignore_ascii_case(claim)) {
        return false;
    }
    let common = ["aud", "sub", "amr", "azp", "oaud", "email"];
    common.iter().any(|known| known.eq_ignore_ascii_case(claim))
        || catalog::oidc_provider(issuer).is_none_or(|provider| provider.subject.is_none())
        || catalog::condition_key(&format!("{issuer}:{claim}")).is_some()
        // Of the others that share an issuer the reference lists no claims at all.
        || !has_claims(issuer)
}

/// Whether the reference lists claims of that issuer.
fn has_claims(issuer: &str) -> bool {
    catalog::service("sts")
        .is_some_and(|sts| sts.condition_keys().any(|key| claim_of(key.name(), issuer).is_some()))
}

fn never_set(test: Test<'_>, issuer: &str, claim: &str, acc: &mut Findings) {
    let key = test.condition.key;
    let holds = test.holds_without_key().is_yes();
    let outcome = if holds { "the condition says nothing" } else { "nobody gets in" };
    let right = match &*claim.to_ascii_lowercase() {
        "subject" => Some("sub"),
        "audience" => Some("aud"),
        _ => None,
    };
    let what = match &*claim.to_ascii_lowercase() {
        "iss" => {
            format!(" The issuer is that of the provider in `{}`; take the key out.", acc.name("Principal"))
        }
        _ => match right {
            Some(right) => format!(" Write `{issuer}:{right}`."),
            None => " Take the key out.".to_string(),
        },
    };
    let start = key.text.len() - claim.len();
    let fix = right.map(|right| Fix {
        title: format!("Replace with `{issuer}:{right}`").into(),
        safety: Safety::Grants,
        edits: vec![Edit::ReplaceText { span: key.part(start..key.text.len()), text: right.into() }],
    });
    acc.report(key.content_span(), format!("AWS sets no condition key `{}`", key.text))
        .case("claim")
        .note(format!("No request has it, so {outcome}.{what}"))
        .maybe_fix(fix);
}

fn check_subject(test: Test<'_>, issuer: &str, value: &StringValue, acc: &mut Findings) {
    let text = &*value.text;
    let pattern = test.operator.base.wildcards;
    if text.contains("${") || !pattern && is_wildcard(text) {
        return;
    }
    let found = if issuer.starts_with("oidc.eks.") || text.starts_with("system:serviceaccount:") {
        kubernetes(text).map(|note| ("kubernetes", note, None::<String>))
    } else if issuer.eq_ignore_ascii_case("token.actions.githubusercontent.com") {
        github(text).map(|(note, right)| ("github", note.to_string(), right))
    } else {
        let provider = catalog::oidc_provider(issuer).filter(|provider| provider.is_fixed);
        provider.and_then(|provider| {
            let (start, _) = provider.subject.filter(|(start, _)| !may_begin(text, start))?;
            let note = format!(
                "Subjects of {} begin with `{start}`, such as `{}`.",
                provider.title, provider.example
            );
            Some(("provider", note, None))
        })
    };
    let Some((case, note, right)) = found else { return };
    let outcome = if test.operator.base.negated {
        "The condition holds for every token."
    } else {
        "The condition never holds with this value."
    };
    let fix = right.map(|right| Fix {
        title: format!("Replace with `{right}`").into(),
        safety: Safety::Grants,
        edits: vec![Edit::ReplaceText { span: value.content_span(), text: right.as_str().into() }],
    });
    acc.report(value.content_span(), format!("no token has the subject `{text}`"))
        .case(case)
        .related(test.condition.key.span, "the key is here")
        .note(format!("{outcome} {note}"))
        .maybe_fix(fix);
}

/// What is written out before the first wildcard.
fn literal(text: &str) -> &str {
    &text[..text.find(['*', '?']).unwrap_or(text.len())]
}

/// Whether a pattern can begin so.
fn may_begin(text: &str, start: &str) -> bool {
    let head = literal(text);
    head.starts_with(start) || head.len() < text.len() && start.starts_with(head)
}

fn kubernetes(text: &str) -> Option<String> {
    const START: &str = "system:serviceaccount:";
    if !may_begin(text, START) {
        return Some(format!(
            "Subjects of a cluster are `{START}`, the namespace, a colon, the service account."
        ));
    }
    let rest = text.strip_prefix(START)?;
    let colons = rest.matches(':').count();
    let is_open = rest.contains('*');
    (rest.contains('/') || colons > 1 || colons == 0 && !is_open).then(|| {
        "Namespace and service account stand behind it with a colon between them, and no slash.".to_string()
    })
}

/// Why GitHub writes no such subject, and what may be meant.
fn github(text: &str) -> Option<(&'static str, Option<String>)> {
    if text.contains(char::is_whitespace) {
        let right: String = text.split_whitespace().collect();
        return Some(("There is no white space in it.", Some(right)));
    }
    if text.get(..5).is_some_and(|start| start != "repo:" && start.eq_ignore_ascii_case("repo:")) {
        return Some(("Subjects begin with `repo:` in lower case.", Some(format!("repo:{}", &text[5..]))));
    }
    let Some(rest) = text.strip_prefix("repo:") else {
        let first = &text[..text.find([':', '*', '?']).unwrap_or(text.len())];
        // Claims have no slash in their names.
        return first.contains('/').then(|| ("Subjects begin with `repo:`.", Some(format!("repo:{text}"))));
    };
    for scheme in ["https://", "http://", "git@"] {
        if let Some(behind) = rest.strip_prefix(scheme) {
            let right = behind.strip_prefix("github.com/").or_else(|| behind.strip_prefix("github.com:"));
            return Some((
                "The repository stands there as owner, slash and name, without its address.",
                right.map(|right| format!("repo:{right}")),
            ));
        }
    }
    if let Some(right) = rest.strip_prefix("github.com/") {
        return Some((
            "The repository stands there as owner, slash and name, without its address.",
            Some(format!("repo:{right}")),
        ));
    }
    let Some((repository, context)) = rest.split_once(':') else {
        let is_whole = !is_wildcard(rest) && rest.contains('/');
        return is_whole.then_some((
            "Behind the repository stands what the workflow runs for, such as `:ref:refs/heads/main` or \
             `:environment:prod`, unless the repository has chosen other claims.",
            None,
        ));
    };
    if !is_wildcard(repository) && !repository.contains('/') {
        return Some(("The repository stands there as owner, slash and name.", None));
    }
    if let Some(name) = repository.strip_suffix(".git") {
        return Some((
            "The name of a repository does not end in `.git`.",
            Some(format!("repo:{name}:{context}")),
        ));
    }
    let of = |context: &str| Some(format!("repo:{repository}:{context}"));
    if let Some(reference) = context.strip_prefix("ref:") {
        if !may_begin(reference, "refs/") {
            let right = (!reference.contains('/') || !reference.starts_with("heads/"))
                .then(|| of(&format!("ref:refs/heads/{reference}")))
                .flatten()
                .or_else(|| of(&format!("ref:refs/{reference}")));
            return Some(("A branch is `ref:refs/heads/main`, a tag `ref:refs/tags/v1`.", right));
        }
        let of_git = ["refs/heads/", "refs/tags/", "refs/pull/"];
        if !of_git.iter().any(|start| may_begin(reference, start)) {
            return Some(("A branch is `ref:refs/heads/main`, a tag `ref:refs/tags/v1`.", None));
        }
    } else if context.starts_with("refs/") {
        return Some((
            "A branch is `ref:refs/heads/main`, a tag `ref:refs/tags/v1`.",
            of(&format!("ref:{context}")),
        ));
    } else {
        let kind = &context[..context.find([':', '*', '?']).unwrap_or(context.len())];
        let is_whole = context[kind.len()..].starts_with(':') || kind.len() == context.len();
        if is_whole && !kind.is_empty() && !catalog::github_contexts().contains(&kind) {
            let right = match kind {
                "branch" => context.strip_prefix("branch:").map(|name| format!("ref:refs/heads/{name}")),
                "tag" => context.strip_prefix("tag:").map(|name| format!("ref:refs/tags/{name}")),
                "env" => context.strip_prefix("env:").map(|name| format!("environment:{name}")),
                _ => None,
            };
            return Some((
                "Behind the repository stands what the workflow runs for, such as `:ref:refs/heads/main`, \
                 `:environment:prod` or `:pull_request`.",
                right.and_then(|right| of(&right)),
            ));
        }
    }
    None
}
