use crate::access::is_star;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::Value;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds `NotAction`, `NotResource` and `NotPrincipal` that hold `*`, and conditions that except everybody.
    ///
    /// The statement is then about nothing: everything is excepted. A `Deny` of that kind protects nothing, an
    /// `Allow` grants nothing.
    ///
    /// ```json
    /// { "Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::shop/*", "*"] }
    /// ```
    ///
    /// The same goes for a `Deny` with a condition such as `StringNotLike` on `aws:PrincipalOrgID` and the value
    /// `*`: whoever has the key is excepted. Only requests without it are denied, which is rarely meant.
    ///
    /// Take `*` out of the list, or write `Action` or `Resource` where that was meant.
    ///
    /// See "IAM JSON policy elements: NotResource" in the IAM User Guide.
    pub ExceptionOfEverything {
        id: "exception-of-everything",
        group: Policy,
        reads: [Statement],
        cases: ["condition", "not-action", "not-principal", "not-resource"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "an exception fits everything",
        sources: [
            "iam-policy-validator/not_action_allow_ineffective",
            "iam-policy-validator/not_resource_deny_ineffective",
            "iam-policy-validator/ineffective_deny_carve_out",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ExceptionOfEverything {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        let [not_principal_name, principal_name] = acc.names(["NotPrincipal", "Principal"]);
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
                let [name, meant] = acc.names([name, meant]);
                acc.report(
                    star.content_span(),
                    format!("`{name}` excepts everything: the statement {does} nothing"),
                )
                .case(case)
                .note(format!("Take `*` out of the list, or write `{meant}` where that was meant."));
            }
        }
        if let Some(principal) = statement.not_principal() {
            let star = principal.text().filter(|text| is_star(&text.text)).or_else(|| {
                principal.entries().find(|entry| is_star(&entry.value.text)).map(|entry| entry.value)
            });
            if let Some(star) = star {
                acc.report(
                    star.content_span(),
                    format!("`{not_principal_name}` excepts everybody: the statement {does} nothing"),
                )
                .case("not-principal")
                .note(format!("Write `{principal_name}` where that was meant, and name who is excepted."));
            }
        }
        if statement.effect() == Some(Effect::Deny) {
            excepting_condition(statement, acc);
        }
    }
}

/// A condition by which everybody who has a key is excepted from a denial.
fn excepting_condition(statement: Statement<'_>, acc: &mut Findings) {
    for key in statement.condition_keys() {
        let excepts = catalog::parse_operator(&key.operator.text)
            .is_some_and(|operator| operator.base.negated && operator.base.wildcards);
        if !excepts
            || catalog::condition_key(&key.key.text)
                .and_then(|known| known.as_global())
                .is_none_or(|global| global.about != "principal")
        {
            continue;
        }
        if let Some(star) =
            key.values().iter().filter_map(Value::as_string).find(|value| is_star(&value.text))
        {
            acc.report(star.content_span(), format!("everybody who has `{}` is excepted here", key.key.text))
                .severity(Severity::Info)
                .case("condition")
                .note(format!(
                    "Only requests without the key are denied. Name who is excepted; to ask whether the key is there, write `\"Null\": {{\"{}\": \"true\"}}`.",
                    key.key.text
                ));
        }
    }
}
