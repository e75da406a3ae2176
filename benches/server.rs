//! What a keystroke costs, beside a floor: a server that answers at once and knows nothing.
//!
//! Both run as processes of their own, turn by turn, in one session each. Read the ratios; the times
//! belong to the machine. `cargo bench --bench server`

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    if std::env::args().any(|argument| argument == "--floor") {
        return floor();
    }
    println!("{:34} {:>12} {:>12} {:>8}", "", "floor", "passrole", "ratio");
    let starts = pairs(30, |server| start(server).1);
    row("start → initialize", &starts, 0.5);
    for (name, text, cursor) in [
        ("6 KB policy", policy(6 << 10), "s3:PutObject"),
        ("64 KB task definition", task_definition(64 << 10), "awslogs"),
        ("1 MB policy", policy(1 << 20), "s3:PutObject"),
    ] {
        document(name, &text, cursor);
    }
}

fn document(name: &str, text: &str, word: &str) {
    // In the middle.
    let middle = text[..text.len() / 2].rfind(word).unwrap() + 3;
    let line = text[..middle].matches('\n').count();
    let character = middle - text[..middle].rfind('\n').unwrap() - 1;
    let at = json!({ "line": line, "character": character });
    let behind = json!({ "line": line, "character": character + 1 });
    let mut sessions = SERVERS.map(|server| start(server).0);
    let opened = sessions.each_mut().map(|session| {
        let begun = Instant::now();
        session.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": URI, "languageId": "json", "version": 1, "text": text } }),
        );
        session.wait("textDocument/publishDiagnostics");
        vec![begun.elapsed()]
    });
    row(&format!("{name}: open → findings"), &opened, 0.5);

    let mut times = [Vec::new(), Vec::new()];
    for round in 0..400 {
        for (session, times) in sessions.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            session.edit(
                2 + round,
                &at,
                if round % 2 == 0 { &at } else { &behind },
                if round % 2 == 0 { "x" } else { "" },
            );
            session.wait("textDocument/publishDiagnostics");
            times.push(begun.elapsed());
        }
    }
    row(&format!("{name}: keystroke p50"), &times, 0.5);
    row(&format!("{name}: keystroke p99"), &times, 0.99);
    for method in ["textDocument/completion", "textDocument/hover"] {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..100 {
            for (session, times) in sessions.iter_mut().zip(&mut times) {
                let begun = Instant::now();
                session.request(method, json!({ "textDocument": { "uri": URI }, "position": at }));
                times.push(begun.elapsed());
            }
        }
        row(&format!("{name}: {} p50", &method["textDocument/".len()..]), &times, 0.5);
    }
    let burst = sessions.each_mut().map(|session| {
        let begun = Instant::now();
        for round in 0..500 {
            session.edit(1000 + round, &at, &at, "x");
        }
        // The answer to a request comes behind the last edit.
        session.request("textDocument/hover", json!({ "textDocument": { "uri": URI }, "position": at }));
        session.settle(1499);
        vec![begun.elapsed()]
    });
    row(&format!("{name}: 500 edits, settled"), &burst, 0.5);
    let memory = sessions.each_mut().map(|session| session.memory());
    if let [Some(floor), Some(ours)] = memory {
        println!("{:34} {floor:>9.1} MiB {ours:>9.1} MiB {:>7.1}×", format!("{name}: memory"), ours / floor);
    }
    sessions.into_iter().for_each(Session::end);
}

const URI: &str = "file:///work/document.json";
const SERVERS: [Server; 2] = [Server::Floor, Server::Passrole];

#[derive(Clone, Copy)]
enum Server {
    Floor,
    Passrole,
}

/// Rounds of both servers in turn.
fn pairs(rounds: usize, mut measure: impl FnMut(Server) -> Duration) -> [Vec<Duration>; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (server, times) in SERVERS.iter().zip(&mut times) {
            times.push(measure(*server));
        }
    }
    times
}

fn row(name: &str, times: &[Vec<Duration>; 2], quantile: f64) {
    let at = |times: &Vec<Duration>| {
        let mut times = times.clone();
        times.sort_unstable();
        times[((times.len() - 1) as f64 * quantile) as usize].as_secs_f64() * 1000.0
    };
    let (floor, ours) = (at(&times[0]), at(&times[1]));
    println!("{name:34} {floor:>9.3} ms {ours:>9.3} ms {:>7.1}×", ours / floor);
}

struct Session {
    child: Child,
    input: BufWriter<ChildStdin>,
    output: BufReader<ChildStdout>,
    next_id: u64,
    last_version: i64,
}

/// Starts a server; the time until it has answered `initialize`.
fn start(server: Server) -> (Session, Duration) {
    let mut command = match server {
        Server::Floor => {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg("--floor");
            command
        }
        Server::Passrole => {
            let mut command = Command::new(env!("CARGO_BIN_EXE_passrole"));
            command.arg("lsp");
            command
        }
    };
    let begun = Instant::now();
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let input = BufWriter::new(child.stdin.take().unwrap());
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut session = Session { child, input, output, next_id: 0, last_version: 0 };
    session.request("initialize", json!({ "processId": null, "capabilities": {} }));
    let elapsed = begun.elapsed();
    session.notify("initialized", json!({}));
    (session, elapsed)
}

