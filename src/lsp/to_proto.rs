//! From our types to the protocol's.

use super::capabilities::Profile;
use super::document::Document;
use crate::diagnostic::{Finding, RuleMeta, Safety, Severity};
use crate::ide::completion::{ItemKind, List};
use crate::ide::symbols::{Symbol, SymbolKind as Outline};
use crate::ide::{self, File};
use crate::rules;
use crate::text::{PositionEncoding, Span, Text};
use tower_lsp::ls_types::*;

fn position(offset: u32, text: &Text, encoding: PositionEncoding) -> Position {
    let position = text.position(offset, encoding);
    Position { line: position.line, character: position.character }
}

pub fn range(span: Span, text: &Text, encoding: PositionEncoding) -> Range {
    Range { start: position(span.start, text, encoding), end: position(span.end, text, encoding) }
}

pub fn diagnostic(finding: &Finding, text: &Text, uri: &Uri, profile: &Profile) -> Diagnostic {
    let encoding = profile.encoding();
    let mut message = finding.message.to_string();
    if !finding.note.is_empty() {
        message.push('\n');
        message.push_str(&finding.note);
    }
    let related = (profile.related_information && !finding.related.is_empty()).then(|| {
        finding
            .related
            .iter()
            .map(|related| DiagnosticRelatedInformation {
                location: Location { uri: uri.clone(), range: range(related.span, text, encoding) },
                message: related.message.to_string(),
            })
            .collect()
    });
    Diagnostic {
        range: range(finding.span, text, encoding),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.rule.id.to_string())),
        source: Some("passrole".to_string()),
        message,
        related_information: related,
        code_description: profile.code_descriptions.then(|| page(finding.rule)).flatten(),
        ..Diagnostic::default()
    }
}

/// The page of a rule.
fn page(rule: &RuleMeta) -> Option<CodeDescription> {
    let is_a_rule = rules::by_id(rule.id).is_some();
    let page = format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.id);
    let href = page.parse().ok().filter(|_| is_a_rule)?;
    Some(CodeDescription { href })
}

pub fn completion(list: List, text: &Text, profile: &Profile) -> CompletionResponse {
    let comma = list.comma.map(|at| TextEdit {
        range: range(Span::new(at, at), text, profile.encoding()),
        new_text: ",".to_string(),
    });
    let range = range(list.replace, text, profile.encoding());
    let items = list
        .items
        .into_iter()
        .map(|item| CompletionItem {
            kind: Some(match item.kind {
                ItemKind::Service => CompletionItemKind::MODULE,
                ItemKind::Action => CompletionItemKind::FUNCTION,
                ItemKind::Wildcard | ItemKind::Snippet => CompletionItemKind::SNIPPET,
                ItemKind::Key => CompletionItemKind::PROPERTY,
                ItemKind::Field => CompletionItemKind::FIELD,
                ItemKind::Value => CompletionItemKind::ENUM_MEMBER,
                ItemKind::Reference => CompletionItemKind::REFERENCE,
                ItemKind::Principal => CompletionItemKind::CLASS,
                ItemKind::Operator => CompletionItemKind::OPERATOR,
                ItemKind::Format => CompletionItemKind::VALUE,
            }),
            detail: (!item.detail.is_empty()).then(|| item.detail.into_owned()),
            sort_text: (item.rank > 0).then(|| format!("~{:03}{}", item.rank, item.label)),
            filter_text: item.filter,
            insert_text_format: item.is_snippet.then_some(InsertTextFormat::SNIPPET),
            command: (item.goes_on && profile.trigger_suggest).then(|| Command {
                title: "Suggest".to_string(),
                command: "editor.action.triggerSuggest".to_string(),
                arguments: None,
            }),
            documentation: item
                .about
                .map(|about| Documentation::MarkupContent(markup(about.to_string(), profile.markdown_items))),
            label: item.label.into_owned(),
            additional_text_edits: comma.clone().map(|comma| vec![comma]),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: item.insert })),
            ..CompletionItem::default()
        })
        .collect();
    CompletionResponse::List(CompletionList { is_incomplete: list.is_incomplete, items })
}

