//! From our types to the protocol's.

use super::capabilities::{Profile, TOKEN_TYPES};
use super::document::Document;
use crate::diagnostic::{Finding, RuleMeta, Safety, Severity};
use crate::ide::completion::{ItemKind, List};
use crate::ide::document_links::{Link, LinkTarget};
use crate::ide::symbols::{Symbol, SymbolKind as Outline};
use crate::ide::tokens::TextToken;
use crate::ide::{self, File};
use crate::rules;
use crate::text::{PositionEncoding, Source, Span, Text};
use tower_lsp::ls_types::*;

fn position(offset: u32, text: &Text, encoding: PositionEncoding) -> Position {
    let position = text.position(offset, encoding);
    Position { line: position.line, character: position.character }
}

pub fn range(span: Span, text: &Text, encoding: PositionEncoding) -> Range {
    Range { start: position(span.start, text, encoding), end: position(span.end, text, encoding) }
}

/// Another file, by its path as the project has it.
pub type LookElsewhere<'e> = &'e dyn Fn(&str) -> Option<FileElsewhere>;

/// The text of another file, and what the client calls it.
pub struct FileElsewhere {
    pub uri: Uri,
    /// `None` where it is not open.
    pub version: Option<i32>,
    pub text: Text,
}

pub fn diagnostic(
    finding: &Finding,
    text: &Text,
    uri: &Uri,
    profile: &Profile,
    elsewhere: LookElsewhere<'_>,
) -> Diagnostic {
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
            .filter_map(|related| {
                let location = match &related.file {
                    None => Location { uri: uri.clone(), range: range(related.span, text, encoding) },
                    Some(file) => {
                        let file = elsewhere(file)?;
                        // It may have changed since.
                        let end = file.text.len();
                        let span = Span::new(related.span.start.min(end), related.span.end.min(end));
                        Location { range: range(span, &file.text, encoding), uri: file.uri }
                    }
                };
                Some(DiagnosticRelatedInformation { location, message: related.message.to_string() })
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
            commit_characters: (profile.commit_characters && item.stands_alone())
                .then(|| vec![",".to_string()]),
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
    elsewhere: LookElsewhere<'_>,
) -> CodeActionResponse {
    actions
        .into_iter()
        .map(|action| {
            let is_quick = action.kind == ide::actions::ActionKind::QuickFix;
            let diagnostics = action
                .findings
                .iter()
                .map(|finding| diagnostic(finding, file.text, &document.uri, profile, elsewhere))
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

/// The commands that show the policy at a place in another form.
pub fn convert_commands(file: &File<'_>, document: &Document, span: Span) -> Vec<CodeActionOrCommand> {
    let is_here = |it: &&crate::host::Document| it.kind.is_policy() && it.span.covers(span);
    let Some(policy) = file.report.documents.iter().find(is_here) else { return Vec::new() };
    let is_module = matches!(file.report.parsed, crate::host::Parsed::Terraform(_));
    let is_blocks = policy.naming == crate::host::Naming::TerraformPolicy;
    let line = file.text.line_of(span.start);
    let forms = [
        ("terraform", format!("an `{}`", crate::host::POLICY_DOCUMENT), !is_blocks),
        ("json", "JSON".to_string(), is_module || policy.owner.is_some()),
    ];
    let offered = forms.into_iter().filter(|(_, _, is_another)| *is_another);
    offered
        .map(|(to, form, _)| {
            let title = format!("Show the policy as {form}");
            let arguments = serde_json::json!({ "uri": document.uri.as_str(), "line": line, "to": to });
            let command = Command {
                title: title.clone(),
                command: super::capabilities::CONVERT.to_string(),
                arguments: Some(vec![arguments]),
            };
            CodeActionOrCommand::CodeAction(CodeAction {
                title,
                kind: Some(CodeActionKind::REFACTOR_REWRITE),
                command: Some(command),
                ..CodeAction::default()
            })
        })
        .collect()
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

pub fn text_edit(edit: &crate::text::TextEdit, text: &Text, encoding: PositionEncoding) -> TextEdit {
    TextEdit { range: range(edit.span, text, encoding), new_text: edit.text.clone() }
}

/// `None` for a file that nothing leads to: the document was never saved.
pub fn link(link: Link, document: &Document, encoding: PositionEncoding) -> Option<DocumentLink> {
    let target = match &link.target {
        LinkTarget::Page(page) => page.parse().ok()?,
        LinkTarget::File(file) => {
            let own = std::path::PathBuf::from(super::document::path(&document.uri));
            let folder = own.parent().filter(|_| own.is_absolute())?;
            Uri::from_file_path(crate::workspace::paths::absolute(&folder.join(file))?)?
        }
    };
    Some(DocumentLink {
        range: range(link.span, &document.text, encoding),
        target: Some(target),
        tooltip: None,
        data: None,
    })
}

/// Each token by its distance from the one before, as the protocol has it.
pub fn tokens(tokens: &[TextToken], text: &Text, encoding: PositionEncoding) -> SemanticTokens {
    let mut before = Position::default();
    let mut data = Vec::with_capacity(tokens.len());
    for token in tokens {
        let Range { start, end } = range(token.span, text, encoding);
        let is_same_line = start.line == before.line;
        let kind = TOKEN_TYPES.iter().position(|(kind, _)| *kind == token.kind);
        data.push(SemanticToken {
            delta_line: start.line - before.line,
            delta_start: if is_same_line { start.character - before.character } else { start.character },
            length: end.character.saturating_sub(start.character),
            token_type: kind.unwrap_or_default() as u32,
            token_modifiers_bitset: 0,
        });
        before = start;
    }
    SemanticTokens { result_id: None, data }
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
    edit_of((&document.uri, Some(document.version), &document.text), edits, profile)
}

/// The repair of a finding in another file.
pub fn action_elsewhere(
    finding: &Finding,
    edits: &[crate::text::TextEdit],
    other: &FileElsewhere,
    document: &Document,
    profile: &Profile,
    elsewhere: LookElsewhere<'_>,
) -> CodeActionOrCommand {
    let fix = finding.fix.as_ref();
    CodeActionOrCommand::CodeAction(CodeAction {
        title: fix.map(|fix| ide::actions::title(&fix.title, fix.safety)).unwrap_or_default(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic(finding, &document.text, &document.uri, profile, elsewhere)]),
        edit: Some(edit_of((&other.uri, other.version, &other.text), edits, profile)),
        ..CodeAction::default()
    })
}

fn edit_of(
    (uri, version, text): (&Uri, Option<i32>, &Text),
    edits: &[crate::text::TextEdit],
    profile: &Profile,
) -> WorkspaceEdit {
    let edits = edits.iter().map(|edit| TextEdit {
        range: range(edit.span, text, profile.encoding()),
        new_text: edit.text.clone(),
    });
    if profile.document_changes {
        let changes = TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri: uri.clone(), version },
            edits: edits.map(OneOf::Left).collect(),
        };
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(vec![changes])),
            ..WorkspaceEdit::default()
        }
    } else {
        let changes = std::iter::once((uri.clone(), edits.collect())).collect();
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
