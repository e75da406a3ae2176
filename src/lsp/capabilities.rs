//! What the client can do, and what we tell it that we can.

use crate::ide::tokens::TokenKind;
use crate::text::PositionEncoding;
use serde_json::Value;
use tower_lsp::ls_types::*;

/// What runs on save: a part of `source.fixAll` that belongs to this server.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.passrole");

/// What a message of AWS means: `[MESSAGE]` or `[{"message", "uri"?}]`.
pub const EXPLAIN: &str = "passrole.ask.explain";
/// The roles of a task definition: `[{"uri", "fragment"?, "account"?, "region"?, "issuer"?, "format"?}]`.
pub const ROLES: &str = "passrole.ask.roles";
/// Whether a request would be allowed: `[{"principal", "action", "resource", "context"?, "closed"?, "identity"?, "uri"?}]`.
/// `identity` are the documents that hold the principal's policies; without any, those of the project's role or user count.
pub const CAN: &str = "passrole.ask.can";
/// What wildcards stand for: `[PATTERN, …]`.
pub const EXPAND: &str = "passrole.ask.expand";

/// A policy in another form: `[{"uri", "line", "to": "terraform" | "jsonencode" | "json"}]`; lines count from 0.
pub const CONVERT: &str = "passrole.ask.convert";

/// The commands that clients may ask for. Editors have their own of shorter names.
pub const COMMANDS: [&str; 5] = [EXPLAIN, ROLES, CAN, EXPAND, CONVERT];

/// How kinds of words are called to clients: by names that themes know.
pub const TOKEN_TYPES: [(TokenKind, SemanticTokenType); 10] = [
    (TokenKind::Service, SemanticTokenType::NAMESPACE),
    (TokenKind::Action, SemanticTokenType::METHOD),
    (TokenKind::Wildcard, SemanticTokenType::REGEXP),
    (TokenKind::Variable, SemanticTokenType::VARIABLE),
    (TokenKind::ConditionKey, SemanticTokenType::PROPERTY),
    (TokenKind::ConditionOperator, SemanticTokenType::OPERATOR),
    (TokenKind::Effect, SemanticTokenType::KEYWORD),
    (TokenKind::Region, SemanticTokenType::ENUM_MEMBER),
    (TokenKind::Account, SemanticTokenType::NUMBER),
    (TokenKind::ResourceType, SemanticTokenType::TYPE),
];

/// The client's abilities that change what we send.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// UTF-8 where the client has it, else UTF-16.
    pub utf8: bool,
    /// Whether it asks for diagnostics itself; then none are sent unasked.
    pub pull: bool,
    pub refresh_diagnostics: bool,
    pub related_information: bool,
    /// Whether a finding's code may link to a page.
    pub code_descriptions: bool,
    pub snippets: bool,
    /// Whether typing a sign may accept an item.
    pub commit_characters: bool,
    pub markdown_hover: bool,
    pub markdown_items: bool,
    /// Whether it takes a tree of symbols, not only a list.
    pub symbol_tree: bool,
    /// Whether it knows code actions beside commands.
    pub code_actions: bool,
    pub preferred_actions: bool,
    /// Whether an edit may name the version it is meant for.
    pub document_changes: bool,
    /// Whether an edit may make a file.
    pub creates_files: bool,
    /// Whether it can be asked for settings.
    pub configuration: bool,
    /// Whether it can be told, later, to send changes of settings.
    pub register_configuration: bool,
    /// Whether it can be told, later, which files to watch.
    pub watch_files: bool,
    /// Whether it knows VS Code's command that opens the list of suggestions again.
    pub trigger_suggest: bool,
    /// Whether it tells the syntax errors of JSON by itself.
    pub tells_json_syntax: bool,
    /// Whether it opens what our commands answer.
    pub opens_answers: bool,
    /// Whether it wants to know more than users do.
    pub traces: bool,
}

