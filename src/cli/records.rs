//! From a report's findings to the records that formats print.

use crate::analysis::gate::Gate;
use crate::analysis::{Excepted, INTERNAL_ERROR, Report};
use crate::diagnostic::{Finding, Safety};
use crate::host::value::Value;
use crate::host::{Document, name_of};
use crate::output::{
    self, EditRecord, FixRecord, Record, RelatedFile, RelatedRecord, Secrets, SuppressedRecord,
};
use crate::text::{LineColumn, LineIndex, Span, TextEdit};

/// What the text holds that no output may repeat.
pub(super) fn secrets_of(report: &Report, text: &str) -> Secrets {
    if report.parsed.is_plan(text) {
        return Secrets::outside(report.documents.iter().map(|it| it.span), text.len() as u32);
    }
    let all = report.findings.iter().chain(report.excepted.iter().map(|it| &it.finding));
    Secrets::of(text, all.filter(|it| it.is_secret).map(|it| it.span))
}

/// Another file, by its path as the project has it: what it is called here, and its text.
pub(super) type LookUpElsewhere<'e> = &'e dyn Fn(&str) -> Option<(RelatedFile, String)>;

/// The path in the repository, and the file's index, are for the caller to add.
pub(super) fn records_of(
    report: &Report,
    name: &str,
    text: &str,
    secrets: &Secrets,
    elsewhere: LookUpElsewhere<'_>,
) -> Vec<Record> {
    if report.findings.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let of = |finding| record(finding, report, name, text, &lines, secrets, elsewhere);
    report.findings.iter().map(of).collect()
}

/// Writes down what the fixes of a report's records change, as far as they pass the gate: the records are those of
/// its findings, in their order.
pub(super) fn write_edits(records: &mut [Record], report: &Report, text: &str, secrets: &Secrets) {
    let lines = LineIndex::new(text);
    let mut gate = Gate::new(text.to_string(), report.clone());
    let wanted = |fix: &FixRecord| fix.safety != Safety::Grants;
    let fixable = records.iter().enumerate().filter(|(_, record)| record.fix.as_ref().is_some_and(wanted));
    let fixable: Vec<usize> = fixable.map(|(index, _)| index).collect();
    for candidate in gate.candidates(fixable, &mut Vec::new()) {
        let fix = records.get_mut(candidate.finding).and_then(|record| record.fix.as_mut());
        let Some(fix) = fix.filter(|_| gate.judge(&candidate).is_ok()) else { continue };
        let edit = |edit: &TextEdit| EditRecord {
            start_utf16: lines.utf16(edit.span.start),
            end_utf16: lines.utf16(edit.span.end),
            text: secrets.out_of(&edit.text).into_owned(),
        };
        fix.edits = candidate.edits.iter().map(edit).collect();
    }
}

/// The same of what a suppression keeps from being told.
pub(super) fn suppressed_of(
    report: &Report,
    name: &str,
    text: &str,
    secrets: &Secrets,
    elsewhere: LookUpElsewhere<'_>,
) -> Vec<Record> {
    if report.excepted.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let record_of = |excepted: &Excepted| {
        let by = SuppressedRecord {
            reason: secrets.out_of(&excepted.by.reason).into_owned(),
            until: excepted.by.until,
            origin: excepted.by.origin,
            owner: excepted.by.owner.as_deref().map(|owner| secrets.out_of(owner).into_owned()),
        };
        Record {
            suppressed: Some(by),
            ..record(&excepted.finding, report, name, text, &lines, secrets, elsewhere)
        }
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
    elsewhere: LookUpElsewhere<'_>,
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
        gate: report.fails(finding),
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
        anchor,
        origin: document.and_then(|it| it.owner.as_ref()?.origin.as_deref()).map(str::to_string),
        related: finding
            .related
            .iter()
            .filter_map(|related| {
                let at = |lines: &LineIndex<'_>| {
                    let Span { start, end } = related.span;
                    [lines.scalars(start), lines.scalars(end), lines.utf16(start), lines.utf16(end)]
                };
                let (elsewhere, [start, end, start_utf16, end_utf16]) = match &related.file {
                    None => (None, at(lines)),
                    Some(file) => {
                        let (file, text) = elsewhere(file)?;
                        (Some(file), at(&LineIndex::new(&text)))
                    }
                };
                let message = secrets.out_of(&related.message).into_owned();
                let span = related.span;
                Some(RelatedRecord { elsewhere, message, span, start, end, start_utf16, end_utf16 })
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| FixRecord {
            title: secrets.out_of(&fix.title).into_owned(),
            safety: fix.safety,
            is_elsewhere: finding.fix_file.is_some(),
            edits: Vec::new(),
        }),
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
        gate: false,
        message: format!("`{path}` could not be checked"),
        note: "This is a defect of passrole, not of the file. Please report it with the file.".to_string(),
        span: Span::default(),
        start,
        end: start,
        start_utf16: start,
        end_utf16: start,
        pointer: String::new(),
        anchor: String::new(),
        origin: None,
        fingerprint: output::fingerprint(INTERNAL_ERROR.id, "", path),
        formerly: Vec::new(),
        related: Vec::new(),
        fix: None,
        suppressed: None,
    }
}
