use crate::access::{self, AddressRange as Range};
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{ConditionKey, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds condition values that do not fit their operator: a word where a number belongs, a date that
    /// is none, half an ARN, an address range with a mask that is too long.
    ///
    /// Dates in seconds since 1970, and lists that mix strings with numbers or booleans, work and are advice
    /// only.
    ///
    /// AWS refuses a policy with a value that is not a number, date, address range, ARN or base64 text under
    /// the operators for them. Under `Bool` and `Null` it takes everything, and anything but `true` and
    /// `false` never holds: that is a warning.
    ///
    /// ```json
    /// "Condition": { "IpAddress": { "aws:SourceIp": "203.0.113.0/33" } }
    /// ```
    ///
    /// AWS: "IAM JSON policy elements: Condition operators" in the IAM user guide.
    pub ConditionValueType {
        id: "condition-value-type",
        group: Policy,
        reads: [Statement],
        templates: SilentOnText,
        cases: ["boolean", "both", "epoch", "ip-address", "mixed", "type"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a condition's value does not fit its operator",
        sources: [
            "access-analyzer/TYPE_MISMATCH_BOOLEAN",
            "access-analyzer/TYPE_MISMATCH_DATE",
            "access-analyzer/TYPE_MISMATCH_NUMBER",
            "access-analyzer/TYPE_MISMATCH_STRING",
            "access-analyzer/TYPE_MISMATCH_IP_RANGE",
            "access-analyzer/INVALID_CONDITION_MULTIPLE_BOOLEAN",
            "access-analyzer/INVALID_CONDITION_DATA_TYPE",
            "access-analyzer/INVALID_DATE_VALUE",
            "parliament/MISMATCHED_TYPE",
            "parliament/MISMATCHED_TYPE_OPERATION_TO_NULL",
            "iam-policy-validator/invalid_bool_value_for_operator",
            "iam-policy-validator/invalid_value_format",
            "iam-policy-validator/invalid_ip_cidr_format",
            "iam-policy-validator/invalid_arn_format_for_operator",
            "cdk-preflight/pf-iam-policy-condition-date-value",
            "cdk-preflight/pf-iam-policy-condition-numeric-value",
            "cdk-preflight/pf-iam-policy-condition-ip-value",
            "cdk-preflight/pf-iam-policy-condition-arn-value",
            "cdk-preflight/pf-iam-policy-condition-binary-value",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["The policy failed legacy parsing", "Invalid IP", "must be a valid date"],
    }
}

impl Rule for ConditionValueType {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for key in statement.condition_keys() {
            let Some(operator) = catalog::parse_operator(&key.operator.text) else { continue };
            let family = operator.base.family;
            let before = acc.len();
            for value in key.values() {
                check(value, family, operator.base.name, acc);
            }
            match family {
                Family::Bool => both(key, operator.base.name, acc),
                Family::Date => epoch(key, acc),
                _ => {}
            }
            if acc.len() == before {
                mixed(key, acc);
            }
        }
    }
}

fn check(value: &Value, family: Family, operator: &str, acc: &mut Findings) {
    if let Value::String(text) = value
        && (text.has_unknown() || text.text.contains("${"))
    {
        return;
    }
    let text = match value {
        Value::String(text) => Some(&*text.text),
        Value::Number(_) | Value::Bool(..) => None,
        _ => return,
    };
    let span = match value {
        Value::String(text) if !text.text.is_empty() => text.content_span(),
        other => other.span(),
    };
    let is_number = matches!(value, Value::Number(_));
    let is_bool = matches!(value, Value::Bool(..));
    let written = match value {
        Value::String(text) => text.text.to_string(),
        Value::Number(number) => number.text.to_string(),
        Value::Bool(it, _) => it.to_string(),
        _ => return,
    };
    let (what, note) = match family {
        Family::Numeric if is_bool || text.is_some_and(|text| text.trim().parse::<f64>().is_err()) => {
            ("a number", "AWS refuses the policy. Write a number, such as `300`.")
        }
        Family::Date if is_bool || text.is_some_and(|text| !is_date(text)) => {
            ("a date", "AWS refuses the policy. Write the date as in `2026-12-31T23:59:59Z`.")
        }
        Family::IpAddress => {
            let Err(why) = text.map_or(Err("it is not a string"), |text| Range::read(text).map(|_| ()))
            else {
                return;
            };
            acc.report(span, format!("`{written}` is not an address range: {why}"))
                .case("ip-address")
                .note("AWS refuses the policy. Write an address or a range, such as `203.0.113.0/24` or `2001:db8::/32`.");
            return;
        }
        Family::Arn if text.is_none_or(|text| !may_be_arn(text)) => (
            "an ARN",
            "AWS refuses the policy. Write an ARN with its six parts, such as `arn:aws:iam::111122223333:role/deploy`; each part may have wildcards.",
        ),
        Family::Binary if text.is_none_or(|text| !is_base64(text)) => {
            ("base64", "AWS refuses the policy. Write the bytes as base64.")
        }
        Family::Bool | Family::Null
            if is_number
                || text.is_some_and(|text| {
                    !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false")
                }) =>
        {
            acc.report(span, format!("`{operator}` takes `true` or `false`, not `{written}`"))
                .severity(Severity::Warning)
                .case("boolean")
                .note(if family == Family::Null {
                    "`\"true\"` asks that the request has no such key, `\"false\"` that it has one."
                } else {
                    "With another value the condition never holds. Write `\"true\"` or `\"false\"`."
                })
                .maybe_fix(
                    text.and_then(boolean)
                        .map(|meant| Fix { safety: Safety::Unsafe, ..Fix::replace_text(span, meant) }),
                );
            return;
        }
        _ => return,
    };
    acc.report(span, format!("`{operator}` takes {what}, not `{written}`")).case("type").note(note);
}

/// What a word in the place of a boolean stands for.
fn boolean(text: &str) -> Option<&'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "1" => Some("true"),
        "no" | "n" | "off" | "0" => Some("false"),
        word => {
            catalog::guess(word, ["true", "false"].into_iter()).filter(|it| it.is_plain).map(|it| it.word)
        }
    }
}

