//! SARIF 2.1.0, as code scanning takes it. Columns are UTF-16 code units, SARIF's default.

use super::{FixRecord, Record, Results, SuppressedRecord, about, untrusted};
use crate::catalog;
use crate::diagnostic::{Confidence, RuleMeta, Severity};
use crate::suppression::Origin;
use crate::text::LineColumn;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What locations are relative to.
const ROOT: &str = "%SRCROOT%";

/// Peers all of whose checks are about security: a rule that covers one of theirs is.
const SECURITY_PEERS: [&str; 7] =
    ["checkov", "trivy", "prowler", "security-hub", "cloudsplaining", "cdk-nag", "semgrep"];

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
                    "artifactLocation": artifact(&it.path),
                    "region": { "startLine": it.line },
                }}],
            })
        })
        .collect();
    let notices: BTreeSet<&str> = results.unjudged.iter().map(|it| it.what).collect();
    let notices: Vec<Value> = notices.into_iter().map(notice).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "passrole",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": about::HOME,
                "rules": descriptors,
                "notifications": notices,
                "properties": { "factsAsOf": catalog::facts_as_of() },
            }},
            "originalUriBaseIds": { ROOT: { "description": { "text": "The root of the repository." } } },
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
    let docs =
        rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let docs = docs.trim();
    let page = about::page_of_rule(rule.id);
    // A description is a sentence of its own.
    let first =
        docs.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let full = if first.is_empty() { format!("{}.", rule.summary) } else { first };
    let mut properties = json!({
        "tags": [rule.group.name()],
        "precision": match rule.confidence {
            Confidence::High => "very-high",
            Confidence::Medium => "high",
            Confidence::Low => "medium",
        },
        "problem.severity": match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Hint => "recommendation",
        },
    });
    if is_about_security(rule) {
        properties["tags"] = json!(["security", rule.group.name()]);
        // Critical is left to people.
        properties["security-severity"] = json!(match rule.severity {
            Severity::Error => "8.0",
            Severity::Warning => "7.0",
            Severity::Info => "4.0",
            Severity::Hint => "1.0",
        });
    }
    json!({
        "id": rule.id,
        "name": name(rule.id),
        "shortDescription": { "text": format!("{}.", rule.summary) },
        "fullDescription": { "text": full },
        "help": { "text": docs, "markdown": format!("{docs}\n\n[{}]({page})", rule.id) },
        "helpUri": page,
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    })
}

/// What could not be judged, of one sort.
fn notice(what: &str) -> Value {
    let (short, full) = match what {
        "open-role" => (
            "A role is open.",
            "Not every policy of the role is known, so nothing is said to be missing of it.",
        ),
        "unresolved-reference" => {
            ("A reference is unresolved.", "What a reference to a role leads to is not in the project.")
        }
        "open-document" => (
            "A document is open.",
            "A part of the document is made elsewhere, so nothing is said to be missing of it.",
        ),
        "unread-file" => {
            ("A file is not read.", "The file looks as if it held documents of ours, and could not be read.")
        }
        _ => ("Something could not be judged.", "Something could not be judged."),
    };
    json!({
        "id": what,
        "name": name(what),
        "shortDescription": { "text": short },
        "fullDescription": { "text": full },
        "help": { "text": format!("{full} `passrole check -v` says where and why.") },
        "helpUri": about::HOME,
    })
}

fn is_about_security(rule: &RuleMeta) -> bool {
    let peers = || rule.sources.iter().filter_map(|source| source.split('/').next());
    peers().any(|peer| SECURITY_PEERS.contains(&peer))
}

/// `UnknownAction`, as SARIF wants names.
fn name(id: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect::<String>())
    };
    id.split('-').map(capital).collect()
}

fn region(start: LineColumn, end: LineColumn) -> Value {
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

fn result(record: &Record, index: Option<usize>) -> Value {
    let message = if record.note.is_empty() {
        format!("{}.", record.message)
    } else {
        format!("{}. {}", record.message, record.note)
    };
    let mut result = json!({
        "ruleId": record.rule.id,
        "ruleIndex": index,
        "level": level(record.severity),
        "message": { "text": message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact(&record.repository_path),
            "region": region(record.start_utf16, record.end_utf16),
        }}],
        "partialFingerprints": { "passrole/v1": record.fingerprint },
        "properties": { "case": record.case, "gate": record.gate, "pointer": record.pointer },
    });
    if let Some(origin) = &record.origin {
        result["locations"][0]["logicalLocations"] =
            json!([{ "fullyQualifiedName": origin, "kind": "resource" }]);
    }
    if let Some(suppressed) = &record.suppressed {
        result["suppressions"] = json!([suppression(suppressed)]);
    }
    if let Some(fix) = record.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
        result["fixes"] = json!([fix_of(fix, record)]);
    }
    if !record.related.is_empty() {
        let related = record.related.iter().enumerate().map(|(index, related)| {
            let file = related.elsewhere.as_ref().map_or(&record.repository_path, |it| &it.repository_path);
            json!({
                "id": index + 1,
                "message": { "text": related.message },
                "physicalLocation": {
                    "artifactLocation": artifact(file),
                    "region": region(related.start_utf16, related.end_utf16),
                },
            })
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn suppression(suppressed: &SuppressedRecord) -> Value {
    let kind = match suppressed.origin {
        Origin::Comment | Origin::Metadata | Origin::OtherTool(_) => "inSource",
        Origin::Configuration => "external",
    };
    let mut out = json!({ "kind": kind, "status": "accepted", "justification": suppressed.reason });
    let until = suppressed.until.map(|day| day.to_string());
    if until.is_some() || suppressed.owner.is_some() {
        out["properties"] = json!({ "until": until, "owner": suppressed.owner });
    }
    out
}

fn fix_of(fix: &FixRecord, record: &Record) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        json!({
            "deletedRegion": region(edit.start_utf16, edit.end_utf16),
            "insertedContent": { "text": edit.text },
        })
    });
    json!({
        "description": { "text": format!("{} ({})", fix.title, fix.safety.name()) },
        "artifactChanges": [{
            "artifactLocation": artifact(&record.repository_path),
            "replacements": replacements.collect::<Value>(),
        }],
    })
}

/// Below the root, or a file's own URI where the path is absolute.
fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        return json!({ "uri": uri(path) });
    }
    json!({ "uri": uri(path), "uriBaseId": ROOT })
}

/// A relative URI, or a file's own where the path is absolute: percent-encoded.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
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
