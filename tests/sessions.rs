//! Random sessions with the language server, of valid and of malformed messages: every request is answered
//! once, and the server's texts are the client's.
//!
//! `SESSIONS=N` runs N of them instead of the usual few, `SEED=N` begins with another one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "lsp/client.rs"]
mod client;
#[path = "support/random.rs"]
mod random;

use client::{Client, framed};
use random::Random;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NAMES: [&str; 8] = [
    "policy.json",
    "task-trust.json",
    "task.json",
    "main.tf",
    "template.yaml",
    "deploy.yml",
    "ecs.config",
    "notes.txt",
];

const TEXTS: [&str; 7] = [
    "",
    "{\r\n  \"Version\": \"2012-10-17\",\r\n  \"Statement\": [\r\n    { \"Sid\": \"Größe 😀\", \"Effect\": \"Allow\", \"Action\": [\"ecs:RunTasks\", \"iam:PassRole\"], \"Resource\": \"*\" }\r\n  ]\r\n}\r\n",
    "{ \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Principal\": { \"Service\": \"ecs-task.amazonaws.com\" }, \"Action\": \"sts:AssumeRole\" } }",
    "{\n  \"family\": \"web\",\n  \"networkMode\": \"awsvpc\",\n  \"containerDefinitions\": [\n    { \"name\": \"a\", \"image\": \"a\", \"memory\": 128, \"environment\": [{ \"name\": \"DB_PASSWORD\", \"value\": \"Tr0ub4dor\" }] }\n  ]\n}\n",
    "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{ Effect = \"Allow\", Action = [\"s3:GetObject\"], Resource = \"*\" }]\n  })\n}\n",
    "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          - Effect: Allow\n            Principal: { Service: ecs-tasks.amazonaws.com }\n            Action: sts:AssumeRole\n",
    "ECS_CLUSTER=web\nECS_ENABLE_TASK_IAM_ROLE=true\n",
];

const PIECES: [&str; 34] = [
    "",
    "",
    "",
    "x",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    "=",
    "\n",
    "\r\n",
    "\r",
    "é",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\\",
    "/*",
    "*/",
    "//",
    "#",
    "<<EOT\n",
    "${",
    "- ",
    "  ",
    "&a",
    "*a",
    "e\"\"\"\"{y=é",
];

const REQUESTS: [&str; 8] = [
    "textDocument/diagnostic",
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/documentSymbol",
    "textDocument/codeAction",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "passrole/text",
];

/// In which units columns count.
#[derive(Clone, Copy, PartialEq)]
enum Units {
    Utf8,
    Utf16,
}

impl Units {
    fn of(self, char: char) -> u64 {
        (if self == Units::Utf8 { char.len_utf8() } else { char.len_utf16() }) as u64
    }
}

/// A position in a text; sometimes far out.
fn position(numbers: &mut Random, text: &str, units: Units) -> (u32, u32) {
    if numbers.is_one_in(20) {
        let far = [0, 7, 4_000_000_000, u32::MAX];
        return (*numbers.one(&far), *numbers.one(&far));
    }
    let line = numbers.below(lines(text).len() + 1);
    let width =
        lines(text).get(line).map_or(0, |line| line.chars().map(|char| units.of(char)).sum()) as usize;
    (line as u32, numbers.below(width + 2) as u32)
}

/// A text's lines without their ends.
fn lines(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        all.push(&rest[..at]);
        rest = &rest[at + if rest[at..].starts_with("\r\n") { 2 } else { 1 }..];
    }
    all.push(rest);
    all
}

/// Where a position is in a text: what lies beyond is the end of the line, or of the text.
fn offset(text: &str, (line, character): (u32, u32), units: Units) -> usize {
    let all = lines(text);
    let Some(content) = all.get(line as usize) else { return text.len() };
    let start = content.as_ptr() as usize - text.as_ptr() as usize;
    let mut passed = 0;
    for (at, char) in content.char_indices() {
        passed += units.of(char);
        if passed > u64::from(character) {
            return start + at;
        }
    }
    start + content.len()
}

fn at((line, character): (u32, u32)) -> Value {
    json!({ "line": line, "character": character })
}

struct Session {
    numbers: Random,
    client: Client,
    units: Units,
    /// What the editor holds.
    texts: BTreeMap<String, String>,
    next_id: i64,
    /// Requests that are to be answered, and how often they were.
    asked: BTreeMap<String, usize>,
    /// Messages without a number of their own that are to be answered by an error.
    nameless: usize,
    sent: usize,
    root: String,
    version: i64,
}

