use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::model::{AttachedPolicy, Attachments, AwsPolicy};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds ARNs of AWS managed policies that are none: the right name under a wrong path, a misspelt name,
    /// a policy that AWS has withdrawn, or one that only a service's own role may have.
    ///
    /// ```yaml
    /// ManagedPolicyArns:
    ///   - arn:aws:iam::aws:policy/AmazonECSTaskExecutionRolePolicy
    /// ```
    ///
    /// Many of these policies have a path, `service-role/` or `job-function/`, which is a part of the ARN.
    /// Nothing checks it before the deployment, which then fails with "does not exist or is not attachable".
    ///
    /// Write `arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`. Policies under
    /// `aws-service-role/` belong to service-linked roles, which the service makes itself.
    ///
    /// IAM itself does not look at the case of letters, but SAM and Terraform do.
    ///
    /// A name that is not known may be newer than the list; this is said as advice only. Other partitions
    /// than `aws` have policies of their own, so names that are not known are left alone there.
    ///
    /// AWS: "AWS managed policies" in the AWS Managed Policy Reference Guide.
    pub UnknownManagedPolicy {
        id: "unknown-managed-policy",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        cases: ["letter-case", "service-linked", "typo", "unknown", "withdrawn", "wrong-path"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an AWS managed policy does not exist, or not under that path",
        sources: [],
        fix: Grants,
        since: "0.2.0",
        service_messages: [
            "does not exist or is not attachable",
            "Cannot attach a Service Role Policy to a Customer Role",
        ],
    }
}

impl Rule for UnknownManagedPolicy {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        let takes_names = attachments.takes_names();
        for attached in attachments.policies() {
            // What a reference yields is written, and checked, elsewhere.
            if !attached.text.is_written() {
                continue;
            }
            let Some(policy) = attached.aws_policy() else { continue };
            // Patterns and beginnings of ARNs, which are not attached as they are.
            if attachments.is_hearsay() && (policy.path.contains(['*', '?']) || policy.path.ends_with('/')) {
                continue;
            }
            let is_name = policy.partition.is_none() && !attached.is_arn();
            // A name that is looked up may be that of a policy of the account.
            if is_name && (!takes_names || attachments.is_lookup()) {
                continue;
            }
            let is_attached = !attachments.is_lookup() && !attachments.is_hearsay();
            let is_known = match is_name {
                true => catalog::managed_policy_named(policy.path)
                    .is_some_and(|path| catalog::name_of_managed_policy(path) == policy.path),
                false => catalog::is_managed_policy(policy.path),
            };
            if !is_known {
                unknown(attached, policy, attachments, acc);
            } else if policy.path.starts_with("aws-service-role/") && is_attached {
                service_linked(policy.span, policy.path, acc);
            }
        }
    }
}

fn unknown(
    attached: AttachedPolicy<'_>,
    policy: AwsPolicy<'_>,
    attachments: Attachments<'_>,
    acc: &mut Findings,
) {
    let AwsPolicy { partition, path, span } = policy;
    let is_hearsay = attachments.is_hearsay();
    let is_attached = !is_hearsay && !attachments.is_lookup();
    let is_name = !attached.is_arn();
    let name = catalog::name_of_managed_policy(path);
    let written = |found: &'static str| if is_name { catalog::name_of_managed_policy(found) } else { found };
    let fix = |found: &'static str, safety: Safety| {
        let edits = vec![Edit::ReplaceText { span, text: written(found).into() }];
        let title = format!("Replace with `{}`", written(found));
        // The same characters in a row, or they stand in several places.
        (span.len() as usize == path.len()).then(|| Fix { title: title.into(), safety, edits })
    };
    let of_aws = partition.is_none_or(|partition| partition == "aws");
    if let Some(found) = catalog::managed_policy_named(name) {
        if found.starts_with("aws-service-role/") && is_attached {
            service_linked(span, found, acc);
            return;
        }
        if path.eq_ignore_ascii_case(written(found)) {
            letter_case(span, path, written(found), is_name, acc).maybe_fix(fix(found, Safety::Safe));
            return;
        }
        let of = |path: &str| path.strip_suffix(catalog::name_of_managed_policy(path)).map(str::to_string);
        let name = catalog::name_of_managed_policy(found);
        let message = match (of(found).as_deref(), of(path).as_deref()) {
            (Some("") | None, _) => format!("the managed policy `{name}` has no path"),
            (Some(right), Some("") | None) => format!("the managed policy `{name}` is under `{right}`"),
            (Some(right), Some(wrong)) => {
                format!("the managed policy `{name}` is under `{right}`, not under `{wrong}`")
            }
        };
        acc.report(span, message)
            .case("wrong-path")
            .severity(if of_aws && !is_hearsay { Severity::Error } else { Severity::Warning })
            .note(
                "The path is a part of the ARN: the deployment fails, since there is no policy of this ARN.",
            )
            .maybe_fix(fix(found, Safety::Safe));
        return;
    }
    if !of_aws {
        return;
    }
    if let Some(by) = catalog::withdrawn_managed_policy(name) {
        let note = "What has it keeps it, but it can be attached to nothing more.";
        let message = format!("AWS has withdrawn the managed policy `{name}`");
        let finding = acc.report(span, message).case("withdrawn").severity(Severity::Warning);
        finding.confidence(Confidence::Medium);
        match by {
            Some(by) => finding
                .note(format!("{note} In its place there is `{by}`, which grants other actions."))
                .maybe_fix(fix(by, Safety::Grants)),
            None => finding.note(note),
        };
    } else if let Some(near) = catalog::nearest_managed_policy(name) {
        acc.report(span, format!("there is no managed policy `{path}`; did you mean `{}`?", written(near)))
            .case("typo")
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .note(newer("The deployment fails where there is no policy of this ARN."))
            .maybe_fix(fix(near, Safety::Unsafe));
    } else {
        acc.report(span, format!("no managed policy `{path}` is known"))
            .case("unknown")
            .severity(Severity::Info)
            .confidence(Confidence::Low)
            .note(newer("Policies of your own have your account's id in their ARN, in place of `aws`."));
    }
}

/// IAM finds policies whatever the case of letters; what compares ARNs by itself does not.
fn letter_case<'f>(
    span: Span,
    path: &str,
    right: &str,
    is_name: bool,
    acc: &'f mut Findings,
) -> &'f mut Finding {
    let (severity, note) = if is_name {
        (
            Severity::Warning,
            "SAM knows names in exactly this spelling, and takes others for an ARN, which they are not.",
        )
    } else {
        (
            Severity::Info,
            "IAM finds it all the same, and names it in its own letters: what compares the two, as Terraform does, sees another policy.",
        )
    };
    acc.report(span, format!("the managed policy `{path}` is spelt `{right}`"))
        .case("letter-case")
        .severity(severity)
        .confidence(Confidence::Medium)
        .note(note)
}

fn newer(what: &str) -> String {
    format!("{what} What is newer than {} is not known here.", catalog::managed_policies_as_of())
}

fn service_linked(span: Span, path: &str, acc: &mut Findings) {
    let name = catalog::name_of_managed_policy(path);
    acc.report(
        span,
        format!("`{name}` belongs to a service-linked role, and cannot be attached"),
    )
    .case("service-linked")
    .note("AWS refuses it for every other role. The service makes its role itself, with this policy; a role of your own takes a policy of another name.");
}
