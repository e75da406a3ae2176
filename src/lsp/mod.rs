//! The language server. Only here protocol types have names.
//!
//! One thread reads a message, runs its handler, writes the answer and reads the next: no hop between
//! threads on the way of a keystroke. What takes long goes to a second thread ([`background`]), and is
//! answered from there. Layers, from outside:
//!
//! * [`at_once`]: the one answer too large for the detour over the framework;
//! * [`transport`]: bytes to messages and back, whatever a client sends;
//! * [`ordered`]: handlers run in the order of the wire, panics are caught;
//! * [`commands`]: questions that are asked as commands;
//! * [`server`]: one short method for each request;
//! * [`session`]: the open documents, the client's abilities, the settings;
//! * [`from_proto`], [`to_proto`]: the borders to the types of the protocol.

mod at_once;
mod background;
mod capabilities;
mod commands;
mod diagnostics;
mod document;
mod from_proto;
mod log;
mod ordered;
mod parent;
mod server;
mod session;
mod settings;
mod suppress;
mod to_proto;
mod transport;

use crate::workspace::Files;
use crate::workspace::disk::Disk;
use background::Background;
use futures_util::{Sink, StreamExt};
use log::log;
use ordered::{First, Ordered};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use server::Server;
use session::Session;
use std::borrow::Cow;
use std::future::Future;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{Loopback, LspService};
use transport::{Incoming, Next, Outgoing};

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// `exit`, or the end of the input, after `shutdown`.
    Orderly,
    /// Without `shutdown` before.
    Abrupt,
}

/// Serves standard input and output until the client says `exit` or is gone.
pub fn run() -> ExitCode {
    match serve(std::io::stdin().lock(), Box::new(std::io::stdout())) {
        Ending::Orderly => ExitCode::SUCCESS,
        Ending::Abrupt => ExitCode::FAILURE,
    }
}

/// A message as far as its kind.
#[derive(Deserialize)]
struct Envelope<'m> {
    #[serde(borrow, default)]
    method: Option<Cow<'m, str>>,
    #[serde(borrow, default)]
    params: Option<&'m RawValue>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    #[serde(default)]
    error: Option<Error>,
}

/// `null` is there, too.
fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Serves one client, over the files on disk.
pub fn serve(input: impl Read, output: Box<dyn Write + Send>) -> Ending {
    serve_over(input, output, Arc::new(Disk))
}

/// Serves one client; `files` are those that are not open.
pub fn serve_over(input: impl Read, output: Box<dyn Write + Send>, files: Arc<dyn Files>) -> Ending {
    let mut conversation = Conversation::new(output, files, Background::default());
    let mut incoming = Incoming::new(input);
    loop {
        // A burst of edits is answered once, at its end.
        if !incoming.has_next() {
            conversation.settle();
        }
        let flow = match incoming.next() {
            Next::Message(body) => conversation.receive(body),
            Next::Skipped(count) => {
                conversation.skipped(count);
                ControlFlow::Continue(())
            }
            Next::End => break,
        };
        if flow.is_break() {
            break;
        }
    }
    conversation.end()
}

type Socket = tower_lsp::ClientSocket;

/// A client and the server, message by message, without a byte stream between them: for hosts that hand messages over,
/// such as a worker in a browser.
pub struct Conversation {
    service: Ordered<LspService<Server>>,
    session: Arc<Session>,
    /// What the server asks the client; taken over by a task once one runs.
    requests: Option<<Socket as Loopback>::RequestStream>,
    responses: <Socket as Loopback>::ResponseSink,
    outgoing: Arc<Outgoing>,
}

impl Conversation {
    /// One that starts no thread: what takes long is done before [`Conversation::receive`] returns. Each message is
    /// written at once, behind its header `Content-Length: …`; `files` are those that are not open.
    pub fn alone(output: Box<dyn Write + Send>, files: Arc<dyn Files>) -> Conversation {
        Conversation::new(output, files, Background::alone())
    }