impl Session {
    fn uri(&mut self) -> String {
        let name = *self.numbers.one(&NAMES);
        format!("file://{}/{name}", self.root)
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.sent += 1;
        self.client.notify(method, params);
    }

    fn ask(&mut self, method: &str, params: Value) {
        self.next_id += 1;
        // Numbers and strings are different ids.
        let id =
            if self.numbers.is_one_in(4) { json!(format!("{}", self.next_id)) } else { json!(self.next_id) };
        self.asked.insert(id.to_string(), 0);
        self.sent += 1;
        self.client.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
    }

    fn step(&mut self) {
        match self.numbers.below(30) {
            0..3 => self.open(),
            3..14 => self.change(),
            14..24 => self.request(),
            24 => self.close(),
            25 => self.settings(),
            26 => self.lie(),
            _ => self.garbage(),
        }
    }

    fn open(&mut self) {
        let uri = self.uri();
        let mut text = self.numbers.one(&TEXTS).to_string();
        if self.numbers.is_one_in(3) {
            let cut = self.numbers.below(text.len() + 1);
            text.truncate(text.floor_char_boundary(cut));
            text.push_str(PIECES[self.numbers.below(PIECES.len())]);
        }
        self.texts.insert(uri.clone(), text.clone());
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": "json", "version": 1, "text": text } }),
        );
    }

    fn change(&mut self) {
        let uri = self.uri();
        let mut text = self.texts.get(&uri).cloned().unwrap_or_default();
        let mut changes = Vec::new();
        for _ in 0..self.numbers.below(3) + 1 {
            let piece = self.numbers.one(&PIECES).to_string();
            if self.numbers.is_one_in(30) || text.len() > 4000 {
                text = format!("{}{piece}", self.numbers.one(&TEXTS));
                changes.push(json!({ "text": text }));
                continue;
            }
            let start = position(&mut self.numbers, &text, self.units);
            let end = match self.numbers.below(3) {
                0 => start,
                1 => (start.0, start.1.saturating_add(self.numbers.below(6) as u32)),
                _ => position(&mut self.numbers, &text, self.units),
            };
            // The server leaves out what ends before it starts.
            if end >= start {
                let (from, to) = (offset(&text, start, self.units), offset(&text, end, self.units));
                text.replace_range(from..to.max(from), &piece);
            }
            changes.push(json!({ "range": { "start": at(start), "end": at(end) }, "text": piece }));
        }
        if self.texts.contains_key(&uri) {
            self.texts.insert(uri.clone(), text);
        }
        // Versions that do not grow are the client's own affair.
        self.version += 1 - self.numbers.below(3) as i64;
        let version = self.version;
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }),
        );
    }

    fn close(&mut self) {
        let uri = self.uri();
        self.texts.remove(&uri);
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    fn request(&mut self) {
        let uri = self.uri();
        let method = *self.numbers.one(&REQUESTS);
        let text = self.texts.get(&uri).cloned().unwrap_or_default();
        let (start, end) =
            (position(&mut self.numbers, &text, self.units), position(&mut self.numbers, &text, self.units));
        let params = match method {
            "passrole/text" => json!({ "uri": uri }),
            _ => json!({
                "textDocument": { "uri": uri },
                "position": at(start),
                "positions": [at(start), at(end)],
                "range": { "start": at(start), "end": at(end) },
                "context": { "diagnostics": [], "only": ["quickfix", "source.fixAll"] },
            }),
        };
        self.ask(method, params);
        if self.numbers.is_one_in(10) {
            let id = self.next_id;
            self.notify("$/cancelRequest", json!({ "id": id }));
        }
    }

    fn settings(&mut self) {
        let settings = [
            json!({ "passrole": { "level": "pedantic" } }),
            json!({ "passrole": { "select": ["policy"], "kinds": { "*.json": "scp" } } }),
            json!({ "passrole": [] }),
            json!({}),
            Value::Null,
        ];
        let settings = self.numbers.one(&settings).clone();
        if self.numbers.is_one_in(2) {
            self.client.settings = settings["passrole"].clone();
        }
        self.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
        let uri = self.uri();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    }

    /// Requests and notifications that make no sense.
    fn lie(&mut self) {
        let nonsense = [
            Value::Null,
            json!([]),
            json!([1, { "textDocument": 3 }]),
            json!({}),
            json!("x"),
            json!({ "textDocument": { "uri": "no uri at all %%% " }, "position": { "line": -1, "character": 1.5 } }),
            json!({ "textDocument": { "uri": "" }, "range": 1, "contentChanges": [{ "range": { "start": 1 }, "text": "x" }] }),
            json!({ "textDocument": { "uri": "untitled:A" }, "position": { "line": 1e30, "character": 0 }, "positions": [] }),
        ];
        let params = self.numbers.one(&nonsense).clone();
        match self.numbers.below(6) {
            0 => self.ask("initialize", json!({ "capabilities": {} })),
            1 => self.notify("initialized", params),
            2 => self.ask("no/such/request", params),
            3 => self.notify("no/such/notification", params),
            4 => {
                let method = *self.numbers.one(&[
                    "textDocument/didChange",
                    "textDocument/didOpen",
                    "textDocument/didClose",
                    "textDocument/didSave",
                    "$/cancelRequest",
                    "$/setTrace",
                    "workspace/didChangeWatchedFiles",
                ]);
                self.notify(method, params);
            }
            _ => {
                let method = *self.numbers.one(&REQUESTS);
                self.ask(method, params);
            }
        }
    }

    /// Bytes that are not a message.
    fn garbage(&mut self) {
        self.sent += 1;
        match self.numbers.below(9) {
            0 => {
                self.client.bytes(b"hello?\r\n\r\n");
                self.nameless += 1;
            }
            1 => {
                self.client.bytes(b"Content-Length: 99999999999999999999999\r\n\r\n");
                self.nameless += 1;
            }
            2 => {
                self.client.bytes(b"Content-Length: -3\r\n\r\n");
                self.nameless += 1;
            }
            3 => {
                self.client.bytes(b"Content-Length: 13\r\n\r\n{\"method\": \xff}");
                self.nameless += 1;
            }
            4 => {
                let message = self
                    .numbers
                    .one(&[
                        json!([]),
                        json!(1),
                        json!({}),
                        json!({ "id": {} , "method": "x" }),
                        json!({ "method": 1 }),
                    ])
                    .clone();
                self.client.send(&message);
                self.nameless += 1;
            }
            // Answers to questions that were never asked.
            5 => self.client.send(&json!({ "jsonrpc": "2.0", "id": 77_777, "result": null })),
            6 => self
                .client
                .send(&json!({ "jsonrpc": "2.0", "id": "x", "error": { "code": 1, "message": "no" } })),
            // Half of a pair: a unit that no text can hold, in the middle of an edit.
            7 => {
                let uri = self.uri();
                if let Some(text) = self.texts.get_mut(&uri) {
                    text.insert(0, '\u{fffd}');
                }
                let change = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
                    "textDocument": { "uri": uri, "version": 3 },
                    "contentChanges": [{ "range": { "start": at((0, 0)), "end": at((0, 0)) }, "text": "HALF" }],
                }});
                let body = change.to_string().replace("HALF", "\\ud83d");
                self.client.bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
            }
            // Other headers, and a header in other letters.
            _ => {
                let body = json!({ "jsonrpc": "2.0", "method": "$/setTrace", "params": { "value": "off" } })
                    .to_string();
                let head = format!(
                    "content-type: application/vscode-jsonrpc\r\nCONTENT-LENGTH:  {} \r\n\r\n",
                    body.len()
                );
                self.client.bytes((head + &body).as_bytes());
            }
        }
    }

    /// Waits for all answers, and compares every text.
    fn compare(&mut self) {
        let uris: Vec<String> = NAMES.iter().map(|name| format!("file://{}/{name}", self.root)).collect();
        let mut wanted = BTreeMap::new();
        for uri in uris {
            self.next_id += 1;
            self.client.send(&framed_request(self.next_id, "passrole/text", json!({ "uri": uri })));
            wanted.insert(self.next_id, uri);
        }
        self.next_id += 1;
        let last = self.next_id;
        self.client.send(&framed_request(last, "passrole/text", json!({ "uri": "file:///none" })));
        for message in self.client.messages_until(last) {
            if message.get("method").is_some() {
                continue;
            }
            let id = message.get("id").expect("an answer has an id");
            if let Some(uri) = id.as_i64().and_then(|id| wanted.remove(&id)) {
                match self.texts.get(&uri) {
                    Some(text) => assert_eq!(message["result"], json!(text), "{uri}"),
                    None => assert_eq!(message["error"]["code"], -32602, "{uri}: {message}"),
                }
            } else if id.is_null() {
                assert!([-32700, -32600].contains(&message["error"]["code"].as_i64().unwrap()), "{message}");
                self.nameless = self.nameless.checked_sub(1).expect("an error that nothing explains");
            } else if id != last {
                let count = self
                    .asked
                    .get_mut(&id.to_string())
                    .unwrap_or_else(|| panic!("nobody asked for {message}"));
                *count += 1;
                // A panic within the server.
                assert_ne!(message["error"]["code"], -32603, "{message}");
            }
        }
        assert!(wanted.is_empty(), "{wanted:?}");
    }
}