impl Profile {
    pub fn of(params: &InitializeParams) -> Profile {
        // Read by name: what a client leaves out, or we do not know, costs no line here.
        let value = serde_json::to_value(&params.capabilities).unwrap_or_default();
        let flag = |pointer: &str| value.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let lists = |pointer: &str, word: &str| {
            value.pointer(pointer).and_then(Value::as_array).is_some_and(|it| it.iter().any(|it| it == word))
        };
        let name = params.client_info.as_ref().map_or("", |info| &info.name);
        Profile {
            utf8: lists("/general/positionEncodings", "utf-8"),
            pull: value.pointer("/textDocument/diagnostic").is_some_and(Value::is_object),
            refresh_diagnostics: flag("/workspace/diagnostics/refreshSupport"),
            related_information: flag("/textDocument/publishDiagnostics/relatedInformation")
                || flag("/textDocument/diagnostic/relatedInformation"),
            code_descriptions: flag("/textDocument/publishDiagnostics/codeDescriptionSupport")
                || flag("/textDocument/diagnostic/codeDescriptionSupport"),
            snippets: flag("/textDocument/completion/completionItem/snippetSupport"),
            commit_characters: flag("/textDocument/completion/completionItem/commitCharactersSupport"),
            markdown_hover: lists("/textDocument/hover/contentFormat", "markdown"),
            markdown_items: lists("/textDocument/completion/completionItem/documentationFormat", "markdown"),
            symbol_tree: flag("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            code_actions: value.pointer("/textDocument/codeAction/codeActionLiteralSupport").is_some(),
            preferred_actions: flag("/textDocument/codeAction/isPreferredSupport"),
            document_changes: flag("/workspace/workspaceEdit/documentChanges"),
            creates_files: value
                .pointer("/workspace/workspaceEdit/resourceOperations")
                .and_then(Value::as_array)
                .is_some_and(|operations| operations.iter().any(|it| it == "create")),
            configuration: flag("/workspace/configuration"),
            register_configuration: flag("/workspace/didChangeConfiguration/dynamicRegistration"),
            watch_files: flag("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            trigger_suggest: {
                let name = name.to_ascii_lowercase();
                ["code", "codium", "cursor", "windsurf"].iter().any(|editor| name.contains(editor))
            },
            tells_json_syntax: flag("/experimental/passrole/jsonSyntax"),
            opens_answers: flag("/experimental/passrole/answers"),
            traces: params.trace.is_some_and(|trace| trace != TraceValue::Off),
        }
    }

    pub fn encoding(&self) -> PositionEncoding {
        if self.utf8 { PositionEncoding::Utf8 } else { PositionEncoding::Utf16 }
    }

    /// What this client is told.
    pub fn server(&self) -> ServerCapabilities {
        ServerCapabilities {
            position_encoding: Some(if self.utf8 {
                PositionEncodingKind::UTF8
            } else {
                PositionEncodingKind::UTF16
            }),
            text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::Supported(true)),
                ..TextDocumentSyncOptions::default()
            })),
            diagnostic_provider: self.pull.then(|| {
                DiagnosticServerCapabilities::Options(DiagnosticOptions {
                    identifier: Some("passrole".to_string()),
                    inter_file_dependencies: true,
                    workspace_diagnostics: false,
                    ..DiagnosticOptions::default()
                })
            }),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(["\"", ":", "{", "/", "$"].map(str::to_string).to_vec()),
                resolve_provider: Some(true),
                ..CompletionOptions::default()
            }),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            code_action_provider: self.code_actions.then(|| {
                CodeActionProviderCapability::Options(CodeActionOptions {
                    code_action_kinds: Some(vec![
                        CodeActionKind::QUICKFIX,
                        FIX_ALL,
                        CodeActionKind::REFACTOR_REWRITE,
                    ]),
                    ..CodeActionOptions::default()
                })
            }),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            rename_provider: Some(OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: COMMANDS.map(str::to_string).to_vec(),
                ..ExecuteCommandOptions::default()
            }),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            document_formatting_provider: Some(OneOf::Left(true)),
            document_range_formatting_provider: Some(OneOf::Left(true)),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: Some(false),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
            semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
                SemanticTokensOptions {
                    legend: SemanticTokensLegend {
                        token_types: TOKEN_TYPES.map(|(_, name)| name).to_vec(),
                        token_modifiers: Vec::new(),
                    },
                    range: Some(true),
                    full: Some(SemanticTokensFullOptions::Bool(true)),
                    ..SemanticTokensOptions::default()
                },
            )),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(OneOf::Left(true)),
                }),
                file_operations: None,
            }),
            inlay_hint_provider: Some(OneOf::Left(true)),
            selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
            ..ServerCapabilities::default()
        }
    }
}
