use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Fix, Severity};
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a policy that lets somebody deploy, and passes one of the roles that go with it, but not the other.
    ///
    /// Whoever registers a task definition passes both of its roles, the task role and the execution role, and
    /// needs `iam:PassRole` on each. To forget the execution role is the most common reason for a deploy that is
    /// denied. The same holds for the role of an EKS Fargate profile, of a schedule, of a state machine.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/web-task" }
    /// ```
    ///
    /// Add the role to the statement. Allow the finding where somebody else deploys what the other role is for.
    ///
    /// AWS: "Grant a user permissions to pass a role to an AWS service" in the IAM user guide.
    pub RoleNotPassed {
        id: "role-not-passed",
        group: Role,
        reads: [Roles],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the policy lets somebody deploy, but does not pass a role that goes with it",
        sources: [],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["is not authorized to perform: iam:PassRole"],
    }
}

impl Rule for RoleNotPassed {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::Passing(passing) = verdict else { continue };
            if !passing.passed_to.is_empty() {
                continue;
            }
            let finding = acc.report(
                passing.span,
                format!(
                    "`{}` also takes `iam:PassRole` on the {} `{}`",
                    passing.action, passing.kind, passing.role
                ),
            );
            finding.note(format!(
                "{} names that role, and this policy passes others alone: the deploy is denied. Add the role; it \
                 is passed to `{}`.",
                passing.evidence,
                passing.service
            ));
            if let Some(grant) = &passing.grant {
                let title = format!("Pass the role `{}` as well", passing.role);
                finding.fix_in(grant.file.clone(), Fix::grants(title, grant.edits.clone()));
            }
            finding.related_in(Some(&passing.used_at), "this names the role");
            finding.severity(Severity::Warning).confidence(Confidence::Medium);
        }
    }
}
