use super::action_matches_no_resource;
use super::arn_types::{is_of_no_type, near, resource_prefixes};
use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::StringValue;
use crate::model::{Arn, ArnPart, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds ARNs whose resource part fits no ARN format of their service, and ARNs of services that have
    /// none.
    ///
    /// IAM accepts the policy. The statement then covers nothing.
    ///
    /// ```text
    /// arn:aws:ecs:eu-west-1:111122223333:taskdefinition/web:*     no such type
    /// arn:aws:ecs:eu-west-1:111122223333:task-definition/web:*    right
    /// ```
    ///
    /// All formats of all resource types count, with wildcards on both sides; in doubt the ARN fits.
    ///
    /// See "Resource types defined by" on the service's page in the Service Authorization Reference.
    pub ArnMatchesNoResourceType {
        id: "arn-matches-no-resource-type",
        group: Policy,
        reads: [Statement],
        cases: ["empty", "resource", "service"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "an ARN fits no resource type of its service",
        sources: [
            "access-analyzer/INVALID_ARN_RESOURCE",
            "parliament/RESOURCE_MISMATCH",
            "iam-policy-validator/invalid_resource",
            "cfn-lint/E3514",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for ArnMatchesNoResourceType {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        for resource in statement.resources() {
            let Ok(arn) = Arn::parse(&resource.text) else { continue };
            if !is_of_no_type(resource, arn, policy) {
                continue;
            }
            if arn.resource.is_empty() {
                acc.report(resource.content_span(), "this ARN ends before its resource")
                    .case("empty")
                    .note("Write the resource after the fifth colon, or `*` for every one of the service.");
                continue;
            }
            let formats: Vec<&'static str> = access::arn_formats_of(arn.service).collect();
            if formats.is_empty() {
                if catalog::service(arn.service).is_none() {
                    unknown_service(resource, arn, acc);
                }
                continue;
            }
            let title = catalog::service(arn.service).map_or(arn.service, |service| service.title());
            let kinds: Vec<&'static str> = resource_prefixes(&formats);
            let near = near(arn);
            // One mistake is one finding: where an action has nothing to act on, that is said of it.
            if near.is_none() && action_matches_no_resource::tells_of(statement, policy, arn.service) {
                continue;
            }
            let span = resource.part(arn.range(ArnPart::Resource));
            let known = quoted(kinds.iter().take(8));
            let note = match (near, kinds.is_empty()) {
                (Some(near), _) => {
                    format!(
                        "Did you mean `{}`? The policy is accepted, but the entry matches nothing.",
                        near.word
                    )
                }
                (None, false) => format!(
                    "Resources of the service start with {known}{}. The policy is accepted, but the entry matches nothing.",
                    if kinds.len() > 8 { " and others" } else { "" }
                ),
                (None, true) => "The policy is accepted, but the entry matches nothing.".to_string(),
            };
            let finding = acc.report(span, format!("{title} has no resource `{}`", arn.resource));
            finding.case("resource").note(note);
            if let (Some(near), Some(prefix)) = (near, arn.resource_prefix()) {
                finding.fix(Fix::guess(resource.part(arn.resource_start(prefix.len())), near));
            }
        }
    }
}

fn unknown_service(resource: &StringValue, arn: Arn<'_>, acc: &mut Findings) {
    let services = catalog::services().map(|service| service.prefix());
    let Some(near) = catalog::guess(arn.service, services) else { return };
    let span = resource.part(arn.range(ArnPart::Service));
    acc.report(span, format!("no service has ARNs with `{}`; did you mean `{}`?", arn.service, near.word))
        .case("service")
        .note("The policy is accepted, but the entry matches nothing.")
        .fix(Fix::guess(span, near));
}
