//! One session: the open documents, what the client can do, the settings.

use super::background::Background;
use super::capabilities::Profile;
use super::document::{Document, DocumentId, path};
use super::log::{guarded, log};
use super::settings::Settings;
use super::to_proto::FileElsewhere;
use super::transport::Outgoing;
use super::{diagnostics, from_proto};
use crate::analysis::{self, FileFacts, RuleSet, Stop};
use crate::config::{self, Config};
use crate::diagnostic::Finding;
use crate::graph::Graph;
use crate::graph::roles::{self, ProjectPlace, RoleFacts};
use crate::ide::File;
use crate::text::{PositionEncoding, Source, Span, Text};
use crate::workspace::lock;
use crate::workspace::{Configurations, Files, Overlay, Roots, Workspace};
use dashmap::DashMap;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;

/// The largest configuration that is written to, in bytes.
const LARGEST_CONFIGURATION: u64 = 1 << 20;

pub struct Session {
    documents: DashMap<DocumentId, Arc<Document>>,
    profile: OnceLock<Profile>,
    client: Client,
    /// The open texts, over the disk.
    texts: Arc<Overlay>,
    /// Made when the client has told which folders are open.
    workspace: OnceLock<Workspace>,
    settings: Mutex<Settings>,
    /// Documents of which the workspace does not know yet what they say to others.
    edited: Mutex<Vec<DocumentId>>,
    /// The revision of the workspace that every document was last judged by.
    settled: AtomicU64,
    /// Documents whose diagnostics are still to be sent, where the client does not ask for them.
    unsettled: Mutex<Vec<DocumentId>>,
    /// Held while diagnostics are sent unasked: those of an older version never go out last.
    publishing: Mutex<()>,
    /// Whether the second thread looks at what changed on disk.
    is_looking: AtomicBool,
    /// How often a document was opened.
    openings: AtomicU64,
    is_initialized: AtomicBool,
    shut_down: AtomicBool,
    pub outgoing: Arc<Outgoing>,
    pub background: Background,
}

impl Session {
    /// `files` are those below the open texts.
    pub fn new(
        client: Client,
        outgoing: Arc<Outgoing>,
        files: Arc<dyn Files>,
        background: Background,
    ) -> Session {
        Session {
            documents: DashMap::with_shard_amount(2),
            profile: OnceLock::new(),
            client,
            texts: Arc::new(Overlay::over(files)),
            workspace: OnceLock::new(),
            settings: Mutex::new(Settings::default()),
            edited: Mutex::default(),
            settled: AtomicU64::new(0),
            unsettled: Mutex::new(Vec::new()),
            publishing: Mutex::default(),
            is_looking: AtomicBool::new(false),
            openings: AtomicU64::new(0),
            is_initialized: AtomicBool::new(false),
            shut_down: AtomicBool::new(false),
            outgoing,
            background,
        }
    }

