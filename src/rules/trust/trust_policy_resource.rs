use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::host::Edit;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;
use crate::rules::policy::elements;

declare_rule! {
    /// Finds `Resource` or `NotResource` in a role's trust policy.
    ///
    /// A trust policy is about the one role it belongs to, and IAM refuses it with a resource:
    /// "Has prohibited field Resource".
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole", "Resource": "*" }
    /// ```
    ///
    /// Leave the element out. To say which roles somebody may assume, write an identity policy for them.
    ///
    /// AWS: "AWS JSON policy elements: Principal" and "IAM roles" in the IAM user guide.
    pub TrustPolicyResource {
        id: "trust-policy-resource",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a role trust policy names a resource",
        sources: [
            "access-analyzer/ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
            "iam-policy-validator/unexpected_resource",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-trust-policy-no-resource",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Has prohibited field Resource"],
    }
}

impl Rule for TrustPolicyResource {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        // Permissions that came to the wrong place are one mistake, and told as that.
        if statement.principals().next().is_none() || elements::gives_permissions(statement) {
            return;
        }
        let says_how = statement.actions().next().is_some();
        for name in ["Resource", "NotResource"] {
            let Some(member) = statement.member(name) else { continue };
            let everything =
                name == "Resource" && statement.listed_resources().all(|resource| &*resource.text == "*");
            let name = acc.name(name);
            let finding = acc.report(member.name.span, format!("a role trust policy takes no `{name}`"));
            finding
                .note(
                    "IAM refuses it: the policy is about the role that it belongs to. Leave the element out.",
                )
                .maybe_fix(says_how.then(|| Fix {
                    title: format!("Remove `{name}`").into(),
                    safety: if everything { Safety::Safe } else { Safety::Unsafe },
                    edits: vec![Edit::RemoveMember { span: member.name.span }],
                }));
        }
    }
}
