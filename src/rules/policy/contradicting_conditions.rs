use crate::access::{self, Case, Pattern, Test};
use crate::catalog::Family;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::StringValue;
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

/// Two conditions on the value: each wants it to be, or not to be, one of some texts.
fn values(statement: Statement<'_>, one: Test<'_>, other: Test<'_>, acc: &mut Findings) {
    let is_judged = |test: Test<'_>| {
        test.operator.base.family == Family::String
            && test.operator.qualifier.is_none()
            && !test.operator.if_exists
            && !test.operator.base.name.ends_with("IgnoreCase")
            && test.texts().count() == test.condition.values().len()
    };
    if !is_judged(one) || !is_judged(other) || is_list(one) {
        return;
    }
    match (one.operator.base.negated, other.operator.base.negated) {
        (true, true) => {}
        (false, false) => {
            let meet = one
                .texts()
                .any(|a| other.texts().any(|b| !pattern(one, a).meets(&pattern(other, b)).is_no()));
            if !meet {
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
            let all = wants
                .texts()
                .all(|a| bars.texts().any(|b| pattern(bars, b).covers(&pattern(wants, a)).is_yes()));
            if all {
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
