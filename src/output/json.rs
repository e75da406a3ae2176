//! passrole's own JSON, schema 1: a contract.

use super::{Results, untrusted};
use crate::text::LineColumn;
use serde_json::{Value, json};

pub(super) fn render(results: &Results<'_>) -> String {
    let findings: Vec<Value> = results
        .records
        .iter()
        .map(|record| {
            let related: Vec<Value> = record
                .related
                .iter()
                .map(|related| {
                    json!({
                        "path": related.elsewhere.as_ref().map_or(&record.path, |file| &file.path),
                        "message": related.message,
                        "start": place(related.start),
                        "end": place(related.end),
                    })
                })
                .collect();
            let mut finding = json!({
                "path": record.path,
                "kind": record.kind.map(|kind| kind.name()),
                "rule": record.rule.id,
                "case": record.case,
                "severity": record.severity.name(),
                "gate": record.gate,
                "confidence": record.confidence.name(),
                "message": record.message,
                "note": record.note,
                "start": place(record.start),
                "end": place(record.end),
                "pointer": record.pointer,
                "fingerprint": record.fingerprint,
                "related": related,
                "fixable": record.fix.is_some(),
                "fix": record.fix.as_ref().map(|fix| json!({ "title": fix.title, "safety": fix.safety.name() })),
            });
            if let Some(origin) = &record.origin {
                finding["origin"] = json!(origin);
            }
            finding
        })
        .collect();
    untrusted::json(
        &json!({ "schema": 1, "findings": findings, "summary": results.summary, "unjudged": results.unjudged }),
    )
}

fn place(at: LineColumn) -> Value {
    json!({ "line": at.line, "column": at.column })
}
