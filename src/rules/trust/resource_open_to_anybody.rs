use super::openness::{denies_strangers, is_of_endpoint, star_of};
use super::principals::{has_open_condition, keeps_strangers_out};
use crate::catalog::{self, AccessLevel};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds resource policies that let everybody in, without a condition that says who.
    ///
    /// `"Principal": "*"` under `Allow` means every principal of every account, and for most services callers without
    /// credentials too. A condition narrows it only where it is about the caller, their network or the source of the
    /// request; `aws:SecureTransport` or a Region does not. Neither do all addresses, nor a value that is excluded:
    /// with `"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}` all strangers are let in.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders" }
    /// ```
    ///
    /// Name the accounts, roles or services, or add a condition such as
    /// `"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`. A bucket that serves a public site is meant to be
    /// read by anybody: where all actions only read, this is advice.
    ///
    /// AWS: "AWS JSON policy elements: Principal" in the IAM user guide.
    pub ResourceOpenToAnybody {
        id: "resource-open-to-anybody",
        group: Trust,
        reads: [Policy],
        on: [Resource],
        templates: Silent,
        cases: ["condition", "open"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a resource policy grants access to anybody",
        sources: [
            "cfn_nag/F16",
            "cfn_nag/F18",
            "cfn_nag/F21",
            "checkov/CKV_AWS_33",
            "checkov/CKV_AWS_70",
            "checkov/CKV_AWS_167",
            "checkov/CKV_AWS_168",
            "checkov/CKV_AWS_169",
            "checkov/CKV_AWS_283",
            "trivy/AWS-0032",
            "cfn-guard/SQS_QUEUEPOLICY_NO_WILDCARD_PRINCIPAL",
            "cfn-guard/KMS_NO_WILDCARD_PRINCIPAL",
            "iam-policy-validator/missing_principal_condition",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ResourceOpenToAnybody {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if is_of_endpoint(policy, &context.file_stem, &context.folder) || denies_strangers(policy) {
            return;
        }
        for (base, statement) in policy.statements().filter(|(_, statement)| statement.allows()) {
            check(base, statement, policy.document.owner.as_ref().is_some_and(|it| it.in_network), acc);
        }
    }
}

fn check(base: u32, statement: Statement<'_>, in_network: bool, acc: &mut Findings) {
    let Some(principal) = statement.principal().filter(|principal| principal.is_everyone()) else { return };
    if has_open_condition(statement) || keeps_strangers_out(statement) {
        return;
    }
    let Some(star) = star_of(principal) else { return };
    let reads = statement.object.has("Action")
        && statement.listed_actions().all(|action| {
            catalog::action(action.text())
                .is_some_and(|action| matches!(action.access_level(), AccessLevel::Read | AccessLevel::List))
        });
    let finding = acc.report(star.shifted(base), "anybody in any AWS account has access here");
    finding.case("open").note(
        "Name who is let in, or add a condition on the caller: `aws:PrincipalOrgID`, `aws:SourceVpce`, `aws:SourceArn`.",
    );
    if let Some(key) = statement.condition_keys().next() {
        finding.case("condition").related(key.key.span.shifted(base), "this does not keep strangers out");
    }
    if reads || in_network {
        finding.severity(Severity::Info);
    }
    if in_network {
        finding.note("The VPC keeps strangers out, and fine-grained access control may say who does what. Whoever reaches the network is let in otherwise.");
    }
}
