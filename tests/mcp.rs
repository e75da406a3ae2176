//! `passrole mcp`, message by message. `tests/mcp/drive.py` does the same with the protocol's own SDK.

#![cfg(feature = "mcp")]
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod folder;

use folder::{Folder, TYPO};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A client, and the server that it has started.
struct Client {
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next_id: i64,
    /// What it says when it is asked for its roots.
    roots: Value,
    pub initialized: Value,
}

impl Client {
    fn start(folder: &Path, arguments: &[&str], roots: Option<Value>) -> Client {
        let mut server = Command::new(env!("CARGO_BIN_EXE_passrole"))
            .arg("mcp")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        let input = server.stdin.take();
        let capabilities = if roots.is_some() { json!({ "roots": {} }) } else { json!({}) };
        let mut client = Client {
            server,
            input,
            output,
            next_id: 0,
            roots: roots.unwrap_or_default(),
            initialized: Value::Null,
        };
        client.initialized = client.request(
            "initialize",
            json!({ "protocolVersion": "2025-06-18", "capabilities": capabilities, "clientInfo": { "name": "test", "version": "1" } }),
        );
        client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        client
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    /// The result of a request, or its error.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server has gone");
            let message: Value = serde_json::from_str(&line).unwrap();
            if message["method"] == "roots/list" {
                let (id, roots) = (message["id"].clone(), self.roots.clone());
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": { "roots": roots } }));
            } else if message["id"] == id {
                return if message["error"].is_null() {
                    message["result"].clone()
                } else {
                    message["error"].clone()
                };
            }
        }
    }

    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.request("tools/call", json!({ "name": tool, "arguments": arguments }))
    }

    /// The answer's JSON; the tool must have answered.
    fn answer(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], false, "{result:#}");
        result["structuredContent"].clone()
    }

    /// The words of a tool that does not answer.
    fn refusal(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.call(tool, arguments);
        assert_eq!(result["isError"], true, "{result:#}");
        result["content"][0]["text"].as_str().unwrap().to_string()
    }

    /// Hangs up. The server ends by itself, and has written nothing but messages.
    fn end(mut self) {
        drop(self.input.take());
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.output, &mut rest).unwrap();
        assert_eq!(rest, "");
        let out = self.server.wait_with_output().unwrap();
        assert!(out.status.success(), "{out:?}");
        assert_eq!(String::from_utf8_lossy(&out.stderr), "");
    }
}

const TASK: &str = r#"{ "family": "web", "executionRoleArn": "arn:aws:iam::111122223333:role/web", "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
  "containerDefinitions": [{ "name": "app", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1", "essential": true }] }"#;

#[test]
fn every_tool_answers_as_its_command_does() {
    let folder = Folder::new("mcp")
        .with("iam/typo.json", TYPO)
        .with("iam/none.json", TYPO.replace("ecs:RunTasks", "ecs:StopTask"));
    let folder = folder.with("task.json", TASK);
    let mut client = Client::start(&folder.path, &[], None);
    assert_eq!(client.initialized["serverInfo"]["name"], "passrole");
    let listed = client.request("tools/list", json!({}));
    let tools: Vec<&Value> = listed["tools"].as_array().unwrap().iter().collect();
    let names: Vec<&str> = tools.iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["check", "explain", "roles", "can", "diff", "expand"]);
    for tool in &tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool:#}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false);
        assert!(jsonschema::meta::is_valid(&tool["inputSchema"]), "{tool:#}");
    }

    let checked = client.answer("check", json!({ "paths": ["iam"] }));
    let command = folder.run(&["check", "iam", "--format", "json"]).json();
    assert_eq!(checked, command);
    let diff = client.answer("check", json!({ "diff": true }))["diff"].as_str().unwrap().to_string();
    assert!(diff.contains("-") && diff.contains("ecs:RunTask\""), "{diff}");
    assert_eq!(folder.read("iam/typo.json"), TYPO, "nothing is written");
    let text = client
        .answer("check", json!({ "text": TYPO, "filename": "new/x.json", "ignore": ["unknown-action"] }));
    assert_eq!(text["summary"]["warnings"], 0);
    let text = client.answer("check", json!({ "text": TYPO }));
    assert_eq!(
        (&text["findings"][0]["rule"], &text["findings"][0]["path"]),
        (&"unknown-action".into(), &"policy.json".into())
    );

    let message = "User: arn:aws:sts::111122223333:assumed-role/web/x is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action";
    let explained = client.answer("explain", json!({ "message": message }));
    assert_eq!(
        (&explained["messages"][0]["action"], &explained["messages"][0]["understood"]),
        (&"s3:GetObject".into(), &true.into())
    );

    let roles =
        client.answer("roles", json!({ "file": "task.json", "role": "execution", "region": "eu-west-1" }));
    assert!(roles["execution"]["trust"].is_object(), "{roles:#}");

    let can = client.answer(
        "can",
        json!({
            "principal": "arn:aws:iam::111122223333:role/web", "action": "ecs:StopTask",
            "resource": "arn:aws:ecs:eu-west-1:111122223333:task/c/1", "identity": ["iam/none.json"],
            "context": { "aws:PrincipalTag/team": ["😀é"] },
        }),
    );
    assert_eq!(can["answer"], "allowed", "{can:#}");

    let gained = client.answer("diff", json!({ "old": "iam/typo.json", "new": "iam/none.json" }));
    assert_eq!(
        (&gained["same"], &gained["gained"][0]["action"]),
        (&false.into(), &"ecs:StopTask".into()),
        "{gained:#}"
    );

    let expanded = client.answer("expand", json!({ "patterns": ["ecs:RunT*"] }));
    assert!(expanded.to_string().contains("ecs:RunTask"), "{expanded}");
    let short = client.answer("expand", json!({ "patterns": ["ecs:RunTask"], "shrink": true }));
    assert!(short["patterns"].is_array(), "{short}");
    client.end();
}

