//! JUnit XML: a test suite for each file, a failed case for each finding.

use super::Results;
use std::fmt::Write as _;

pub(super) fn render(results: &Results<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let count = results.records.len();
    let _ = writeln!(out, "<testsuites name=\"passrole\" tests=\"{}\" failures=\"{count}\">", count.max(1));
    for records in results.records.chunk_by(|a, b| a.path == b.path) {
        let path = escape(&records[0].path);
        let _ = writeln!(out, "  <testsuite name=\"{path}\" tests=\"{0}\" failures=\"{0}\">", records.len());
        for record in records {
            let _ = writeln!(
                out,
                "    <testcase name=\"{}\" classname=\"{path}\" file=\"{path}\" line=\"{}\">",
                escape(record.rule.id),
                record.start.line
            );
            let _ = writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{path}:{}:{} {}</failure>",
                record.severity.name(),
                escape(&record.message),
                record.start.line,
                record.start.column,
                escape(&record.note)
            );
            out.push_str("    </testcase>\n");
        }
        out.push_str("  </testsuite>\n");
    }
    if count == 0 {
        out.push_str("  <testsuite name=\"passrole\" tests=\"1\" failures=\"0\">\n");
        out.push_str("    <testcase name=\"no findings\" classname=\"passrole\"/>\n  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
