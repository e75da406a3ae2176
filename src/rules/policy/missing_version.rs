use super::old_version::first_variable;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::{Edit, Name, NewValue};
use crate::model::{Policy, PolicyContext, PolicyVersion};
use crate::rules::Rule;

declare_rule! {
    /// Finds a policy without `Version`.
    ///
    /// AWS then reads it as `2008-10-17`, the language before policy variables: `${aws:username}` is
    /// these fifteen characters there, not a name, and the statement quietly matches nothing. With
    /// variables in the policy this is a warning, otherwise a hint.
    ///
    /// ```json
    /// { "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*" }] }
    /// ```
    ///
    /// Add `"Version": "2012-10-17"`.
    ///
    /// AWS: "IAM JSON policy elements: Version" in the IAM user guide.
    pub MissingVersion {
        id: "missing-version",
        group: Policy,
        reads: [Policy],
        cases: ["plain", "variables"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the policy does not say which version of the language it is written in",
        sources: [
            "access-analyzer/MISSING_VERSION",
            "access-analyzer/VARIABLE_UNSUPPORTED_IN_VERSION",
            "parliament/NO_VERSION",
            "iam-policy-validator/missing_version",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for MissingVersion {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        let version_name = acc.name("Version");
        if context.version != PolicyVersion::Absent {
            return;
        }
        let edit = Edit::InsertMember {
            object: policy.head.span,
            name: Name::field("Version"),
            value: NewValue::String("2012-10-17".into()),
        };
        let title = "Add `\"Version\": \"2012-10-17\"`";
        let finding = acc.report(policy.head.open(), format!("the policy has no `{version_name}`"));
        match first_variable(policy) {
            Some((span, variable)) => {
                finding
                    .case("variables")
                    .related(span, format!("`{variable}` is plain text for now"))
                    .note(
                        "AWS reads it as 2008-10-17, which has no policy variables: they are taken literally. \
                         Add `\"Version\": \"2012-10-17\"`.",
                    )
                    .fix(Fix::unsafe_(title, vec![edit]));
            }
            None => {
                finding
                    .severity(Severity::Hint)
                    .case("plain")
                    .note("AWS reads it as 2008-10-17. Add `\"Version\": \"2012-10-17\"`; without policy variables nothing else changes.")
                    .fix(Fix::safe(title, vec![edit]));
            }
        }
    }
}
