//! GitLab's code quality report.

use super::Results;
use crate::diagnostic::Severity;
use serde_json::{Value, json};

pub(super) fn render(results: &Results<'_>) -> String {
    let issues: Vec<Value> = results
        .records
        .iter()
        .map(|record| {
            json!({
                "description": record.message,
                "check_name": record.rule.id,
                "fingerprint": record.fingerprint,
                "severity": match record.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info | Severity::Hint => "info",
                },
                "location": {
                    "path": record.path.strip_prefix("./").unwrap_or(&record.path),
                    "lines": { "begin": record.start.line, "end": record.end.line },
                },
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(issues))
}
