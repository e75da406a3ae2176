use super::breadth::is_star;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `NotAction` and `NotResource` that hold `*`.
    ///
    /// The statement is then about nothing: everything is excepted. A `Deny` of that kind protects nothing, an
    /// `Allow` grants nothing.
    ///
    /// ```json
    /// { "Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::shop/*", "*"] }
    /// ```
    ///
    /// Take `*` out of the list, or write `Action` or `Resource` where that was meant.
    ///
    /// See "IAM JSON policy elements: NotResource" in the IAM User Guide.
    pub ExceptionOfEverything {
        id: "exception-of-everything",
        group: Policy,
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "NotAction or NotResource excepts everything",
        sources: [
            "iam-policy-validator/not_action_ineffective",
            "iam-policy-validator/not_resource_deny_ineffective",
            "iam-policy-validator/ineffective_deny_carve_out",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ExceptionOfEverything {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        let does = match statement.effect() {
            Some(Effect::Allow) => "allows",
            Some(Effect::Deny) => "denies",
            None => return,
        };
        for (name, meant, case) in
            [("NotAction", "Action", "not-action"), ("NotResource", "Resource", "not-resource")]
        {
            let Some(member) = statement.member(name) else { continue };
            let star = member
                .value
                .one_or_many()
                .iter()
                .filter_map(Value::as_string)
                .find(|value| is_star(&value.text) || name == "NotAction" && &*value.text == "*:*");
            if let Some(star) = star {
                acc.report(
                    star.content_span(),
                    format!("`{name}` excepts everything: the statement {does} nothing"),
                )
                .case(case)
                .note(format!("Take `*` out of the list, or write `{meant}` where that was meant."));
            }
        }
    }
}
