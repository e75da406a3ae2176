use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds statements of a resource control policy that allow.
    ///
    /// Such a policy only denies. The one that allows is AWS's own `RCPFullAWSAccess`: everything, to
    /// everyone, on everything; it is attached everywhere already.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" }
    /// ```
    ///
    /// Deny what is not meant to be possible, with a condition for whom it is.
    ///
    /// AWS: "RCP syntax" in the AWS Organizations user guide.
    pub RcpEffect {
        id: "rcp-effect",
        group: Policy,
        reads: [Statement],
        on: [Rcp],
        templates: Silent,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a resource control policy cannot allow",
        sources: [
            "access-analyzer/RCP_SYNTAX_ERROR_ALLOW",
            "iam-policy-validator/invalid_rcp_effect",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for RcpEffect {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() {
            return;
        }
        let is_all = |name: &str| match statement.object.get(name).map(Value::one_or_many) {
            Some([Value::String(only)]) => &*only.text == "*",
            Some([only]) => only.is_unknown(),
            _ => false,
        };
        let is_default = is_all("Principal")
            && is_all("Action")
            && is_all("Resource")
            && statement.conditions().next().is_none();
        let Some(effect) = statement.object.string("Effect").filter(|_| !is_default) else { return };
        acc.report(effect.content_span(), "a resource control policy cannot allow")
            .note("AWS Organizations refuses the policy. Deny what is not meant to be possible; what is allowed, other policies say.");
    }
}
