use crate::access;
use crate::catalog::Family;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions that try to hide a part of a bucket by denying its prefix.
    ///
    /// `s3:prefix` is what the caller asks for, not what the answer holds. A list request with a shorter
    /// prefix, or with none, returns the same keys and is not denied.
    ///
    /// ```json
    /// "Effect": "Deny", "Action": "s3:ListBucket",
    /// "Condition": { "StringLike": { "s3:prefix": "secret/*" } }
    /// ```
    ///
    /// Allow the prefixes that may be listed, or deny under `StringNotLike` all but those.
    ///
    /// AWS: "Bucket policy examples using condition keys" in the Amazon S3 user guide.
    pub S3PrefixInNegation {
        id: "s3-prefix-in-negation",
        group: Policy,
        reads: [Statement],
        cases: ["allow", "deny"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a prefix is denied, and a shorter one lists the same keys",
        sources: ["access-analyzer/S3_PREFIX_IN_NEGATIVE_CONTEXT"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for S3PrefixInNegation {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            if test.operator.base.family != Family::String || !test.is_on("s3:prefix") {
                continue;
            }
            // The empty prefix is the shortest there is.
            if test.texts().all(|text| text.text.is_empty()) && test.is_known() {
                continue;
            }
            let key = test.condition.key;
            let (case, message) = match (statement.effect(), test.operator.base.negated) {
                (Some(Effect::Deny), false) => {
                    ("deny", "denying a prefix hides nothing: a shorter one lists the same keys")
                }
                (Some(Effect::Allow), true) => {
                    ("allow", "allowing all but a prefix hides nothing: a shorter one lists the same keys")
                }
                _ => continue,
            };
            acc.report(key.content_span(), message)
                .case(case)
                .note("`s3:prefix` is what the caller asks for. Allow the prefixes that may be listed, or deny under `StringNotLike` all but those.");
        }
    }
}
