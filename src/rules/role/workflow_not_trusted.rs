use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::roles::Verdict;
use crate::rules::Rule;
use crate::text;

declare_rule! {
    /// Finds jobs of GitHub Actions and GitLab CI whose tokens the trust policy of their role does not let in.
    ///
    /// The subject of a token follows from the job: `repo:example/shop:ref:refs/heads/main` for a push to a branch,
    /// `repo:example/shop:pull_request` for a pull request. A job with an `environment` has
    /// `repo:example/shop:environment:prod`, whatever its branch. It is found where none of the subjects that a
    /// job's triggers may give fits any statement of the trust policy.
    ///
    /// ```yaml
    /// jobs:
    ///   deploy:
    ///     environment: prod
    ///     steps:
    ///       - uses: aws-actions/configure-aws-credentials@v4
    ///         with:
    ///           role-to-assume: arn:aws:iam::111122223333:role/deploy
    /// ```
    ///
    /// ```json
    /// "StringEquals": { "token.actions.githubusercontent.com:sub": "repo:example/shop:ref:refs/heads/main" }
    /// ```
    ///
    /// The step fails with "Not authorized to perform sts:AssumeRoleWithWebIdentity". Name the subject that the job
    /// has: here `repo:example/shop:environment:prod`. The repository's own name is compared where the configuration
    /// says it (`"repository": "example/shop"`), or where git knows one remote alone. Allow the finding where the
    /// organization has its subjects made otherwise.
    ///
    /// AWS: "Create a role for OpenID Connect federation" in the IAM user guide; GitHub: "OpenID Connect reference".
    pub WorkflowNotTrusted {
        id: "workflow-not-trusted",
        group: Role,
        reads: [Roles],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "no token of the job fits the trust policy of the role that it assumes",
        sources: [],
        fix: None,
        since: "0.2.0",
        service_messages: ["Not authorized to perform sts:AssumeRoleWithWebIdentity"],
    }
}

impl Rule for WorkflowNotTrusted {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::Workflow(it) = verdict else { continue };
            let title = catalog::oidc_provider(it.issuer).map_or(it.issuer, |provider| provider.title);
            let finding =
                acc.report(it.span, format!("the role `{}` does not trust the tokens of this job", it.role));
            let subjects = text::enumerated(it.subjects.iter().map(|subject| format!("`{subject}`")));
            let has = if it.subjects.len() == 1 { "Their subject is" } else { "Their subjects are" };
            let asks = if it.trusted.is_empty() {
                format!("its trust policy lets in no token of {title}")
            } else {
                let trusted = text::enumerated(it.trusted.iter().map(|trusted| format!("`{trusted}`")));
                format!("its trust policy asks for {trusted}")
            };
            let environment = match it.subjects.iter().any(|subject| subject.contains(":environment:")) {
                true => " GitHub puts the environment in place of the branch.",
                false => "",
            };
            let repository = match it.repository {
                Some(true) => " The configuration says which repository this is.",
                Some(false) => " Git says which repository this is, by its only remote.",
                None => "",
            };
            finding.note(format!(
                "{has} {subjects}; {asks}. The role stands in `{}`.{environment}{repository}",
                it.file
            ));
        }
    }
}
