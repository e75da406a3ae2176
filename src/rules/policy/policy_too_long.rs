use crate::catalog::{self, PolicyLimit};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity, thousands};
use crate::host::value::Value;
use crate::host::{DocumentKind, Naming};
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;
use std::collections::HashSet;

declare_rule! {
    /// Finds policies that are longer than AWS takes.
    ///
    /// A managed policy may have 6,144 characters, the inline policies of a role 10,240 together, of a group
    /// 5,120, of a user 2,048; a role's trust policy 2,048, which can be raised to 8,192; a session policy
    /// 2,048. White space between the words does not count there. A service control policy may have 10,240,
    /// a resource control policy 5,120, and there white space counts unless the console takes it out. Policies
    /// on resources have limits of their services: 20 KB on a bucket, 32 KB on a key. Which limit holds is
    /// told by the template or module around the policy, or by its kind.
    ///
    /// Copies of AWS's managed policies, told by the file's name, are not judged.
    ///
    /// Split the policy, or say the same with wildcards and fewer statements. Hovering over `Version` or
    /// `Statement` shows how much is left.
    ///
    /// AWS: "IAM and AWS STS quotas" in the IAM user guide, "Quotas and service limits for AWS
    /// Organizations".
    pub PolicyTooLong {
        id: "policy-too-long",
        group: Policy,
        reads: [Policy],
        cases: ["identity", "managed", "refused", "resource", "trust", "white-space"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the policy is longer than AWS takes",
        sources: [
            "access-analyzer/POLICY_SIZE_EXCEEDS_SCP_QUOTA",
            "access-analyzer/POLICY_SIZE_EXCEEDS_RCP_QUOTA",
            "access-analyzer/POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
            "access-analyzer/POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
            "access-analyzer/POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
            "iam-policy-validator/policy_size_exceeded",
            "iam-policy-validator/policy_size_type_ambiguous",
            "cdk-preflight/pf-iam-managed-policy-size",
            "cdk-preflight/pf-iam-inline-policy-size",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "Cannot exceed quota for PolicySize",
            "Cannot exceed quota for ACLSizePerRole",
            "Maximum policy size of",
            "You have exceeded the maximum policy size",
        ],
    }
}

impl Rule for PolicyTooLong {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        // The limit that is reached first.
        let Some(least) = policy.limits().next().map(|limit| limit.least) else { return };
        let joined = joined(policy);
        let written = policy.span().len() + joined;
        // What others add to a document makes it longer still.
        let may_be_shorter = match policy.document.joined.is_empty() {
            true => context.template,
            false => context.is_text || policy.statements().any(|(_, it)| it.object.is_open()),
        };
        if may_be_shorter || written <= least {
            return;
        }
        let counted = policy.characters() - repeated(policy) + joined;
        // A copy of what AWS wrote: nobody here can shorten it, and AWS has limits of its own.
        if counted > least && catalog::is_managed_policy_name(&context.file_stem) {
            return;
        }
        let open = policy.head.open();
        let title = context.kind.title();
        let over = |limit: u32| {
            format!("the {title} has {} characters, more than {}", thousands(counted), thousands(limit))
        };
        let is_alone = policy.limits().nth(1).is_none();
        match context.kind {
            DocumentKind::Identity if !is_alone => {
                let role = catalog::policy_limit("inlineRole").map_or(0, |it| it.least);
                if counted > role {
                    acc.report(open, over(role)).severity(Severity::Warning).case("identity").note(
                        "No managed policy and no inline policy of a user, group or role may be that long; only a \
                         permission set of IAM Identity Center takes it. Split it, or use wildcards.",
                    );
                } else if counted > least {
                    acc.report(open, over(least)).severity(Severity::Info).case("managed").note(
                        "It is too long for a managed policy. As the inline policy of a role it is taken: those may have \
                         10,240 together.",
                    );
                }
            }
            _ => {
                let Some(limit) = policy.limits().next() else { return };
                one(policy, context, limit, counted, over, acc);
            }
        }
    }
}

/// The characters of what other documents add; none where some of it comes in place of something else.
fn joined(policy: Policy<'_>) -> u32 {
    let parts = &policy.document.joined;
    let mut sids: HashSet<&str> =
        policy.statements().filter_map(|(_, statement)| statement.sid()).map(|sid| &*sid.text).collect();
    let is_replaced = parts.iter().flat_map(|part| &part.sids).any(|sid| !sids.insert(sid));
    if is_replaced { 0 } else { parts.iter().map(|part| part.characters).sum() }
}

/// The characters of what stands twice in a list that Terraform takes for a set.
fn repeated(policy: Policy<'_>) -> u32 {
    fn within(value: &Value, total: &mut u32) {
        match value {
            Value::Array(array) => {
                let mut seen = HashSet::new();
                for text in array.items.iter().filter_map(Value::as_string).filter(|it| !it.has_unknown()) {
                    if !seen.insert(&*text.text) {
                        *total += text.characters() + 1;
                    }
                }
            }
            Value::Object(object) => object.members.iter().for_each(|member| within(&member.value, total)),
            _ => {}
        }
    }
    let mut total = 0;
    if policy.document.naming == Naming::TerraformPolicy {
        policy
            .statements()
            .for_each(|(_, it)| it.object.members.iter().for_each(|it| within(&it.value, &mut total)));
    }
    total
}

/// Where one limit holds.
fn one(
    policy: Policy<'_>,
    context: &PolicyContext,
    limit: &PolicyLimit,
    counted: u32,
    over: impl Fn(u32) -> String,
    acc: &mut Findings,
) {
    let open = policy.head.open();
    // Templates and modules hand the policy on without its white space.
    let is_as_sent = policy.document.owner.is_none() && policy.document.naming == Naming::Aws;
    let written = policy.span().len();
    if counted > limit.most {
        let finding = acc.report(open, over(limit.most));
        // Services state their limits in bytes or in characters, with or without white space.
        if context.kind == DocumentKind::Resource {
            finding.severity(Severity::Warning).case("resource");
        } else {
            finding.case("refused");
        }
        finding.note(format!(
            "AWS refuses it: {} may have {}. Split it, or use wildcards and fewer statements.",
            limit.title,
            thousands(limit.most)
        ));
    } else if counted > limit.least {
        acc.report(open, over(limit.least)).severity(Severity::Warning).case("trust").note(format!(
            "AWS refuses it unless the account's quota is raised, to {} at most.",
            thousands(limit.most)
        ));
    } else if matches!(context.kind, DocumentKind::Scp | DocumentKind::Rcp)
        && is_as_sent
        && written > limit.least
    {
        acc.report(open, format!("with its white space, the {} is longer than {}", context.kind.title(), thousands(limit.least)))
            .severity(Severity::Warning)
            .case("white-space")
            .note(format!(
                "AWS Organizations counts white space, too: it refuses the file as it stands, though not its {} other \
                 characters. The console takes white space out; the CLI and SDKs do not.",
                thousands(counted)
            ));
    }
}
