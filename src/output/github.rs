//! Annotations of GitHub Actions, by workflow commands.

use super::{Record, Results, concise, untrusted};
use crate::diagnostic::Severity;
use std::fmt::Write as _;

/// GitHub shows so many annotations of each kind that a step makes, and drops the others without a word.
const SHOWN: usize = 10;

const COMMANDS: [(&str, &[Severity]); 3] = [
    ("error", &[Severity::Error]),
    ("warning", &[Severity::Warning]),
    ("notice", &[Severity::Info, Severity::Hint]),
];

/// Of each kind as many as are shown, those that fail the run first; the others are lines of the log.
pub(super) fn render(results: &Results<'_>) -> String {
    let mut out = String::new();
    for (command, severities) in COMMANDS {
        let mut records: Vec<&Record> =
            results.records.iter().filter(|record| severities.contains(&record.severity)).collect();
        records.sort_by_key(|record| !record.gate);
        let (shown, others) = records.split_at(records.len().min(SHOWN));
        shown.iter().for_each(|record| annotation(&mut out, command, record));
        if !others.is_empty() {
            let _ = writeln!(
                out,
                "{} more of this kind, which GitHub would not show as annotations:",
                others.len()
            );
        }
        out.extend(others.iter().copied().map(concise::line));
    }
    out
}

fn annotation(out: &mut String, command: &str, record: &Record) {
    let mut note = if record.note.is_empty() { String::new() } else { format!("%0A{}", data(&record.note)) };
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

fn data(text: &str) -> String {
    // Without line ends, which would end the command.
    untrusted::line(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
