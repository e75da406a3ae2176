use crate::catalog::Arn;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::host::Edit;
use crate::model::{AwsAuth, AwsAuthList};
use crate::rules::Rule;

declare_rule! {
    /// Finds roles in `aws-auth` whose ARN is written with its path.
    ///
    /// A session of a role carries no path: the authenticator compares `arn:aws:iam::111122223333:role/deploy`, whatever
    /// path the role has. An entry with a path matches nobody, and those who assume the role get `You must be logged
    /// in to the server (Unauthorized)`.
    ///
    /// ```yaml
    /// - rolearn: arn:aws:iam::111122223333:role/teams/web/deploy
    /// ```
    ///
    /// Leave the path out: `arn:aws:iam::111122223333:role/deploy`. The same holds for roles of IAM Identity Center, whose
    /// path is `aws-reserved/sso.amazonaws.com`.
    ///
    /// AWS: "Grant IAM users access to Kubernetes with a ConfigMap" in the Amazon EKS user guide.
    pub RolePathNeverMatches {
        id: "role-path-never-matches",
        group: Kubernetes,
        reads: [AwsAuth],
        on: [AwsAuth],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a role's ARN in aws-auth has a path",
        sources: ["report/aws-iam-authenticator-268"],
        fix: Safe,
        since: "0.2.0",
    }
}

impl Rule for RolePathNeverMatches {
    fn check_aws_auth(&self, aws_auth: AwsAuth<'_>, acc: &mut Findings) {
        for entry in aws_auth.entries().filter(|entry| entry.list == AwsAuthList::Roles) {
            let Some(arn) = entry.arn() else { continue };
            let Ok(parsed) = Arn::parse(&arn.text) else { continue };
            let Some(role) = parsed.resource.strip_prefix("role/") else { continue };
            let Some(end) = role.rfind('/') else { continue };
            let path = &role[..=end];
            let at = arn.text.len() - role.len();
            if parsed.service != "iam" || arn.is_unknown_in(at..at + path.len()) {
                continue;
            }
            let span = arn.part(at..at + path.len());
            acc.report(span, format!("a role in `aws-auth` has no path; with `{path}` nobody matches"))
                .note("Sessions of a role carry its name alone. Leave the path out.")
                .fix(Fix {
                    title: "Remove the path".into(),
                    safety: Safety::Safe,
                    edits: vec![Edit::ReplaceText { span, text: "".into() }],
                });
        }
    }
}
