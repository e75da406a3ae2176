use super::covering;
use crate::access::AddressRange as Range;
use crate::access::{self, Test};
use crate::catalog::Family;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Arn, PolicyContext, Statement, wildcard_matches};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::{HashMap, HashSet};

declare_rule! {
    /// Finds condition values that change nothing, because another one of the list covers them.
    ///
    /// A condition holds where one of its values fits. Of two upper bounds only the higher counts, of two
    /// lower bounds only the lower; a pattern covers the names that fit it, a range the ranges within.
    ///
    /// ```json
    /// "Condition": { "NumericLessThan": { "s3:max-keys": ["10", "100"] } }
    /// ```
    ///
    /// Remove what is covered, or the wider one if the narrow one was meant to count.
    ///
    /// AWS: "Conditions with multiple context keys or values" in the IAM user guide.
    pub RedundantConditionValue {
        id: "redundant-condition-value",
        group: Policy,
        reads: [Statement],
        cases: ["bound", "pattern", "range", "repeated"],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "a value of a condition is covered by another one",
        sources: ["access-analyzer/REDUNDANT_CONDITION_VALUE_NUM"],
        fix: Safe,
        since: "0.1.0",
    }
}

impl Rule for RedundantConditionValue {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            let Value::Array(array) = test.condition.value else { continue };
            if array.items.len() < 2 || array.is_choice() || test.operator.base.family == Family::Null {
                continue;
            }
            let mut gone: HashSet<usize> = HashSet::new();
            let mut report = |index: usize, by: usize, case: &'static str, message: String| {
                let (Some(value), Some(wider)) = (array.items.get(index), array.items.get(by)) else {
                    return;
                };
                if gone.contains(&index) || gone.contains(&by) {
                    return;
                }
                gone.insert(index);
                let finding = acc.report(span(value), message);
                finding
                    .related(wider.span(), "covered by this one")
                    .case(case)
                    .note("A condition holds where one of its values fits. Remove the one that changes nothing.")
                    .fix(Fix::safe(
                        "Remove the value",
                        vec![Edit::RemoveItem { span: value.span() }],
                    ));
                if case != "bound" {
                    finding.severity(Severity::Hint);
                }
            };
            repeated(test, &array.items, &mut report);
            match test.operator.base.family {
                Family::Numeric => bounds(test, &array.items, &mut report),
                Family::String if test.operator.base.wildcards => {
                    patterns(&array.items, covers, &mut report);
                }
                Family::Arn => patterns(&array.items, arn_covers, &mut report),
                Family::IpAddress => ranges(&array.items, &mut report),
                _ => {}
            }
        }
    }
}

type Report<'r> = &'r mut dyn FnMut(usize, usize, &'static str, String);

fn span(value: &Value) -> Span {
    match value {
        Value::String(text) if !text.text.is_empty() => text.content_span(),
        other => other.span(),
    }
}

fn written(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) if !text.has_unknown() => Some(&text.text),
        Value::Number(number) => Some(&number.text),
        _ => None,
    }
}

fn repeated(test: Test<'_>, items: &[Value], report: Report<'_>) {
    let ignore_case = test.operator.base.name.ends_with("IgnoreCase");
    let same = |a: &str, b: &str| a == b || ignore_case && a.eq_ignore_ascii_case(b);
    let texts = || items.iter().enumerate().filter_map(|(index, value)| Some((index, written(value)?)));
    // Most lists are short; long ones are worth a table.
    if items.len() <= 16 {
        for (index, text) in texts() {
            if let Some((first, _)) = texts().take_while(|it| it.0 < index).find(|it| same(it.1, text)) {
                report(index, first, "repeated", format!("`{text}` is in the list twice"));
            }
        }
        return;
    }
    let mut seen = HashMap::new();
    for (index, text) in texts() {
        let key = if ignore_case { text.to_ascii_lowercase() } else { text.to_string() };
        if let Some(first) = seen.get(&key) {
            report(index, *first, "repeated", format!("`{text}` is in the list twice"));
        } else {
            seen.insert(key, index);
        }
    }
}

