use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a role in `aws-auth` that the project does not have, though it has one that is called almost so.
    ///
    /// Nodes with another role cannot join the cluster, and people with another role are not let in: Kubernetes says
    /// only "Unauthorized". Where the configuration says `"complete": true`, every role that is not there is told.
    ///
    /// ```yaml
    /// mapRoles: |
    ///   - rolearn: arn:aws:iam::111122223333:role/node
    /// ```
    ///
    /// Write the name that the role has, without its path.
    ///
    /// AWS: "Grant IAM users access to Kubernetes with a ConfigMap" in the Amazon EKS user guide.
    pub UnknownAwsAuthRole {
        id: "unknown-aws-auth-role",
        group: Role,
        reads: [Roles],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a role in aws-auth is none of the project",
        sources: [],
        fix: None,
        since: "0.2.0",
        service_messages: [],
    }
}

impl Rule for UnknownAwsAuthRole {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::Unmapped { span, role, meant } = verdict else { continue };
            let finding = acc.report(*span, format!("the project has no role `{role}`"));
            match meant {
                Some(meant) => finding.note(format!("It has `{meant}`, which nothing maps.")),
                None => finding
                    .severity(Severity::Info)
                    .note("The configuration says that the project is complete."),
            };
        }
    }
}
