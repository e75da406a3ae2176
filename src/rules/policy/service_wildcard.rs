use super::breadth::gives;
use crate::access::named_patterns;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds permissions for every action of a service.
    ///
    /// `s3:*` reads, deletes and shares, and changes who else may. What AWS adds to the service later is
    /// allowed from its first day.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::shop/*" }
    /// ```
    ///
    /// List the actions that are needed, or the groups of them: `s3:Get*`, `s3:List*`.
    ///
    /// See "Grant least privilege" in the IAM User Guide.
    pub ServiceWildcard {
        id: "service-wildcard",
        group: Policy,
        reads: [Statement],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "every action of a service is allowed",
        sources: [
            "security-hub/IAM.21",
            "cfn_nag/F3",
            "cfn_nag/F4",
            "cfn_nag/F5",
            "trivy/AWS-0057",
            "trivy/AWS-0345",
            "trivy/AWS-0346",
            "cdk-nag/IAM5",
            "iam-policy-validator/overly_permissive",
            "cloudsplaining/ServiceWildcard",
            "cfn-guard/IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
            "cfn-guard/IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
            "cfn-guard/IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ServiceWildcard {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !gives(policy) || !statement.allows() {
            return;
        }
        for action in named_patterns(statement).filter(|action| action.name == Some("*")) {
            let Some(service) = catalog::service(action.service).filter(|it| it.actions().len() > 1) else {
                continue;
            };
            acc.report(
                action.string.content_span(),
                format!("`{}` allows all {} actions of {}", action.text(), service.actions().len(), service.title()),
            )
            .note("What AWS adds to the service later is allowed from its first day. List the actions that are needed, or groups of them such as `Describe*`.");
        }
    }
}
