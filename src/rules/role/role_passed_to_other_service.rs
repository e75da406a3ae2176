use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings};
use crate::graph::roles::Verdict;
use crate::rules::Rule;
use crate::text;

declare_rule! {
    /// Finds a policy that passes a role to another service than the one that the role is for.
    ///
    /// `iam:PassedToService` holds the service that a role is handed to. The roles of a task are handed to
    /// `ecs-tasks.amazonaws.com`, an infrastructure role to `ecs.amazonaws.com`, the role of a Fargate profile to
    /// `eks-fargate-pods.amazonaws.com`. With another name in the condition the statement grants nothing.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/web-task",
    ///   "Condition": { "StringEquals": { "iam:PassedToService": "ecs.amazonaws.com" } } }
    /// ```
    ///
    /// Write the service that the finding names. Allow the finding where the role has a second purpose that no file
    /// shows.
    ///
    /// AWS: "Amazon ECS task execution IAM role" in the Amazon ECS developer guide.
    pub RolePassedToOtherService {
        id: "role-passed-to-other-service",
        group: Role,
        reads: [Roles],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the policy passes a role to another service than the role is for",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["is not authorized to perform: iam:PassRole"],
    }
}

impl Rule for RolePassedToOtherService {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::Passing(passing) = verdict else { continue };
            if passing.passed_to.is_empty() {
                continue;
            }
            let services = text::enumerated(passing.passed_to.iter().map(|service| format!("`{service}`")));
            acc.report(
                passing.span,
                format!("the role `{}` is passed to `{}`, not to {services}", passing.role, passing.service),
            )
            .note(format!(
                "{} names it: it is a {}. With this `iam:PassedToService` the statement lets nobody pass it. Write \
                 `{}`.",
                passing.evidence, passing.kind, passing.service
            ))
            .confidence(Confidence::Medium);
        }
    }
}
