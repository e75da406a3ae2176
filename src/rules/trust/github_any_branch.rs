use super::principals::{claim_of, oidc_issuers};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds roles that every workflow of a repository may assume, whatever its branch.
    ///
    /// `repo:example/shop:*` fits pull requests too: whoever can open one from a branch of the repository, and change
    /// its workflow, has the role.
    ///
    /// ```json
    /// "StringLike": { "token.actions.githubusercontent.com:sub": "repo:example/shop:*" }
    /// ```
    ///
    /// Name the branch (`repo:example/shop:ref:refs/heads/main`) or the environment
    /// (`repo:example/shop:environment:prod`).
    ///
    /// AWS: "Configuring a role for GitHub OIDC identity provider" in the IAM user guide.
    pub GithubAnyBranch {
        id: "github-any-branch",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "any branch of a repository on GitHub may assume the role",
        sources: [
            "access-analyzer/SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for GithubAnyBranch {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for (_, issuer) in oidc_issuers(statement) {
            if issuer != "token.actions.githubusercontent.com" {
                continue;
            }
            for key in statement.condition_keys() {
                let of_subject =
                    claim_of(&key.key.text, issuer).is_some_and(|it| it.eq_ignore_ascii_case("sub"));
                let positive = catalog::parse_operator(&key.operator.text)
                    .is_some_and(|operator| !operator.base.negated && operator.base.wildcards);
                if !of_subject || !positive {
                    continue;
                }
                for value in key.values().iter().filter_map(Value::as_string).filter(|it| !it.has_unknown()) {
                    let Some((repository, rest)) =
                        value.text.strip_prefix("repo:").and_then(|rest| rest.split_once(':'))
                    else {
                        continue;
                    };
                    if rest == "*" && !repository.contains('*') {
                        acc.report(
                            value.content_span(),
                            format!("any branch and pull request of `{repository}` may assume this role"),
                        )
                        .note(format!("Name the branch or the environment, such as `repo:{repository}:environment:prod`."));
                    }
                }
            }
        }
    }
}