#[test]
fn nothing_outside_of_the_roots_is_read() {
    let other = Folder::new("mcp-other").with("secret.json", TYPO);
    let folder = Folder::new("mcp-roots").with("a/typo.json", TYPO).with("b/typo.json", TYPO);
    #[cfg(unix)]
    std::os::unix::fs::symlink(other.path.join("secret.json"), folder.path.join("a/link.json")).unwrap();
    let secret = other.path.join("secret.json").display().to_string();
    let mut client = Client::start(&folder.path, &["a"], None);
    assert_eq!(client.answer("check", json!({}))["summary"]["documents"], 1);
    for path in ["../b/typo.json", "..", &secret, "/etc/passwd", "link.json"] {
        let told = client.refusal("check", json!({ "paths": [path] }));
        assert!(told.contains("it is not read") && !told.contains("Statement"), "{path}: {told}");
        let told = client.refusal("roles", json!({ "file": path }));
        assert!(told.contains("it is not read"), "{path}: {told}");
        let told = client.refusal("diff", json!({ "old": "typo.json", "new": path }));
        assert!(told.contains("it is not read"), "{path}: {told}");
    }
    assert!(client.refusal("check", json!({ "paths": ["none.json"] })).contains("none.json: not there"));
    assert!(
        client.refusal("check", json!({ "text": "{}", "filename": "../x.json" })).contains("it is not read")
    );
    client.end();

    // The client's own roots, where none are named.
    let root = json!([{ "uri": format!("file://{}/b", folder.path.display()) }]);
    let mut client = Client::start(&other.path, &[], Some(root));
    assert_eq!(client.answer("check", json!({}))["summary"]["documents"], 1);
    assert!(client.refusal("check", json!({ "paths": [secret] })).contains("it is not read"));
    client.end();
}

#[test]
fn what_makes_no_sense_is_told_and_costs_nothing_else() {
    let folder = Folder::new("mcp-wrong").with("typo.json", TYPO);
    let mut client = Client::start(&folder.path, &[], None);
    for (tool, arguments, expected) in [
        ("check", json!({ "path": ["."] }), "the tool `check` has no argument `path`"),
        ("check", json!({ "paths": "typo.json" }), "`paths` is a list of texts"),
        ("check", json!({ "paths": ["typo.json"], "text": "{}" }), "not both"),
        ("check", json!({ "ignore": ["unknown-actions"] }), "did you mean `unknown-action`?"),
        ("check", json!({ "level": "loud" }), "invalid value 'loud'"),
        ("check", json!({ "paths": ["--fix"] }), "--fix: not there"),
        ("explain", json!({}), "needs the argument `message`"),
        ("expand", json!({ "patterns": [] }), "required"),
        ("expand", json!({ "patterns": ["--services"] }), "--services"),
        (
            "can",
            json!({ "principal": "nobody", "action": "ecs:RunTask", "resource": "*" }),
            "no role and no user called `nobody`",
        ),
        ("diff", json!({ "old": "typo.json" }), "give `old` and `new`, or `since`"),
        ("roles", json!({ "file": "typo.json" }), "typo.json"),
    ] {
        let told = client.refusal(tool, arguments.clone());
        assert!(told.contains(expected), "{tool} {arguments}: {told}");
    }
    assert_eq!(client.call("fix", json!({}))["code"], -32602);
    assert_eq!(client.answer("check", json!({}))["summary"]["warnings"], 1);
    client.end();
    let folder = folder.with(".passrole.jsonc", "{ \"levle\": 1 }");
    let mut client = Client::start(&folder.path, &[], None);
    assert!(client.refusal("check", json!({})).contains("did you mean `level`?"));
    client.end();
    let ran = folder.run(&["mcp", "nowhere"]);
    assert!(ran.status == 2 && ran.err.contains("nowhere: not a folder"), "{ran:?}");
    assert_eq!(folder.run_with(&["mcp"], "").status, 0);
    assert_eq!(folder.run_with(&["mcp"], "no message\n").status, 0);
}

/// A fix that adds access is said to be one, in words and in the answer.
#[test]
fn fixes_that_add_access_say_so() {
    let trust = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }] }"#;
    let policy = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*" }] }"#;
    let folder =
        Folder::new("mcp-grants").with("iam/web-trust.json", trust).with("iam/web-policy.json", policy);
    let folder = folder.with("task.json", TASK);
    let folder = folder.with(
        ".passrole.jsonc",
        r#"{ "roles": { "web": { "trust": "iam/web-trust.json", "policies": ["iam/web-policy.json"] } } }"#,
    );
    let command = folder.run(&["check", "--format", "json", "--exit-zero"]).json();
    let is_grant = |it: &&Value| it["fix"]["safety"] == "grants";
    let grants = command["findings"].as_array().unwrap().iter().filter(is_grant).count();
    assert!(grants > 0, "{command:#}");
    let mut client = Client::start(&folder.path, &[], None);
    let result = client.call("check", json!({ "diff": true }));
    let note = result["structuredContent"]["note"].as_str().unwrap();
    assert!(note.contains("access (`grants`)") && note.contains("have a person decide"), "{note}");
    assert!(result["content"][0]["text"].as_str().unwrap().contains(note.trim()));
    assert!(!result["structuredContent"]["diff"].as_str().unwrap().contains("ecr:"), "{result:#}");
    assert!(client.initialized["instructions"].as_str().unwrap().contains("grants"));
    client.end();
}
