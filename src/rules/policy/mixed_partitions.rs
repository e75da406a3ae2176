use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Arn, ArnPart, Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds ARNs of two partitions in one policy.
    ///
    /// An account is in one partition, and IAM refuses a policy for it that names resources of another:
    /// `Partition "aws-cn" is not valid for resource "…"`. So there is no account that takes both.
    ///
    /// ```json
    /// "Resource": ["arn:aws:s3:::web/*", "arn:aws-cn:s3:::web/*"]
    /// ```
    ///
    /// Write one policy for each partition, or let the template fill the partition in: `${AWS::Partition}`.
    ///
    /// AWS: "Amazon Resource Names (ARNs)" in the AWS documentation.
    pub MixedPartitions {
        id: "mixed-partitions",
        group: Policy,
        reads: [Policy],
        on: [Identity, Boundary],
        severity: Error,
        confidence: Medium,
        level: Default,
        summary: "a policy has ARNs of two partitions",
        sources: ["cdk-preflight/pf-iam-policy-resource-partition"],
        fix: None,
        since: "0.2.0",
        service_messages: ["is not valid for resource"],
    }
}

impl Rule for MixedPartitions {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let mut first = None;
        for (base, statement) in policy.statements() {
            for resource in statement.resources() {
                let Ok(arn) = Arn::parse(&resource.text) else { continue };
                let range = arn.range(ArnPart::Partition);
                let is_one = catalog::partitions().iter().any(|(name, _)| *name == arn.partition);
                if !is_one || resource.is_unknown_in(range.clone()) {
                    continue;
                }
                let span = resource.part(range).shifted(base);
                match first {
                    None => first = Some((arn.partition, span)),
                    Some((known, place)) if known != arn.partition => {
                        acc.report(span, format!("this ARN is of the partition `{}`, others are of `{known}`", arn.partition))
                            .related(place, format!("`{known}` is here"))
                            .note(
                                "An account is in one partition, and IAM refuses a policy with ARNs of another. Write one \
                                 policy for each.",
                            );
                        return;
                    }
                    Some(_) => {}
                }
            }
        }
    }
}
