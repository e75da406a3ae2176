//! SARIF 2.1.0, as code scanning takes it. Columns are UTF-16 code units, SARIF's default.

use super::{Record, Results, untrusted};
use crate::diagnostic::{RuleMeta, Severity};
use crate::suppression::Origin;
use serde_json::{Value, json};

pub(super) fn render(results: &Results<'_>) -> String {
    let mut rules: Vec<&'static RuleMeta> =
        results.records.iter().chain(results.suppressed).map(|record| record.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    let descriptors: Vec<Value> = rules.iter().map(|rule| descriptor(rule)).collect();
    let found: Vec<Value> = results
        .records
        .iter()
        .chain(results.suppressed)
        .map(|record| {
            let index = rules.iter().position(|rule| rule.id == record.rule.id);
            result(record, index)
        })
        .collect();
    let unjudged: Vec<Value> = results
        .unjudged
        .iter()
        .map(|it| {
            json!({
                "level": "note",
                "descriptor": { "id": it.what },
                "message": { "text": it.reason },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri(&it.path) },
                    "region": { "startLine": it.line },
                }}],
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "passrole",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": descriptors,
            }},
            "columnKind": "utf16CodeUnits",
            "results": found,
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": unjudged }],
        }],
    });
    untrusted::json(&log)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

fn descriptor(rule: &RuleMeta) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.docs.trim(), "markdown": rule.docs.trim() },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.group.name()] },
    })
}

fn result(record: &Record, index: Option<usize>) -> Value {
    let message = if record.note.is_empty() {
        record.message.clone()
    } else {
        format!("{}. {}", record.message, record.note)
    };
    let mut result = json!({
        "ruleId": record.rule.id,
        "ruleIndex": index,
        "level": level(record.severity),
        "message": { "text": message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&record.repository_path) },
            "region": {
                "startLine": record.start_utf16.line,
                "startColumn": record.start_utf16.column,
                "endLine": record.end_utf16.line,
                "endColumn": record.end_utf16.column,
            },
        }}],
        "partialFingerprints": { "passrole/v1": record.fingerprint },
    });
    if let Some(origin) = &record.origin {
        result["locations"][0]["logicalLocations"] =
            json!([{ "fullyQualifiedName": origin, "kind": "resource" }]);
    }
    if let Some(suppressed) = &record.suppressed {
        let kind = match suppressed.origin {
            Origin::Comment | Origin::Metadata => "inSource",
            Origin::Configuration => "external",
        };
        result["suppressions"] =
            json!([{ "kind": kind, "status": "accepted", "justification": suppressed.reason }]);
    }
    if !record.related.is_empty() {
        let related: Vec<Value> = record
            .related
            .iter()
            .map(|related| {
                json!({
                    "message": { "text": related.message },
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri(&record.repository_path) },
                        "region": { "startLine": related.start.line, "endLine": related.end.line },
                    },
                })
            })
            .collect();
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

/// A relative URI, or a file's own where the path is absolute: percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(byte as char)
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
