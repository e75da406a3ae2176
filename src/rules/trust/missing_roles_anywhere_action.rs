use super::principals::missing_session_actions;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds a role for IAM Roles Anywhere that does not let it start a whole session.
    ///
    /// IAM Roles Anywhere assumes the role, tags the session with the certificate's fields and sets the source
    /// identity. It needs all three actions; without one of them `CreateSession` is denied.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "Service": "rolesanywhere.amazonaws.com" }, "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// Write `"Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]`.
    ///
    /// AWS: "The IAM Roles Anywhere trust model" in the IAM Roles Anywhere user guide.
    pub MissingRolesAnywhereAction {
        id: "missing-roles-anywhere-action",
        group: Trust,
        reads: [Policy],
        on: [Trust],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "IAM Roles Anywhere lacks an action it needs",
        sources: [
            "access-analyzer/MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
        ],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["Unable to assume role"],
    }
}

impl Rule for MissingRolesAnywhereAction {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        let Some((span, missing, edit)) =
            missing_session_actions(policy, context, "rolesanywhere.amazonaws.com")
        else {
            return;
        };
        let names = missing.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(" and ");
        acc.report(span, format!("IAM Roles Anywhere needs {names} as well"))
            .note(
                "Without them no session starts. Write `\"Action\": [\"sts:AssumeRole\", \"sts:SetSourceIdentity\", \
                 \"sts:TagSession\"]`.",
            )
            .fix(Fix::grants(format!("Allow {names} as well"), vec![edit]));
    }
}
