//! How many findings each rule has, in place of the findings.

use super::{Format, Record, Results, text, untrusted};
use crate::diagnostic::{RuleMeta, Severity};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One rule's findings of one severity.
pub struct Count {
    pub rule: &'static RuleMeta,
    pub severity: Severity,
    pub count: usize,
    pub fixable: usize,
}

/// The most first.
pub fn counts(records: &[Record]) -> Vec<Count> {
    let mut by_rule: BTreeMap<(&str, Severity), Count> = BTreeMap::new();
    for record in records {
        let new = || Count { rule: record.rule, severity: record.severity, count: 0, fixable: 0 };
        let count = by_rule.entry((record.rule.id, record.severity)).or_insert_with(new);
        count.count += 1;
        count.fixable += usize::from(record.fix.is_some());
    }
    let mut counts: Vec<Count> = by_rule.into_values().collect();
    counts.sort_by_key(|it| std::cmp::Reverse(it.count));
    counts
}

pub(super) fn render(format: Format, results: &Results<'_>) -> String {
    let counts = counts(results.records);
    if format == Format::Json {
        let rows: Vec<_> = counts
            .iter()
            .map(|it| {
                json!({
                    "rule": it.rule.id,
                    "severity": it.severity.name(),
                    "count": it.count,
                    "fixable": it.fixable,
                })
            })
            .collect();
        return untrusted::json(&json!({ "schema": 1, "statistics": rows, "summary": results.summary }));
    }
    let mut out = String::new();
    for it in &counts {
        let fixable = if it.fixable > 0 { format!(", {} fixable", it.fixable) } else { String::new() };
        let _ = writeln!(
            out,
            "{:>6}  {:<7}  {} ({}{fixable})",
            it.count,
            it.severity.name(),
            it.rule.id,
            it.rule.summary
        );
    }
    if !results.quiet {
        out.push_str(&text::summary(results));
    }
    out
}
