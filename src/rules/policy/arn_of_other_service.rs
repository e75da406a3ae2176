use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Arn, ArnPart, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds ARNs in the `Resource` of a resource's policy that are of another service than the resource.
    ///
    /// The policy of a bucket says nothing of a queue. Amazon S3, Amazon SNS and Amazon SQS refuse such a
    /// policy; elsewhere the entry matches nothing. What the policy sits on is told by the template or module
    /// around it.
    ///
    /// ```yaml
    /// Type: AWS::SQS::QueuePolicy
    /// Properties:
    ///   PolicyDocument:
    ///     Statement: [{ Effect: Allow, Principal: "*", Action: "sqs:*", Resource: "arn:aws:s3:::web" }]
    /// ```
    ///
    /// Write the ARN of what the policy sits on.
    ///
    /// See the guides of the services on the policies of their resources.
    pub ArnOfOtherService {
        id: "arn-of-other-service",
        group: Policy,
        reads: [Statement],
        on: [Resource],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a resource's policy names an ARN of another service",
        sources: ["access-analyzer/UNSUPPORTED_RESOURCE_ARN_IN_POLICY", "cfn-lint/E3514"],
        fix: None,
        since: "0.1.0",
        service_messages: ["Policy has invalid resource"],
    }
}

impl Rule for ArnOfOtherService {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let Some(owner) = policy.owner.filter(|owner| !owner.services.is_empty()) else { return };
        for resource in statement.resources() {
            let Ok(arn) = Arn::parse(&resource.text) else { continue };
            if arn.service.is_empty()
                || arn.service.contains(['*', '?', '$', '<', '{'])
                || resource.is_unknown_in(arn.range(ArnPart::Service))
                || owner.services.iter().any(|service| service.eq_ignore_ascii_case(arn.service))
            {
                continue;
            }
            let effect =
                if owner.refuses { "The service refuses the policy." } else { "The entry matches nothing." };
            acc.report(
                resource.part(arn.range(ArnPart::Service)),
                format!("`{}` is not {}, which this policy sits on", resource.text, owner.what),
            )
            .note(format!("{effect} Write the ARN of what the policy sits on."));
        }
    }
}
