use crate::access;
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, PolicyVariable, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds wildcards, and text that the caller chooses, in the values of keys that keep strangers out.
    ///
    /// Accounts, organizations, VPCs and their endpoints have ids without meaning: a pattern on them also fits
    /// ids of strangers, now or later. The same goes for `aws:userid` with a wildcard before the colon, since
    /// whoever assumes a role chooses what stands behind it.
    ///
    /// ```json
    /// "Condition": { "StringLike": { "aws:PrincipalAccount": "1111*" } }
    /// ```
    ///
    /// List the ids under `StringEquals`. In `aws:userid` write the role's id: `AROA…:*`.
    ///
    /// AWS: "Sensitive condition keys" in the IAM user guide.
    pub SensitiveKeyWithWildcard {
        id: "sensitive-key-with-wildcard",
        group: Policy,
        reads: [Statement],
        cases: ["user-id", "variable", "wildcard"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a pattern stands where only exact ids keep strangers out",
        sources: [
            "access-analyzer/WILDCARD_USAGE_TOO_PERMISSIVE",
            "access-analyzer/VARIABLE_USAGE_TOO_PERMISSIVE",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for SensitiveKeyWithWildcard {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            // A `Deny` for those that fit a pattern keeps out more, not less.
            if test.operator.base.family != Family::String
                || !statement.allows() && !test.operator.base.negated
            {
                continue;
            }
            let user_id = test.is_on("aws:userid");
            if !user_id && !catalog::global_key(test.key()).is_some_and(|key| key.sensitive) {
                continue;
            }
            for value in test.texts() {
                let text = &*value.text;
                let chosen = PolicyVariable::all(value, false).find(|variable| is_chosen(variable.inside));
                if let Some(variable) = chosen.filter(|_| !user_id) {
                    acc.report(
                        value.part(variable.range.clone()),
                        format!("the caller chooses what stands for `{}` in `{}`", &text[variable.range], test.key()),
                    )
                    .related(test.condition.key.span, "the key is here")
                    .case("variable")
                    .note("Whoever calls makes the condition hold. Write the ids, or compare with a key that AWS fills in.");
                    continue;
                }
                // In a `Deny`, `*` alone asks whether the key is there.
                let denies_absent = !statement.allows() && text.bytes().all(|byte| byte == b'*');
                if !test.operator.base.wildcards || denies_absent {
                    continue;
                }
                let literals: Vec<_> =
                    PolicyVariable::all(value, true).map(|variable| variable.range).collect();
                let wild = text.bytes().enumerate().find(|(at, byte)| {
                    matches!(byte, b'*' | b'?') && !literals.iter().any(|range| range.contains(at))
                });
                let Some((at, _)) = wild else { continue };
                if user_id {
                    if text.find(':').is_some_and(|colon| colon < at) || literal_id(text) {
                        continue;
                    }
                    acc.report(
                        value.part(at..at + 1),
                        "a wildcard before the colon of `aws:userid` fits every role",
                    )
                    .related(test.condition.key.span, "the key is here")
                    .case("user-id")
                    .note("After the colon stands the session's name, which whoever assumes a role chooses. Write the role's id before it: `AROA…:*`.");
                } else {
                    acc.report(
                        value.part(at..at + 1),
                        format!("a pattern on `{}` fits ids of strangers too", test.key()),
                    )
                    .related(test.condition.key.span, "the key is here")
                    .case("wildcard")
                    .note("Such ids have no meaning in their parts. List whole ids under `StringEquals`.");
                }
            }
        }
    }
}

/// `AROA…`, `AIDA…`: enough of an id before the wildcard that no other fits.
fn literal_id(text: &str) -> bool {
    let start = text.find(['*', '?']).unwrap_or(text.len());
    start >= 16 && text.bytes().take(4).all(|byte| byte.is_ascii_uppercase())
}

/// Variables whose text is in the caller's hands.
fn is_chosen(inside: &str) -> bool {
    let name = inside.split(',').next().unwrap_or(inside).trim();
    catalog::key_fits("aws:RequestTag/${TagKey}", name)
        || catalog::key_traits(name).is_some_and(|traits| traits.forgeable)
}
