//! A client in the same process: two pipes and the server's own loop.
//!
//! A message that no test has read makes the session's end fail.

#![allow(dead_code, reason = "each test uses a part of it")]

use passrole::lsp::{Ending, serve_over};
use passrole::workspace::Files;
use passrole::workspace::disk::Disk;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write, pipe};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// A hang fails a test after this.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    input: Option<PipeWriter>,
    incoming: Receiver<Value>,
    server: Option<JoinHandle<Ending>>,
    unread: VecDeque<Value>,
    next_id: i64,
    /// What the server is told when it asks for settings.
    pub settings: Value,
    pub server_capabilities: Value,
}

impl Client {
    /// A session of that editor, initialized.
    pub fn start(profile: &str) -> Client {
        Client::start_with(profile, Value::Null)
    }

    pub fn start_with(profile: &str, options: Value) -> Client {
        Client::connect().initialized(profile, options, Value::Null)
    }

    /// A session of that editor over these files.
    pub fn start_over(profile: &str, files: Arc<dyn Files>) -> Client {
        Client::connect_over(files).initialized(profile, Value::Null, Value::Null)
    }

    /// A session in which that folder is open.
    pub fn start_in(profile: &str, folder: &std::path::Path) -> Client {
        Client::start_over_in(profile, Arc::new(Disk), folder)
    }

    /// The same over these files.
    pub fn start_over_in(profile: &str, files: Arc<dyn Files>, folder: &std::path::Path) -> Client {
        let folders = json!([{ "uri": format!("file://{}", folder.display()), "name": "folder" }]);
        Client::connect_over(files).initialized(profile, Value::Null, folders)
    }

    fn initialized(self, profile: &str, options: Value, folders: Value) -> Client {
        let mut client = self;
        let path = format!("tests/lsp/profiles/{profile}.json");
        let profile: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let result = client.request(
            "initialize",
            json!({
                "processId": null,
                "clientInfo": profile["clientInfo"],
                "capabilities": profile["capabilities"],
                "initializationOptions": options,
                "workspaceFolders": folders,
            }),
        );
        client.server_capabilities = result["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// A connection, nothing said yet.
    pub fn connect() -> Client {
        Client::connect_over(Arc::new(Disk))
    }

    /// The same to a server that sees these files.
    pub fn connect_over(files: Arc<dyn Files>) -> Client {
        let (to_server, input) = pipe().unwrap();
        let (output, from_server) = pipe().unwrap();
        let swap: (PipeReader, PipeWriter) = (to_server, from_server);
        let server = std::thread::spawn(move || serve_over(swap.0, Box::new(swap.1), files));
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Client {
            input: Some(input),
            incoming,
            server: Some(server),
            unread: VecDeque::new(),
            next_id: 0,
            settings: Value::Null,
            server_capabilities: Value::Null,
        }
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        let bytes = framed(message);
        self.bytes(&bytes);
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request without waiting for its answer.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params }));
        self.next_id
    }

    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// The answer to a request, error or not.
    pub fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The next notification of that kind.
    pub fn notification(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method)["params"].clone()
    }

    /// Waits until the server asks for something, which is answered.
    pub fn asked(&mut self, method: &str) {
        self.wait(|message| message["method"] == method);
    }

    /// The first message like that; others wait for their turn. The server's own requests are
    /// answered.
    pub fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(index) = self.unread.iter().position(&is_it) {
            return self.unread.remove(index).unwrap();
        }
        loop {
            let message = self.incoming.recv_timeout(PATIENCE).expect("a message should have come");
            if self.answered(&message) && !is_it(&message) {
                continue;
            }
            if is_it(&message) {
                return message;
            }
            self.unread.push_back(message);
        }
    }

    /// Everything that has come, up to the answer to a request, the server's own requests left out. They
    /// are answered.
    pub fn messages_until(&mut self, id: i64) -> Vec<Value> {
        let mut all: Vec<Value> = self.unread.drain(..).collect();
        while !all.last().is_some_and(|message| message["id"] == id && message.get("method").is_none()) {
            let message = self.incoming.recv_timeout(PATIENCE).expect("a message should have come");
            if !self.answered(&message) {
                all.push(message);
            }
        }
        all
    }

    /// Answers what the server asks of every client.
    fn answered(&mut self, message: &Value) -> bool {
        let result = match message["method"].as_str() {
            Some("workspace/configuration") => json!([self.settings]),
            Some("client/registerCapability" | "workspace/diagnostic/refresh") => Value::Null,
            _ => return false,
        };
        let id = message["id"].clone();
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
        true
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": "json", "version": 1, "text": text } }),
        );
    }

    /// `changes`: as the protocol has them.
    pub fn change(&mut self, uri: &str, version: i64, changes: Value) {
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }),
        );
    }

    /// The ids of the rules that are reported, asked for.
    pub fn pull(&mut self, uri: &str) -> Vec<String> {
        let report = self.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(report["kind"], "full", "{report}");
        codes(&report["items"])
    }

    /// The next report that is sent unasked: its version and the ids of the rules.
    pub fn pushed(&mut self) -> (i64, Vec<String>) {
        let report = self.notification("textDocument/publishDiagnostics");
        (report["version"].as_i64().unwrap_or(-1), codes(&report["diagnostics"]))
    }

    /// Says goodbye properly, and tells how the server took it.
    pub fn end(mut self) -> Ending {
        self.finish()
    }

    fn finish(&mut self) -> Ending {
        self.request("shutdown", Value::Null);
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        // Standard input stays open: `exit` has to do.
        let ending = self.server.take().unwrap().join().expect("the server should not panic");
        while let Ok(message) = self.incoming.recv_timeout(PATIENCE) {
            if !self.answered_late(&message) {
                self.unread.push_back(message);
            }
        }
        assert!(self.unread.is_empty(), "nobody read {:?}", self.unread);
        ending
    }

    fn answered_late(&self, message: &Value) -> bool {
        message.get("id").is_some() && message.get("method").is_some()
    }

    /// Waits for the end of a server that has been told nothing.
    pub fn abandoned(mut self) -> Ending {
        drop(self.input.take());
        self.server.take().unwrap().join().expect("the server should not panic")
    }

    /// Waits for the end of a server that has been told to go.
    pub fn gone(mut self) -> Ending {
        self.server.take().unwrap().join().expect("the server should not panic")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if self.server.is_some() && !std::thread::panicking() {
            self.finish();
        }
    }
}

fn codes(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_string()).collect()
}

pub fn framed(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server should write JSON"))
}
