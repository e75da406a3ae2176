use crate::catalog::{self, AttachesTo};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::Attachments;
use crate::rules::Rule;

declare_rule! {
    /// Finds more managed policies in one list than a role, a user or a group may have.
    ///
    /// A role may have 20, which can be raised to 25; a user 10, which can be raised to 20; a group 10, which
    /// cannot be raised. Above what can be reached AWS refuses the next attachment with `LimitExceeded`, above
    /// what an account starts with it does so until the quota has been raised.
    ///
    /// Put the statements of several policies of your own into one, which may have 6,144 characters.
    ///
    /// AWS: "IAM and AWS STS quotas" in the IAM User Guide.
    pub TooManyManagedPolicies {
        id: "too-many-managed-policies",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        cases: ["default", "maximum"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "more managed policies are attached than may be",
        sources: ["cdk-preflight/pf-iam-managed-policy-count"],
        fix: None,
        since: "0.2.0",
        service_messages: ["Cannot exceed quota for PoliciesPerRole"],
    }
}

impl Rule for TooManyManagedPolicies {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        let to = match attachments.to() {
            Some(AttachesTo::Role) => "role",
            Some(AttachesTo::User) => "user",
            Some(AttachesTo::Group) => "group",
            Some(AttachesTo::PermissionSet) | None => return,
        };
        let Some((least, most)) = catalog::attached_limit(to) else { return };
        for member in attachments.fields("managedPolicies") {
            // A string that is gone through is one policy each.
            let Some(array) = member.value.as_array().filter(|_| attachments.is_list()) else {
                continue;
            };
            // The same one twice is one.
            let mut known: Vec<&str> =
                array.items.iter().filter_map(|item| Some(&*item.as_string()?.text)).collect();
            let others = array.items.len() - known.len();
            known.sort_unstable();
            known.dedup();
            let count = (known.len() + others) as u32;
            if count > most {
                acc.report(
                    member.name.span,
                    format!("{count} managed policies are attached; a {to} may have {most} at most"),
                )
                .case("maximum")
                .note("AWS refuses it. Put the statements of policies of your own into fewer.");
            } else if count > least {
                acc.report(
                    member.name.span,
                    format!("{count} managed policies are attached; a {to} may have {least}"),
                )
                .case("default")
                .severity(Severity::Info)
                .note(format!(
                    "The quota can be raised, to {most} at most. Where it has not been, AWS refuses this."
                ));
            }
        }
    }
}
