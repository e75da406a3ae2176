//! One session: the open documents, what the client can do, the settings.

use super::background::Background;
use super::capabilities::Profile;
use super::document::{Document, DocumentId, path};
use super::files_beside::{FilesBeside, Reading};
pub(super) use super::lock::lock;
use super::log::{guarded, log};
use super::settings::Settings;
use super::surroundings::{self, Surroundings};
use super::transport::Outgoing;
use super::{diagnostics, from_proto};
use crate::analysis::{FileFacts, Stop};
use crate::ide::File;
use crate::text::PositionEncoding;
use crate::workspace::Configurations;
use dashmap::DashMap;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;

pub struct Session {
    documents: DashMap<DocumentId, Arc<Document>>,
    profile: OnceLock<Profile>,
    configurations: Configurations,
    /// The folders that are open in the editor.
    roots: OnceLock<Vec<String>>,
    settings: Mutex<Settings>,
    /// Documents whose diagnostics are still to be sent, where the client does not ask for them.
    unsettled: Mutex<Vec<DocumentId>>,
    /// Held by the thread that sends diagnostics unasked.
    publishing: Mutex<()>,
    neighbours: FilesBeside,
    is_initialized: AtomicBool,
    shut_down: AtomicBool,
    pub outgoing: Arc<Outgoing>,
    pub background: Background,
}

impl Session {
    pub fn new(outgoing: Arc<Outgoing>) -> Session {
        Session {
            documents: DashMap::with_shard_amount(2),
            profile: OnceLock::new(),
            configurations: Configurations::default(),
            roots: OnceLock::new(),
            settings: Mutex::new(Settings::default()),
            unsettled: Mutex::new(Vec::new()),
            publishing: Mutex::new(()),
            neighbours: FilesBeside::default(),
            is_initialized: AtomicBool::new(false),
            shut_down: AtomicBool::new(false),
            outgoing,
            background: Background::default(),
        }
    }

    pub fn initialize(self: &Arc<Session>, params: &InitializeParams) -> &Profile {
        let folders = params.workspace_folders.iter().flatten().map(|folder| path(&folder.uri));
        #[expect(deprecated, reason = "older clients know nothing else")]
        let root = params.root_uri.as_ref().map(path);
        let _ = self.roots.set(folders.chain(root).collect());
        if let Some(options) = &params.initialization_options {
            self.set_settings(options);
        }
        self.is_initialized.store(true, Ordering::Relaxed);
        self.profile.get_or_init(|| Profile::of(params))
    }

    pub fn profile(&self) -> &Profile {
        self.profile.get_or_init(Profile::default)
    }

    pub fn encoding(&self) -> PositionEncoding {
        self.profile().encoding()
    }

    pub fn shut_down(&self) {
        self.shut_down.store(true, Ordering::Relaxed);
    }

    /// Between `initialize` and `shutdown`.
    pub fn is_serving(&self) -> bool {
        self.is_initialized.load(Ordering::Relaxed) && !self.is_shut_down()
    }

    pub fn is_shut_down(&self) -> bool {
        self.shut_down.load(Ordering::Relaxed)
    }

    pub fn open(self: &Arc<Session>, item: TextDocumentItem) {
        let id = DocumentId::of(&item.uri);
        // A file that is opened may be the first since a configuration was written.
        self.configurations.forget();
        let around = self.around(&item.uri);
        let document = Document::open(item.uri, item.version, &item.text, around);
        self.documents.insert(id.clone(), Arc::new(document));
        self.unsettle(id.clone());
        self.neighbours.forget();
        self.look_beside(vec![id]);
    }