/// Adds what only the chosen item needs.
pub fn resolve(mut item: CompletionItem, profile: &Profile) -> CompletionItem {
    if item.documentation.is_none()
        && let Some(text) = ide::completion::about(&item.label)
    {
        item.documentation = Some(Documentation::MarkupContent(markup(text, profile.markdown_items)));
    }
    item
}

pub fn hover(hover: ide::hover::Hover, text: &Text, profile: &Profile) -> Hover {
    Hover {
        contents: HoverContents::Markup(markup(hover.markdown, profile.markdown_hover)),
        range: Some(range(hover.span, text, profile.encoding())),
    }
}

/// Markdown, or the same without its marks.
fn markup(markdown: String, takes_markdown: bool) -> MarkupContent {
    if takes_markdown {
        return MarkupContent { kind: MarkupKind::Markdown, value: markdown };
    }
    let value = markdown.replace("**", "").replace('`', "").replace("\\*", "*").replace("  \n", "\n");
    MarkupContent { kind: MarkupKind::PlainText, value }
}

pub fn symbols(symbols: &[Symbol], document: &Document, profile: &Profile) -> DocumentSymbolResponse {
    if profile.symbol_tree {
        return DocumentSymbolResponse::Nested(
            symbols.iter().map(|symbol| symbol_tree(symbol, document, profile.encoding())).collect(),
        );
    }
    DocumentSymbolResponse::Flat(symbol_row(symbols, document, profile.encoding()))
}

fn symbol_kind(kind: Outline) -> SymbolKind {
    match kind {
        Outline::Document => SymbolKind::MODULE,
        Outline::Statement => SymbolKind::OBJECT,
        Outline::Container => SymbolKind::CLASS,
        Outline::Volume => SymbolKind::FIELD,
    }
}

#[expect(deprecated, reason = "a field of the protocol that must be given a value")]
fn symbol_tree(symbol: &Symbol, document: &Document, encoding: PositionEncoding) -> DocumentSymbol {
    let children = symbol.children.iter().map(|child| symbol_tree(child, document, encoding)).collect();
    DocumentSymbol {
        name: symbol.name.clone(),
        detail: (!symbol.detail.is_empty()).then(|| symbol.detail.clone()),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: range(symbol.span, &document.text, encoding),
        selection_range: range(symbol.name_span, &document.text, encoding),
        children: Some(children),
    }
}

#[expect(deprecated, reason = "a field of the protocol that must be given a value")]
fn symbol_list(
    symbol: &Symbol,
    document: &Document,
    container: Option<&str>,
    encoding: PositionEncoding,
    list: &mut Vec<SymbolInformation>,
) {
    list.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: document.uri.clone(), range: range(symbol.span, &document.text, encoding) },
        container_name: container.map(str::to_string),
    });
    for child in &symbol.children {
        symbol_list(child, document, Some(&symbol.name), encoding, list);
    }
}

pub fn actions(
    actions: Vec<ide::actions::CodeAction<'_>>,
    file: &File<'_>,
    document: &Document,
    profile: &Profile,
) -> CodeActionResponse {
    actions
        .into_iter()
        .map(|action| {
            let is_quick = action.kind == ide::actions::ActionKind::QuickFix;
            let diagnostics = action
                .findings
                .iter()
                .map(|finding| diagnostic(finding, file.text, &document.uri, profile))
                .collect();
            CodeActionOrCommand::CodeAction(CodeAction {
                title: action.title,
                kind: Some(if is_quick { CodeActionKind::QUICKFIX } else { super::capabilities::FIX_ALL }),
                diagnostics: is_quick.then_some(diagnostics),
                edit: Some(edit(&action.edits, document, profile)),
                is_preferred: (is_quick && action.safety == Safety::Safe && profile.preferred_actions)
                    .then_some(true),
                ..CodeAction::default()
            })
        })
        .collect()
}

