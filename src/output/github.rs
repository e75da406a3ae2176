//! Annotations of GitHub Actions, by workflow commands.

use super::{Results, untrusted};
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
        let mut note =
            if record.note.is_empty() { String::new() } else { format!("%0A{}", data(&record.note)) };
        // An annotation has one place: what stands in other files is told in words.
        for related in &record.related {
            if let Some(file) = &related.elsewhere {
                let place = format!("{}:{}: {}", file.repository_path, related.start.line, related.message);
                note.push_str("%0A");
                note.push_str(&data(&place));
            }
        }
        // A range over several lines is shown at its first.
        let end = if record.end.line == record.start.line {
            format!(",endColumn={}", record.end.column)
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "::{command} file={},line={},col={}{end},title={}::{}{note}",
            property(&record.repository_path),
            record.start.line,
            record.start.column,
            property(record.rule.id),
            data(&record.message)
        );
    }
    out
}

fn data(text: &str) -> String {
    // Without line ends, which would end the command.
    untrusted::line(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