    /// Reads what lies beside documents, on another thread: a disk may be slow.
    fn look_beside(self: &Arc<Session>, ids: Vec<DocumentId>) {
        // Whoever waits for one of these is told, whatever becomes of the document meanwhile.
        let asked: Vec<(DocumentId, Arc<Reading>)> = ids
            .into_iter()
            .filter_map(|id| self.document(&id).map(|document| (id, document.reading.clone())))
            .filter(|(_, reading)| !reading.is_done())
            .collect();
        if asked.is_empty() {
            return;
        }
        let session = self.clone();
        let work = move || {
            for (id, reading) in asked {
                let document = session.document(&id);
                if let Some(beside) = document.and_then(|it| it.look_beside(&session.neighbours)) {
                    session.replace(&id, |now| now.beside(&beside));
                }
                reading.end();
                session.unsettle(id);
            }
        };
        if !self.background.can_start() {
            return work();
        }
        let session = self.clone();
        self.background.spawn(async move {
            let _ = session.background.run(Stop::default(), work).await;
            session.settle();
        });
    }

    /// The document, once what lies beside it is known.
    pub async fn whole(&self, uri: &Uri) -> Result<Arc<Document>> {
        loop {
            let document = self.snapshot(uri)?;
            if document.reading.is_done() {
                return Ok(document);
            }
            document.reading.wait().await;
        }
    }

    pub fn change(&self, params: DidChangeTextDocumentParams) {
        let id = DocumentId::of(&params.text_document.uri);
        let DidChangeTextDocumentParams { text_document, content_changes } = params;
        let encoding = self.encoding();
        let next = |before: &Document| before.changed(text_document.version, &content_changes, encoding);
        if !self.replace(&id, next) {
            log(&format!("a change of {}, which is not open", text_document.uri.as_str()));
        }
    }

    /// Puts another version of a document in its place; says whether it is open.
    ///
    /// Settings may arrive on the second thread while an edit is read on the first: neither may undo
    /// what the other did.
    fn replace(&self, id: &DocumentId, next: impl Fn(&Document) -> Document) -> bool {
        while let Some(before) = self.document(id) {
            let document = Arc::new(next(&before));
            match self.documents.get_mut(id) {
                Some(mut now) if Arc::ptr_eq(&now, &before) => *now = document,
                _ => continue,
            }
            before.superseded.ask();
            self.unsettle(id.clone());
            return true;
        }
        false
    }

    /// The text of a document as the server has it.
    pub fn text(&self, uri: &Uri) -> Result<String> {
        Ok(self.snapshot(uri)?.text.to_string())
    }

    pub fn close(&self, uri: &Uri) {
        let id = DocumentId::of(uri);
        if let Some((_, document)) = self.documents.remove(&id) {
            document.superseded.ask();
        }
        if !self.profile().pull {
            lock(&self.unsettled).retain(|other| *other != id);
            let _publishing = lock(&self.publishing);
            diagnostics::publish(
                &self.outgoing,
                &PublishDiagnosticsParams::new(uri.clone(), Vec::new(), None),
            );
        }
    }

    /// Takes settings over; documents are seen anew where they change anything. Says whether they do.
    pub fn set_settings(self: &Arc<Session>, value: &Value) -> bool {
        let (settings, problems) = Settings::of(value);
        self.warn(problems);
        if *lock(&self.settings) == settings {
            return false;
        }
        self.configurations.set_editor(settings.wishes(self.roots()));
        *lock(&self.settings) = settings;
        self.see_anew();
        true
    }

    /// Checks every document under what now holds for it.
    pub fn see_anew(self: &Arc<Session>) {
        self.configurations.forget();
        self.neighbours.forget();
        let ids: Vec<DocumentId> = self.documents.iter().map(|entry| entry.key().clone()).collect();
        for id in &ids {
            self.replace(id, |document| document.under(self.around(&document.uri)));
        }
        self.look_beside(ids);
    }

    /// Whatever is wrong with what lies around, a document opens.
    fn around(&self, uri: &Uri) -> Surroundings {
        guarded(uri, || self.look_around(uri)).unwrap_or_else(|| Surroundings {
            facts: Arc::new(FileFacts::of_path(&path(uri))),
            rules: Arc::default(),
            kind: None,
        })
    }

