use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Severity};
use crate::graph::Reason;
use crate::graph::roles::{Asks, Verdict};
use crate::rules::Rule;

declare_rule! {
    /// Finds a role whose trust policy asks for what the service that uses it never sends: another account, or a
    /// cluster.
    ///
    /// When ECS assumes a role for a task, `aws:SourceArn` is an ARN of ECS in the account and Region, not that of
    /// the cluster. A trust policy that asks for one cluster shuts every task out. So does one that asks in
    /// `aws:SourceAccount` or `aws:SourceArn` for another account than that of the role.
    ///
    /// ```json
    /// { "ArnLike": { "aws:SourceArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/web" } }
    /// ```
    ///
    /// Write `arn:aws:ecs:REGION:ACCOUNT:*`, with `aws:SourceAccount` beside it.
    ///
    /// AWS: "Amazon ECS task IAM role" in the Amazon ECS developer guide.
    pub TrustConditionNeverMet {
        id: "trust-condition-never-met",
        group: Role,
        reads: [Roles],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the trust policy of a role asks for what the service that uses it never sends",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["ECS was unable to assume the role"],
    }
}

impl Rule for TrustConditionNeverMet {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::Unassumable(it) = verdict else { continue };
            let message = match &it.asks {
                Asks::Cluster => format!(
                    "ECS cannot assume the {} `{}`: its trust policy asks `{}` to be `{}`",
                    it.kind, it.role, it.key, it.value
                ),
                Asks::Account(_) => format!(
                    "no service can assume the {} `{}` here: its trust policy asks `{}` to be `{}`",
                    it.kind, it.role, it.key, it.value
                ),
            };
            let finding = acc.report(it.span, message);
            finding.note(match &it.asks {
                Asks::Cluster => {
                    "ECS sends an ARN of the account and Region, never that of a cluster. Write \
                                  `arn:aws:ecs:REGION:ACCOUNT:*` there."
                        .to_string()
                }
                Asks::Account(own) => {
                    format!(
                        "{} uses it in the account `{own}`, and that is what the service sends.",
                        it.evidence
                    )
                }
            });
            finding.related_in(it.trust.as_ref(), "this is what the trust policy asks for");
            if matches!(it.reason, Reason::FileName | Reason::Beside) {
                finding.severity(Severity::Warning).confidence(Confidence::Medium);
            }
        }
    }
}