    fn new(output: Box<dyn Write + Send>, files: Arc<dyn Files>, background: Background) -> Conversation {
        let outgoing = Arc::new(Outgoing::new(output));
        let (service, socket) =
            LspService::build(|client| Server::new(client, outgoing.clone(), files, background))
                .custom_method("passrole/text", Server::text)
                .finish();
        let session: Arc<Session> = service.inner().session().clone();
        let (requests, responses) = socket.split();
        Conversation {
            service: Ordered::new(service),
            session,
            requests: Some(requests),
            responses,
            outgoing,
        }
    }

    /// Sends what is still to be said of the edits so far: to be called where no further message is there yet.
    pub fn settle(&self) {
        self.session.settle();
        self.session.background.turn();
    }

    /// Takes note that bytes came that belong to no message.
    fn skipped(&self, count: usize) {
        log(&format!("{count} bytes that are not a message were skipped"));
        self.outgoing.send(&Response::from_error(Id::Null, Error::parse_error()));
    }

    /// Takes a message, and answers it unless that takes long. `Break` where the client ends the session or is gone.
    pub fn receive(&mut self, body: &[u8]) -> ControlFlow<()> {
        let envelope = match std::str::from_utf8(body).map(serde_json::from_str::<Envelope<'_>>) {
            Ok(Ok(envelope)) => envelope,
            Ok(Err(error)) if error.is_data() => {
                log(&format!("a message is not a request: {error}"));
                self.outgoing.send(&Response::from_error(Id::Null, Error::invalid_request()));
                return ControlFlow::Continue(());
            }
            _ => {
                log("a message is not JSON");
                self.outgoing.send(&Response::from_error(Id::Null, Error::parse_error()));
                return ControlFlow::Continue(());
            }
        };
        let Some(method) = envelope.method else {
            let Some(id) = envelope.id else {
                self.outgoing.send(&Response::from_error(Id::Null, Error::invalid_request()));
                return ControlFlow::Continue(());
            };
            let response = match (envelope.result, envelope.error) {
                (_, Some(error)) => Response::from_error(id, error),
                (result, None) => Response::from_ok(id, result.unwrap_or_default()),
            };
            // Who waits for it has been told its number; an unknown number is ignored there.
            let _ = Pin::new(&mut self.responses).start_send(response);
            self.session.background.turn();
            return ControlFlow::Continue(());
        };
        if method == "exit" {
            return ControlFlow::Break(());
        }
        if let (Some(id), Some(params)) = (&envelope.id, envelope.params)
            && at_once::answer(&method, id, params, &self.session)
        {
            return ControlFlow::Continue(());
        }
        // What is asked for and nobody knows is said to be unknown; what is only told is ignored.
        if let Some(id) = envelope.id.as_ref().filter(|_| method.starts_with("$/")) {
            self.outgoing.send(&Response::from_error(id.clone(), Error::method_not_found()));
            return ControlFlow::Continue(());
        }
        let is_change = method == "textDocument/didChange";
        let mut request = Request::build(method.into_owned());
        if let Some(params) = envelope.params {
            let mut parameters = transport::parameters(params.get());
            // Old clients name no version.
            if is_change
                && let Some(document) = parameters.get_mut("textDocument").and_then(Value::as_object_mut)
            {
                let version = document.entry("version").or_insert(Value::Null);
                if version.is_null() {
                    *version = 0.into();
                }
            }
            request = request.params(parameters);
        }
        if let Some(id) = envelope.id {
            request = request.id(id);
        }
        match self.service.first(request.finish()) {
            First::Done(Some(response)) => self.outgoing.send(&response),
            First::Done(None) => {}
            First::Working(work) => self.session.background.spawn(answer(work, self.outgoing.clone())),
        }
        if self.session.background.is_started()
            && let Some(mut requests) = self.requests.take()
        {
            let outgoing = self.outgoing.clone();
            self.session.background.spawn(async move {
                while let Some(request) = requests.next().await {
                    outgoing.send(&request);
                }
            });
        }
        self.session.background.turn();
        if self.outgoing.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Drops what is still at work.
    pub fn end(self) -> Ending {
        self.session.background.end();
        if self.session.is_shut_down() { Ending::Orderly } else { Ending::Abrupt }
    }
}

/// Waits for a handler and sends what it answers.
async fn answer(work: impl Future<Output = Option<Response>>, outgoing: Arc<Outgoing>) {
    if let Some(response) = work.await {
        outgoing.send(&response);
    }
}
