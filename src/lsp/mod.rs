//! The language server. Only here protocol types have names.
//!
//! One thread reads a message, runs its handler, writes the answer and reads the next: no hop between
//! threads on the way of a keystroke. What takes long goes to a second thread ([`background`]), and is
//! answered from there. Layers, from outside:
//!
//! * [`at_once`]: the one answer too large for the detour over the framework;
//! * [`transport`]: bytes to messages and back, whatever a client sends;
//! * [`ordered`]: handlers run in the order of the wire, panics are caught;
//! * [`server`]: one short method for each request;
//! * [`session`]: the open documents, the client's abilities, the settings;
//! * [`from_proto`], [`to_proto`]: the borders to the types of the protocol.

mod at_once;
mod background;
mod capabilities;
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
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use tower_lsp::LspService;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
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
    let outgoing = Arc::new(Outgoing::new(output));
    let (service, socket) = LspService::build(|client| Server::new(client, outgoing.clone(), files))
        .custom_method("passrole/text", Server::text)
        .finish();
    let session: Arc<Session> = service.inner().session().clone();
    let mut service = Ordered::new(service);
    let (requests, mut responses) = tower_lsp::Loopback::split(socket);
    let mut requests = Some(requests);
    let mut incoming = Incoming::new(input);
    loop {
        // A burst of edits is answered once, at its end.
        if !incoming.has_next() {
            session.settle();
        }
        let body = match incoming.next() {
            Next::Message(body) => body,
            Next::Skipped(count) => {
                log(&format!("{count} bytes that are not a message were skipped"));
                outgoing.send(&Response::from_error(Id::Null, Error::parse_error()));
                continue;
            }
            Next::End => break,
        };
        let envelope = match std::str::from_utf8(body).map(serde_json::from_str::<Envelope<'_>>) {
            Ok(Ok(envelope)) => envelope,
            Ok(Err(error)) if error.is_data() => {
                log(&format!("a message is not a request: {error}"));
                outgoing.send(&Response::from_error(Id::Null, Error::invalid_request()));
                continue;
            }
            _ => {
                log("a message is not JSON");
                outgoing.send(&Response::from_error(Id::Null, Error::parse_error()));
                continue;
            }
        };
        let Some(method) = envelope.method else {
            let Some(id) = envelope.id else {
                outgoing.send(&Response::from_error(Id::Null, Error::invalid_request()));
                continue;
            };
            let response = match (envelope.result, envelope.error) {
                (_, Some(error)) => Response::from_error(id, error),
                (result, None) => Response::from_ok(id, result.unwrap_or_default()),
            };
            // Who waits for it has been told its number; an unknown number is ignored there.
            let _ = Pin::new(&mut responses).start_send(response);
            continue;
        };
        if method == "exit" {
            break;
        }
        if let (Some(id), Some(params)) = (&envelope.id, envelope.params)
            && at_once::answer(&method, id, params, &session)
        {
            continue;
        }
        let mut request = Request::build(method.into_owned());
        if let Some(params) = envelope.params {
            request = request.params(transport::parameters(params.get()));
        }
        if let Some(id) = envelope.id {
            request = request.id(id);
        }
        match service.first(request.finish()) {
            First::Done(Some(response)) => outgoing.send(&response),
            First::Done(None) => {}
            First::Working(work) => session.background.spawn(answer(work, outgoing.clone())),
        }
        if session.background.is_started()
            && let Some(mut requests) = requests.take()
        {
            let outgoing = outgoing.clone();
            session.background.spawn(async move {
                while let Some(request) = requests.next().await {
                    outgoing.send(&request);
                }
            });
        }
        if outgoing.is_closed() {
            break;
        }
    }
    session.background.end();
    if session.is_shut_down() { Ending::Orderly } else { Ending::Abrupt }
}

/// Waits for a handler and sends what it answers.
async fn answer(work: impl Future<Output = Option<Response>>, outgoing: Arc<Outgoing>) {
    if let Some(response) = work.await {
        outgoing.send(&response);
    }
}
