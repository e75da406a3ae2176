use super::conditions;
use crate::access;
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `IfExists` in statements that allow, on keys that are to keep strangers out.
    ///
    /// A condition with `IfExists` holds where the request does not have the key. Requests through a VPC
    /// endpoint have no `aws:SourceIp`, those from the internet no `aws:SourceVpce`, those of callers outside
    /// of organizations no `aws:PrincipalOrgID`: all of them pass.
    ///
    /// ```json
    /// "Effect": "Allow", "Condition": { "IpAddressIfExists": { "aws:SourceIp": "203.0.113.0/24" } }
    /// ```
    ///
    /// Write the operator without `IfExists`, or ask with `Null` that the key is there. In a `Deny` it works
    /// the other way round and is often right.
    ///
    /// AWS: "IAM JSON policy elements: Condition operators" in the IAM user guide.
    pub IfExistsWeakensCondition {
        id: "if-exists-weakens-condition",
        group: Policy,
        reads: [Statement],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a condition that keeps strangers out passes where its key is absent",
        sources: ["iam-policy-validator/ifexists_weakens_security_condition"],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for IfExistsWeakensCondition {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() {
            return;
        }
        for test in access::tests(statement) {
            // Negated operators hold without the key anyway.
            if !test.operator.if_exists
                || test.operator.base.negated
                || test.has_empty_list()
                || test.operator.base.family == Family::Null
                || !catalog::key_traits(test.key()).is_some_and(|traits| traits.guards)
                || !access::demands(statement, test.key()).is_no()
            {
                continue;
            }
            let operator = test.condition.operator;
            let start = operator.text.len() - "IfExists".len();
            let name = &operator.text[..start];
            let edits = conditions::rename(statement, operator, name, |key| {
                key.key.text.eq_ignore_ascii_case(test.key())
            });
            acc.report(
                operator.part(start..operator.text.len()),
                format!("a request without `{}` passes this condition", test.key()),
            )
            .related(test.condition.key.span, "the key is here")
            .note(format!("`IfExists` holds where the key is absent. Write `{name}`, or ask with `Null` that the key is there."))
            .maybe_fix(edits.map(|edits| Fix::unsafe_(format!("Replace with `{name}`"), edits)));
        }
    }
}