fn framed_request(id: i64, method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

/// Messages sent in a session.
fn run(seed: u64, root: &str) -> usize {
    let mut numbers = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..3 {
        numbers.below(2);
    }
    let profile = *numbers.one(&["vscode", "neovim", "emacs", "minimal", "neovim-0.10", "helix"]);
    let client = Client::start(profile);
    let units = match client.server_capabilities["positionEncoding"].as_str() {
        Some("utf-8") => Units::Utf8,
        Some("utf-16") | None => Units::Utf16,
        Some(other) => panic!("{other}"),
    };
    let mut session = Session {
        numbers,
        client,
        units,
        texts: BTreeMap::new(),
        next_id: 1000,
        asked: BTreeMap::new(),
        nameless: 0,
        sent: 0,
        root: root.to_string(),
        version: 1,
    };
    for round in 0..200 {
        session.step();
        if round % 20 == 19 {
            session.compare();
        }
    }
    session.compare();
    // What waits for files beside a document is answered last.
    let waiting: Vec<String> =
        session.asked.iter().filter(|(_, count)| **count == 0).map(|(id, _)| id.clone()).collect();
    for id in waiting {
        let asked: Value = serde_json::from_str(&id).unwrap();
        let is_it = |it: &Value| it.get("method").is_none() && it["id"] == asked;
        let answer = session.client.wait(is_it);
        assert_ne!(answer["error"]["code"], -32603, "{answer}");
        *session.asked.get_mut(&id).unwrap() += 1;
    }
    session.compare();
    let unanswered: Vec<_> = session.asked.iter().filter(|(_, count)| **count != 1).collect();
    assert!(unanswered.is_empty(), "seed {seed}, {profile}: {unanswered:?}");
    assert_eq!(session.nameless, 0, "seed {seed}, {profile}");
    // By the protocol's book after `shutdown`, too.
    session.next_id += 1;
    let shutdown = session.next_id;
    session.client.send(&framed_request(shutdown, "shutdown", Value::Null));
    session.open_after_shutdown();
    session.next_id += 1;
    let late = session.next_id;
    session.client.send(&framed_request(late, "textDocument/hover", json!({})));
    let rest = session.client.messages_until(late);
    let answer = |id: i64| rest.iter().filter(|it| it["id"] == id).collect::<Vec<_>>();
    assert_eq!(answer(shutdown).len(), 1);
    assert_eq!(answer(late)[0]["error"]["code"], -32600, "{rest:?}");
    session.client.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    let sent = session.sent;
    assert_eq!(session.client.gone(), passrole::lsp::Ending::Orderly);
    sent
}

impl Session {
    fn open_after_shutdown(&mut self) {
        self.open();
        self.change();
        self.client.bytes(&framed(&json!({ "jsonrpc": "2.0", "method": "no/such/notification" })));
    }
}

#[test]
fn random_sessions_are_survived() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (sessions, seed) = (number("SESSIONS").unwrap_or(12), number("SEED").unwrap_or(1));
    // With real files beside the open ones.
    let root = std::env::temp_dir().join(format!("passrole-sessions-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    for (name, text) in NAMES.iter().zip(TEXTS.iter().cycle().skip(1)) {
        std::fs::write(root.join(name), text).unwrap();
        std::fs::write(root.join(format!("other-{name}")), format!("{text}é")).unwrap();
    }
    std::fs::write(root.join("broken.tf"), "e\"\"\"\"{y=é").unwrap();
    let mut sent = 0;
    for seed in seed..seed + sessions {
        sent += run(seed, root.to_str().unwrap());
    }
    std::fs::remove_dir_all(&root).unwrap();
    if number("SESSIONS").is_some() {
        eprintln!("{sessions} sessions, {sent} messages");
    }
}

const STRESSED: &str = "file:///stress/policy.json";

/// A policy with a number to be exchanged.
fn numbered(number: usize) -> String {
    format!(
        "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{{ \"Sid\": \"😀{number:06}\", \"Effect\": \"Allow\", \"Action\": \"ecs:RunTasks\", \"Resource\": \"*\" }}]\n}}\n"
    )
}

#[test]
fn edits_that_wait_for_nothing_leave_the_text_of_the_client() {
    let edits: usize = std::env::var("EDITS").ok().and_then(|value| value.parse().ok()).unwrap_or(20_000);
    let mut client = Client::start("minimal");
    client.open(STRESSED, &numbered(0));
    // Behind the emoji: two units of UTF-16 in this client.
    let start = numbered(0).lines().nth(2).unwrap().find('😀').unwrap() as u64 + 2;
    let mut asked = Vec::new();
    for edit in 1..=edits {
        let range = json!({
            "start": { "line": 2, "character": start }, "end": { "line": 2, "character": start + 6 },
        });
        client.change(STRESSED, 1 + edit as i64, json!([{ "range": range, "text": format!("{edit:06}") }]));
        // Somebody who types asks for something now and then, and does not wait either.
        if edit % 500 == 0 {
            let place =
                json!({ "textDocument": { "uri": STRESSED }, "position": { "line": 2, "character": 3 } });
            asked.push(client.ask("textDocument/hover", place));
        }
    }
    assert_eq!(client.request("passrole/text", json!({ "uri": STRESSED })), json!(numbered(edits)));
    for id in asked {
        let answer = client.answer(id);
        assert!(answer.get("result").is_some(), "{answer}");
    }
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": STRESSED } }));
    let last = client.ask("passrole/text", json!({ "uri": "file:///none" }));
    let reports = client.messages_until(last);
    let count = reports.iter().filter(|it| it["method"] == "textDocument/publishDiagnostics").count();
    assert!(count < edits / 2, "{count} reports of {edits} edits");
}

#[test]
fn a_thousand_documents_are_open_at_once() {
    let mut client = Client::start("minimal");
    let uri = |number: usize| format!("file:///stress/{number}/policy.json");
    for number in 0..1_000 {
        client.open(&uri(number), &numbered(number));
    }
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    for number in (0..1_000).rev() {
        client.change(&uri(number), 2, json!([{ "range": range, "text": "\n" }]));
    }
    for number in [0, 499, 999] {
        let held = client.request("passrole/text", json!({ "uri": uri(number) }));
        assert_eq!(held, json!(format!("\n{}", numbered(number))));
    }
    for number in 0..1_000 {
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(number) } }));
    }
    let last = client.ask("passrole/text", json!({ "uri": uri(3) }));
    let messages = client.messages_until(last);
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for report in messages.iter().filter(|it| it["method"] == "textDocument/publishDiagnostics") {
        let count = report["params"]["diagnostics"].as_array().unwrap().len();
        open.insert(report["params"]["uri"].as_str().unwrap(), count);
    }
    assert!(open.values().all(|count| *count == 0), "what is closed has no findings any more");
}

#[test]
fn versions_that_lie_do_not_part_the_texts() {
    let mut client = Client::start("minimal");
    client.open(STRESSED, &numbered(0));
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let mut text = numbered(0);
    for version in [5, 5, 3, -1, 0, i64::from(i32::MAX), 2] {
        client.change(STRESSED, version, json!([{ "range": range, "text": " " }]));
        text.insert(0, ' ');
        assert_eq!(client.request("passrole/text", json!({ "uri": STRESSED })), json!(text), "{version}");
    }
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": STRESSED } }));
    let last = client.ask("passrole/text", json!({ "uri": "file:///none" }));
    client.messages_until(last);
}

#[test]
fn a_client_that_vanishes_amid_a_flood_ends_the_server() {
    // Amid a message, and with answers that nobody reads.
    for cut in [1, 20, 60] {
        let mut client = Client::start("minimal");
        client.open(STRESSED, &numbered(0));
        for _ in 0..200 {
            client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": STRESSED } }));
        }
        let message = framed(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        client.bytes(&message[..cut.min(message.len() - 1)]);
        assert_ne!(client.abandoned(), passrole::lsp::Ending::Orderly);
    }
}
