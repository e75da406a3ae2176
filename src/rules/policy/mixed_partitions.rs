use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::OfUnit;
use crate::host::value::Value;
use crate::model::{Arn, ArnPart, Policy, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::Span;

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
        for placed in policy.units() {
            for (partition, span) in &placed.unit.known::<Named>().0 {
                let span = span.shifted(placed.base);
                match first {
                    None => first = Some((*partition, span)),
                    Some((known, place)) if known != *partition => {
                        acc.report(span, format!("this ARN is of the partition `{partition}`, others are of `{known}`"))
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

/// The partitions that the ARNs of a statement are of, each where it stands first.
struct Named(Vec<(&'static str, Span)>);

impl OfUnit for Named {
    fn of(value: &Value) -> Named {
        let mut found: Vec<(&'static str, Span)> = Vec::new();
        let statement = value.as_object().map(|object| Statement { object });
        for resource in statement.iter().flat_map(Statement::resources) {
            let Ok(arn) = Arn::parse(&resource.text) else { continue };
            let range = arn.range(ArnPart::Partition);
            let known = catalog::partitions().iter().find(|(name, _)| *name == arn.partition);
            let Some((partition, _)) = known.copied() else { continue };
            if !resource.is_unknown_in(range.clone()) && found.iter().all(|(other, _)| *other != partition) {
                found.push((partition, resource.part(range)));
            }
        }
        Named(found)
    }
}
