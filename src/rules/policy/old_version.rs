use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Policy, PolicyContext, PolicyVariable, PolicyVersion};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds a policy written in the old version of the language, `2008-10-17`.
    ///
    /// That version has no policy variables: `${aws:username}` is taken letter by letter, and the
    /// statement quietly matches nothing. With variables in the policy this is a warning, otherwise
    /// advice.
    ///
    /// ```json
    /// { "Version": "2008-10-17", "Statement": [] }
    /// ```
    ///
    /// Write `2012-10-17`. Where a text with `${` was meant letter by letter, write `${$}{` for it.
    ///
    /// AWS: "IAM JSON policy elements: Version" in the IAM user guide.
    pub OldVersion {
        id: "old-version",
        group: Policy,
        reads: [Policy],
        cases: ["plain", "variables"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the policy is written in the version without policy variables",
        sources: [
            "access-analyzer/VARIABLE_UNSUPPORTED_IN_VERSION",
            "parliament/OLD_VERSION",
            "iam-policy-validator/outdated_version",
            "cfn-lint/W2511",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for OldVersion {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if context.version != PolicyVersion::V2008 {
            return;
        }
        let Some(version) = policy.head.string("Version") else { return };
        let edits = || vec![Edit::ReplaceText { span: version.content_span(), text: "2012-10-17".into() }];
        let title = "Replace with `2012-10-17`";
        let finding =
            acc.report(version.content_span(), "`2008-10-17` is the old version of the policy language");
        match first_variable(policy) {
            Some((span, variable)) => {
                finding
                    .case("variables")
                    .related(span, format!("`{variable}` is plain text for now"))
                    .note("It has no policy variables: they are taken literally. Write `2012-10-17`.")
                    .fix(Fix::unsafe_(title, edits()));
            }
            None => {
                finding
                    .severity(Severity::Info)
                    .case("plain")
                    .note("It has no policy variables, and a variable added later would be plain text. Write `2012-10-17`.")
                    .fix(Fix::safe(title, edits()));
            }
        }
    }
}

/// The first policy variable in resources and conditions, with its place in the file.
pub(super) fn first_variable(policy: Policy<'_>) -> Option<(Span, String)> {
    policy.statements().find_map(|(base, statement)| {
        let conditions = statement.condition_keys().flat_map(|key| key.values()).filter_map(Value::as_string);
        statement.resources().chain(conditions).find_map(|string| {
            let variable = PolicyVariable::all(string, true).next()?;
            Some((string.part(variable.range.clone()).shifted(base), string.text[variable.range].to_string()))
        })
    })
}
