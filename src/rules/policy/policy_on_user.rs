use crate::catalog::{self, AttachesTo};
use crate::declare_rule;
use crate::diagnostic::{Finding, Findings};
use crate::host::value::{Member, Value};
use crate::model::{Attachments, Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds policies that are written into a user, or attached to one.
    ///
    /// ```yaml
    /// Ops:
    ///   Type: AWS::IAM::Policy
    ///   Properties:
    ///     Users: [anna]
    /// ```
    ///
    /// What single users may do is hard to keep track of, and stays when their work changes. Attach policies
    /// to a group, and put users into it; or to a role, which gives credentials that expire.
    ///
    /// AWS: "Security best practices in IAM" in the IAM User Guide.
    pub PolicyOnUser {
        id: "policy-on-user",
        group: Policy,
        reads: [Policy, Attachments],
        on: [Identity, Resource, Trust, Scp, Rcp, Boundary, Session, Attachments],
        cases: ["attached", "inline"],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "a policy is on a user, not on a group or role",
        sources: [
            "cfn_nag/F10",
            "cfn_nag/F11",
            "cfn_nag/F12",
            "cfn-guard/IAM_NO_POLICY_ON_USER",
            "cfn-guard/IAM_USER_NO_POLICIES_CHECK",
            "checkov/CKV_AWS_40",
            "prowler/iam_policy_attached_only_to_group_or_roles",
            "regula/FG_R00007",
            "security-hub/IAM.2",
            "trivy/AWS-0143",
        ],
        fix: None,
        since: "0.2.0",
    }
}

const NOTE: &str = "Put it on a group that the user is in, or on a role that the user assumes.";

impl Rule for PolicyOnUser {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let owner = policy.document.owner.as_ref();
        // A resource of its own names the user beside the policy.
        if owner.is_some_and(|owner| catalog::attaches_to(&owner.resource_type) == Some(AttachesTo::User)) {
            inline(acc.report(policy.head.open(), "a policy is written into a user"));
        }
    }

    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        let to_users = attachments.fields("users").find(|member| names_somebody(member, attachments));
        let to_itself = || {
            let is_user = attachments.to() == Some(AttachesTo::User);
            attachments.fields("managedPolicies").next().filter(|_| is_user)
        };
        let Some(member) = to_users.or_else(to_itself) else { return };
        if attachments.written_into() == Some(AttachesTo::User) {
            inline(acc.report(member.name.span, "a policy is written into a user"));
        } else {
            acc.report(member.name.span, "a policy is attached to a user").case("attached").note(NOTE);
        }
    }
}

fn inline(finding: &mut Finding) {
    finding.case("inline").note(NOTE);
}

/// Whether there are users for certain; a list that is not known may be empty.
fn names_somebody(member: &Member, attachments: Attachments<'_>) -> bool {
    // Resources for one user.
    let is_one = attachments.written_into().or(attachments.to()) == Some(AttachesTo::User);
    match &member.value {
        Value::Array(array) => !array.items.is_empty(),
        Value::String(text) => !text.text.is_empty(),
        _ => is_one,
    }
}
