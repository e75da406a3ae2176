//! Code actions that suppress a finding: in a comment, or in the configuration.

use super::capabilities::Profile;
use super::document::{Document, path};
use super::session::Session;
use super::to_proto;
use crate::config::with_exception;
use crate::diagnostic::{Finding, Group};
use crate::ide::{File, suppress};
use crate::text::{Span, Text};
use std::path::Path;
use tower_lsp::ls_types::*;

/// So many findings at one place are offered to be suppressed.
const MOST: usize = 3;

/// The actions for findings that lie in a range, or touch it.
pub fn actions(session: &Session, file: &File<'_>, document: &Document, span: Span) -> CodeActionResponse {
    let profile = session.profile();
    let touches = |finding: &&Finding| {
        finding.rule.group != Group::Suppression
            && finding.span.start <= span.end
            && span.start <= finding.span.end
    };
    let mut found = Vec::new();
    for finding in file.report.findings.iter().filter(touches).take(MOST) {
        let elsewhere = |other: &str| session.elsewhere(document, other);
        let diagnostics = vec![to_proto::diagnostic(finding, file.text, &document.uri, profile, &elsewhere)];
        let action = |title: String, edit: WorkspaceEdit| {
            CodeActionOrCommand::CodeAction(CodeAction {
                title,
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(diagnostics.clone()),
                edit: Some(edit),
                ..CodeAction::default()
            })
        };
        for way in suppress::here(file, finding) {
            found.push(action(way.title, to_proto::edit(&way.edits, document, profile)));
        }
        if let Some(edit) = in_configuration(session, file, document, finding, profile) {
            found.push(action(format!("Ignore `{}` in the configuration", suppress::name(finding)), edit));
        }
    }
    found
}

/// The edit that adds a row to the configuration, which is made where there is none.
fn in_configuration(
    session: &Session,
    file: &File<'_>,
    document: &Document,
    finding: &Finding,
    profile: &Profile,
) -> Option<WorkspaceEdit> {
    let place = path(&document.uri);
    let place = Path::new(&*place);
    let (configuration, before) = session.configuration_of(place)?;
    let below = place.strip_prefix(configuration.parent()?).ok()?.to_str()?.replace('\\', "/");
    let after = with_exception(&before, &suppress::in_configuration(file.report, finding, &below))?;
    let uri = Uri::from_file_path(&configuration)?;
    let text = Text::from(before.as_str());
    let whole = Span::new(0, before.len() as u32);
    let edit = TextEdit { range: to_proto::range(whole, &text, profile.encoding()), new_text: after };
    let is_new = before.is_empty();
    if !profile.document_changes {
        // A file cannot be made so.
        let changes = std::iter::once((uri, vec![edit])).collect();
        return (!is_new).then(|| WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
    }
    if is_new && !profile.creates_files {
        return None;
    }
    let change = DocumentChangeOperation::Edit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri: uri.clone(), version: None },
        edits: vec![OneOf::Left(edit)],
    });
    let create = DocumentChangeOperation::Op(ResourceOp::Create(CreateFile {
        uri,
        options: Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) }),
        annotation_id: None,
    }));
    let operations = if is_new { vec![create, change] } else { vec![change] };
    Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        ..WorkspaceEdit::default()
    })
}
