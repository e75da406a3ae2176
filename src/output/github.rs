//! Annotations of GitHub Actions, by workflow commands.

use super::Results;
use crate::diagnostic::Severity;
use std::fmt::Write as _;

pub(super) fn render(results: &Results<'_>) -> String {
    let mut out = String::new();
    for record in results.records {
        let command = match record.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Hint => "notice",
        };
        let note = if record.note.is_empty() { String::new() } else { format!("\n{}", record.note) };
        // A range over several lines is shown at its first.
        let end = if record.end.line == record.start.line {
            format!(",endColumn={}", record.end.column)
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "::{command} file={},line={},col={}{end},title={}::{}",
            property(&record.path),
            record.start.line,
            record.start.column,
            property(record.rule.id),
            data(&format!("{}{note}", record.message))
        );
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
