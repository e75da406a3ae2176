//! Findings as formats print them.

use crate::analysis::{INTERNAL_ERROR, Report};
use crate::diagnostic::Finding;
use crate::host::{Document, Placed, position_around};
use crate::output::{self, FixRecord, Record, RelatedRecord};
use crate::text::{LineColumn, LineIndex, Source, Span};

pub(super) fn records_of(report: &Report, name: &str, text: &str) -> Vec<Record> {
    if report.findings.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    report.findings.iter().map(|finding| record(finding, report, name, text, &lines)).collect()
}

fn record(finding: &Finding, report: &Report, path: &str, text: &str, lines: &LineIndex<'_>) -> Record {
    let document = report.document_at(finding.span);
    let pointer = report.pointer(finding);
    let anchor = anchor(&pointer, document, finding);
    Record {
        path: path.to_string(),
        file: 0,
        kind: document.map(|document| document.kind),
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        case: finding.case,
        message: finding.message.to_string(),
        note: finding.note.to_string(),
        span: finding.span,
        start: lines.scalars(finding.span.start),
        end: lines.scalars(finding.span.end),
        start_utf16: lines.utf16(finding.span.start),
        end_utf16: lines.utf16(finding.span.end),
        fingerprint: output::fingerprint(finding.rule.id, &anchor, &text.slice(finding.span)),
        pointer,
        related: finding
            .related
            .iter()
            .map(|related| RelatedRecord {
                message: related.message.to_string(),
                span: related.span,
                start: lines.scalars(related.span.start),
                end: lines.scalars(related.span.end),
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| FixRecord { title: fix.title.to_string(), safety: fix.safety }),
    }
}

/// The pointer without positions in lists, which change when things move; with the name of the
/// statement or container instead, where it has one.
fn anchor(pointer: &str, document: Option<&Document>, finding: &Finding) -> String {
    let name = document.and_then(|document| {
        let around = position_around(&document.units, Placed::span, finding.span)?;
        let unit = &document.units[around];
        let object = unit.unit.value.as_object()?;
        object.string("Sid").or_else(|| object.string("name")).map(|name| name.text.to_string())
    });
    let plain: Vec<&str> = pointer
        .split('/')
        .filter(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    format!("{}#{}", plain.join("/"), name.unwrap_or_default())
}

/// In place of the findings of a file that could not be checked.
pub(super) fn internal_error(path: &str) -> Record {
    let start = LineColumn { line: 1, column: 1 };
    Record {
        path: path.to_string(),
        file: 0,
        kind: None,
        rule: &INTERNAL_ERROR,
        severity: INTERNAL_ERROR.severity,
        confidence: INTERNAL_ERROR.confidence,
        case: "",
        message: format!("`{path}` could not be checked"),
        note: "This is a defect of passrole, not of the file. Please report it with the file.".to_string(),
        span: Span::default(),
        start,
        end: start,
        start_utf16: start,
        end_utf16: start,
        pointer: String::new(),
        fingerprint: output::fingerprint(INTERNAL_ERROR.id, "", path),
        related: Vec::new(),
        fix: None,
    }
}
