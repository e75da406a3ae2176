use crate::catalog::{self, Guess};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds an `Effect` that is neither `Allow` nor `Deny`.
    ///
    /// The value is case-sensitive: AWS refuses a policy that says `allow`.
    ///
    /// ```json
    /// { "Effect": "allow", "Action": "ecs:RunTask", "Resource": "*" }
    /// ```
    ///
    /// Write `Allow` or `Deny`.
    ///
    /// AWS: "IAM JSON policy elements: Effect" in the IAM user guide.
    pub InvalidEffect {
        id: "invalid-effect",
        group: Policy,
        reads: [Statement],
        cases: ["case", "word"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "Effect is neither Allow nor Deny",
        sources: [
            "access-analyzer/INVALID_EFFECT",
            "parliament/MALFORMED",
            "iam-policy-validator/invalid_effect",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-effect-case",
            "aws-iam-language-server/INVALID_EFFECT",
        ],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Invalid effect"],
    }
}

const EFFECTS: [&str; 2] = ["Allow", "Deny"];

impl Rule for InvalidEffect {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        let effect_name = acc.name("Effect");
        let Some(effect) = statement.object.string("Effect") else { return };
        let text = &*effect.text;
        if effect.has_unknown() || EFFECTS.contains(&text) {
            return;
        }
        let word = text.trim();
        let meant = EFFECTS.iter().copied().find(|it| it.eq_ignore_ascii_case(word));
        let case = if meant.is_some() { "case" } else { "word" };
        let meant = meant.map(Guess::plain).or_else(|| catalog::guess(word, EFFECTS.iter().copied()));
        let span = if text.is_empty() { effect.span } else { effect.content_span() };
        let message = if text.is_empty() {
            format!("`{effect_name}` is empty").to_string()
        } else {
            format!("`{text}` is not a valid effect")
        };
        let note = match meant {
            Some(meant) => format!("AWS knows `Allow` and `Deny`, spelt so. Write `{}`.", meant.word),
            None => "AWS refuses the policy. Write `Allow` or `Deny`, spelt so.".to_string(),
        };
        acc.report(span, message)
            .case(case)
            .note(note)
            .maybe_fix(meant.map(|meant| Fix::guess(effect.content_span(), meant)));
    }
}
