use crate::access::{self, AddressRange, Case, Pattern, Test};
use crate::catalog::Family;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::{StringValue, Value};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions of one statement on one key that cannot hold together.
    ///
    /// All operators of a statement must hold. A key that has to be absent (`"Null": "true"`) has no value, so a
    /// condition on its value does not hold; a value that has to be `a` and to begin with `b` is none.
    ///
    /// ```json
    /// "Effect": "Deny",
    /// "Condition": {
    ///   "Null": { "s3:x-amz-server-side-encryption": "true" },
    ///   "StringNotEquals": { "s3:x-amz-server-side-encryption": "aws:kms" }
    /// }
    /// ```
    ///
    /// That one denies requests without the header alone: with the wrong value, `Null` does not hold. Two things that
    /// are each to be denied take two statements.
    ///
    /// AWS: "Conditions with multiple context keys or values" in the IAM user guide.
    pub ContradictingConditions {
        id: "contradicting-conditions",
        group: Policy,
        reads: [Statement],
        cases: ["disjoint", "excluded", "null", "null-negated"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "two conditions on one key cannot hold together",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for ContradictingConditions {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        // Where a template chooses, conditions of both its outcomes stand side by side.
        if access::is_chosen(statement) {
            return;
        }
        let tests: Vec<Test<'_>> =
            access::tests(statement).filter(|test| test.is_known()).take(MOST).collect();
        for (index, one) in tests.iter().enumerate() {
            for other in &tests[index + 1..] {
                if one.is_on(other.key()) && !one.has_empty_list() && !other.has_empty_list() {
                    check(statement, *one, *other, acc);
                }
            }
        }
    }
}

/// Longer conditions are written by machines.
const MOST: usize = 64;

fn check(statement: Statement<'_>, one: Test<'_>, other: Test<'_>, acc: &mut Findings) {
    let (null, value) = match (one.operator.base.family, other.operator.base.family) {
        (Family::Null, Family::Null) => return,
        (Family::Null, _) => (one, other),
        (_, Family::Null) => (other, one),
        _ => return values(statement, one, other, acc),
    };
    // The key has to be absent.
    let is_absent = null.condition.values().iter().all(|it| access::says(it, true).is_yes());
    if !is_absent {
        return;
    }
    let without = value.holds_without_key();
    let span = value.condition.key.content_span();
    if without.is_no() {
        acc.report(span, format!("`{}` has to be absent and to have a value", value.key()))
            .related(null.condition.key.span, "it has to be absent here")
            .case("null")
            .note(format!("Both cannot hold, so {}. Take one of them out.", outcome(statement)));
    } else if value.operator.base.negated && value.operator.qualifier.is_none() && !value.operator.if_exists {
        acc.report(span, format!("`{}` has to be absent, so its value decides nothing", value.key()))
            .related(null.condition.key.span, "it has to be absent here")
            .case("null-negated")
            .note(if statement.allows() {
                "The condition holds without the key. Take one of the two out."
            } else {
                "A request with a wrong value is not denied. Write a statement of its own for each of the two."
            });
    }
}

fn outcome(statement: Statement<'_>) -> &'static str {
    if statement.allows() { "the statement allows nothing" } else { "the statement denies nothing" }
}

/// Two conditions on the value: each wants it to be, or not to be, one of some texts, or to lie in a range.
fn values(statement: Statement<'_>, one: Test<'_>, other: Test<'_>, acc: &mut Findings) {
    let is_judged = |test: Test<'_>| {
        test.operator.qualifier.is_none()
            && !test.operator.if_exists
            && !test.operator.base.name.ends_with("IgnoreCase")
            && test
                .condition
                .values()
                .iter()
                .all(|value| !matches!(value, Value::Object(_) | Value::Array(_)))
    };
    if !is_judged(one) || !is_judged(other) || is_list(one) {
        return;
    }
    match (one.operator.base.negated, other.operator.base.negated) {
        (true, true) => {}
        (false, false) => {
            if meet(one, other) == Some(false) {
                acc.report(
                    other.condition.key.content_span(),
                    format!("no value of `{}` meets both conditions", other.key()),
                )
                .related(one.condition.key.span, "the other one is here")
                .case("disjoint")
                .note(format!(
                    "All operators of a statement must hold, so {}. Put values of which one is enough under one operator.",
                    outcome(statement)
                ));
            }
        }
        (one_is_negated, _) => {
            let (wants, bars) = if one_is_negated { (other, one) } else { (one, other) };
            if are_barred(wants, bars) {
                acc.report(
                    bars.condition.key.content_span(),
                    format!("every value that `{}` may have is excluded again", bars.key()),
                )
                .related(wants.condition.key.span, "the values are here")
                .case("excluded")
                .severity(Severity::Warning)
                .note(format!("Both cannot hold, so {}. Take one of them out.", outcome(statement)));
            }
        }
    }
}

/// Whether some value meets both conditions; `None` where that is not known.
fn meet(one: Test<'_>, other: Test<'_>) -> Option<bool> {
    let any = |meets: &dyn Fn(&StringValue, &StringValue) -> bool| {
        one.texts().any(|a| other.texts().any(|b| meets(a, b)))
    };
    match (one.operator.base.family, other.operator.base.family) {
        (Family::String | Family::Arn, Family::String | Family::Arn)
            if all_texts(one) && all_texts(other) =>
        {
            Some(any(&|a, b| !pattern(one, a).meets(&pattern(other, b)).is_no()))
        }
        (Family::Bool, Family::Bool) => {
            let says = |test: Test<'_>, wanted| {
                test.condition.values().iter().any(|it| access::says(it, wanted).is_yes())
            };
            let both = |wanted| says(one, wanted) && says(other, wanted);
            Some(both(true) || both(false))
        }
        (Family::IpAddress, Family::IpAddress) if all_texts(one) && all_texts(other) => {
            let range = |text: &StringValue| AddressRange::parse(&text.text);
            if one.texts().chain(other.texts()).any(|text| range(text).is_none()) {
                return None;
            }
            Some(any(&|a, b| match (range(a), range(b)) {
                (Some(a), Some(b)) => a.covers(b) || b.covers(a),
                _ => true,
            }))
        }
        (Family::Numeric | Family::Date, Family::Numeric | Family::Date) => {
            let (one, other) = (Bounds::of(one)?, Bounds::of(other)?);
            Some(one.meets(&other))
        }
        _ => None,
    }
}

