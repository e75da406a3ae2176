use super::old_version::first_variable;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds a `Version` that is none of the two versions of the policy language.
    ///
    /// `Version` is not the date or the revision of a policy; it names the language, and that has
    /// `2012-10-17` and the older `2008-10-17`. AWS refuses everything else.
    ///
    /// ```json
    /// { "Version": "2024-01-01", "Statement": [] }
    /// ```
    ///
    /// Write `2012-10-17`.
    ///
    /// AWS: "IAM JSON policy elements: Version" in the IAM user guide.
    pub InvalidVersion {
        id: "invalid-version",
        group: Policy,
        reads: [Policy],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "Version is not a version of the policy language",
        sources: [
            "access-analyzer/INVALID_VERSION",
            "parliament/INVALID_VERSION",
            "iam-policy-validator/invalid_version",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-version",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["The policy must contain a valid version string"],
    }
}

impl Rule for InvalidVersion {
    fn check_policy(&self, policy: Policy<'_>, _context: &PolicyContext, acc: &mut Findings) {
        let version_name = acc.name("Version");
        let Some(version) = policy.head.string("Version") else { return };
        let text = &*version.text;
        if version.has_unknown() || matches!(text, "2012-10-17" | "2008-10-17") {
            return;
        }
        let (span, message) = if text.is_empty() {
            (version.span, format!("`{version_name}` is empty").to_string())
        } else {
            (version.content_span(), format!("`{text}` is not a version of the policy language"))
        };
        acc.report(span, message)
            .note(
                format!("`{version_name}` names the language, not the revision of this policy, and AWS refuses other values. Write \
                 `2012-10-17`."),
            )
            .fix(Fix {
                // Variables are text in the old version, which may be the one meant.
                safety: if first_variable(policy).is_some() { Safety::Unsafe } else { Safety::Safe },
                ..Fix::replace_text(version.content_span(), "2012-10-17")
            });
    }
}
