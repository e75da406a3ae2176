use crate::catalog::{self, Arn, ArnPart, ArnProblem};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::model::{AttachedPolicy, Attachments};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds attached policies and permissions boundaries that are not the ARN of a managed policy: bare
    /// names, ARNs of roles or of other services, account ids that are none, partitions that do not exist.
    ///
    /// ```hcl
    /// resource "aws_iam_role_policy_attachment" "read" {
    ///   role       = "web"
    ///   policy_arn = "AmazonS3ReadOnlyAccess"
    /// }
    /// ```
    ///
    /// Templates and modules attach by ARN; AWS says that it "is not valid", or that the policy does not
    /// exist. Only SAM takes names. Policies of one resource are all of the partition that its account is
    /// in, so that two partitions in one list cannot both be right.
    ///
    /// Write `arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess`, or `arn:aws:iam::111122223333:policy/NAME` for
    /// one of your own.
    ///
    /// AWS: "IAM identifiers" in the IAM User Guide.
    pub InvalidPolicyArn {
        id: "invalid-policy-arn",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        cases: ["account", "mixed-partitions", "no-arn", "partition", "region", "resource", "service"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "what is attached is not the ARN of a managed policy",
        sources: [
            "cdk-preflight/pf-iam-permissions-boundary-policy-arn",
            "cdk-preflight/pf-iam-policy-arn-partition",
        ],
        fix: Unsafe,
        since: "0.2.0",
    }
}

impl Rule for InvalidPolicyArn {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        let takes_names = attachments.takes_names();
        let mut first: Option<(&str, Span)> = None;
        for attached in attachments.policies() {
            let text = &*attached.text.text;
            if text.is_empty() || attached.text.is_wholly_unknown() {
                continue;
            }
            match Arn::parse(text) {
                Ok(arn) => {
                    parts(attached, &arn, acc);
                    // In two modules there may be two accounts.
                    if !attachments.is_hearsay() && attached.is_known(arn.range(ArnPart::Partition)) {
                        match first {
                            None => {
                                let place = attached.text.part(arn.range(ArnPart::Partition));
                                first = Some((arn.partition, place));
                            }
                            Some((other, place)) if other != arn.partition => {
                                mixed(attached, &arn, other, place, acc);
                            }
                            Some(_) => {}
                        }
                    }
                }
                Err(ArnProblem::NoPrefix) => {
                    let may_be_name = takes_names && !attached.is_boundary;
                    if !may_be_name && !attached.text.has_unknown() {
                        no_arn(attached, acc);
                    }
                }
                Err(ArnProblem::TooFewParts(_)) if !attached.text.has_unknown() => {
                    acc.report(attached.text.content_span(), format!("`{text}` is not a whole ARN"))
                        .case("no-arn")
                        .note(
                            "Write `arn:aws:iam::aws:policy/NAME`, or your account's id in place of `aws`.",
                        );
                }
                Err(ArnProblem::TooFewParts(_)) => {}
            }
        }
    }
}

fn no_arn(attached: AttachedPolicy<'_>, acc: &mut Findings) {
    let text = &*attached.text.text;
    let known = catalog::managed_policy_named(catalog::name_of_managed_policy(text));
    let span = attached.text.content_span();
    let fix = known.filter(|_| attached.text.is_written()).map(|path| {
        let arn = format!("arn:aws:iam::aws:policy/{path}");
        Fix::unsafe_(format!("Replace with `{arn}`"), vec![Edit::ReplaceText { span, text: arn.into() }])
    });
    let note = match known {
        Some(path) => format!("Policies are attached by their ARN: `arn:aws:iam::aws:policy/{path}`."),
        None => "Policies are attached by their ARN: `arn:aws:iam::111122223333:policy/NAME`.".to_string(),
    };
    acc.report(span, format!("`{text}` is not the ARN of a managed policy"))
        .case("no-arn")
        .note(note)
        .maybe_fix(fix);
}

fn parts(attached: AttachedPolicy<'_>, arn: &Arn<'_>, acc: &mut Findings) {
    let kind = arn.resource.split(['/', ':']).next().unwrap_or_default();
    let place = |part: ArnPart| match arn.part(part) {
        "" => attached.text.content_span(),
        _ => attached.text.part(arn.range(part)),
    };
    let is_known = |part: ArnPart| attached.is_known(arn.range(part));
    let is_partition = catalog::partitions().iter().any(|(partition, _)| *partition == arn.partition);
    if is_known(ArnPart::Partition) && !is_partition {
        acc.report(place(ArnPart::Partition), format!("there is no partition `{}`", arn.partition))
            .case("partition")
            .severity(Severity::Warning)
            .note("Partitions are `aws`, `aws-cn`, `aws-us-gov` and a few closed ones.");
    }
    if is_known(ArnPart::Service) && arn.service != "iam" {
        acc.report(place(ArnPart::Service), format!("this is an ARN of `{}`, not of IAM", arn.service))
            .case("service")
            .note("Only managed policies of IAM can be attached.");
        return;
    }
    if attached.is_known(arn.resource_start(kind.len())) && kind != "policy" {
        acc.report(place(ArnPart::Resource), format!("`{}` is not a managed policy", arn.resource))
            .case("resource")
            .note("Only managed policies can be attached: `policy/` and the policy's path and name.");
        return;
    }
    if is_known(ArnPart::Region) && !arn.region.is_empty() {
        acc.report(place(ArnPart::Region), "IAM's ARNs have no Region")
            .case("region")
            .note("Leave the part empty, with both of its colons.");
    }
    let account = arn.account;
    let is_id = catalog::is_account_id(account);
    // Words stand for an id that somebody is to write there.
    let is_certain =
        account.is_empty() || account.contains('*') || account.bytes().all(|it| it.is_ascii_digit());
    if is_known(ArnPart::Account) && account != "aws" && !is_id && is_certain {
        let message = match account {
            "" => "the ARN of a policy has an account's id, or `aws` for those of AWS".to_string(),
            _ => format!("an account id has twelve digits, not `{account}`"),
        };
        acc.report(place(ArnPart::Account), message).case("account").note("There is no policy of this ARN.");
    }
}

fn mixed(attached: AttachedPolicy<'_>, arn: &Arn<'_>, other: &str, place: Span, acc: &mut Findings) {
    acc.report(
        attached.text.part(arn.range(ArnPart::Partition)),
        format!("this policy is of the partition `{}`, another one here of `{other}`", arn.partition),
    )
    .case("mixed-partitions")
    .severity(Severity::Warning)
    .note("Policies of another partition than the account's do not exist there.")
    .related(place, format!("`{other}` here"));
}