    pub fn initialize(&self, params: &InitializeParams) -> &Profile {
        let folders = params.workspace_folders.iter().flatten().map(|folder| path(&folder.uri));
        #[expect(deprecated, reason = "older clients know nothing else")]
        let root = params.root_uri.as_ref().map(path);
        let _ = self.workspace.set(self.workspace_of(folders.chain(root).map(PathBuf::from).collect()));
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

    fn workspace_of(&self, roots: Vec<PathBuf>) -> Workspace {
        // What is typed into a configuration counts when it is saved.
        let configurations = Configurations::default();
        configurations.set_editor(lock(&self.settings).wishes(&roots));
        Workspace::new(self.texts.clone(), configurations, Roots::open(roots))
    }

    pub fn workspace(&self) -> &Workspace {
        self.workspace.get_or_init(|| self.workspace_of(Vec::new()))
    }

    pub fn open(&self, item: TextDocumentItem) {
        let id = DocumentId::of(&item.uri);
        let file = PathBuf::from(path(&item.uri));
        let workspace = self.workspace();
        // A file that is opened may be the first since a configuration was written.
        workspace.configurations().forget();
        if !self.profile().watch_files {
            workspace.forget_around(&file);
        }
        let now = self.facts_now(&file);
        let revision = now.as_ref().map(|(_, revision)| *revision);
        let facts = now.map_or_else(|| workspace.facts_of_path(&file), |(facts, _)| facts);
        let settings = open_settings(workspace, &file);
        let opening = self.openings.fetch_add(1, Ordering::Relaxed);
        let document = Document::open(item.uri, item.version, opening, &item.text, facts, settings, revision);
        let is_new = self.texts.kind(&file).is_none();
        self.texts.open(file.clone(), document.text.clone());
        if is_new {
            workspace.appears(&file);
        }
        self.documents.insert(id.clone(), Arc::new(document));
        self.edit(id);
        self.tell_notices();
    }

    pub fn change(&self, params: DidChangeTextDocumentParams) {
        let id = DocumentId::of(&params.text_document.uri);
        let DidChangeTextDocumentParams { text_document, content_changes } = params;
        let Some(before) = self.document(&id) else {
            log(&format!("a change of {}, which is not open", text_document.uri.as_str()));
            return;
        };
        let encoding = self.encoding();
        let file = PathBuf::from(path(&before.uri));
        let now = guarded(&before.uri, || self.facts_now(&file)).flatten();
        let next = |before: &Document| {
            before.changed(text_document.version, &content_changes, encoding, now.clone())
        };
        if let Some(text) = self.replace(&id, next) {
            self.texts.open(file, text);
            self.edit(id);
        }
    }

    /// Puts another version of a document in its place; its text, where it is open.
    ///
    /// Settings may arrive on the second thread while an edit is read on the first: neither may undo
    /// what the other did.
    fn replace(&self, id: &DocumentId, next: impl Fn(&Document) -> Document) -> Option<Text> {
        while let Some(before) = self.document(id) {
            let document = Arc::new(next(&before));
            let text = document.text.clone();
            match self.documents.get_mut(id) {
                Some(mut now) if Arc::ptr_eq(&now, &before) => *now = document,
                _ => continue,
            }
            before.superseded.ask();
            return Some(text);
        }
        None
    }

    /// What is around a file, and the revision that says so; `None` where that would take long to tell.
    fn facts_now(&self, file: &Path) -> Option<(FileFacts, u64)> {
        let workspace = self.workspace();
        let revision = workspace.revision();
        workspace.is_ready(file).then(|| (workspace.facts(file), revision))
    }

    /// A version that nobody has been told of.
    fn edit(&self, id: DocumentId) {
        let mut edited = lock(&self.edited);
        if !edited.contains(&id) {
            edited.push(id.clone());
        }
        drop(edited);
        self.unsettle(id);
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
        lock(&self.edited).retain(|other| *other != id);
        // What is on disk counts again.
        let file = PathBuf::from(path(uri));
        self.texts.close(&file);
        self.workspace().mark_stale(&file);
        if !self.profile().pull {
            lock(&self.unsettled).retain(|other| *other != id);
            let _held = lock(&self.publishing);
            diagnostics::publish(
                &self.outgoing,
                &PublishDiagnosticsParams::new(uri.clone(), Vec::new(), None),
            );
        }
    }

    /// Looks at files again that the client saw change on disk; at all where it names none.
    pub fn files_changed(&self, uris: Vec<Uri>) {
        let mut configurations = uris.is_empty();
        for uri in uris {
            let file = PathBuf::from(path(&uri));
            if file.file_name().is_some_and(|name| name == Config::FILE_NAME) {
                configurations = true;
            } else if !self.texts.is_open(&file) {
                self.workspace().mark_stale(&file);
            }
        }
        if configurations {
            self.see_anew();
        }
    }

    /// Takes settings over; documents are seen anew where they change anything. Says whether they do.
    pub fn set_settings(&self, value: &Value) -> bool {
        let (settings, problems) = Settings::of(value);
        self.warn(problems);
        if *lock(&self.settings) == settings {
            return false;
        }
        *lock(&self.settings) = settings.clone();
        // Before it is known which folders are open, there is nothing to see.
        if let Some(workspace) = self.workspace.get() {
            workspace.configurations().set_editor(settings.wishes(workspace.roots().folders()));
            self.see_anew();
        }
        true
    }

    /// Folders were opened beside the others, or closed; every document is seen anew.
    pub fn change_folders(&self, added: &[WorkspaceFolder], removed: &[WorkspaceFolder]) {
        let folder = |it: &WorkspaceFolder| PathBuf::from(path(&it.uri));
        let removed: Vec<PathBuf> = removed.iter().map(folder).collect();
        let workspace = self.workspace();
        let mut folders = workspace.roots().folders().to_vec();
        folders.retain(|it| !removed.contains(it));
        let new: Vec<PathBuf> = added.iter().map(folder).filter(|it| !folders.contains(it)).collect();
        folders.extend(new);
        workspace.configurations().set_editor(lock(&self.settings).wishes(&folders));
        workspace.set_roots(Roots::open(folders));
        self.see_anew();
    }

    /// The configuration that a file has, or would have, with its text; an empty one where it is not there yet.
    pub fn configuration_of(&self, file: &Path) -> Option<(PathBuf, String)> {
        let workspace = self.workspace();
        let known = workspace.configurations().describe(file).ok()?.configuration;
        let path = known.or_else(|| {
            let roots = workspace.roots();
            let root = roots.folders().iter().find(|root| file.starts_with(root))?;
            Some(root.join(Config::FILE_NAME))
        })?;
        match self.texts.kind(&path) {
            None => Some((path, String::new())),
            Some(_) => self.texts.read(&path, LARGEST_CONFIGURATION).ok().map(|text| (path, text)),
        }
    }

    /// Checks every document under what now holds for it.
    pub fn see_anew(&self) {
        let workspace = self.workspace();
        workspace.forget();
        for (id, document) in self.all() {
            let settings = open_settings(workspace, Path::new(&path(&document.uri)));
            if self.replace(&id, |document| document.under(settings.clone())).is_some() {
                self.edit(id);
            }
        }
        self.tell_notices();
    }

    fn all(&self) -> Vec<(DocumentId, Arc<Document>)> {
        self.documents.iter().map(|entry| (entry.key().clone(), entry.value().clone())).collect()
    }

    /// Tells what is wrong with configurations; what is only worth knowing goes to the log.
    fn tell_notices(&self) {
        let (errors, notes): (Vec<_>, Vec<_>) =
            self.workspace().take_notices().into_iter().partition(|notice| notice.is_error);
        notes.iter().for_each(|notice| log(&notice.words));
        self.warn(errors.into_iter().map(|notice| notice.words).collect());
    }

    /// Hands on what edited documents say to others now. What takes long is left for later.
    fn absorb(&self) {
        // A document alone has nobody to tell.
        if self.documents.len() < 2 {
            return;
        }
        let edited = std::mem::take(&mut *lock(&self.edited));
        for id in edited {
            let Some(document) = self.document(&id) else { continue };
            if self.is_heavy(&document) {
                lock(&self.edited).push(id);
                continue;
            }
            let tell = || {
                let report = document.report();
                let file = PathBuf::from(path(&document.uri));
                if let Some(parsed) = document.parsed() {
                    self.workspace().put(&file, || document.text.to_string(), parsed, &report.summary);
                }
            };
            guarded(&document.uri, tell);
        }
    }

    /// The same version of a document, judged by what the files around it say now.
    pub fn settled(&self, document: Arc<Document>) -> Arc<Document> {
        self.absorb();
        let workspace = self.workspace();
        let file = PathBuf::from(path(&document.uri));
        workspace.catch_up_around(&file);
        let revision = workspace.revision();
        if document.seen() == revision {
            return document;
        }
        let facts = workspace.facts(&file);
        if document.holds_under(&facts, revision) {
            return document;
        }
        let anew = Arc::new(document.among(facts, revision));
        let id = DocumentId::of(&document.uri);
        if let Some(mut now) = self.documents.get_mut(&id)
            && now.superseded.is(&document.superseded)
        {
            // The other thread may have been quicker.
            if !Arc::ptr_eq(&now, &document) {
                return now.clone();
            }
            *now = anew.clone();
        }
        let mut edited = lock(&self.edited);
        if !edited.contains(&id) {
            edited.push(id);
        }
        anew
    }

    /// Whether it takes too long to wait for what is known of a document.
    pub fn is_heavy(&self, document: &Document) -> bool {
        document.is_heavy() || !self.workspace().is_ready(Path::new(&path(&document.uri)))
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

    /// Sends the diagnostics that are due: called when no further message waits. Documents that are concerned
    /// by what others say now are among them; who asks for diagnostics is told to ask again.
    pub fn settle(self: &Arc<Session>) {
        if self.workspace.get().is_some() && catch_unwind(AssertUnwindSafe(|| self.spread())).is_err() {
            log("what documents say of each other could not be told");
        }
        let unsettled = std::mem::take(&mut *lock(&self.unsettled));
        for id in unsettled {
            let Some(document) = self.document(&id) else { continue };
            if !self.is_heavy(&document) {
                let report = || self.report_once(self.settled(document.clone()));
                if catch_unwind(AssertUnwindSafe(report)).is_err() {
                    log(&format!("{} could not be checked", document.uri.as_str()));
                }
                continue;
            }
            let session = self.clone();
            self.background.spawn(async move {
                let (judge, superseded) = (session.clone(), document.superseded.clone());
                let work = move || {
                    let document = judge.settled(document);
                    drop(document.report());
                    document
                };
                let Ok(document) = session.background.run(superseded, work).await else { return };
                session.report_once(document);
                session.tell_notices();
                // What it says to others is known only now.
                session.settle();
            });
        }
        if self.workspace.get().is_some_and(Workspace::is_behind) {
            self.look_again();
        }
    }

    /// Looks at what changed on disk, on the second thread: a slow folder holds up nobody else.
    fn look_again(self: &Arc<Session>) {
        if self.is_looking.swap(true, Ordering::AcqRel) {
            return;
        }
        let session = self.clone();
        self.background.spawn(async move {
            let looking = session.clone();
            let look = move || looking.workspace().catch_up();
            let looked = session.background.run(Stop::default(), look).await;
            session.is_looking.store(false, Ordering::Release);
            if looked.is_ok() {
                session.tell_notices();
                session.settle();
            }
        });
    }

    /// Carries what edited documents say to the documents that it concerns.
    fn spread(&self) {
        let mut is_news = false;
        // A value may be handed on from file to file, but not for ever.
        for _ in 0..4 {
            self.absorb();
            let revision = self.workspace().revision();
            if self.settled.swap(revision, Ordering::AcqRel) == revision {
                break;
            }
            for (id, document) in self.all() {
                let is_concerned = || !Arc::ptr_eq(&self.settled(document.clone()), &document);
                if self.is_heavy(&document) || is_concerned() {
                    self.unsettle(id);
                    is_news = true;
                }
            }
        }
        if is_news {
            self.refresh();
        }
    }

    /// The cursor is at a place: a word that was being typed elsewhere is judged from now on.
    pub fn look(self: &Arc<Session>, document: &Document, offset: u32) {
        if document.leave(offset) {
            self.unsettle(DocumentId::of(&document.uri));
            self.refresh();
        }
    }

    /// The symbols of the open documents whose names have the letters of a query in their order.
    pub fn symbols(&self, query: &str) -> Vec<SymbolInformation> {
        let query = query.to_lowercase();
        let fits = |name: &str| {
            let name = name.to_lowercase();
            let mut rest = name.chars();
            query.chars().all(|wanted| rest.any(|char| char == wanted))
        };
        let mut found = Vec::new();
        for (_, document) in self.all().into_iter().filter(|(_, document)| !document.is_heavy()) {
            let report = document.report();
            let file = File { text: &document.text, report: &report };
            let symbols = crate::ide::symbols::symbols(&file);
            let row = super::to_proto::symbol_row(&symbols, &document, self.encoding());
            found.extend(row.into_iter().filter(|symbol| fits(&symbol.name)));
        }
        found
    }

    /// Another file of a document's project, by its path there.
    pub fn elsewhere(&self, document: &Document, shown: &str) -> Option<FileElsewhere> {
        let own = PathBuf::from(path(&document.uri));
        self.file_at(&self.workspace().path_of(&own, shown))
    }

    /// A file as the client has it open, else as it is saved.
    fn file_at(&self, file: &Path) -> Option<FileElsewhere> {
        let uri = Uri::from_file_path(file)?;
        if let Some(open) = self.document(&DocumentId::of(&uri)) {
            let Document { uri, version, text, .. } = &*open;
            return Some(FileElsewhere { uri: uri.clone(), version: Some(*version), text: text.clone() });
        }
        let text = self.workspace().text_of(file)?;
        Some(FileElsewhere { uri, version: None, text: Text::from(text.as_str()) })
    }

    /// The role that stands at a place of a document, as all files of its project tell.
    pub fn role_at(&self, file: &File<'_>, document: &Document, offset: u32) -> Option<RoleFacts> {
        let graph = self.graph_of(document)?;
        catch_unwind(AssertUnwindSafe(|| roles::role_at(&graph, &file.report.summary, offset))).ok()?
    }

    /// The roles that a document declares.
    pub fn roles_of(&self, file: &File<'_>, document: &Document) -> Vec<RoleFacts> {
        let Some(graph) = self.graph_of(document) else { return Vec::new() };
        catch_unwind(AssertUnwindSafe(|| roles::roles_of(&graph, &file.report.summary))).unwrap_or_default()
    }

    /// What lies around a document, where that was read.
    fn graph_of(&self, document: &Document) -> Option<Arc<Graph>> {
        self.facts_now(Path::new(&path(&document.uri))).map(|(facts, _)| facts.graph)
    }

    /// Where a place of a document's project is.
    pub fn location(&self, document: &Document, place: &ProjectPlace) -> Option<Location> {
        let (uri, text) = match &place.file {
            None => (document.uri.clone(), document.text.clone()),
            Some(file) => {
                let other = self.elsewhere(document, file)?;
                (other.uri, other.text)
            }
        };
        // It may have changed since.
        let end = text.len();
        let span = Span::new(place.span.start.min(end), place.span.end.min(end));
        Some(Location { range: super::to_proto::range(span, &text, self.encoding()), uri })
    }

    /// The repairs of findings in a range that are to be made in other files.
    pub fn repairs_elsewhere(
        &self,
        file: &File<'_>,
        document: &Document,
        span: Span,
    ) -> Vec<CodeActionOrCommand> {
        let own = PathBuf::from(path(&document.uri));
        let is_wanted = |finding: &&Finding| {
            let is_elsewhere = finding.fix_file.is_some();
            is_elsewhere && finding.span.start <= span.end && span.start <= finding.span.end
        };
        let elsewhere = |other: &str| self.elsewhere(document, other);
        let text = file.text.to_string();
        let mut found = Vec::new();
        for finding in file.report.findings.iter().filter(is_wanted) {
            match analysis::elsewhere::repair(self.workspace(), &own, &text, finding) {
                Ok(repair) => {
                    let Some(other) = self.file_at(&repair.path) else { continue };
                    let profile = self.profile();
                    found.push(super::to_proto::action_elsewhere(
                        finding,
                        &repair.edits,
                        &other,
                        document,
                        profile,
                        &elsewhere,
                    ));
                }
                Err(why) if self.profile().traces => {
                    let uri = document.uri.as_str();
                    log(&format!("{uri}: the fix of `{}` is left out: {why}", finding.rule.id));
                }
                Err(_) => {}
            }
        }
        found
    }

    /// Has the client ask again for what it asks for.
    pub fn refresh(&self) {
        let profile = self.profile();
        if profile.pull && profile.refresh_diagnostics {
            let client = self.client.clone();
            self.background.spawn(async move {
                let _ = client.workspace_diagnostic_refresh().await;
            });
        }
    }

    /// Sends the findings of a version, unless they were sent or another version has taken its place.
    fn report_once(&self, mut document: Arc<Document>) {
        let id = DocumentId::of(&document.uri);
        loop {
            let report = document.report();
            let file = File { text: &document.text, report: &report };
            let elsewhere = |other: &str| self.elsewhere(&document, other);
            let found = diagnostics::of(&file, &document, self.profile(), &elsewhere);
            let _held = lock(&self.publishing);
            match self.document(&id) {
                Some(now) if Arc::ptr_eq(&now, &document) => {
                    if !document.is_told() {
                        let Document { uri, version, .. } = &*document;
                        let params = PublishDiagnosticsParams::new(uri.clone(), found.items, Some(*version));
                        diagnostics::publish(&self.outgoing, &params);
                    }
                    return;
                }
                // The other thread has judged this version by what others say meanwhile.
                Some(now) if now.superseded.is(&document.superseded) => document = now,
                _ => return,
            }
        }
    }

    /// Works on what is known of a document: at once where that is short, else on the second thread.
    pub async fn with<T: Send + 'static>(
        self: &Arc<Session>,
        document: Arc<Document>,
        work: impl FnOnce(&File<'_>, &Document) -> T + Send + 'static,
    ) -> Result<T> {
        let heavy = self.is_heavy(&document);
        let session = self.clone();
        let work = move || {
            let document = session.settled(document);
            let report = document.report();
            work(&File { text: &document.text, report: &report }, &document)
        };
        if heavy { self.background.run(Stop::default(), work).await } else { Ok(work()) }
    }
}

/// The error for a request whose document is not open.
/// What holds for a file. Where a configuration is broken, what holds without it; of what is excluded, nothing is told.
fn open_settings(workspace: &Workspace, file: &Path) -> config::Settings {
    let (mut settings, _) = workspace.settings(file);
    if settings.is_excluded {
        settings.rules = Arc::new(RuleSet::none());
    }
    settings
}

fn not_open() -> Error {
    Error { code: ErrorCode::InvalidParams, message: "this document is not open".into(), data: None }
}

#[cfg(test)]
mod tests {
    use super::super::server::Server;
    use super::super::transport::{Incoming, Next};
    use super::*;
    use crate::workspace::Memory;
    use std::io::Write;
    use tower_lsp::LspService;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            lock(&self.0).extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The versions that were reported, in order; none for a document that was closed.
    fn reported(shared: &Shared) -> Vec<Option<i64>> {
        let bytes = lock(&shared.0).clone();
        let mut incoming = Incoming::new(&*bytes);
        let mut found = Vec::new();
        while let Next::Message(body) = incoming.next() {
            let message: Value = serde_json::from_slice(body).unwrap();
            found.push(message["params"]["version"].as_i64());
        }
        found
    }

    #[test]
    fn findings_of_an_older_version_never_go_out_last() {
        let shared = Shared::default();
        let outgoing = Arc::new(Outgoing::new(Box::new(shared.clone())));
        let files = Arc::new(Memory::default());
        let (service, _socket) =
            LspService::new(|client| Server::new(client, outgoing, files, Background::default()));
        let session = service.inner().session();
        let uri: Uri = "untitled:policy.json".parse().unwrap();
        let id = DocumentId::of(&uri);
        session.open(TextDocumentItem::new(uri.clone(), "json".to_string(), 1, "{}".to_string()));
        let first = session.document(&id).unwrap();
        let change = |version| DidChangeTextDocumentParams {
            text_document: VersionedTextDocumentIdentifier::new(uri.clone(), version),
            content_changes: vec![TextDocumentContentChangeEvent {
                range: None,
                range_length: None,
                text: "{ }".to_string(),
            }],
        };
        session.change(change(2));
        // The second thread is done with the first version now, and has been overtaken already.
        session.report_once(first);
        assert_eq!(reported(&shared), []);
        let second = session.document(&id).unwrap();
        session.settle();
        session.report_once(second.clone());
        assert_eq!(reported(&shared), [Some(2)]);
        // Judged anew by the other thread: whoever comes first sends what holds now, and that once.
        let anew = Arc::new(second.among(FileFacts::of_path("policy.json"), 7));
        session.documents.insert(id, anew.clone());
        session.report_once(second);
        session.report_once(anew.clone());
        assert_eq!(reported(&shared), [Some(2), Some(2)]);
        session.close(&uri);
        session.report_once(anew);
        assert_eq!(reported(&shared), [Some(2), Some(2), None]);
    }
}
