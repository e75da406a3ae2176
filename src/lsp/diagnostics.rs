//! Diagnostics, asked for or sent: one way to make them.

use super::capabilities::Profile;
use super::document::Document;
use super::to_proto;
use super::transport::Outgoing;
use crate::diagnostic::Finding;
use crate::ide::{File, typing};
use std::hash::{DefaultHasher, Hash, Hasher};
use tower_lsp::ls_types::*;

/// The diagnostics of one version of a document.
pub struct DocumentDiagnostics {
    pub items: Vec<Diagnostic>,
    /// The same for the same diagnostics at the same places, as long as the document stays open.
    pub result_id: String,
}

pub fn of(file: &File<'_>, document: &Document, profile: &Profile) -> DocumentDiagnostics {
    let uri = &document.uri;
    let mut hasher = DefaultHasher::new();
    document.opening.hash(&mut hasher);
    let unfinished = document.typing().map(|offset| typing::unfinished(file, offset));
    let is_json = [".json", ".jsonc"].iter().any(|end| file.report.path().ends_with(end));
    let is_told =
        |finding: &Finding| profile.tells_json_syntax && is_json && finding.rule.id == "syntax-error";
    let items: Vec<Diagnostic> = file
        .report
        .findings
        .iter()
        .filter(|finding| !is_told(finding))
        .filter(|finding| !unfinished.as_ref().is_some_and(|is_unfinished| is_unfinished(finding)))
        .map(|finding| {
            let item = to_proto::diagnostic(finding, file.text, uri, profile);
            let Range { start, end } = item.range;
            (start.line, start.character, end.line, end.character).hash(&mut hasher);
            (finding.rule.id, finding.severity, &item.message).hash(&mut hasher);
            for related in item.related_information.iter().flatten() {
                let Range { start, end } = related.location.range;
                (start.line, start.character, end.line, end.character, &related.message).hash(&mut hasher);
            }
            item
        })
        .collect();
    DocumentDiagnostics { items, result_id: format!("{:x}", hasher.finish()) }
}

/// The answer to a client that may have these diagnostics already.
pub fn report(found: DocumentDiagnostics, previous: Option<&str>) -> DocumentDiagnosticReportResult {
    let report = if previous == Some(&found.result_id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                result_id: found.result_id,
            },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(found.result_id),
                items: found.items,
            },
        })
    };
    DocumentDiagnosticReportResult::Report(report)
}

pub fn publish(outgoing: &Outgoing, params: &PublishDiagnosticsParams) {
    outgoing.notify("textDocument/publishDiagnostics", params);
}
