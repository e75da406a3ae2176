use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Severity};
use crate::host::DocumentKind;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions that a resource control policy cannot be about: `*` alone, `NotAction`, and actions of
    /// services that such policies do not reach.
    ///
    /// AWS Organizations refuses `*` and `NotAction` in every resource control policy but its own
    /// `RCPFullAWSAccess`. Actions of a service that is not on its list have no effect there; the list grows,
    /// so those are a warning.
    ///
    /// ```json
    /// { "Effect": "Deny", "Principal": "*", "Action": "ec2:RunInstances", "Resource": "*" }
    /// ```
    ///
    /// Name the services one by one, as in `["s3:*", "sqs:*"]`. For other services, use a service control
    /// policy.
    ///
    /// AWS: "RCP syntax" and "List of AWS services that support RCPs" in the AWS Organizations user guide.
    pub RcpAction {
        id: "rcp-action",
        group: Policy,
        reads: [Statement],
        cases: ["everything", "not-action", "service"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a resource control policy cannot be about that action",
        sources: [
            "access-analyzer/RCP_SYNTAX_ERROR_ACTION",
            "access-analyzer/RCP_SYNTAX_ERROR_NOTACTION",
            "iam-policy-validator/invalid_rcp_not_action",
            "iam-policy-validator/invalid_rcp_wildcard_action",
            "iam-policy-validator/unsupported_rcp_service",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for RcpAction {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let [not_action, action_name] = acc.names(["NotAction", "Action"]);
        // What allows is not a policy of one's own: see `rcp-effect`.
        if policy.kind != DocumentKind::Rcp || statement.allows() {
            return;
        }
        if let Some(member) = statement.member("NotAction") {
            acc.report(member.name.span, format!("a resource control policy takes no `{not_action}`"))
                .case("not-action")
                .note(
                    format!("AWS Organizations refuses the policy. List the actions that are meant under `{action_name}`."),
                );
            return;
        }
        for action in statement.listed_actions() {
            if action.string.has_unknown() {
                continue;
            }
            if action.is_everything() {
                acc.report(action.string.content_span(), "a resource control policy takes no `*` for all actions")
                    .case("everything")
                    .note("AWS Organizations refuses the policy. Name the services one by one, as in `[\"s3:*\", \"sqs:*\"]`.");
            } else if let Some(service) = catalog::service(action.service)
                && !service.supports_rcp()
            {
                acc.report(
                    action.service_span(),
                    format!("resource control policies do not reach {}", service.title()),
                )
                .case("service")
                .severity(Severity::Warning)
                .confidence(Confidence::Medium)
                .note("The entry has no effect, unless AWS added the service after this version of passrole. Use a service control policy for it.");
            }
        }
    }
}
