use crate::catalog::{self, is_account_id};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::DocumentKind;
use crate::host::Edit;
use crate::host::value::{Holds, StringValue};
use crate::model::{Arn, ArnPart, ArnProblem, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds entries of `Resource` and `NotResource` that are not ARNs.
    ///
    /// An entry is `*` or an ARN: six parts between colons, `arn:partition:service:region:account:resource`,
    /// some of which may be empty. IAM refuses a policy with anything else.
    ///
    /// ```text
    /// "Resource": "web-bucket/*"                 refused
    /// "Resource": "arn:aws:s3:web-bucket/*"      refused: two colons are missing
    /// "Resource": "arn:aws:s3:::web-bucket/*"    right
    /// ```
    ///
    /// In templates and modules a reference to a resource is looked at by its type: `!Ref Bucket` and
    /// `aws_s3_bucket.web.id` give the bucket's name, `!GetAtt Bucket.Arn` and `aws_s3_bucket.web.arn` its ARN.
    ///
    /// See "IAM JSON policy elements: Resource" and "Amazon Resource Names (ARNs)" in the AWS documentation.
    pub InvalidArn {
        id: "invalid-arn",
        group: Policy,
        reads: [Statement],
        cases: ["iam-path", "iam-region", "name", "parts", "prefix"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a resource is neither * nor an ARN",
        sources: [
            "access-analyzer/INVALID_ARN_PREFIX",
            "access-analyzer/MISSING_ARN_FIELD",
            "parliament/INVALID_ARN",
            "iam-policy-validator/invalid_resource",
            "cfn-lint/E3510",
            "cdk-preflight/pf-iam-policy-resource-format",
            "cdk-preflight/pf-iam-policy-resource-arn-segments",
        ],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["must be in ARN format or \"*\"", "cannot contain region information", "IAM resource path must either be \"*\" or start with", "The policy failed legacy parsing"],
    }
}

impl Rule for InvalidArn {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        for resource in statement.resources() {
            let text = &*resource.text;
            // API Gateway completes relative ARNs in its resource policies.
            let relative = text.starts_with("execute-api:/")
                || policy.kind == DocumentKind::Resource && text.starts_with("execute-api:");
            // `custom-key-arn`: whoever copies it knows what belongs there.
            let begins_with_name = resource
                .open_parts()
                .first()
                .is_some_and(|hole| hole.start == 0 && hole.holds != Holds::Anything);
            if begins_with_name {
                let first = &resource.open_parts()[0];
                let name = &text[first.range()];
                let what = if first.holds == Holds::Name { "name" } else { "name or the address" };
                acc.report(resource.content_span(), format!("`{name}` is the {what} of a resource, not its ARN"))
                    .case("name")
                    .note("Write the attribute that gives the ARN, or put the name into one. IAM refuses the policy.");
                continue;
            }
            // `_S3_BUCKET_ARN_`, as some modules have it: words to be replaced.
            let is_word = text.contains('_')
                && text.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_');
            let stand_in = resource.is_prose() || text.to_ascii_lowercase().ends_with("arn") || is_word;
            if resource.has_unknown() || stand_in || text.starts_with('*') || relative {
                continue;
            }
            let span = resource.content_span();
            match Arn::parse(text) {
                Ok(arn) if arn.service == "iam" && policy.kind.is_attached() => iam(resource, arn, acc),
                Ok(_) => {}
                Err(ArnProblem::NoPrefix) if text.is_empty() => {
                    acc.report(resource.span, "a resource is empty")
                        .case("prefix")
                        .note("Write `*` or an ARN. IAM refuses the policy.");
                }
                // A variable may stand for a whole ARN.
                Err(ArnProblem::NoPrefix) if text.starts_with("${") || "arn:".starts_with(text) => {}
                Err(ArnProblem::NoPrefix) => {
                    acc.report(span, format!("`{text}` is not an ARN")).case("prefix").note(
                        "Write `*` or an ARN, `arn:aws:service:region:account:resource`. IAM refuses the policy.",
                    );
                }
                // A wildcard may stand for several parts.
                Err(ArnProblem::TooFewParts(_)) if text.contains('*') && whole(text).is_none() => {}
                Err(ArnProblem::TooFewParts(count)) => {
                    acc.report(span, format!("this ARN has {count} parts, an ARN has six")).case("parts").note(
                        "Write `arn:aws:service:region:account:resource`; where a service has no Region or account in its ARNs, \
                         the part stays empty but its colon is there. IAM refuses the policy.",
                    )
                    .maybe_fix(whole(text).map(|whole| Fix::replace_text(span, &whole)));
                }
            }
        }
    }
}