/// Seconds since 1970 where a date belongs. `aws:EpochTime` is made for them.
fn epoch(key: ConditionKey<'_>, acc: &mut Findings) {
    if key.key.text.eq_ignore_ascii_case("aws:EpochTime") {
        return;
    }
    for value in key.values() {
        let (digits, span) = match value {
            Value::String(text) if !text.has_unknown() => (text.text.trim(), text.content_span()),
            Value::Number(number) => (&*number.text, number.span),
            _ => continue,
        };
        let Some(date) = digits.parse().ok().and_then(date_of) else { continue };
        let finding = acc.report(span, format!("`{digits}` is a date in seconds since 1970"));
        finding
            .severity(Severity::Info)
            .case("epoch")
            .related(key.key.span, "the key is here")
            .note(format!("Readers take it for a number. Write `{date}`."));
        let edit = match value {
            Value::String(_) => Edit::ReplaceText { span, text: date.clone().into() },
            _ => Edit::ReplaceValue { span, value: date.clone().into() },
        };
        finding.fix(Fix::safe(format!("Replace with `{date}`"), vec![edit]));
    }
}

/// The date of a number of seconds since 1970; `None` for a year, and for what is not a time of ours.
fn date_of(seconds: i64) -> Option<String> {
    if !(100_000_000..=99_999_999_999).contains(&seconds) {
        return None;
    }
    Some(access::date_text(seconds as f64))
}

/// Texts beside numbers or booleans in one list.
fn mixed(key: ConditionKey<'_>, acc: &mut Findings) {
    let Value::Array(array) = key.value else { return };
    let has_text = array.items.iter().any(|value| matches!(value, Value::String(_)));
    if !has_text {
        return;
    }
    for value in &array.items {
        let written = match value {
            Value::Number(number) => number.text.to_string(),
            Value::Bool(it, _) => it.to_string(),
            _ => continue,
        };
        acc.report(value.span(), format!("`{written}` is not a string, unlike other values of the list"))
            .severity(Severity::Info)
            .case("mixed")
            .note(format!("IAM Access Analyzer asks for one JSON type in a list. Write `\"{written}\"`."))
            .fix(Fix::safe(
                "Write it as a string",
                vec![Edit::ReplaceValue { span: value.span(), value: written.into() }],
            ));
    }
}

/// `true` and `false` in one list: the condition holds whatever the key says.
fn both(key: ConditionKey<'_>, operator: &str, acc: &mut Findings) {
    let is = |value: &Value, wanted: bool| match value {
        Value::Bool(it, _) => *it == wanted,
        Value::String(text) => text.text.eq_ignore_ascii_case(if wanted { "true" } else { "false" }),
        _ => false,
    };
    let values = key.values();
    if values.iter().any(|value| is(value, true)) && values.iter().any(|value| is(value, false)) {
        let span: Span = key.value.span();
        acc.report(
            span,
            format!("`{operator}` with both `true` and `false` always holds where the key is there"),
        )
        .severity(Severity::Warning)
        .case("both")
        .note("Keep the one that is meant.");
    }
}

/// A date as the W3C's profile of ISO 8601 has it, or seconds since 1970.
fn is_date(text: &str) -> bool {
    let text = text.trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text.strip_prefix('-').unwrap_or(text)) {
        return true;
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let within = |part: Option<&str>, from: u32, to: u32| {
        part.is_none_or(|part| {
            digits(part) && part.len() == 2 && part.parse().is_ok_and(|it: u32| (from..=to).contains(&it))
        })
    };
    let year = parts.next().is_some_and(|year| year.len() == 4 && digits(year));
    if !year || !within(parts.next(), 1, 12) || !within(parts.next(), 1, 31) || parts.next().is_some() {
        return false;
    }
    let Some(time) = time else { return true };
    let time = time.strip_suffix(['Z', 'z']).unwrap_or(time);
    let clock = time.split(['+', '-', '.']).next().unwrap_or(time);
    let mut parts = clock.split(':');
    within(parts.next(), 0, 24)
        && within(parts.next(), 0, 59)
        && within(parts.next(), 0, 60)
        && parts.next().is_none()
}

/// Wildcards may stand for whole parts, so only a text without any is judged.
fn may_be_arn(text: &str) -> bool {
    text.contains(['*', '?']) || text.starts_with("arn:") && text.split(':').count() >= 6
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
