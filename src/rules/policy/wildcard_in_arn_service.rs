use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Arn, ArnPart, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds ARNs with a wildcard in the service's place: `arn:aws:*:eu-west-1:111122223333:cluster/web`,
    /// `arn:aws:s3*:::web`.
    ///
    /// The service is the one part of an ARN that takes no wildcard. IAM refuses the policy with
    /// `Resource vendor must be fully qualified`. In policies of resources, which other services read, it is a
    /// warning.
    ///
    /// Write one ARN for each service that is meant.
    ///
    /// AWS: "IAM JSON policy elements: Resource" in the IAM user guide.
    pub WildcardInArnService {
        id: "wildcard-in-arn-service",
        group: Policy,
        reads: [Statement],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an ARN has a wildcard in the place of its service",
        sources: [
            "access-analyzer/WILDCARD_IN_SERVICE_NAME",
            "cdk-preflight/pf-iam-policy-resource-service-wildcard",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Resource vendor must be fully qualified and cannot contain regexes"],
    }
}

impl Rule for WildcardInArnService {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        for resource in statement.resources() {
            let Ok(arn) = Arn::parse(&resource.text) else { continue };
            let range = arn.range(ArnPart::Service);
            // A policy variable may stand there; one with a wildcard in its default does not.
            if !arn.service.contains(['*', '?'])
                || arn.service.contains(['$', '<', '{'])
                || resource.is_unknown_in(range.clone())
            {
                continue;
            }
            acc.report(resource.part(range), "this ARN has a wildcard in the place of its service")
                .severity(if policy.kind.is_attached() { Severity::Error } else { Severity::Warning })
                .note(
                    "The service takes no wildcard, and IAM refuses the policy. Write one ARN for each service, or `*` for \
                     everything.",
                );
        }
    }
}