pub fn refactoring(
    found: ide::refactorings::Refactoring,
    document: &Document,
    profile: &Profile,
) -> CodeActionOrCommand {
    CodeActionOrCommand::CodeAction(CodeAction {
        title: found.title,
        kind: Some(CodeActionKind::REFACTOR_REWRITE),
        edit: Some(edit(&found.edits, document, profile)),
        ..CodeAction::default()
    })
}

/// The command that shows the roles of the task definition at a place.
pub fn roles_command(file: &File<'_>, document: &Document, span: Span) -> Option<CodeActionOrCommand> {
    let task = file.report.documents.iter().find(|it| it.kind.is_task() && it.span.covers(span))?;
    let family = task.object().and_then(|it| it.known("family")).map(|it| it.text.to_string());
    let fragment = task.owner.as_ref().map(|owner| owner.name.to_string()).or(family);
    let title = "Show the roles that this task definition needs".to_string();
    let arguments = serde_json::json!({ "uri": document.uri.as_str(), "fragment": fragment });
    let command = Command {
        title: title.clone(),
        command: super::capabilities::ROLES.to_string(),
        arguments: Some(vec![arguments]),
    };
    Some(CodeActionOrCommand::CodeAction(CodeAction {
        title,
        kind: Some(CodeActionKind::SOURCE),
        command: Some(command),
        ..CodeAction::default()
    }))
}

/// A place in a document.
pub fn location(span: Span, document: &Document, encoding: PositionEncoding) -> Location {
    Location { uri: document.uri.clone(), range: range(span, &document.text, encoding) }
}

pub fn inlay(hint: ide::inlay::Hint, text: &Text, encoding: PositionEncoding) -> InlayHint {
    InlayHint {
        position: position(hint.at, text, encoding),
        label: InlayHintLabel::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: Some(InlayHintTooltip::MarkupContent(markup(hint.about, true))),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}

/// The symbols of a document in a row.
pub fn symbol_row(
    symbols: &[Symbol],
    document: &Document,
    encoding: PositionEncoding,
) -> Vec<SymbolInformation> {
    let mut list = Vec::new();
    symbols.iter().for_each(|symbol| symbol_list(symbol, document, None, encoding, &mut list));
    list
}

pub fn edit(edits: &[crate::text::TextEdit], document: &Document, profile: &Profile) -> WorkspaceEdit {
    let edits = edits.iter().map(|edit| TextEdit {
        range: range(edit.span, &document.text, profile.encoding()),
        new_text: edit.text.clone(),
    });
    if profile.document_changes {
        let changes = TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: document.uri.clone(),
                version: Some(document.version),
            },
            edits: edits.map(OneOf::Left).collect(),
        };
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(vec![changes])),
            ..WorkspaceEdit::default()
        }
    } else {
        let changes = std::iter::once((document.uri.clone(), edits.collect())).collect();
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }
}

pub fn folds(spans: &[Span], text: &Text, encoding: PositionEncoding) -> Vec<FoldingRange> {
    spans
        .iter()
        .map(|span| {
            let Range { start, end } = range(*span, text, encoding);
            FoldingRange {
                start_line: start.line,
                start_character: Some(start.character + 1),
                // The closing bracket's line stays in view.
                end_line: end.line.saturating_sub(1).max(start.line),
                end_character: None,
                kind: None,
                collapsed_text: None,
            }
        })
        .collect()
}

/// `spans`: the innermost first.
pub fn selection(spans: &[Span], text: &Text, encoding: PositionEncoding) -> SelectionRange {
    let mut selected: Option<SelectionRange> = None;
    for span in spans.iter().rev() {
        selected =
            Some(SelectionRange { range: range(*span, text, encoding), parent: selected.map(Box::new) });
    }
    selected.unwrap_or(SelectionRange { range: Range::default(), parent: None })
}
