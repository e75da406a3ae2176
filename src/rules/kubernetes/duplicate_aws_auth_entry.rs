use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{AwsAuth, AwsAuthList};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashMap;

declare_rule! {
    /// Finds roles and users that `aws-auth` names more than once.
    ///
    /// Only the last entry counts: groups of the others are lost. ARNs are compared whatever their case.
    ///
    /// ```yaml
    /// - rolearn: arn:aws:iam::111122223333:role/deploy
    ///   groups: [viewers]
    /// - rolearn: arn:aws:iam::111122223333:role/deploy
    ///   groups: [editors]
    /// ```
    ///
    /// Put all groups into one entry.
    pub DuplicateAwsAuthEntry {
        id: "duplicate-aws-auth-entry",
        group: Kubernetes,
        reads: [AwsAuth],
        on: [AwsAuth],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "aws-auth names a role or user twice",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for DuplicateAwsAuthEntry {
    fn check_aws_auth(&self, aws_auth: AwsAuth<'_>, acc: &mut Findings) {
        let mut last: HashMap<(AwsAuthList, String), Span> = HashMap::new();
        for entry in aws_auth.entries() {
            let Some(arn) = entry.arn().filter(|arn| !arn.has_unknown()) else { continue };
            let key = (entry.list, arn.text.to_ascii_lowercase());
            if let Some(before) = last.insert(key, arn.span) {
                acc.report(before, format!("`{}` names `{}` again further down", entry.list.name(), arn.text))
                    .note("Only the last entry counts: the groups of this one are lost. Put all groups into one entry.")
                    .related(arn.span, "this entry counts");
            }
        }
    }
}
