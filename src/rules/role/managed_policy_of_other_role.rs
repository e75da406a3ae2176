use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Severity};
use crate::graph::Reason;
use crate::graph::roles::Verdict;
use crate::rules::Rule;
use crate::text;

declare_rule! {
    /// Finds roles of tasks with a policy that AWS manages for roles of another kind.
    ///
    /// `AmazonEC2ContainerServiceforEC2Role` is for the instances of a cluster: on the role of a task it lets the
    /// containers register instances and poll for work that is not theirs. `AmazonECSTaskExecutionRolePolicy` is for the agent that
    /// pulls images and writes logs; on the task role it gives the containers the same, which they do not need.
    ///
    /// ```hcl
    /// resource "aws_iam_role_policy_attachment" "execution" {
    ///   role       = aws_iam_role.execution.name
    ///   policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
    /// }
    /// ```
    ///
    /// Attach the policy that is made for the role, or one of your own. Where the same role serves for both, or others than
    /// ECS tasks may assume it, nothing is said.
    ///
    /// AWS: "IAM roles for Amazon ECS" in the Amazon ECS developer guide.
    pub ManagedPolicyOfOtherRole {
        id: "managed-policy-of-other-role",
        group: Role,
        reads: [Roles],
        cases: ["execution", "instance"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a role of a task has a policy that AWS manages for another kind of role",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for ManagedPolicyOfOtherRole {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::ManagedForAnother { span, role, kind, policy, meant, reason } = verdict else {
                continue;
            };
            let is_execution = *meant == "task execution role";
            let a_meant = text::a_or_an(meant);
            let finding =
                acc.report(*span, format!("the {kind} `{role}` has `{policy}`, which is for {a_meant}"));
            if is_execution {
                finding.case("execution").severity(Severity::Info).note(
                    "The agent pulls images and writes logs with the task execution role. On the task role the policy gives the \
                     containers the same, which they rarely need.",
                );
            } else {
                finding.case("instance").note(format!(
                    "The policy lets the containers do what {a_meant} is for. Attach what a {kind} needs."
                ));
            }
            if matches!(reason, Reason::FileName | Reason::Beside) {
                finding.confidence(Confidence::Low);
            }
        }
    }
}
