use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions in a resource's policy that are of another service than the resource.
    ///
    /// The policy of a bucket is asked when somebody acts on the bucket, so actions of `sqs` never come up
    /// there. Amazon S3 and Amazon SNS refuse such a policy; elsewhere the entry has no effect.
    /// What the policy sits on is told by the template or module around it.
    ///
    /// ```yaml
    /// Type: AWS::S3::BucketPolicy
    /// Properties:
    ///   PolicyDocument:
    ///     Statement: [{ Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*" }]
    /// ```
    ///
    /// Move it to the policy of the resource that is meant, or to an identity policy.
    ///
    /// See "Actions, resources, and condition keys for AWS services" in the Service Authorization Reference.
    pub ActionOfOtherService {
        id: "action-of-other-service",
        group: Policy,
        reads: [Statement],
        on: [Resource],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a resource's policy names an action of another service",
        sources: ["access-analyzer/UNSUPPORTED_ACTION_IN_POLICY", "cfn-lint/W3037"],
        fix: None,
        since: "0.1.0",
        service_messages: ["Policy has invalid action", "Policy statement action out of service scope"],
    }
}

impl Rule for ActionOfOtherService {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let Some(owner) = policy.owner.filter(|owner| !owner.services.is_empty()) else { return };
        for action in statement.actions() {
            let is_whole = action.name.is_some() && !action.service.contains(['*', '?']);
            if !is_whole
                || action.string.has_unknown()
                || owner.services.iter().any(|service| service.eq_ignore_ascii_case(action.service))
            {
                continue;
            }
            let finding = acc.report(
                action.service_span(),
                format!("`{}` is not an action on {}", action.text(), owner.what),
            );
            let services: Vec<String> = owner.services.iter().map(|it| format!("`{it}:`")).collect();
            let effect =
                if owner.refuses { "The service refuses the policy." } else { "The entry has no effect." };
            finding.note(format!(
                "The policy of {} takes actions that begin with {}. {effect}",
                owner.what,
                services.join(" or ")
            ));
            if !owner.refuses {
                finding.severity(Severity::Warning);
            }
        }
    }
}