    fn look_around(&self, uri: &Uri) -> Surroundings {
        let around = surroundings::around(&path(uri), self.roots(), &self.configurations);
        self.warn(self.configurations.take_notices().into_iter().map(|notice| notice.words).collect());
        around
    }

    fn roots(&self) -> &[String] {
        self.roots.get().map_or(&[][..], Vec::as_slice)
    }

    /// Tells the user what is wrong with settings or a configuration.
    fn warn(&self, problems: Vec<String>) {
        for problem in problems {
            log(&problem);
            if self.profile.get().is_some() {
                let params = ShowMessageParams { typ: MessageType::WARNING, message: problem };
                self.outgoing.notify("window/showMessage", &params);
            }
        }
    }

    fn document(&self, id: &DocumentId) -> Option<Arc<Document>> {
        self.documents.get(id).map(|entry| entry.value().clone())
    }

    /// The document as it is now.
    pub fn snapshot(&self, uri: &Uri) -> Result<Arc<Document>> {
        self.document(&DocumentId::of(uri)).ok_or_else(not_open)
    }

    /// The document as it is now, and the offset of a place in it.
    pub fn place(&self, at: &TextDocumentPositionParams) -> Result<(Arc<Document>, u32)> {
        let document = self.snapshot(&at.text_document.uri)?;
        let offset = from_proto::offset(at.position, &document.text, self.encoding());
        Ok((document, offset))
    }

    fn unsettle(&self, id: DocumentId) {
        if !self.profile().pull {
            let mut unsettled = lock(&self.unsettled);
            if !unsettled.contains(&id) {
                unsettled.push(id);
            }
        }
    }

    /// Sends the diagnostics that are due: called when no further message waits.
    pub fn settle(self: &Arc<Session>) {
        let unsettled = std::mem::take(&mut *lock(&self.unsettled));
        for id in unsettled {
            // What is still read beside it comes here again.
            let Some(document) = self.document(&id).filter(|document| document.reading.is_done()) else {
                continue;
            };
            if !document.is_heavy() {
                let report = || self.report_on(&document);
                if catch_unwind(AssertUnwindSafe(report)).is_err() {
                    log(&format!("{} could not be checked", document.uri.as_str()));
                }
                continue;
            }
            let session = self.clone();
            self.background.spawn(async move {
                let analysed = document.clone();
                let done = session
                    .background
                    .run(document.superseded.clone(), move || drop(analysed.report()))
                    .await;
                if done.is_ok() {
                    session.report_on(&document);
                }
            });
        }
    }

    /// Sends the diagnostics of a document, unless a later version has taken its place.
    fn report_on(&self, document: &Arc<Document>) {
        let report = document.report();
        let file = File { text: &document.text, report: &report };
        let found = diagnostics::of(&file, &document.uri, self.profile());
        let params = PublishDiagnosticsParams::new(document.uri.clone(), found.items, Some(document.version));
        // From two threads: no earlier version is sent behind a later one.
        let _publishing = lock(&self.publishing);
        let now = self.document(&DocumentId::of(&document.uri));
        if now.is_some_and(|now| Arc::ptr_eq(&now, document)) {
            diagnostics::publish(&self.outgoing, &params);
        }
    }

    /// Works on what is known of a document: at once where that is short, else on the second thread.
    pub async fn with<T: Send + 'static>(
        &self,
        document: Arc<Document>,
        work: impl FnOnce(&File<'_>, &Document) -> T + Send + 'static,
    ) -> Result<T> {
        let heavy = document.is_heavy();
        let work = move || {
            let report = document.report();
            work(&File { text: &document.text, report: &report }, &document)
        };
        if heavy { self.background.run(Stop::default(), work).await } else { Ok(work()) }
    }
}

/// The error for a request whose document is not open.
fn not_open() -> Error {
    Error { code: ErrorCode::InvalidParams, message: "this document is not open".into(), data: None }
}
