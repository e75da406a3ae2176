use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::DocumentKind;
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds policies that are longer than AWS takes.
    ///
    /// White space between the words does not count. A managed policy may have 6,144 characters, the
    /// inline policies of a role 10,240 together; a role's trust policy 2,048, which can be raised to
    /// 8,192; a session policy 2,048; a service control policy 10,240; a resource control policy 5,120.
    /// Policies on resources have limits of their services and are not judged.
    ///
    /// Split the policy, or say the same with wildcards and fewer statements.
    ///
    /// AWS: "IAM and AWS STS quotas" in the IAM user guide, "Quotas for AWS Organizations".
    pub PolicyTooLong {
        id: "policy-too-long",
        group: Policy,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the policy is longer than AWS takes",
        sources: [
            "access-analyzer/POLICY_SIZE_EXCEEDS_SCP_QUOTA",
            "access-analyzer/POLICY_SIZE_EXCEEDS_RCP_QUOTA",
            "access-analyzer/POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
            "access-analyzer/POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
            "iam-policy-validator/policy_size_exceeded",
            "cdk-preflight/pf-iam-managed-policy-size",
            "cdk-preflight/pf-iam-inline-policy-size",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Cannot exceed quota for PolicySize", "Cannot exceed quota for ACLSizePerRole"],
    }
}

impl Rule for PolicyTooLong {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if context.template {
            return;
        }
        // The limit from which it is worth a word, and the one that nothing takes.
        let (least, most) = match context.kind {
            DocumentKind::Identity | DocumentKind::Boundary => (limit("managed"), limit("inlineRole")),
            DocumentKind::Trust => (limit("trust"), catalog::policy_limit("trust").map(|it| it.1)),
            DocumentKind::Session => (limit("session"), limit("session")),
            DocumentKind::Scp => (limit("scp"), limit("scp")),
            DocumentKind::Rcp => (limit("rcp"), limit("rcp")),
            _ => return,
        };
        let (Some(least), Some(most)) = (least, most) else { return };
        if policy.span().len() <= least {
            return;
        }
        let units = policy.units();
        let mut counted = policy.head.characters() + (units.len() as u32).saturating_sub(1);
        for placed in units {
            counted += placed.unit.characters();
            if counted > most {
                break;
            }
        }
        if counted <= least {
            return;
        }
        let over = counted > most;
        let title = context.kind.title();
        let limit = thousands(if over { most } else { least });
        let finding = acc.report(policy.head.open(), format!("the {title} has more than {limit} characters"));
        match (context.kind, over) {
            (DocumentKind::Identity | DocumentKind::Boundary, true) => finding
                .severity(Severity::Warning)
                .case("identity")
                .note("No policy of your own may be that long, managed or inline. Split it, or use wildcards."),
            (DocumentKind::Identity | DocumentKind::Boundary, false) => finding
                .severity(Severity::Info)
                .case("managed")
                .note("It is too long for a managed policy. As the inline policy of a role it is taken: those may have 10,240 together."),
            (DocumentKind::Trust, false) => finding
                .severity(Severity::Warning)
                .case("trust")
                .note("AWS refuses it unless the account's quota is raised, to 8,192 at most."),
            _ => finding.case("refused").note("AWS refuses it. Split it, or use wildcards and fewer statements."),
        };
    }
}

fn limit(of: &str) -> Option<u32> {
    catalog::policy_limit(of).map(|(least, _)| least)
}

fn thousands(number: u32) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}
