use super::conditions;
use crate::access;
use crate::access::AddressRange as Range;
use crate::catalog::{self, Family, Operator, SetQualifier, ValueType};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions whose operator compares another type than the key has.
    ///
    /// AWS accepts them, and most never hold: a number under `Bool`, an ARN under `NumericEquals`.
    /// Some work by chance: a text operator on an ARN or a boolean compares letter by letter, which is a
    /// hint, and a wildcard in it may match across the parts of an ARN, which is advice.
    ///
    /// ```json
    /// "Condition": { "StringEquals": { "aws:SourceIp": "203.0.113.0/24" } }
    /// ```
    ///
    /// Write the operator of the key's type: `IpAddress` here.
    ///
    /// AWS: "IAM JSON policy elements: Condition operators" in the IAM user guide.
    pub ConditionOperatorKeyMismatch {
        id: "condition-operator-key-mismatch",
        group: Policy,
        reads: [Statement],
        cases: ["mismatch", "usable"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the operator compares another type than the condition key has",
        sources: [
            "access-analyzer/TYPE_MISMATCH",
            "access-analyzer/STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
            "parliament/MISMATCHED_TYPE",
            "parliament/MISMATCHED_TYPE_BUT_USABLE",
            "iam-policy-validator/type_mismatch",
            "iam-policy-validator/type_mismatch_usable",
        ],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for ConditionOperatorKeyMismatch {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for key in statement.condition_keys().filter(|key| !key.key.has_unknown()) {
            let Some(operator) = catalog::parse_operator(&key.operator.text) else { continue };
            let Some(known) = catalog::condition_key(&key.key.text) else { continue };
            let (family, value_type) = (operator.base.family, known.value_type());
            let also = known.as_global().and_then(|global| global.also_type);
            if also.is_some_and(|also| mismatch(family, also).is_none()) {
                continue;
            }
            let Some(usable) = mismatch(family, value_type) else { continue };
            // What stands in a tag or in an encryption context is the author's: it may be an ARN.
            if value_type == ValueType::String && known.name().contains(['$', '<']) {
                continue;
            }
            // So AWS writes its own service control policies.
            if usable && operator.base.wildcards && key.key.text.eq_ignore_ascii_case("aws:PrincipalArn") {
                continue;
            }
            let finding = acc.report(
                key.operator.content_span(),
                format!(
                    "`{}` is of type {}, and `{}` compares {}",
                    key.key.text,
                    value_type.name(),
                    operator.base.name,
                    compared(family)
                ),
            );
            finding.related(key.key.span, "the key is here");
            let meant = meant(&operator, value_type);
            let right = meant.as_ref().map_or(operators_for(value_type).into(), |name| format!("`{name}`"));
            if let Some(name) = meant
                && key.values().iter().all(|value| fits(value, value_type))
            {
                let edits = conditions::rename(statement, key.operator, &name, |other| {
                    catalog::condition_key(&other.key.text).is_some_and(|it| it.value_type() == value_type)
                        && other.values().iter().all(|value| fits(value, value_type))
                });
                finding.maybe_fix(edits.map(|edits| Fix {
                    title: format!("Replace with `{name}`").into(),
                    safety: conditions::safety_of_matching_more(statement, operator.base.negated),
                    edits,
                }));
            }
            if usable {
                let wild = operator.base.wildcards && value_type == ValueType::Arn;
                finding.severity(if wild { Severity::Info } else { Severity::Hint }).case("usable").note(if wild {
                    format!("A wildcard takes colons too, so it may match across the parts of an ARN. Write {right}, which compares part by part.")
                } else {
                    format!("It works letter by letter. Write {right}, which knows the type.")
                });
            } else {
                finding
                    .case("mismatch")
                    .note(format!("AWS accepts it, but it does not compare what is meant. Write {right}."));
            }
        }
    }
}

/// `None` where they fit; otherwise whether the condition can still do what is meant.
fn mismatch(family: Family, value_type: ValueType) -> Option<bool> {
    match (family, value_type) {
        (Family::Null, _)
        | (Family::String, ValueType::String)
        | (Family::Arn, ValueType::Arn)
        | (Family::Bool, ValueType::Bool)
        | (Family::Numeric, ValueType::Numeric)
        // A date may be given in seconds since 1970.
        | (Family::Numeric | Family::Date, ValueType::Date)
        | (Family::IpAddress, ValueType::IpAddress)
        | (Family::Binary, ValueType::Binary | ValueType::String)
        | (Family::String, ValueType::Binary) => None,
        (Family::String, ValueType::Arn | ValueType::Bool | ValueType::Numeric) => Some(true),
        // Several keys that AWS lists as texts hold ARNs, numbers or booleans.
        (Family::Arn | Family::Bool | Family::Numeric, ValueType::String) => Some(true),
        _ => Some(false),
    }
}

fn compared(family: Family) -> &'static str {
    match family {
        Family::String => "texts",
        Family::Numeric => "numbers",
        Family::Date => "dates",
        Family::Bool => "booleans",
        Family::Binary => "bytes",
        Family::IpAddress => "address ranges",
        Family::Arn => "ARNs",
        Family::Null => "nothing",
    }
}

fn operators_for(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::String => "`StringEquals` or `StringLike`",
        ValueType::Arn => "`ArnEquals` or `ArnLike`",
        ValueType::Bool => "`Bool`",
        ValueType::Numeric => "`NumericEquals` or another numeric operator",
        ValueType::Date => "`DateLessThan` or another date operator",
        ValueType::IpAddress => "`IpAddress` or `NotIpAddress`",
        ValueType::Binary => "`BinaryEquals`",
    }
}

/// The operator of the key's type that asks the same, with set qualifier and suffix.
fn meant(operator: &Operator, value_type: ValueType) -> Option<String> {
    let base = operator.base;
    if base.family != Family::String || base.name.ends_with("IgnoreCase") {
        return None;
    }
    let name = match (value_type, base.negated, base.wildcards) {
        (ValueType::Arn, false, false) => "ArnEquals",
        (ValueType::Arn, false, true) => "ArnLike",
        (ValueType::Arn, true, false) => "ArnNotEquals",
        (ValueType::Arn, true, true) => "ArnNotLike",
        (ValueType::Bool, false, _) => "Bool",
        (ValueType::Numeric, false, false) => "NumericEquals",
        (ValueType::Numeric, true, false) => "NumericNotEquals",
        (ValueType::IpAddress, false, _) => "IpAddress",
        (ValueType::IpAddress, true, _) => "NotIpAddress",
        _ => return None,
    };
    let set = match operator.qualifier {
        Some(SetQualifier::ForAllValues) => "ForAllValues:",
        Some(SetQualifier::ForAnyValue) => "ForAnyValue:",
        None => "",
    };
    Some(format!("{set}{name}{}", if operator.if_exists { "IfExists" } else { "" }))
}

/// Whether AWS takes the value under the operators of that type, and it means the same there.
fn fits(value: &Value, value_type: ValueType) -> bool {
    let Value::String(text) = value else {
        return matches!(
            (value, value_type),
            (Value::Bool(..), ValueType::Bool) | (Value::Number(_), ValueType::Numeric)
        );
    };
    let text = &*text.text;
    match value_type {
        ValueType::Arn => catalog::Arn::parse(text).is_ok(),
        ValueType::Bool => access::says(value, true).or(access::says(value, false)).is_yes(),
        ValueType::Numeric => text.parse::<f64>().is_ok(),
        ValueType::IpAddress => Range::parse(text).is_some(),
        _ => false,
    }
}
