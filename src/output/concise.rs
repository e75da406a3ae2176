//! One finding a line: `path:line:column: severity[rule] message`.

use super::Results;
use std::fmt::Write as _;

pub(super) fn render(results: &Results<'_>) -> String {
    let mut out = String::new();
    for record in results.records {
        let _ = writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            record.path,
            record.start.line,
            record.start.column,
            record.severity.name(),
            record.rule.id,
            record.message
        );
    }
    out
}