fn bounds(test: Test<'_>, items: &[Value], report: Report<'_>) {
    let upper = test.operator.base.name.contains("LessThan");
    if !upper && !test.operator.base.name.contains("GreaterThan") {
        return;
    }
    let numbers: Vec<(usize, f64)> = items
        .iter()
        .enumerate()
        .filter_map(|(index, value)| Some((index, written(value)?.trim().parse::<f64>().ok()?)))
        .filter(|(_, number)| number.is_finite())
        .collect();
    let wider =
        |a: &(usize, f64), b: &(usize, f64)| if upper { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) };
    let Some(&(widest, bound)) = numbers.iter().max_by(|a, b| wider(a, b)) else { return };
    for &(index, number) in numbers.iter().filter(|(_, number)| *number != bound) {
        let word = if upper { "higher" } else { "lower" };
        report(
            index,
            widest,
            "bound",
            format!("the bound `{number}` does nothing beside the {word} `{bound}`"),
        );
    }
}

fn patterns(items: &[Value], covers: fn(&str, &str) -> bool, report: Report<'_>) {
    let written: Vec<(usize, &str)> = items
        .iter()
        .enumerate()
        .filter_map(|(index, value)| Some((index, written(value)?)))
        .filter(|(_, text)| !text.contains("${"))
        .collect();
    // What is there twice has been reported as that.
    let mut seen = HashSet::new();
    let once: Vec<(usize, &str)> = written.into_iter().filter(|(_, text)| seen.insert(*text)).collect();
    let texts: Vec<&str> = once.iter().map(|(_, text)| *text).collect();
    for (index, by) in covering::covered(&texts, covers) {
        let ((index, text), (by, pattern)) = (once[index], once[by]);
        report(index, by, "pattern", format!("`{text}` is covered by `{pattern}`"));
    }
}

/// Whether all that fits `text` fits `pattern`. A question mark stands for no star.
fn covers(pattern: &str, text: &str) -> bool {
    !(pattern.contains('?') && text.contains('*')) && wildcard_matches(pattern, text, false)
}

/// The same part by part, as the operators for ARNs compare.
fn arn_covers(pattern: &str, text: &str) -> bool {
    let (Ok(pattern), Ok(text)) = (Arn::parse(pattern), Arn::parse(text)) else { return false };
    covers(pattern.partition, text.partition)
        && covers(pattern.service, text.service)
        && covers(pattern.region, text.region)
        && covers(pattern.account, text.account)
        && covers(pattern.resource, text.resource)
}

fn ranges(items: &[Value], report: Report<'_>) {
    let ranges: Vec<(usize, &str, Range)> = items
        .iter()
        .enumerate()
        .filter_map(|(index, value)| {
            let text = written(value)?;
            Some((index, text, Range::parse(text)?))
        })
        .collect();
    // Ranges lie apart or one within the other: the widest around one is the first that begins there or before and
    // has not ended.
    let mut sorted: Vec<usize> = (0..ranges.len()).collect();
    sorted.sort_by_key(|at| {
        let (index, _, range) = ranges[*at];
        (range.address.is_ipv6(), range.network(), range.mask, index)
    });
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut widest: Option<usize> = None;
    for at in sorted {
        match widest.filter(|wide| ranges[*wide].2.covers(ranges[at].2)) {
            // The same text has been reported as that.
            Some(wide) if ranges[wide].1 != ranges[at].1 => found.push((at, wide)),
            Some(_) => {}
            None => widest = Some(at),
        }
    }
    found.sort_unstable();
    for (at, wide) in found {
        let ((index, text, _), (by, wide, _)) = (ranges[at], ranges[wide]);
        report(index, by, "range", format!("`{text}` lies within `{wide}`"));
    }
}