/// How the resource part of an ARN of IAM may begin: IAM refuses a policy with another, whatever wildcards follow.
const IAM_PATHS: [&str; 13] = [
    "access-report/",
    "federated-user/",
    "group/",
    "instance-profile/",
    "mfa/",
    "oidc-provider/",
    "policy/",
    "report/",
    "role/",
    "saml-provider/",
    "server-certificate/",
    "sms-mfa/",
    "user/",
];

/// Whether an ARN of IAM is that of no type of its resources.
pub(super) fn is_of_no_iam_type(resource: &StringValue, arn: Arn<'_>) -> bool {
    let start = arn.range(ArnPart::Resource).start;
    // Some of the newer types are known to the reference alone.
    let is_type =
        |prefix: &str| catalog::service("iam").is_some_and(|iam| iam.resource_type(prefix).is_some());
    let head = arn.resource_prefix().unwrap_or(arn.resource);
    arn.service == "iam"
        && !matches!(arn.resource, "*" | "" | "root")
        && !IAM_PATHS.iter().any(|start| arn.resource.starts_with(start))
        && !is_type(head)
        && !arn.resource.starts_with(['$', '<', '{'])
        && !resource.is_unknown_in(start..start + head.len().max(1))
}

/// What IAM refuses of its own resources' ARNs.
fn iam(resource: &StringValue, arn: Arn<'_>, acc: &mut Findings) {
    let region = arn.range(ArnPart::Region);
    if !arn.region.is_empty()
        && !arn.region.contains(['*', '?', '$'])
        && !resource.is_unknown_in(region.clone())
    {
        acc.report(resource.part(region.clone()), "the ARN of a resource of IAM names no Region")
            .case("iam-region")
            .note("IAM refuses the policy. Leave the part empty: two colons in a row.")
            .fix(Fix::safe(
                "Leave the Region empty",
                vec![Edit::ReplaceText { span: resource.part(region), text: "".into() }],
            ));
    }
    if !is_of_no_iam_type(resource, arn) {
        return;
    }
    let path = arn.range(ArnPart::Resource);
    let head = arn.resource_prefix().unwrap_or(arn.resource);
    let kinds = IAM_PATHS.iter().map(|path| path.trim_end_matches('/'));
    let near = catalog::guess(head, kinds).filter(|_| arn.resource.starts_with(&format!("{head}/")));
    let span = resource.part(arn.resource_start(head.len()));
    let meant = match near {
        Some(near) => format!("Did you mean `{}`? ", near.word),
        None => String::new(),
    };
    acc.report(resource.part(path), format!("IAM has no resources like `{}`", arn.resource))
        .case("iam-path")
        .note(format!(
            "{meant}IAM refuses the policy: the resource must be `*`, or begin with its type and a slash, such as `role/` or \
             `user/`."
        ))
        .maybe_fix(near.map(|near| Fix::guess(span, near)));
}

/// The same with the colons that were left out, where it is plain which: buckets have neither Region nor
/// account, IAM's resources no Region.
fn whole(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        ["arn", partition, "s3", bucket] | ["arn", partition, "s3", "", bucket]
            if !bucket.is_empty() && !bucket.starts_with(['*', '$']) =>
        {
            Some(format!("arn:{partition}:s3:::{bucket}"))
        }
        ["arn", partition, "iam", account, resource] if is_account_id(account) => {
            Some(format!("arn:{partition}:iam::{account}:{resource}"))
        }
        _ => None,
    }
}