/// Whether everything that one condition asks for is excluded by the other.
fn are_barred(wants: Test<'_>, bars: Test<'_>) -> bool {
    if !all_texts(wants) || !all_texts(bars) {
        return false;
    }
    let all = |bars_it: &dyn Fn(&StringValue, &StringValue) -> bool| {
        wants.texts().next().is_some() && wants.texts().all(|a| bars.texts().any(|b| bars_it(b, a)))
    };
    match (wants.operator.base.family, bars.operator.base.family) {
        (Family::String | Family::Arn, Family::String | Family::Arn) => {
            all(&|b, a| pattern(bars, b).covers(&pattern(wants, a)).is_yes())
        }
        (Family::IpAddress, Family::IpAddress) => {
            all(&|b, a| match (AddressRange::parse(&b.text), AddressRange::parse(&a.text)) {
                (Some(b), Some(a)) => b.covers(a),
                _ => false,
            })
        }
        _ => false,
    }
}

fn all_texts(test: Test<'_>) -> bool {
    test.texts().count() == test.condition.values().len()
}

/// What a numeric or date condition leaves: at least, at most, whether the bounds themselves are left out.
struct Bounds {
    least: f64,
    most: f64,
    is_open: bool,
}

impl Bounds {
    fn of(test: Test<'_>) -> Option<Bounds> {
        let [only] = test.condition.values() else { return None };
        let value = match only {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => number_of(&text.text)?,
            _ => return None,
        };
        let name = test.operator.base.name;
        let (least, most) = if name.ends_with("LessThan") || name.ends_with("LessThanEquals") {
            (f64::NEG_INFINITY, value)
        } else if name.ends_with("GreaterThan") || name.ends_with("GreaterThanEquals") {
            (value, f64::INFINITY)
        } else {
            (value, value)
        };
        Some(Bounds { least, most, is_open: name.ends_with("Than") })
    }

    fn meets(&self, other: &Bounds) -> bool {
        let (least, most) = (self.least.max(other.least), self.most.min(other.most));
        least < most || least == most && !(self.is_open || other.is_open)
    }
}

/// A number, or a moment as `2026-12-01T00:00:00Z`: of two of these, the later one is the larger.
fn number_of(text: &str) -> Option<f64> {
    if let Ok(number) = text.parse::<f64>() {
        return Some(number);
    }
    let digits: String =
        text.strip_suffix('Z').unwrap_or(text).chars().filter(char::is_ascii_digit).collect();
    let is_moment = text.ends_with('Z') && text.contains('T') || text.len() == 10;
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'-' | b':' | b'T' | b'Z'));
    if !is_moment || !is_plain || digits.len() < 8 {
        return None;
    }
    format!("{digits:0<14}").get(..14)?.parse().ok()
}

/// Whether a request may carry several values of the key: some of them may meet one condition, some the other.
fn is_list(test: Test<'_>) -> bool {
    let of_a_provider = test.key().split(':').next().is_some_and(|prefix| prefix.contains('.'));
    !of_a_provider && crate::catalog::condition_key(test.key()).is_none_or(|known| known.is_multivalued())
}

/// A value as its operator reads it.
fn pattern<'a>(test: Test<'a>, text: &'a StringValue) -> Pattern<'a> {
    if test.operator.base.wildcards {
        Pattern::of(text, Case::Counts)
    } else {
        Pattern::literal(text, 0..text.text.len())
    }
}
