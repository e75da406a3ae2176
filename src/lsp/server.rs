//! The requests. Each handler takes its snapshot, or applies its change, before it awaits.

use super::background::Background;
use super::log::log;
use super::session::Session;
use super::settings::SECTION;
use super::suppress;
use super::transport::Outgoing;
use super::{commands, diagnostics, from_proto, to_proto};
use crate::config::Config;
use crate::graph::roles::{ProjectPlace, RoleFacts};
use crate::host::{EXTENSIONS, OF_TEMPLATES};
use crate::ide;
use crate::text::{Source, Span};
use crate::workspace::Files;
use std::sync::Arc;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

pub struct Server {
    session: Arc<Session>,
    client: Client,
}

impl Server {
    pub fn new(
        client: Client,
        outgoing: Arc<Outgoing>,
        files: Arc<dyn Files>,
        background: Background,
    ) -> Server {
        Server { session: Arc::new(Session::new(client.clone(), outgoing, files, background)), client }
    }

    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// `passrole/text`: the text as the server has it, to be compared with the editor's.
    pub async fn text(&self, document: TextDocumentIdentifier) -> Result<String> {
        self.session.text(&document.uri)
    }

    /// The colours of a range, or of the whole text.
    async fn tokens(&self, uri: &Uri, range: Option<Range>) -> Result<Option<SemanticTokens>> {
        let document = self.session.snapshot(uri)?;
        let encoding = self.session.encoding();
        let whole = Span::new(0, Source::len(&document.text));
        let span = range.map_or(Some(whole), |range| from_proto::span(range, &document.text, encoding));
        let Some(span) = span else { return Ok(None) };
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            to_proto::tokens(&ide::tokens::tokens(file, span), &document.text, encoding)
        };
        self.session.with(document, make).await.map(Some)
    }

    /// Asks the client for our settings; takes the answer over when it comes.
    fn ask_for_settings(&self) {
        let (session, client) = (self.session.clone(), self.client.clone());
        self.session.background.spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_string()) };
            match client.configuration(vec![item]).await {
                Ok(values) if values.first().is_some_and(|value| !value.is_null()) => {
                    Server::take_settings(&session, &client, &values[0]).await;
                }
                Ok(_) => {}
                Err(error) => log(&format!("the client gives no settings: {error}")),
            }
        });
    }

    async fn take_settings(session: &Arc<Session>, client: &Client, value: &LSPAny) {
        if session.set_settings(value) {
            session.settle();
            if session.profile().pull && session.profile().refresh_diagnostics {
                let _ = client.workspace_diagnostic_refresh().await;
            }
        }
    }
}

