//! From a report's findings to the records that formats print.

use crate::analysis::{Excepted, INTERNAL_ERROR, Report};
use crate::diagnostic::Finding;
use crate::host::value::Value;
use crate::host::{Document, name_of};
use crate::output::{self, FixRecord, Record, RelatedRecord, Secrets, SuppressedRecord};
use crate::text::{LineColumn, LineIndex, Span};

/// What the text holds that no output may repeat.
pub(super) fn secrets_of(report: &Report, text: &str) -> Secrets {
    if report.parsed.is_plan(text) {
        return Secrets::outside(report.documents.iter().map(|it| it.span), text.len() as u32);
    }
    let all = report.findings.iter().chain(report.excepted.iter().map(|it| &it.finding));
    Secrets::of(text, all.filter(|it| it.is_secret).map(|it| it.span))
}

/// The path in the repository, and the file's index, are for the caller to add.
pub(super) fn records_of(report: &Report, name: &str, text: &str, secrets: &Secrets) -> Vec<Record> {
    if report.findings.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    report.findings.iter().map(|finding| record(finding, report, name, text, &lines, secrets)).collect()
}

/// The same of what a suppression keeps from being told.
pub(super) fn suppressed_of(report: &Report, name: &str, text: &str, secrets: &Secrets) -> Vec<Record> {
    if report.excepted.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let record_of = |excepted: &Excepted| {
        let by = SuppressedRecord {
            reason: secrets.out_of(&excepted.by.reason).into_owned(),
            until: excepted.by.until,
            origin: excepted.by.origin,
        };
        Record { suppressed: Some(by), ..record(&excepted.finding, report, name, text, &lines, secrets) }
    };
    report.excepted.iter().map(record_of).collect()
}

fn record(
    finding: &Finding,
    report: &Report,
    path: &str,
    text: &str,
    lines: &LineIndex<'_>,
    secrets: &Secrets,
) -> Record {
    let document = report.document_at(finding.span);
    let pointer = report.pointer(finding);
    let anchor = anchor(&pointer, document, finding);
    let value = secrets.left_out(text, finding.span);
    let fingerprint = |rule: &str| output::fingerprint(rule, &anchor, &value);
    Record {
        path: path.to_string(),
        repository_path: String::new(),
        file: 0,
        kind: document.map(|document| document.kind),
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        case: finding.case,
        message: secrets.out_of(&finding.message).into_owned(),
        note: secrets.out_of(&finding.note).into_owned(),
        span: finding.span,
        start: lines.scalars(finding.span.start),
        end: lines.scalars(finding.span.end),
        start_utf16: lines.utf16(finding.span.start),
        end_utf16: lines.utf16(finding.span.end),
        fingerprint: fingerprint(finding.rule.id),
        formerly: finding.rule.formerly.iter().map(|former| (*former, fingerprint(former))).collect(),
        pointer,
        origin: document.and_then(|it| it.owner.as_ref()?.origin.as_deref()).map(str::to_string),
        related: finding
            .related
            .iter()
            .map(|related| RelatedRecord {
                message: secrets.out_of(&related.message).into_owned(),
                span: related.span,
                start: lines.scalars(related.span.start),
                end: lines.scalars(related.span.end),
            })
            .collect(),
        fix: finding
            .fix
            .as_ref()
            .map(|fix| FixRecord { title: secrets.out_of(&fix.title).into_owned(), safety: fix.safety }),
        suppressed: None,
    }
}

/// The pointer without positions in lists, which change when things move; with the name of the
/// statement or container instead, where it has one.
fn anchor(pointer: &str, document: Option<&Document>, finding: &Finding) -> String {
    let unit = document.and_then(|document| Some(&document.units[document.unit_at(finding.span)?]));
    let mut name =
        document.and_then(|document| document.name_at(finding.span)).unwrap_or_default().to_string();
    // The value of a secret may not tell findings apart; its variable's name does.
    if finding.is_secret
        && let Some(unit) = unit
        && let Some(variable) = variable_of(&unit.unit.value, finding.span.start.saturating_sub(unit.base))
    {
        name = format!("{name}/{variable}");
    }
    let plain: Vec<&str> = pointer
        .split('/')
        .filter(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    format!("{}#{name}", plain.join("/"))
}

/// The name of the object in a list of objects that the place is in.
fn variable_of(unit: &Value, offset: u32) -> Option<String> {
    let object = unit.as_object()?;
    let around = |span: Span| span.start <= offset && offset < span.end;
    let list = object.members.iter().find(|member| around(member.value.span()))?;
    let Value::Array(list) = &list.value else { return None };
    name_of(list.items.iter().find(|item| around(item.span()))?.as_object()?).map(str::to_string)
}

/// In place of the findings of a file that could not be checked.
pub(super) fn internal_error(path: &str) -> Record {
    let start = LineColumn { line: 1, column: 1 };
    Record {
        path: path.to_string(),
        repository_path: String::new(),
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
        origin: None,
        fingerprint: output::fingerprint(INTERNAL_ERROR.id, "", path),
        formerly: Vec::new(),
        related: Vec::new(),
        fix: None,
        suppressed: None,
    }
}
