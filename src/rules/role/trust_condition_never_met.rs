use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Severity};
use crate::graph::Reason;
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a role of a task whose trust policy asks for a cluster in `aws:SourceArn`.
    ///
    /// When ECS assumes a role for a task, `aws:SourceArn` is an ARN of ECS in the account and Region, not that of
    /// the cluster. A trust policy that asks for one cluster shuts every task out.
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
        summary: "the trust policy of the task's role asks for what ECS never sends",
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
            let finding = acc.report(
                it.span,
                format!(
                    "ECS cannot assume the {} `{}`: its trust policy asks `{}` to be `{}`",
                    it.kind, it.role, it.key, it.value
                ),
            );
            finding.note(
                "ECS sends an ARN of the account and Region, never that of a cluster. Write \
                 `arn:aws:ecs:REGION:ACCOUNT:*` there.",
            );
            if matches!(it.reason, Reason::FileName | Reason::Beside) {
                finding.severity(Severity::Warning).confidence(Confidence::Medium);
            }
        }
    }
}
