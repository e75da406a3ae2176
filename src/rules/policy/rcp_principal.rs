use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds principals of a resource control policy other than `*`, and `NotPrincipal`.
    ///
    /// The policy is about everyone who reaches for the resources. Whom it is to spare is said by a
    /// condition, on `aws:PrincipalArn` or `aws:PrincipalOrgID`.
    ///
    /// ```json
    /// { "Effect": "Deny", "Principal": { "AWS": "111122223333" }, "Action": "s3:*", "Resource": "*" }
    /// ```
    ///
    /// Write `"Principal": "*"`, and a condition.
    ///
    /// AWS: "RCP syntax" in the AWS Organizations user guide.
    pub RcpPrincipal {
        id: "rcp-principal",
        group: Policy,
        reads: [Statement],
        on: [Rcp],
        cases: ["not-principal", "principal"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a resource control policy names principals",
        sources: [
            "access-analyzer/RCP_SYNTAX_ERROR_PRINCIPAL",
            "iam-policy-validator/invalid_rcp_principal",
            "iam-policy-validator/invalid_rcp_not_principal",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for RcpPrincipal {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let not_principal = acc.name("NotPrincipal");
        const NOTE: &str = "AWS Organizations refuses the policy. Write `\"Principal\": \"*\"`, and say by a condition, such as on \
                            `aws:PrincipalArn`, who it is about.";
        if let Some(member) = statement.member("NotPrincipal") {
            acc.report(member.name.span, format!("a resource control policy takes no `{not_principal}`"))
                .case("not-principal")
                .note(NOTE);
        }
        let Some(member) = statement.member("Principal") else { return };
        let wrong = match &member.value {
            Value::String(text) => !text.has_unknown() && &*text.text != "*",
            // `{"AWS": "*"}` says the same elsewhere; here the guide has the plain text alone.
            Value::Object(object) => {
                !object.members.is_empty()
                    && object.members.iter().any(|kind| {
                        kind.value
                            .one_or_many()
                            .iter()
                            .any(|it| it.as_string().is_some_and(|it| !it.has_unknown() && &*it.text != "*"))
                    })
            }
            _ => false,
        };
        if wrong {
            acc.report(
                member.value.span(),
                "a resource control policy takes `*` as its principal and nothing else",
            )
            .case("principal")
            .note(NOTE)
            .fix(Fix::unsafe_(
                "Replace with `\"*\"`",
                vec![Edit::ReplaceValue { span: member.value.span(), value: json!("*") }],
            ));
        }
    }
}
