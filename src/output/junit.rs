//! JUnit XML: a test suite for each file, a failed case for each finding.

use super::Results;
use super::untrusted::xml;
use std::fmt::Write as _;

pub(super) fn render(results: &Results<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let count = results.records.len();
    let _ = writeln!(out, "<testsuites name=\"passrole\" tests=\"{}\" failures=\"{count}\">", count.max(1));
    for records in results.records.chunk_by(|a, b| a.repository_path == b.repository_path) {
        let path = xml(&records[0].repository_path);
        let _ = writeln!(out, "  <testsuite name=\"{path}\" tests=\"{0}\" failures=\"{0}\">", records.len());
        for record in records {
            let _ = writeln!(
                out,
                "    <testcase name=\"{}\" classname=\"{path}\" file=\"{path}\" line=\"{}\">",
                xml(record.rule.id),
                record.start.line
            );
            let _ = writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{path}:{}:{} {}</failure>",
                record.severity.name(),
                xml(&record.message),
                record.start.line,
                record.start.column,
                xml(&record.note)
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
