//! Condition operators.

use super::tables;

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    String,
    Numeric,
    Date,
    Bool,
    Binary,
    IpAddress,
    Arn,
    Null,
}

/// One of the 27 operators, without set qualifier and `IfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseOperator {
    pub name: &'static str,
    pub family: Family,
    /// It holds where the values differ.
    pub negated: bool,
    /// `*` and `?` in its values stand for other text.
    pub wildcards: bool,
    /// Policy variables are resolved in its values.
    pub variables: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetQualifier {
    ForAllValues,
    ForAnyValue,
}

/// An operator as a policy writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    pub base: &'static BaseOperator,
    pub qualifier: Option<SetQualifier>,
    pub if_exists: bool,
}

pub fn operators() -> impl Iterator<Item = &'static BaseOperator> + Clone {
    tables::OPERATORS.iter()
}

/// Reads `ForAnyValue:StringLikeIfExists`. Case does not count, to IAM neither. `None` for what IAM
/// refuses, `NullIfExists` included.
pub fn parse_operator(text: &str) -> Option<Operator> {
    let (qualifier, rest) = match text.split_once(':') {
        Some((set, rest)) if set.eq_ignore_ascii_case("ForAllValues") => {
            (Some(SetQualifier::ForAllValues), rest)
        }
        Some((set, rest)) if set.eq_ignore_ascii_case("ForAnyValue") => {
            (Some(SetQualifier::ForAnyValue), rest)
        }
        Some(_) => return None,
        None => (None, text),
    };
    let cut = rest.len().checked_sub("IfExists".len()).filter(|at| rest.is_char_boundary(*at));
    let (name, if_exists) = match cut {
        Some(at) if rest[at..].eq_ignore_ascii_case("IfExists") => (&rest[..at], true),
        _ => (rest, false),
    };
    let base = operators().find(|known| known.name.eq_ignore_ascii_case(name))?;
    (!(if_exists && base.family == Family::Null)).then_some(Operator { base, qualifier, if_exists })
}

impl Family {
    pub const fn name(self) -> &'static str {
        match self {
            Family::String => "String",
            Family::Numeric => "Numeric",
            Family::Date => "Date",
            Family::Bool => "Bool",
            Family::Binary => "Binary",
            Family::IpAddress => "IP address",
            Family::Arn => "ARN",
            Family::Null => "Null",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_read_with_qualifier_and_suffix() {
        assert_eq!(operators().count(), 27);
        let operator = parse_operator("ForAnyValue:StringLikeIfExists").unwrap();
        assert_eq!(operator.base.name, "StringLike");
        assert_eq!(operator.qualifier, Some(SetQualifier::ForAnyValue));
        assert!(operator.if_exists && operator.base.wildcards);
        assert_eq!(parse_operator("null").map(|operator| operator.base.family), Some(Family::Null));
        for wrong in ["StringEqual", "NullIfExists", "ForAll:StringEquals", "", "é", "IfExists"] {
            assert_eq!(parse_operator(wrong), None, "{wrong}");
        }
    }
}
