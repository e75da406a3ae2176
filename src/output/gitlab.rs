//! GitLab's code quality report.

use super::{Results, fingerprint, untrusted};
use crate::diagnostic::Severity;
use serde_json::{Value, json};
use std::collections::HashMap;

pub(super) fn render(results: &Results<'_>) -> String {
    // GitLab takes issues with one fingerprint for one issue, in whichever files they are.
    let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
    let issues: Vec<Value> = results
        .records
        .iter()
        .map(|record| {
            let count = seen.entry((&record.repository_path, &record.fingerprint)).or_insert(0);
            *count += 1;
            json!({
                "description": record.message,
                "check_name": record.rule.id,
                "fingerprint": fingerprint(&record.fingerprint, &record.repository_path, &count.to_string()),
                "severity": match record.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info | Severity::Hint => "info",
                },
                "location": {
                    "path": record.repository_path,
                    "lines": { "begin": record.start.line, "end": record.end.line },
                },
            })
        })
        .collect();
    untrusted::json(&Value::Array(issues))
}