impl Session {
    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn edit(&mut self, version: u64, start: &Value, end: &Value, text: &str) {
        self.notify(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": URI, "version": version },
                "contentChanges": [{ "range": { "start": start, "end": end }, "text": text }],
            }),
        );
    }

    fn request(&mut self, method: &str, params: Value) {
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params }));
        let id = format!("\"id\":{}", self.next_id);
        self.wait(&id);
    }

    /// Reads until a message has those words in it; none is parsed, so that the client costs little.
    fn wait(&mut self, words: &str) {
        while !contains(&self.read(), words) {}
    }

    /// Reads until the diagnostics of that version have come.
    fn settle(&mut self, version: i64) {
        while self.last_version < version {
            self.read();
        }
    }

    fn read(&mut self) -> Vec<u8> {
        let body = read(&mut self.output).expect("the server should go on");
        if let Some(at) = find(&body, "\"version\":") {
            let digits: String =
                body[at + 10..].iter().map(|byte| *byte as char).take_while(char::is_ascii_digit).collect();
            self.last_version = digits.parse().unwrap_or(self.last_version);
        }
        body
    }

    /// Resident memory in MiB, where the system tells.
    fn memory(&mut self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
    }

    fn end(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.child.wait().unwrap();
    }
}

fn find(body: &[u8], words: &str) -> Option<usize> {
    memchr::memmem::find(body, words.as_bytes())
}

fn contains(body: &[u8], words: &str) -> bool {
    find(body, words).is_some()
}

fn read(input: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    Some(body)
}

/// Answers every request with nothing, every change with no findings, without a look at the text.
fn floor() {
    let (mut input, mut output) = (BufReader::new(std::io::stdin().lock()), std::io::stdout().lock());
    while let Some(body) = read(&mut input) {
        let number = |name: &str| -> Option<String> {
            let at = find(&body, name)? + name.len();
            Some(body[at..].iter().map(|byte| *byte as char).take_while(char::is_ascii_digit).collect())
        };
        let answer = if contains(&body, "\"method\":\"exit\"") {
            return;
        } else if contains(&body, "\"method\":\"textDocument/did") {
            format!(
                "{{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/publishDiagnostics\",\"params\":{{\"uri\":\"{URI}\",\"diagnostics\":[],\"version\":{}}}}}",
                number("\"version\":").unwrap_or_default()
            )
        } else if let Some(id) = number("\"id\":").filter(|id| !id.is_empty()) {
            format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":null}}")
        } else {
            continue;
        };
        write!(output, "Content-Length: {}\r\n\r\n{answer}", answer.len()).unwrap();
        output.flush().unwrap();
    }
}

fn policy(bytes: usize) -> String {
    let mut text = String::from("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [");
    for index in 0.. {
        text.push_str(&format!(
            "\n    {{\n      \"Sid\": \"Statement{index}\",\n      \"Effect\": \"Allow\",\n      \"Action\": [\n        \"s3:GetObject\",\n        \"s3:PutObject\"\n      ],\n      \"Resource\": \"arn:aws:s3:::bucket-{index}/*\",\n      \"Condition\": {{\n        \"StringEquals\": {{\n          \"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"\n        }}\n      }}\n    }}"
        ));
        if text.len() >= bytes {
            break;
        }
        text.push(',');
    }
    text.push_str("\n  ]\n}\n");
    text
}

fn task_definition(bytes: usize) -> String {
    let mut text = String::from(
        "{\n  \"family\": \"web\",\n  \"networkMode\": \"awsvpc\",\n  \"requiresCompatibilities\": [\"FARGATE\"],\n  \"cpu\": \"4096\",\n  \"memory\": \"16384\",\n  \"executionRoleArn\": \"arn:aws:iam::111122223333:role/web-execution\",\n  \"containerDefinitions\": [",
    );
    for index in 0.. {
        text.push_str(&format!(
            "\n    {{\n      \"name\": \"container-{index}\",\n      \"image\": \"111122223333.dkr.ecr.eu-central-1.amazonaws.com/web:{index}\",\n      \"essential\": true,\n      \"environment\": [\n        {{ \"name\": \"PORT\", \"value\": \"{index}\" }}\n      ],\n      \"logConfiguration\": {{\n        \"logDriver\": \"awslogs\",\n        \"options\": {{\n          \"awslogs-group\": \"/ecs/web\",\n          \"awslogs-region\": \"eu-central-1\",\n          \"awslogs-stream-prefix\": \"web\"\n        }}\n      }}\n    }}"
        ));
        if text.len() >= bytes {
            break;
        }
        text.push(',');
    }
    text.push_str("\n  ]\n}\n");
    text
}
