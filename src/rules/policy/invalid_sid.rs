use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::Value;
use crate::host::{DocumentKind, OfUnit};
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds characters in a `Sid` that IAM does not take.
    ///
    /// In policies that IAM and AWS Organizations keep, a `Sid` has letters and digits of ASCII only, and
    /// anything else makes the whole policy refused. On trust policies AWS's guides disagree, so there
    /// it is a warning. Services are laxer with the policies on their
    /// resources; there, nothing is reported.
    ///
    /// ```json
    /// { "Sid": "allow run-task", "Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*" }
    /// ```
    ///
    /// Write `AllowRunTask`, or leave `Sid` out: it is optional.
    ///
    /// AWS: "IAM JSON policy elements: Sid" in the IAM user guide.
    pub InvalidSid {
        id: "invalid-sid",
        group: Policy,
        reads: [Policy],
        cases: ["trust"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a Sid has characters other than letters and digits",
        sources: [
            "access-analyzer/UNSUPPORTED_SID",
            "parliament/INVALID_SID",
            "iam-policy-validator/invalid_sid_format",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-sid-format",
            "aws-iam-language-server/INVALID_SID",
        ],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Statement IDs (SID) must be alpha-numeric"],
    }
}

impl Rule for InvalidSid {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        let sid_name = acc.name("Sid");
        if context.kind == DocumentKind::Resource {
            return;
        }
        let sids = || policy.statements().filter_map(|(base, statement)| Some((base, statement.sid()?)));
        if policy.units().iter().all(|placed| placed.unit.known::<IsSound>().0) {
            return;
        }
        for (base, sid) in sids() {
            let text = &*sid.text;
            let bad = |char: char| !char.is_ascii_alphanumeric();
            let (Some(first), Some(last)) = (text.find(bad), text.rfind(bad)) else { continue };
            if sid.has_unknown() {
                continue;
            }
            let end = last + text[last..].chars().next().map_or(1, char::len_utf8);
            let run_end = text[first..].find(|char| !bad(char)).map_or(end, |length| first + length);
            let span: Span = sid.part(first..run_end).shifted(base);
            let repaired = joined(text);
            let unique = sids().all(|(_, other)| *other.text != *repaired);
            // What a letter beyond ASCII is to become is the author's choice.
            let fix = (unique && !repaired.is_empty() && text.is_ascii())
                .then(|| Fix::replace_text(sid.content_span().shifted(base), &repaired));
            let note = if repaired.is_empty() || !text.is_ascii() {
                format!("Only the letters A to Z, a to z and the digits 0 to 9 are taken. Leave `{sid_name}` out, or choose such a name.")
                    .to_string()
            } else {
                format!(
                    "Only the letters A to Z, a to z and the digits 0 to 9 are taken. Write `{repaired}`."
                )
            };
            let finding = acc.report(span, format!("the Sid `{text}` has `{}` in it", &text[first..run_end]));
            finding.note(note).maybe_fix(fix);
            // AWS's own guides disagree on trust policies.
            if context.kind == DocumentKind::Trust {
                finding.severity(Severity::Warning).case("trust");
            }
        }
    }
}

/// The words of a text run together, each with a capital: `allow run-task` becomes `AllowRunTask`.
fn joined(text: &str) -> String {
    let mut out = String::new();
    for (index, word) in
        text.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).enumerate()
    {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if index > 0 || text.contains(' ') => out.push(first.to_ascii_uppercase()),
            Some(first) => out.push(first),
            None => {}
        }
        out.extend(chars);
    }
    out
}

/// Whether a statement's Sid, if it has one, holds nothing but letters and digits.
struct IsSound(bool);

impl OfUnit for IsSound {
    fn of(value: &Value) -> IsSound {
        let sid = value.as_object().and_then(|object| Statement { object }.sid());
        IsSound(sid.is_none_or(|sid| sid.text.bytes().all(|byte| byte.is_ascii_alphanumeric())))
    }
}
