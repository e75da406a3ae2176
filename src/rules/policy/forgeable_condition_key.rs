use crate::access;
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on what the caller writes into the request as they like: `aws:Referer` and
    /// `aws:UserAgent`.
    ///
    /// Both are headers. Whoever knows the value sends it, so such a condition keeps out nobody who wants in,
    /// and a statement that denies is slipped past by sending something else.
    ///
    /// ```json
    /// "Condition": { "StringLike": { "aws:Referer": "https://www.example.com/*" } }
    /// ```
    ///
    /// Restrict by what the caller cannot choose: `aws:PrincipalOrgID`, `aws:SourceVpce`, `aws:SourceArn`.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub ForgeableConditionKey {
        id: "forgeable-condition-key",
        group: Policy,
        reads: [Statement],
        cases: ["allow", "deny"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the caller chooses the value that the condition compares",
        sources: ["access-analyzer/UNTRUSTWORTHY_CONDITION_KEY"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ForgeableConditionKey {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        // Amazon SES sends the account in `aws:Referer`; nobody else is let in there.
        let services_only = statement.principal().is_some_and(|principal| {
            principal
                .object()
                .is_some_and(|object| object.members.iter().all(|it| &*it.name.text == "Service"))
        });
        if services_only {
            return;
        }
        for test in access::tests(statement) {
            if !catalog::key_traits(test.key()).is_some_and(|traits| traits.forgeable)
                || test.operator.base.family == Family::Null
            {
                continue;
            }
            let key = test.condition.key;
            let finding =
                acc.report(key.content_span(), format!("the caller chooses what `{}` says", key.text));
            if statement.allows() {
                finding.case("allow").note("It is a header of the request: whoever knows the value passes. Restrict by a key that AWS fills in, such as `aws:PrincipalOrgID`, `aws:SourceVpce` or `aws:SourceArn`.");
            } else {
                finding.severity(Severity::Info).case("deny").note("It is a header of the request: whoever wants past sends another. Let nothing of weight depend on it.");
            }
        }
    }
}
