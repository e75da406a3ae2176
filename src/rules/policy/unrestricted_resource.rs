use super::breadth::{gives, is_star, patterns, unrestricted};
use crate::catalog::{self, AccessLevel, Action};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `"Resource": "*"` beside actions that could be limited to resources.
    ///
    /// Many actions work on a resource that can be named. On `*` they reach all of them in the account. Actions
    /// that change something weigh more than those that read, and the finding says which it is.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "*" }
    /// ```
    ///
    /// Name the resources: `arn:aws:dynamodb:eu-west-1:111122223333:table/orders`. Actions that take `*` only go
    /// into a statement of their own.
    ///
    /// See "Grant least privilege" in the IAM User Guide, and the service authorization reference for what an
    /// action takes.
    pub UnrestrictedResource {
        id: "unrestricted-resource",
        group: Policy,
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "actions that could be limited to resources are allowed on all",
        sources: [
            "checkov/CKV_AWS_111",
            "checkov/CKV_AWS_290",
            "checkov/CKV_AWS_355",
            "checkov/CKV_AWS_356",
            "cfn_nag/W11",
            "cfn_nag/W12",
            "cfn_nag/W13",
            "cdk-nag/AwsSolutions-IAM5",
            "cloudsplaining/InfrastructureModification",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for UnrestrictedResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !gives(policy) {
            return;
        }
        let Some(resource) = unrestricted(statement, policy).filter(|it| is_star(&it.text)) else { return };
        let mut reading: Option<Action> = None;
        for pattern in patterns(statement) {
            for action in catalog::expand(pattern.text()).filter(|action| !action.takes_all_resources_only())
            {
                if matches!(action.access_level(), AccessLevel::List | AccessLevel::Read) {
                    reading = reading.or(Some(action));
                    continue;
                }
                acc.report(
                    resource.content_span(),
                    format!("`{action}` changes things and is allowed on all of them"),
                )
                .case("write")
                .related(pattern.string.span, "allowed here")
                .note("Name the resources it is meant for.");
                return;
            }
        }
        if let Some(action) = reading {
            acc.report(resource.content_span(), format!("`{action}` could be limited to some resources"))
                .case("read")
                .note("Name the resources it is meant for; what takes `*` only goes into a statement of its own.");
        }
    }
}
