use super::breadth::gives;
use crate::access::is_any;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::DocumentKind;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds statements that allow every action.
    ///
    /// `"Action": "*"` on `"Resource": "*"` makes an administrator of whoever has the policy: every action of every
    /// service, those that AWS adds next year included, and with them the right to give more rights.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "*", "Resource": "*" }
    /// ```
    ///
    /// Name the services and actions that are needed. Where an administrator is meant, attach AWS's own
    /// `AdministratorAccess`, which every audit knows, or allow this finding in the configuration.
    ///
    /// See "Grant least privilege" in the IAM User Guide.
    pub AllowEverything {
        id: "allow-everything",
        group: Policy,
        reads: [Statement],
        cases: ["administrator", "all-actions", "resource-policy"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "every action is allowed",
        sources: [
            "access-analyzer/PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "access-analyzer/CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "checkov/CKV_AWS_1",
            "checkov/CKV_AWS_49",
            "checkov/CKV_AWS_62",
            "checkov/CKV_AWS_63",
            "trivy/AWS-0057",
            "trivy/AWS-0097",
            "cfn_nag/F2",
            "cfn_nag/F3",
            "cfn_nag/F4",
            "cfn_nag/F5",
            "cfn_nag/F15",
            "cfn_nag/F20",
            "cfn-guard/IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
            "cfn-guard/IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
            "cfn-guard/IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
            "cfn-guard/IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS",
            "regula/FG_R00092",
            "security-hub/IAM.1",
            "prowler/iam_customer_attached_policy_no_administrative_privileges",
            "prowler/iam_inline_policy_no_administrative_privileges",
            "cdk-nag/IAM5",
            "iam-policy-validator/security_risk",
            "iam-policy-validator/overly_permissive",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for AllowEverything {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !(gives(policy) || policy.kind == DocumentKind::Resource) || !statement.allows() {
            return;
        }
        let Some(action) = statement.listed_actions().find(|action| action.is_everything()) else { return };
        let span = action.string.content_span();
        if policy.kind == DocumentKind::Resource {
            // The default policy of a VPC endpoint, which opens nothing by itself.
            let endpoint = statement.principal().is_some_and(|principal| principal.is_everyone())
                && statement.listed_resources().all(|resource| is_any(&resource.text));
            if endpoint {
                return;
            }
            acc.report(span, "every action is allowed here")
                .severity(Severity::Info)
                .case("resource-policy")
                .note("That includes changing this policy. Name the actions of the service that are needed.");
            return;
        }
        let everywhere = statement.listed_resources().find(|resource| is_any(&resource.text));
        match everywhere {
            Some(resource) => {
                let finding = acc.report(span, "every action is allowed on every resource");
                finding.case("administrator").related(resource.span, "on everything").note(
                    "Whoever has this policy is an administrator: they pass any role and change any policy. Name the services and actions that are needed, or attach \
                     `AdministratorAccess` where that is meant.",
                );
                if !statement.is_unconditional() {
                    finding.severity(Severity::Info);
                }
            }
            None => {
                acc.report(span, "every action is allowed").severity(Severity::Info).case("all-actions").note(
                    "That includes deleting, sharing and changing who may do so. Name the actions that are needed.",
                );
            }
        }
    }
}
