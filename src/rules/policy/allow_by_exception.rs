use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::DocumentKind;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `NotAction` and `NotResource` in statements that allow.
    ///
    /// `NotAction` is not a prohibition. Under `Allow` it grants every action but those listed, of every service,
    /// and each new action of AWS with them. `NotResource` does the same with resources.
    ///
    /// ```json
    /// { "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }
    /// ```
    ///
    /// List in `Action` and `Resource` what is needed. To keep something out, deny it in a statement of its own.
    ///
    /// See "IAM JSON policy elements: NotAction" and "NotResource" in the IAM User Guide.
    pub AllowByException {
        id: "allow-by-exception",
        group: Policy,
        reads: [Statement],
        cases: ["not-action", "not-action-and-not-resource", "not-action-with-condition", "not-resource"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a statement allows everything but some things",
        sources: [
            "iam-policy-validator/not_action_allow",
            "iam-policy-validator/not_action_allow_no_condition",
            "iam-policy-validator/not_resource_broad",
            "iam-policy-validator/combined_not_action_not_resource",
            "parliament/NOTRESOURCE_WITH_ALLOW",
            "cfn-lint/W2512",
            "cfn_nag/W14",
            "cfn_nag/W15",
            "cfn_nag/W16",
            "cfn_nag/W17",
            "cfn_nag/W18",
            "cfn_nag/W19",
            "cfn_nag/W20",
            "cfn_nag/W21",
            "cfn_nag/W22",
            "cfn_nag/W23",
            "cfn-guard/IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
            "cfn-guard/IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE",
            "cfn-guard/S3_BUCKET_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
            "cfn-guard/SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOT_ACTION",
            "cfn-guard/SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOT_ACTION",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for AllowByException {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let [action_name, resource_name, not_action_name, not_resource_name] =
            acc.names(["Action", "Resource", "NotAction", "NotResource"]);
        let about = match policy.kind {
            DocumentKind::Identity | DocumentKind::Session | DocumentKind::Resource | DocumentKind::Trust => {
                statement.allows()
            }
            _ => false,
        };
        if !about {
            return;
        }
        let identity = matches!(policy.kind, DocumentKind::Identity | DocumentKind::Session);
        let not_action = statement.member("NotAction");
        // A trust policy with a resource is another rule's.
        let not_resource = statement.member("NotResource").filter(|_| policy.kind != DocumentKind::Trust);
        match (not_action, not_resource) {
            (Some(action), Some(resource)) => {
                acc.report(action.name.content_span(), "this allows all actions but some, on all resources but some")
                    .case("not-action-and-not-resource")
                    .related(resource.name.span, "all resources but these")
                    .note(
                        format!("That is nearly everything of every service. List in `{action_name}` and `{resource_name}` what is needed; deny \
                         in a statement of its own what must not be."),
                    );
            }
            (Some(action), None) => {
                let conditional = !statement.is_unconditional();
                let finding = acc.report(
                    action.name.content_span(),
                    format!("`{not_action_name}` allows every action but those listed"),
                );
                finding.case(if conditional { "not-action-with-condition" } else { "not-action" }).note(
                    format!("It grants the actions of every service, those to come included, and prohibits none. List in `{action_name}` \
                     what is needed; deny in a statement of its own what must not be."),
                );
                if identity {
                    finding.severity(Severity::Info);
                }
            }
            (None, Some(resource)) => {
                let finding = acc.report(
                    resource.name.content_span(),
                    format!("`{not_resource_name}` allows every resource but those listed"),
                );
                finding.case("not-resource").note(
                    format!("It reaches all others, those to come included, and protects none. List in `{resource_name}` what is needed; \
                     deny in a statement of its own what must not be."),
                );
                if identity {
                    finding.severity(Severity::Info);
                }
            }
            (None, None) => {}
        }
    }
}