/// Globs of the files whose changes matter to documents that are open.
fn watched() -> Vec<String> {
    let extensions = EXTENSIONS.join(",");
    let engines = OF_TEMPLATES.map(|it| it.trim_start_matches('.')).join(",");
    vec![
        format!("**/{}", Config::FILE_NAME),
        format!("**/*.{{{extensions}}}"),
        format!("**/*.{{{extensions}}}.{{{engines}}}"),
        "**/*ecs*.config".to_string(),
    ]
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let profile = self.session.initialize(&params);
        if let Some(process) = params.process_id {
            super::parent::watch(process);
        }
        Ok(InitializeResult {
            capabilities: profile.server(),
            server_info: Some(ServerInfo {
                name: "passrole".to_string(),
                version: Some(crate::output::about::version().to_string()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let profile = self.session.profile();
        let mut registrations = Vec::new();
        if profile.register_configuration {
            registrations.push(Registration {
                id: "configuration".to_string(),
                method: "workspace/didChangeConfiguration".to_string(),
                register_options: Some(serde_json::json!({ "section": SECTION })),
            });
        }
        if profile.watch_files {
            let watchers: Vec<_> =
                watched().into_iter().map(|pattern| serde_json::json!({ "globPattern": pattern })).collect();
            registrations.push(Registration {
                id: "files".to_string(),
                method: "workspace/didChangeWatchedFiles".to_string(),
                register_options: Some(serde_json::json!({ "watchers": watchers })),
            });
        }
        if !registrations.is_empty() {
            let client = self.client.clone();
            self.session.background.spawn(async move {
                if let Err(error) = client.register_capability(registrations).await {
                    log(&format!("changes of settings will not be seen: {error}"));
                }
            });
        }
        if profile.configuration {
            self.ask_for_settings();
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.shut_down();
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.session.open(params.text_document);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.session.change(params);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        if let Ok(document) = self.session.snapshot(&params.text_document.uri) {
            self.session.look(&document, u32::MAX);
        }
        self.session.files_changed(vec![params.text_document.uri]);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.session.close(&params.text_document.uri);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        // Clients that can be asked send nothing of use here.
        if self.session.profile().configuration && params.settings.get(SECTION).is_none() {
            self.ask_for_settings();
        } else if self.session.set_settings(&params.settings) {
            self.session.refresh();
        }
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.session.files_changed(params.changes.into_iter().map(|change| change.uri).collect());
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let profile = self.session.profile().clone();
        let session = self.session.clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let elsewhere = |other: &str| session.elsewhere(document, other);
            diagnostics::of(file, document, &profile, &elsewhere)
        };
        let found = self.session.with(document, make).await?;
        Ok(diagnostics::report(found, params.previous_result_id.as_deref()))
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let (document, offset) = self.session.place(&params.text_document_position)?;
        let profile = self.session.profile().clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let options = ide::completion::Options { snippets: profile.snippets };
            let list = ide::completion::complete(file, offset, options)?;
            Some(to_proto::completion(list, &document.text, &profile))
        };
        self.session.with(document, make).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        Ok(to_proto::resolve(item, self.session.profile()))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let (document, offset) = self.session.place(&params.text_document_position_params)?;
        let profile = self.session.profile().clone();
        let session = self.session.clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let role = session.role_at(file, document, offset).map(|facts| ide::roles::hover(&facts));
            let hover = match (role, ide::hover::hover(file, offset)) {
                (Some(role), Some(hover)) => {
                    let markdown = format!("{}\n\n---\n\n{}", role.markdown, hover.markdown);
                    ide::hover::Hover { markdown, ..hover }
                }
                (role, hover) => role.or(hover)?,
            };
            Some(to_proto::hover(hover, &document.text, &profile))
        };
        self.session.with(document, make).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let profile = self.session.profile().clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            to_proto::symbols(&ide::symbols::symbols(file), document, &profile)
        };
        self.session.with(document, make).await.map(Some)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let profile = self.session.profile().clone();
        let Some(span) = from_proto::span(params.range, &document.text, profile.encoding()) else {
            return Ok(None);
        };
        if span.is_empty() {
            self.session.look(&document, span.start);
        }
        let session = Arc::clone(&self.session);
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let wanted = from_proto::actions_wanted(&params.context);
            let actions = ide::actions::actions(file, span, wanted);
            let suppressing = if wanted.quick_fixes {
                suppress::actions(&session, file, document, span)
            } else {
                Vec::new()
            };
            for refused in actions.refused.iter().filter(|_| profile.traces) {
                super::log(&format!("{}: {refused}", document.uri.as_str()));
            }
            let elsewhere = |other: &str| session.elsewhere(document, other);
            let mut all = to_proto::actions(actions.offered, file, document, &profile, &elsewhere);
            if wanted.quick_fixes {
                all.extend(session.repairs_elsewhere(file, document, span));
            }
            all.extend(suppressing);
            if from_proto::asks(&params.context, &CodeActionKind::REFACTOR_REWRITE) {
                let mut found = ide::refactorings::refactorings(file, span);
                found.extend(ide::narrowing::narrowings(file, span));
                found.extend(ide::conversions::conversions(file, span));
                all.extend(found.into_iter().map(|it| to_proto::refactoring(it, document, &profile)));
            }
            if from_proto::asks(&params.context, &CodeActionKind::SOURCE) && profile.opens_answers {
                all.extend(to_proto::roles_command(file, document, span));
            }
            if from_proto::asks(&params.context, &CodeActionKind::REFACTOR_REWRITE) && profile.opens_answers {
                all.extend(to_proto::convert_commands(file, document, span));
            }
            all
        };
        self.session.with(document, make).await.map(Some)
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let encoding = self.session.encoding();
        let session = self.session.clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let roles = session.roles_of(file, document);
            let lens = |role: &RoleFacts| CodeLens {
                range: to_proto::range(role.span, &document.text, encoding),
                command: Some(Command { title: ide::roles::lens(role), ..Command::default() }),
                data: None,
            };
            roles.iter().map(lens).collect()
        };
        self.session.with(document, make).await.map(Some)
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let encoding = self.session.encoding();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            // Where nothing is known, editors fold by themselves.
            Some(to_proto::folds(&ide::folding::folds(file)?, &document.text, encoding))
        };
        self.session.with(document, make).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let (document, offset) = self.session.place(&params.text_document_position_params)?;
        let encoding = self.session.encoding();
        let session = self.session.clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let name = ide::names::at(file, offset);
            let given = name.iter().flat_map(|name| &name.occurrences).filter(|it| it.gives);
            let here: Vec<Location> =
                given.map(|it| to_proto::location(it.span, document, encoding)).collect();
            // Where the name stands says more than where the resource's content does.
            if let Some(role) = session.role_at(file, document, offset) {
                let is_here = |place: &&ProjectPlace| place.file.is_none() && !here.is_empty();
                let declared = role.declared.iter().filter(|place| !is_here(place));
                let places = declared.filter_map(|it| session.location(document, it));
                return Some(GotoDefinitionResponse::Array(here.iter().cloned().chain(places).collect()));
            }
            name.map(|_| GotoDefinitionResponse::Array(here))
        };
        self.session.with(document, make).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let (document, offset) = self.session.place(&params.text_document_position)?;
        let (encoding, all) = (self.session.encoding(), params.context.include_declaration);
        let session = self.session.clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            if let Some(role) = session.role_at(file, document, offset) {
                let declared = role.declared.iter().filter(|_| all);
                let used = role.uses.iter().map(|user| &user.place);
                let places = declared.chain(used).chain(&role.passed).chain(&role.policies);
                return Some(places.filter_map(|it| session.location(document, it)).collect());
            }
            let name = ide::names::at(file, offset)?;
            let wanted = name.occurrences.iter().filter(|it| all || !it.gives);
            Some(wanted.map(|it| to_proto::location(it.span, document, encoding)).collect())
        };
        self.session.with(document, make).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let (document, offset) = self.session.place(&params.text_document_position_params)?;
        self.session.look(&document, offset);
        let encoding = self.session.encoding();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let name = ide::names::at(file, offset)?;
            let highlights = name.occurrences.iter().map(|it| DocumentHighlight {
                range: to_proto::range(it.span, &document.text, encoding),
                kind: Some(if it.gives { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
            });
            Some(highlights.collect())
        };
        self.session.with(document, make).await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        let (document, offset) = self.session.place(&params)?;
        let encoding = self.session.encoding();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let name = ide::names::at(file, offset).filter(|it| it.named != ide::names::Named::Resource)?;
            let range = to_proto::range(name.span, &document.text, encoding);
            Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: name.name })
        };
        self.session.with(document, make).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let (document, offset) = self.session.place(&params.text_document_position)?;
        let profile = self.session.profile().clone();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let edits = ide::names::renamed(file, offset, &params.new_name)?;
            Ok(to_proto::edit(&edits, document, &profile))
        };
        let made: std::result::Result<WorkspaceEdit, String> = self.session.with(document, make).await?;
        made.map(Some).map_err(|why| Error {
            code: ErrorCode::InvalidParams,
            message: why.into(),
            data: None,
        })
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let encoding = self.session.encoding();
        let Some(span) = from_proto::span(params.range, &document.text, encoding) else { return Ok(None) };
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let hints = ide::inlay::hints(file, span);
            hints.into_iter().map(|hint| to_proto::inlay(hint, &document.text, encoding)).collect()
        };
        self.session.with(document, make).await.map(Some)
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let encoding = self.session.encoding();
        let indent = from_proto::indent(&params.options);
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let edit = ide::formatting::format(file, &indent)?;
            Some(vec![to_proto::text_edit(&edit, &document.text, encoding)])
        };
        self.session.with(document, make).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let encoding = self.session.encoding();
        let Some(span) = from_proto::span(params.range, &document.text, encoding) else { return Ok(None) };
        let indent = from_proto::indent(&params.options);
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let edit = ide::formatting::format_range(file, span, &indent)?;
            Some(vec![to_proto::text_edit(&edit, &document.text, encoding)])
        };
        self.session.with(document, make).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let encoding = self.session.encoding();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let links = ide::document_links::links(file);
            links.into_iter().filter_map(|link| to_proto::link(link, document, encoding)).collect()
        };
        self.session.with(document, make).await.map(Some)
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let tokens = self.tokens(&params.text_document.uri, None).await?;
        Ok(tokens.map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let tokens = self.tokens(&params.text_document.uri, Some(params.range)).await?;
        Ok(tokens.map(SemanticTokensRangeResult::Tokens))
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.session.change_folders(&params.event.added, &params.event.removed);
        self.session.refresh();
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        Ok(Some(WorkspaceSymbolResponse::Flat(self.session.symbols(&params.query))))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        commands::run(&self.session, params).await.map(Some)
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        let document = self.session.snapshot(&params.text_document.uri)?;
        let encoding = self.session.encoding();
        let make = move |file: &ide::File<'_>, document: &super::document::Document| {
            let select = |position: &Position| {
                let offset = from_proto::offset(*position, &document.text, encoding);
                to_proto::selection(&ide::selection::around(file, offset), &document.text, encoding)
            };
            params.positions.iter().map(select).collect()
        };
        self.session.with(document, make).await.map(Some)
    }
}
