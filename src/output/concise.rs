//! One finding a line: `path:line:column: severity[rule] message`.

use super::{Results, untrusted};
use std::fmt::Write as _;

pub(super) fn render(results: &Results<'_>) -> String {
    let mut out = String::new();
    for record in results.records {
        let found = format!(
            "{}:{}:{}: {}[{}] {}",
            record.repository_path,
            record.start.line,
            record.start.column,
            record.severity.name(),
            record.rule.id,
            record.message
        );
        let _ = writeln!(out, "{}", untrusted::line(&found));
    }
    out
}
