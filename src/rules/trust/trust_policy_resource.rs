use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::host::Edit;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

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

/// Whether a statement is of a trust policy, and not one of permissions that came to the wrong place: it
/// has a principal, and all its actions are of AWS STS.
fn says_who_assumes(statement: Statement<'_>) -> bool {
    let mut actions = statement.listed_actions().peekable();
    statement.principals().next().is_some()
        && actions.peek().is_some()
        && actions.all(|action| action.service.eq_ignore_ascii_case("sts"))
}

impl Rule for TrustPolicyResource {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for name in ["Resource", "NotResource"] {
            let Some(member) = statement.member(name) else { continue };
            let everything =
                name == "Resource" && statement.listed_resources().all(|resource| &*resource.text == "*");
            let name = acc.name(name);
            let finding = acc.report(member.name.span, format!("a role trust policy takes no `{name}`"));
            if !says_who_assumes(statement) {
                finding.note(
                    "IAM refuses it: the policy is about the role that it belongs to. This statement says what somebody may \
                     do: it belongs in a policy that is attached to the role.",
                );
                continue;
            }
            finding
                .note(
                    "IAM refuses it: the policy is about the role that it belongs to. Leave the element out.",
                )
                .fix(Fix {
                    title: format!("Remove `{name}`").into(),
                    safety: if everything { Safety::Safe } else { Safety::Unsafe },
                    edits: vec![Edit::RemoveMember { span: member.name.span }],
                });
        }
    }
}
