//! One finding a line: `path:line:column: severity[rule] message`.

use super::{Record, Results, untrusted};

pub(super) fn render(results: &Results<'_>) -> String {
    results.records.iter().map(line).collect()
}

/// A finding and its line end.
pub(super) fn line(record: &Record) -> String {
    let found = format!(
        "{}:{}:{}: {}[{}] {}",
        record.repository_path,
        record.start.line,
        record.start.column,
        record.severity.name(),
        record.rule.id,
        record.message
    );
    format!("{}\n", untrusted::line(&found))
}
