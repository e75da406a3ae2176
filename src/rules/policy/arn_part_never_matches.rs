use super::elements;
use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::placeholder::stands_in;
use crate::host::value::StringValue;
use crate::model::{Arn, ArnPart, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds ARNs with a part that no resource's ARN has: a partition or Region that does not exist, an
    /// account that is not twelve digits, a service in capitals, a Region or an account where the service's
    /// ARNs have none, or none where they have one.
    ///
    /// IAM accepts the policy. The statement then covers nothing. A Region of another partition is an error: in its own
    /// partition IAM refuses the policy, and in the other the ARN is no resource's.
    ///
    /// ```text
    /// arn:aws:iam:eu-west-1:111122223333:role/web     IAM's ARNs name no Region
    /// arn:aws:sqs:eu-west-1::jobs                     the account is missing
    /// arn:aws:s3:::web-bucket                         right
    /// ```
    ///
    /// Wildcards, policy variables and placeholders are not judged.
    ///
    /// See "Amazon Resource Names (ARNs)" in the AWS documentation.
    pub ArnPartNeverMatches {
        id: "arn-part-never-matches",
        group: Policy,
        reads: [Statement],
        cases: ["account", "account-not-allowed", "missing-account", "missing-region", "partition", "partition-of-region", "region", "region-not-allowed", "service-case"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an ARN has a part that no resource's ARN has",
        sources: [
            "access-analyzer/INVALID_PARTITION",
            "access-analyzer/INVALID_ARN_REGION",
            "access-analyzer/ARN_REGION_NOT_ALLOWED",
            "access-analyzer/MISSING_ARN_REGION",
            "access-analyzer/INVALID_ARN_ACCOUNT",
            "access-analyzer/MISSING_ARN_ACCOUNT",
            "access-analyzer/ARN_ACCOUNT_NOT_ALLOWED",
            "access-analyzer/INVALID_ARN_SERVICE_CASE",
            "parliament/INVALID_ARN",
            "cdk-preflight/pf-iam-policy-resource-partition",
            "cdk-preflight/pf-iam-policy-resource-global-service-arn",
            "aws-iam-language-server/INVALID_PARTITION",
            "aws-iam-language-server/INVALID_REGION",
            "aws-iam-language-server/INVALID_ACCOUNT",
        ],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for ArnPartNeverMatches {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        for resource in statement.resources() {
            if let Ok(arn) = Arn::parse(&resource.text) {
                check(statement, resource, arn, policy, acc);
            }
        }
    }
}

/// Whether a part says one thing only.
fn is_literal(resource: &StringValue, arn: Arn<'_>, part: ArnPart) -> bool {
    !arn.part(part).contains(['*', '?', '$', '<', '{']) && !resource.is_unknown_in(arn.range(part))
}

/// Words that documentation writes where a value belongs: `region`, `account-id`, `your-region`.
fn is_stand_in(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    stands_in(part) || ["region", "account", "partition"].iter().any(|word| lower.contains(word))
}

fn check(
    statement: Statement<'_>,
    resource: &StringValue,
    arn: Arn<'_>,
    policy: &PolicyContext,
    acc: &mut Findings,
) {
    let literal = |part: ArnPart| is_literal(resource, arn, part);
    let span = |part: ArnPart| resource.part(arn.range(part));
    let nothing = "The policy is accepted, but the entry matches nothing.";

    let partition = catalog::partitions().iter().find(|(name, _)| *name == arn.partition);
    if partition.is_none() && literal(ArnPart::Partition) && !is_stand_in(arn.partition) {
        let near = catalog::guess(arn.partition, catalog::partitions().iter().map(|(name, _)| *name));
        let names = "`aws`, `aws-cn` and `aws-us-gov`";
        acc.report(
            if arn.partition.is_empty() { resource.content_span() } else { span(ArnPart::Partition) },
            format!("there is no partition `{}`", arn.partition),
        )
        .case("partition")
        .severity(Severity::Warning)
        .note(format!("The partitions are {names}, and those of isolated Regions. {nothing}"))
        .maybe_fix(
            near.filter(|_| !arn.partition.is_empty()).map(|near| Fix::guess(span(ArnPart::Partition), near)),
        );
    }

    if literal(ArnPart::Service) && arn.service.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let lower = arn.service.to_ascii_lowercase();
        if catalog::service(&lower).is_some() {
            acc.report(
                span(ArnPart::Service),
                format!("the service part of an ARN is lower case: `{lower}`"),
            )
            .case("service-case")
            .severity(Severity::Warning)
            .note(nothing)
            .fix(Fix::replace_text(span(ArnPart::Service), &lower));
        }
    }

    if literal(ArnPart::Region) && !arn.region.is_empty() && !is_stand_in(arn.region) {
        match catalog::partition_of_region(arn.region) {
            None => {
                let regions = catalog::partitions().iter().flat_map(|(_, regions)| regions.iter().copied());
                let near = catalog::guess(arn.region, regions);
                let finding =
                    acc.report(span(ArnPart::Region), format!("there is no Region `{}`", arn.region));
                finding.case("region").severity(Severity::Warning);
                match near {
                    Some(near) => {
                        finding
                            .note(format!("Did you mean `{}`? {nothing}", near.word))
                            .fix(Fix::guess(span(ArnPart::Region), near));
                    }
                    None => {
                        finding
                            .severity(Severity::Info)
                            .note("It may be younger than this version of passrole; otherwise the entry matches nothing.");
                    }
                }
            }
            Some(home) if partition.is_some_and(|(name, _)| *name != home) => {
                acc.report(
                    span(ArnPart::Partition),
                    format!("the Region `{}` is in the partition `{home}`", arn.region),
                )
                .case("partition-of-region")
                .severity(if policy.kind.is_attached() { Severity::Error } else { Severity::Warning })
                .note("An account is in one partition: IAM refuses the policy there, and in an account of the other the entry covers nothing.")
                .fix(Fix::replace_text(span(ArnPart::Partition), home));
            }
            Some(_) => {}
        }
    }

    let account = arn.account;
    if literal(ArnPart::Account)
        && !account.is_empty()
        && account.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && !catalog::is_account_id(account)
    {
        let digits = account.bytes().filter(u8::is_ascii_digit).count();
        acc.report(
            span(ArnPart::Account),
            format!("an account id has twelve digits, `{account}` has {digits}"),
        )
        .case("account")
        .severity(Severity::Warning)
        .note(nothing)
        .maybe_fix(
            catalog::meant_account_id(account).map(|id| Fix::replace_text(span(ArnPart::Account), &id)),
        );
    }

    // A Region in an ARN of IAM itself is refused: another rule's.
    if arn.service != "iam" || arn.region.is_empty() || !policy.kind.is_attached() {
        check_presence(statement, resource, arn, acc);
    }
}

/// Region and account: there or not, as in every ARN format of the service.
fn check_presence(statement: Statement<'_>, resource: &StringValue, arn: Arn<'_>, acc: &mut Findings) {
    // Wildcards in both parts match whatever belongs there.
    let open = |part: ArnPart| !arn.part(part).is_empty() && !is_literal(resource, arn, part);
    if open(ArnPart::Region) && open(ArnPart::Account) {
        return;
    }
    let Some(service) = catalog::service(arn.service).filter(|_| is_literal(resource, arn, ArnPart::Service))
    else {
        return;
    };
    // Formats whose resource part fits; the others are of other resource types.
    let mut formats = service
        .resource_types()
        .flat_map(|resource_type| resource_type.arn_formats())
        .filter(|format| access::resource_fits(&arn, format, resource.open_parts()))
        .filter_map(|format| Arn::parse(format).ok().filter(|parsed| parsed.service == arn.service))
        .peekable();
    if formats.peek().is_none() {
        return;
    }
    let (mut region_empty, mut region_there, mut account_empty, mut account_there) = (true, true, true, true);
    for format in formats {
        region_empty &= format.region.is_empty();
        region_there &= !format.region.is_empty();
        account_empty &= format.account.is_empty();
        account_there &= !format.account.is_empty();
    }
    let title = service.title();
    let nothing = "The policy is accepted, but the entry matches nothing.";
    let empty_at = |part: ArnPart| {
        // An empty part shows as the colons around it.
        let at = arn.range(part).start;
        resource.part(at.saturating_sub(1)..at + 1)
    };
    let literal = |part: ArnPart| !arn.part(part).is_empty() && is_literal(resource, arn, part);
    if region_empty && account_empty && literal(ArnPart::Region) && literal(ArnPart::Account) {
        let start = arn.range(ArnPart::Region).start;
        let span = resource.part(start..arn.range(ArnPart::Account).end);
        acc.report(span, format!("ARNs of {title} name neither Region nor account here"))
            .case("region-not-allowed")
            .severity(Severity::Warning)
            .note(format!("Leave both parts empty: three colons in a row. {nothing}"))
            .fix(Fix::safe(
                "Leave Region and account empty",
                vec![Edit::ReplaceText { span, text: ":".into() }],
            ));
        return;
    }
    if region_empty && !arn.region.is_empty() && is_literal(resource, arn, ArnPart::Region) {
        acc.report(resource.part(arn.range(ArnPart::Region)), format!("ARNs of {title} name no Region here"))
            .case("region-not-allowed")
            .severity(Severity::Warning)
            .note(format!("Leave the part empty: two colons in a row. {nothing}"))
            .fix(Fix::safe(
                "Leave the Region empty",
                vec![Edit::ReplaceText { span: resource.part(arn.range(ArnPart::Region)), text: "".into() }],
            ));
    } else if region_there && arn.region.is_empty() {
        acc.report(empty_at(ArnPart::Region), format!("ARNs of {title} name a Region here"))
            .case("missing-region")
            .severity(Severity::Warning)
            .note(format!("Write the Region, or `*` for every one. {nothing}"))
            .fix(any(statement, resource, arn, ArnPart::Region, "Write `*`, every Region"));
    }
    if account_empty && !arn.account.is_empty() && is_literal(resource, arn, ArnPart::Account) {
        acc.report(
            resource.part(arn.range(ArnPart::Account)),
            format!("ARNs of {title} name no account here"),
        )
        .case("account-not-allowed")
        .severity(Severity::Warning)
        .note(format!("Leave the part empty: two colons in a row. {nothing}"))
        .fix(Fix::safe(
            "Leave the account empty",
            vec![Edit::ReplaceText { span: resource.part(arn.range(ArnPart::Account)), text: "".into() }],
        ));
    // Documents and parameters of AWS Systems Manager that AWS owns name no account.
    } else if account_there && arn.account.is_empty() && arn.service != "ssm" {
        acc.report(empty_at(ArnPart::Account), format!("ARNs of {title} name an account here"))
            .case("missing-account")
            .severity(Severity::Warning)
            .note(format!("Write the account id, or `*` for every one. {nothing}"))
            .fix(any(statement, resource, arn, ArnPart::Account, "Write `*`, every account"));
    }
}

/// A star in an empty part.
fn any(statement: Statement<'_>, resource: &StringValue, arn: Arn<'_>, part: ArnPart, title: &str) -> Fix {
    let at = arn.range(part).start;
    let edits = vec![Edit::ReplaceText { span: resource.part(at..at), text: "*".into() }];
    elements::widening(statement, title, edits)
}
