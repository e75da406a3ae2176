use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
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
            // What IAM refuses of its own is another rule's.
            if arn.service == "iam" && policy.kind.is_attached() && !arn.resource.is_empty() {
                continue;
            }
            if arn.service.is_empty()
                || arn.service.contains(['*', '?', '$', '<', '{'])
                || resource.has_unknown()
                    && resource.is_unknown_in(0..resource.text.len() - arn.resource.len())
                || arn.service.bytes().any(|byte| byte.is_ascii_uppercase())
            {
                continue;
            }
            if arn.resource.is_empty() {
                acc.report(resource.content_span(), "this ARN ends before its resource")
                    .case("empty")
                    .note("Write the resource after the fifth colon, or `*` for every one of the service.");
                continue;
            }
            // Some services share the ARNs of others (`execute-api`, `elasticloadbalancing`).
            let mut own = catalog::service(arn.service)
                .into_iter()
                .flat_map(|service| service.resource_types())
                .flat_map(|resource_type| resource_type.arn_formats());
            let fits = |format: &'static str| access::resource_fits(&arn, format, &resource.unknown);
            if own.any(fits) || access::arn_formats_of(arn.service).any(fits) {
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
            let near = arn.resource_prefix().and_then(|prefix| catalog::guess(prefix, kinds.iter().copied()));
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

fn unknown_service(resource: &crate::host::value::StringValue, arn: Arn<'_>, acc: &mut Findings) {
    let services = catalog::services().map(|service| service.prefix());
    let Some(near) = catalog::guess(arn.service, services) else { return };
    let span = resource.part(arn.range(ArnPart::Service));
    acc.report(span, format!("no service has ARNs with `{}`; did you mean `{}`?", arn.service, near.word))
        .case("service")
        .note("The policy is accepted, but the entry matches nothing.")
        .fix(Fix::guess(span, near));
}

/// What stands before the first `/` or `:` of the resource parts.
fn resource_prefixes(formats: &[&'static str]) -> Vec<&'static str> {
    let mut prefixes: Vec<&'static str> = formats
        .iter()
        .filter_map(|format| {
            let arn = Arn::parse(format).ok()?;
            let prefix = arn.resource_prefix()?;
            (!prefix.contains('$') && !prefix.is_empty()).then_some(prefix)
        })
        .collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes
}
