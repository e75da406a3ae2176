//! Whole sessions with the language server, in memory.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "lsp/client.rs"]
mod client;
#[path = "support/random.rs"]
mod random;

use client::{Client, framed};
use passrole::lsp::Ending;
use passrole::workspace::{Files, Kind, Memory, Unreadable};
use random::Random;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};

const URI: &str = "file:///work/policy.json";
const PROFILES: [&str; 6] = ["vscode", "neovim", "neovim-0.10", "helix", "emacs", "minimal"];

/// Two statements with the same Sid: one finding.
const TWICE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Größe", "Effect": "Allow", "Action": "ecs:RunTask", "Resource": "arn:aws:ecs:eu-central-1:111122223333:task-definition/web:1" },
    { "Sid": "Same", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*" },
    { "Sid": "Same", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*" }
  ]
}
"#;

fn has(codes: &[String], code: &str) -> bool {
    codes.iter().any(|it| it == code)
}

fn position(line: u32, character: u32) -> Value {
    json!({ "line": line, "character": character })
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({ "start": position(start.0, start.1), "end": position(end.0, end.1) })
}

/// A policy of about that many bytes.
fn policy(bytes: usize) -> String {
    let mut text = String::from("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n");
    let mut index = 0;
    while text.len() < bytes {
        if index > 0 {
            text.push_str(",\n");
        }
        text.push_str(&format!(
            "    {{ \"Sid\": \"S{index}\", \"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:PutObject\"], \"Resource\": \"arn:aws:s3:::bucket-{index}/*\" }}"
        ));
        index += 1;
    }
    text.push_str("\n  ]\n}\n");
    text
}

#[test]
fn every_editor_gets_findings_its_own_way() {
    for profile in PROFILES {
        let mut client = Client::start(profile);
        let pulls = client.server_capabilities.get("diagnosticProvider").is_some();
        assert_eq!(pulls, !matches!(profile, "emacs" | "minimal"), "{profile}");
        client.open(URI, TWICE);
        if pulls {
            assert!(has(&client.pull(URI), "duplicate-sid"), "{profile}");
        } else {
            let (version, codes) = client.pushed();
            assert_eq!(version, 1);
            assert!(has(&codes, "duplicate-sid"), "{profile}");
        }
        client.change(URI, 2, json!([{ "range": range((5, 14), (5, 18)), "text": "Other" }]));
        if pulls {
            assert!(!has(&client.pull(URI), "duplicate-sid"), "{profile}");
        } else {
            let (version, codes) = client.pushed();
            assert_eq!(version, 2);
            assert!(!has(&codes, "duplicate-sid"), "{profile}");
        }
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
        if !pulls {
            assert_eq!(client.pushed().1, Vec::<String>::new());
        }
        assert_eq!(client.end(), Ending::Orderly);
    }
}

#[test]
fn positions_are_in_the_units_agreed_on() {
    for (profile, encoding, sid) in
        [("helix", "utf-8", (14, 21)), ("vscode", "utf-16", (14, 19)), ("minimal", "utf-16", (14, 19))]
    {
        let mut client = Client::start(profile);
        assert_eq!(client.server_capabilities["positionEncoding"], encoding, "{profile}");
        client.open(URI, TWICE);
        if !client.server_capabilities["diagnosticProvider"].is_object() {
            client.pushed();
        }
        // `Größe` goes: the quotes that follow must stay where they were.
        client.change(URI, 2, json!([{ "range": range((3, sid.0), (3, sid.1)), "text": "Same" }]));
        let hover = json!({ "textDocument": { "uri": URI }, "position": position(3, 54) });
        let hover = client.request("textDocument/hover", hover);
        assert_eq!(hover["range"], range((3, 51), (3, 62)), "{profile}");
        assert!(hover["contents"]["value"].as_str().unwrap().contains("ecs:RunTask"));
        if !client.server_capabilities["diagnosticProvider"].is_object() {
            assert_eq!(client.pushed().0, 2);
        } else {
            assert!(has(&client.pull(URI), "duplicate-sid"), "{profile}");
        }
    }
}

#[test]
fn equal_findings_are_answered_as_unchanged() {
    let mut client = Client::start("vscode");
    client.open(URI, TWICE);
    let params = json!({ "textDocument": { "uri": URI } });
    let first = client.request("textDocument/diagnostic", params);
    assert_eq!(first["kind"], "full");
    client.change(URI, 2, json!([{ "range": range((7, 0), (7, 0)), "text": "\n" }]));
    let params = json!({ "textDocument": { "uri": URI }, "previousResultId": first["resultId"] });
    let second = client.request("textDocument/diagnostic", params.clone());
    assert_eq!(second, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    // The same findings a line further down are others.
    client.change(URI, 3, json!([{ "range": range((1, 0), (1, 0)), "text": "\n" }]));
    let third = client.request("textDocument/diagnostic", params);
    assert_eq!(third["kind"], "full");
    assert_ne!(third["resultId"], first["resultId"]);
    // Who opens a document again (`:edit!` in Neovim) shows nothing of what it was told before.
    let params = json!({ "textDocument": { "uri": URI }, "previousResultId": third["resultId"] });
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    client.open(URI, &format!("\n{TWICE}"));
    assert_eq!(client.request("textDocument/diagnostic", params)["kind"], "full");
}

#[test]
fn ways_to_write_a_uri_are_one_document() {
    let mut client = Client::start("neovim");
    client.open("file:///work/a%20b/policy.json", TWICE);
    let hover =
        json!({ "textDocument": { "uri": "file:///work/a%20b/polic%79.json" }, "position": position(1, 5) });
    assert!(client.request("textDocument/hover", hover)["contents"].is_object());
}

#[test]
fn files_that_are_none_of_ours_get_nothing() {
    let mut client = Client::start("vscode");
    let uri = "file:///work/package.json";
    client.open(uri, r#"{ "name": "x", "Action": "ecs:", "version": 1, }"#);
    assert_eq!(client.pull(uri), Vec::<String>::new());
    let at = json!({ "textDocument": { "uri": uri }, "position": position(0, 30) });
    assert_eq!(client.request("textDocument/completion", at.clone()), Value::Null);
    assert_eq!(client.request("textDocument/hover", at), Value::Null);
    let whole = json!({ "textDocument": { "uri": uri } });
    assert_eq!(client.request("textDocument/documentSymbol", whole.clone()), json!([]));
    assert_eq!(client.request("textDocument/foldingRange", whole), Value::Null);
}

#[test]
fn a_request_sees_the_text_as_it_was_when_sent() {
    let mut client = Client::start("vscode");
    client.open(URI, TWICE);
    let symbols = json!({ "textDocument": { "uri": URI } });
    let mut burst = Vec::new();
    // Each edit renames the statement; between them the outline is asked for.
    for version in 2..102 {
        let ask = json!({ "jsonrpc": "2.0", "id": 1000 + version, "method": "textDocument/documentSymbol", "params": symbols });
        burst.extend(framed(&ask));
        let (from, to) =
            if version == 2 { (14, 18) } else { (14, 14 + 1 + (version - 1).to_string().len() as u32) };
        let change = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": { "uri": URI, "version": version },
            "contentChanges": [{ "range": range((5, from), (5, to)), "text": format!("V{version}") }],
        }});
        burst.extend(framed(&change));
    }
    client.bytes(&burst);
    for version in 2..102 {
        let answer = client.answer(1000 + version);
        let name = answer["result"][0]["children"][2]["name"].as_str().unwrap().to_string();
        let expected = if version == 2 { "Same".to_string() } else { format!("V{}", version - 1) };
        assert_eq!(name, expected);
    }
}

#[test]
fn a_burst_of_edits_is_reported_once_settled() {
    let mut client = Client::start("emacs");
    client.open(URI, TWICE);
    client.pushed();
    let mut burst = Vec::new();
    for version in 2..=300 {
        let change = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": { "uri": URI, "version": version },
            "contentChanges": [{ "range": range((5, 14), (5, 14)), "text": "x" }],
        }});
        burst.extend(framed(&change));
    }
    client.bytes(&burst);
    // Reports in between are allowed, going back is not.
    let mut last = 1;
    while last < 300 {
        let (version, codes) = client.pushed();
        assert!(version > last, "{version} came after {last}");
        assert!(!has(&codes, "duplicate-sid"));
        last = version;
    }
}

#[test]
fn a_cancelled_request_is_answered_at_once() {
    let mut client = Client::start("vscode");
    client.open(URI, &policy(4_000_000));
    let mut burst = Vec::new();
    for id in 1001..1009 {
        burst.extend(framed(&json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/diagnostic",
            "params": { "textDocument": { "uri": URI } } })));
    }
    for id in 1001..1009 {
        burst.extend(framed(
            &json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } }),
        ));
    }
    client.bytes(&burst);
    for id in 1001..1009 {
        assert_eq!(client.answer(id)["error"]["code"], -32800);
    }
    // Nothing is left behind: the next request has its answer.
    assert_eq!(client.pull(URI), ["policy-too-long"]);
}

#[test]
fn a_large_document_is_reported_unasked_too() {
    let mut client = Client::start("minimal");
    client.open(URI, &policy(600_000));
    // Superseded before it is done, or not: the last version is what counts.
    client.change(URI, 2, json!([{ "range": range((3, 14), (3, 16)), "text": "S1" }]));
    loop {
        let (version, codes) = client.pushed();
        if version == 2 {
            assert!(has(&codes, "duplicate-sid"));
            break;
        }
    }
}

#[test]
fn completion_replaces_the_typed_word_and_resolves() {
    for (profile, snippets) in [("vscode", true), ("minimal", false)] {
        let mut client = Client::start(profile);
        let text = "{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Action\": [\"ecs:Ru\"], \"\" }] }";
        client.open(URI, text);
        let at = text.find("ecs:Ru").unwrap() as u32;
        let params =
            |character| json!({ "textDocument": { "uri": URI }, "position": position(0, character) });
        let list = client.request("textDocument/completion", params(at + 6));
        let items = list["items"].as_array().unwrap();
        let run = items.iter().find(|item| item["label"] == "ecs:RunTask").unwrap();
        assert_eq!(run["detail"], "Write");
        assert_eq!(
            run["textEdit"],
            json!({ "range": range((0, at), (0, at + 6)), "newText": "ecs:RunTask" })
        );
        let mut labels: Vec<&str> = items.iter().map(|item| item["label"].as_str().unwrap()).collect();
        labels.sort_unstable();
        let count = labels.len();
        labels.dedup();
        assert_eq!(labels.len(), count, "an item stands twice");
        let resolved = client.request("completionItem/resolve", run.clone());
        assert!(resolved["documentation"]["value"].as_str().unwrap().contains("iam:PassRole"));
        let member = text.find("\"\"").unwrap() as u32 + 1;
        let list = client.request("textDocument/completion", params(member));
        let effect =
            list["items"].as_array().unwrap().iter().find(|item| item["label"] == "Effect").unwrap().clone();
        assert_eq!(effect["insertTextFormat"] == 2, snippets, "{profile}: {effect}");
        assert_eq!(effect["textEdit"]["newText"].as_str().unwrap().contains('$'), snippets);
        if profile == "minimal" {
            client.pushed();
        }
    }
}

#[test]
fn settings_change_what_is_found() {
    let mut client = Client::start_with("helix", json!({ "ignore": ["duplicate-sid"] }));
    client.open(URI, TWICE);
    assert!(!has(&client.pull(URI), "duplicate-sid"));
    drop(client);

    // Asked for after `initialized`, and again when they change.
    let mut client = Client::start("vscode");
    client.open(URI, TWICE);
    assert!(has(&client.pull(URI), "duplicate-sid"));
    client.settings = json!({ "ignore": ["duplicate-sid"] });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    client.wait(|message| message["method"] == "workspace/diagnostic/refresh");
    assert!(!has(&client.pull(URI), "duplicate-sid"));
    drop(client);

    // Sent along, to a client that does not ask for diagnostics.
    let mut client = Client::start("minimal");
    client.open(URI, TWICE);
    assert!(has(&client.pushed().1, "duplicate-sid"));
    let settings = json!({ "settings": { "passrole": { "ignore": ["duplicate-sid", "no-such-rule"] } } });
    client.notify("workspace/didChangeConfiguration", settings);
    assert!(!has(&client.pushed().1, "duplicate-sid"));
    assert!(client.notification("window/showMessage")["message"].as_str().unwrap().contains("no-such-rule"));
}

#[test]
fn exit_ends_the_server_though_the_input_stays_open() {
    let mut client = Client::connect();
    client.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(client.gone(), Ending::Abrupt);
    assert_eq!(Client::start("vscode").abandoned(), Ending::Abrupt);
    assert_eq!(Client::start("minimal").end(), Ending::Orderly);
}

#[test]
fn requests_before_initialize_are_refused() {
    let mut client = Client::connect();
    let id = client.ask("textDocument/hover", json!({}));
    assert_eq!(client.answer(id)["error"]["code"], -32002);
    client.request("initialize", json!({ "capabilities": {} }));
}

#[test]
fn garbage_is_survived() {
    let mut client = Client::start("minimal");
    client.bytes(b"what is this\r\n\r\n");
    client.bytes(b"Content-Length: no\r\n\r\n");
    client.bytes(b"Content-Length: 8\r\n\r\n{broken]");
    client.bytes(b"Content-Length: 2\r\n\r\n\xff\xfe");
    client.bytes(b"Content-Length: 2\r\n\r\n[]");
    client.bytes(b"Content-Length: 2\r\n\r\n{}");
    client.bytes(b"Content-Length: 31\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":true}");
    for code in [-32700, -32700, -32700, -32700, -32600, -32600, -32600] {
        let error = client.wait(|message| message["id"].is_null() && message.get("error").is_some());
        assert_eq!(error["error"]["code"], code);
    }
    client.send(&json!({ "jsonrpc": "2.0", "id": "never asked", "result": 3 }));
    client.notify("$/unknown", json!({}));
    client.notify("unknown/thing", json!([1]));
    client.notify("textDocument/didChange", json!("nonsense"));
    client.notify("textDocument/didOpen", json!({}));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///never/opened" } }));
    assert_eq!(client.pushed().1, Vec::<String>::new());
    let id = client.ask("unknown/request", json!({}));
    assert_eq!(client.answer(id)["error"]["code"], -32601);
    let id = client.ask("textDocument/hover", json!({ "textDocument": {} }));
    assert_eq!(client.answer(id)["error"]["code"], -32602);
    let id = client
        .ask("textDocument/hover", json!({ "textDocument": { "uri": URI }, "position": position(0, 0) }));
    assert_eq!(client.answer(id)["error"]["code"], -32602);
    client.change(URI, 3, json!([]));

    client.open(URI, TWICE);
    client.pushed();
    // Far out, backwards, in the middle of nowhere.
    client.change(
        URI,
        2,
        json!([
            { "range": range((99, 0), (4_000_000_000, 4_000_000_000)), "text": "\n" },
            { "range": range((5, 0), (2, 0)), "text": "never" },
            { "range": range((0, 4_000_000_000), (1, 0)), "text": "\n" },
        ]),
    );
    assert!(has(&client.pushed().1, "duplicate-sid"));
    let at = json!({ "textDocument": { "uri": URI }, "position": position(4_000_000_000, 4_000_000_000) });
    assert_eq!(client.request("textDocument/hover", at.clone()), Value::Null);
    assert_eq!(client.request("textDocument/completion", at), Value::Null);
    let backwards = json!({ "textDocument": { "uri": URI }, "range": range((5, 0), (2, 0)), "context": { "diagnostics": [] } });
    assert_eq!(client.request("textDocument/codeAction", backwards), Value::Null);

    // One line of a megabyte, and brackets without end.
    for text in [
        format!("{{\"Statement\":[{{\"Action\":\"{}\"}}]}}", "é".repeat(500_000)),
        "[".repeat(200_000),
        "\u{feff}{".to_string(),
        String::new(),
        "\0".to_string(),
    ] {
        client.change(URI, 3, json!([{ "text": text }]));
        client.pushed();
        let at = json!({ "textDocument": { "uri": URI }, "position": position(0, 300_000) });
        let id = client.ask("textDocument/completion", at.clone());
        client.answer(id);
        let id = client.ask("textDocument/hover", at);
        client.answer(id);
        for method in ["documentSymbol", "foldingRange"] {
            let id = client.ask(&format!("textDocument/{method}"), json!({ "textDocument": { "uri": URI } }));
            client.answer(id);
        }
    }
}

/// The client's own text: lines and UTF-16, done naively.
fn naive_edit(text: &str, start: (u32, u32), end: (u32, u32), insert: &str) -> String {
    let offset = |(line, character): (u32, u32)| {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        let Some(from) = starts.get(line as usize) else { return text.len() };
        let line = text[*from..].split(['\r', '\n']).next().unwrap();
        let mut units = 0;
        for (at, char) in line.char_indices() {
            if units + char.len_utf16() as u32 > character {
                return from + at;
            }
            units += char.len_utf16() as u32;
        }
        from + line.len()
    };
    let (start, end) = (offset(start), offset(end));
    format!("{}{insert}{}", &text[..start], &text[end..])
}

#[test]
fn random_edits_leave_server_and_client_with_the_same_text() {
    let mut client = Client::start("vscode");
    let mut text = TWICE.to_string();
    client.open(URI, &text);
    let mut numbers = Random(0x5eed_cafe_f00d_1234);
    let pieces = [
        "",
        "x",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\n",
        "\r\n",
        "\r",
        "é",
        "😀",
        "\\",
        "/*",
        "*/",
        "//",
        "\"Action\": \"ecs:RunTask\"",
        " ",
        "\u{2028}",
        "{ \"Sid\": \"Same\" },",
    ];
    let mut version = 1;
    for round in 0..10_000 {
        version += 1;
        let line = numbers.below(text.lines().count() + 2) as u32;
        let start = (line, numbers.below(90) as u32);
        let end = match numbers.below(4) {
            0 => (line + numbers.below(2) as u32, start.1 + numbers.below(30) as u32),
            1 => (line, start.1 + numbers.below(8) as u32),
            _ => start,
        };
        let end = end.max(start);
        let piece = pieces[numbers.below(pieces.len())];
        let edited = naive_edit(&text, start, end, piece);
        // Neither gone nor endless.
        if edited.len() < 200 || edited.len() > 3000 {
            text = TWICE.to_string();
            client.change(URI, version, json!([{ "text": text }]));
            continue;
        }
        text = edited;
        client.change(URI, version, json!([{ "range": range(start, end), "text": piece }]));
        if round % 100 != 99 {
            continue;
        }
        // The selection around any place grows to the whole text; findings are those of a fresh start.
        let copy = "file:///work/copy/policy.json";
        client.open(copy, &text);
        let fresh = client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": copy } }));
        // A word that is being typed is judged when it is left.
        client.notify("textDocument/didSave", json!({ "textDocument": { "uri": URI } }));
        let edited = client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
        let place = |value: &Value| {
            let place = |item: &Value| {
                (item["range"].to_string(), item["code"].to_string(), item["message"].to_string())
            };
            value["items"].as_array().unwrap().iter().map(place).collect::<Vec<_>>()
        };
        assert_eq!(place(&fresh), place(&edited), "round {round}: {text:?}");
        let held = client.request("passrole/text", json!({ "uri": URI }));
        assert_eq!(held, json!(text), "round {round}");
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": copy } }));
    }
}

#[test]
fn fixes_come_as_code_actions() {
    for profile in PROFILES {
        let mut client = Client::start(profile);
        let text = TWICE.replace("ecs:RunTask", "ecs:RunTasc");
        client.open(URI, &text);
        if client.server_capabilities.get("diagnosticProvider").is_none() {
            client.pushed();
        }
        let ask = |only: Value| {
            json!({
                "textDocument": { "uri": URI },
                "range": range((3, 0), (3, 200)),
                "context": if only.is_null() { json!({ "diagnostics": [] }) } else { json!({ "diagnostics": [], "only": only }) },
            })
        };
        if client.server_capabilities.get("codeActionProvider").is_none() {
            continue;
        }
        let actions = client.request("textDocument/codeAction", ask(Value::Null));
        let is_fix = |action: &&Value| action["title"].as_str().unwrap().contains("RunTask");
        let fix = actions.as_array().unwrap().iter().find(is_fix).unwrap();
        assert_eq!(fix["isPreferred"], true);
        assert_eq!(fix["kind"], "quickfix");
        assert_eq!(fix["diagnostics"][0]["code"], "unknown-action");
        let edits = if fix["edit"].get("documentChanges").is_some() {
            &fix["edit"]["documentChanges"][0]["edits"]
        } else {
            &fix["edit"]["changes"][URI]
        };
        assert!(edits[0]["newText"].as_str().unwrap().ends_with("RunTask"), "{fix}");
        let all = client.request("textDocument/codeAction", ask(json!(["source.fixAll"])));
        assert_eq!(all.as_array().unwrap().len(), 1);
        assert_eq!(all[0]["kind"], "source.fixAll.passrole");
    }
}

/// A folder of its own, gone at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("passrole-{name}-{}", std::process::id()));
        std::fs::create_dir_all(path.join(".git")).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        format!("file://{}", path.to_str().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
#[test]
fn the_projects_configuration_holds_in_the_editor() {
    let folder = Folder::new("configuration");
    folder.write(".passrole.jsonc", r#"{ "ignore": ["duplicate-sid"] /* for now */ }"#);
    let uri = folder.write("policy.json", TWICE);
    let mut client = Client::start("vscode");
    client.open(&uri, TWICE);
    assert!(!has(&client.pull(&uri), "duplicate-sid"));
    folder.write(".passrole.jsonc", "{}");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    client.wait(|message| message["method"] == "workspace/diagnostic/refresh");
    assert!(has(&client.pull(&uri), "duplicate-sid"));
    folder.write(".passrole.jsonc", r#"{ "ignor": [] }"#);
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let message = client.notification("window/showMessage")["message"].as_str().unwrap().to_string();
    assert!(message.contains(".passrole.jsonc:1:3: there is no setting `ignor`"), "{message}");
    client.wait(|message| message["method"] == "workspace/diagnostic/refresh");
}

#[cfg(unix)]
#[test]
fn a_task_definition_beside_a_trust_policy_counts_in_the_editor() {
    let folder = Folder::new("neighbours");
    let task = r#"{ "family": "web", "taskRoleArn": "arn:aws:iam::111122223333:role/webReader", "containerDefinitions": [] }"#;
    folder.write("task-definition.json", task);
    let trust = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ecs.amazonaws.com" }, "Action": "sts:AssumeRole" }] }"#;
    let uri = folder.write("web-reader-trust.json", trust);
    let other = folder.write("web-writer-trust.json", trust);
    let mut client = Client::start("helix");
    client.open(&uri, trust);
    client.open(&other, trust);
    assert!(has(&client.pull(&uri), "wrong-service-principal"));
    assert!(!has(&client.pull(&other), "wrong-service-principal"));
}

#[cfg(unix)]
#[test]
fn a_module_is_the_files_of_its_folder() {
    let folder = Folder::new("module");
    folder.write("variables.tf", "variable \"memory\" {\n  default = 3000\n}\n");
    let task = "resource \"aws_ecs_task_definition\" \"größe\" {\n  family = \"web\"\n  network_mode = \"awsvpc\"\n  requires_compatibilities = [\"FARGATE\"]\n  cpu = 256\n  memory = var.memory\n  container_definitions = jsonencode([{ name = \"web\", image = \"nginx:1\" }])\n}\n";
    let uri = folder.write("main.tf", task);
    let mut client = Client::start("neovim");
    client.open(&uri, task);
    assert!(has(&client.pull(&uri), "fargate-size-mismatch"));
}

#[test]
fn a_template_being_typed_keeps_the_findings_around() {
    let text = "Resources:\n  Größe:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: ecs:RunTasks\n            Resource: '*'\n";
    let uri = "file:///work/template.yaml";
    let mut client = Client::start("vscode");
    client.open(uri, text);
    assert!(has(&client.pull(uri), "unknown-action"));
    let typed = json!([{ "range": range((9, 25), (9, 25)), "text": "\n            Cond" }]);
    client.change(uri, 2, typed);
    assert!(has(&client.pull(uri), "unknown-action"));
    let asked = json!({ "textDocument": { "uri": uri }, "position": position(10, 16) });
    let answer = client.request("textDocument/completion", asked);
    assert!(answer.to_string().contains("\"Condition\""), "{answer}");
}

/// Files of which those in `/slow` are read and listed only while the gate is open.
struct Slow {
    files: Memory,
    gate: Arc<(Mutex<bool>, Condvar)>,
}

impl Slow {
    fn wait(&self, path: &Path) {
        if path.starts_with("/slow") {
            let (is_open, changed) = &*self.gate;
            drop(changed.wait_while(is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
        }
    }
}

impl Files for Slow {
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable> {
        self.wait(path);
        self.files.read(path, limit)
    }
    fn list(&self, folder: &Path) -> Vec<(OsString, Kind)> {
        self.wait(folder);
        self.files.list(folder)
    }
    fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
        self.wait(folder);
        self.files.walk(folder, limit)
    }
    fn kind(&self, path: &Path) -> Option<Kind> {
        self.files.kind(path)
    }
    fn is_private(&self, folder: &Path) -> bool {
        self.files.is_private(folder)
    }
    fn home(&self) -> Option<PathBuf> {
        self.files.home()
    }
}

#[test]
fn a_slow_folder_holds_up_nobody_else() {
    let variables = "variable \"memory\" {\n  default = 3000\n}\n";
    let mut files = Memory::default();
    for folder in ["slow", "quick"] {
        files.put(format!("/{folder}/.git/HEAD"), "");
        files.put(format!("/{folder}/variables.tf"), variables);
    }
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let open = |is_open: bool| {
        *gate.0.lock().unwrap() = is_open;
        gate.1.notify_all();
    };
    let task = "resource \"aws_ecs_task_definition\" \"t\" {\n  family = \"web\"\n  network_mode = \"awsvpc\"\n  requires_compatibilities = [\"FARGATE\"]\n  cpu = 256\n  memory = var.memory\n  container_definitions = jsonencode([{ name = \"web\", image = \"nginx:1\" }])\n}\n";
    let (slow, quick) = ("file:///slow/main.tf", "file:///quick/main.tf");
    let of = |uri: &str| json!({ "textDocument": { "uri": uri } });
    for profile in ["vscode", "neovim-0.10"] {
        open(false);
        let mut client =
            Client::start_over(profile, Arc::new(Slow { files: files.clone(), gate: gate.clone() }));
        client.open(slow, task);
        client.open(quick, task);
        let mut waiting = Vec::new();
        for round in 0..2 {
            waiting.push(client.ask("textDocument/diagnostic", of(slow)));
            // What the client saw change, an edit and a document that is closed: all of them in the slow folder.
            let changed = json!([{ "uri": "file:///slow/variables.tf", "type": 2 }, { "uri": "file:///quick/variables.tf", "type": 2 }]);
            client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changed }));
            client.change(slow, 2 + round, json!([{ "text": task }]));
            client.open("file:///slow/other.tf", task);
            client.notify("textDocument/didClose", of("file:///slow/other.tf"));
            assert!(has(&client.pull(quick), "fargate-size-mismatch"), "{profile}");
            client.change(quick, 2 + round, json!([{ "text": task }]));
            assert!(has(&client.pull(quick), "fargate-size-mismatch"), "{profile}");
            assert_eq!(client.request("passrole/text", json!({ "uri": slow })), json!(task));
            open(true);
            for id in waiting.drain(..) {
                let answer = client.answer(id);
                assert!(answer.to_string().contains("fargate-size-mismatch"), "{profile}: {answer}");
            }
            // The second time, the folder was known and is slow from now on.
            open(false);
        }
        open(true);
        client.request("shutdown", Value::Null);
        client.notify("exit", json!({}));
        client.gone();
    }
}

const TASK: &str = r#"{
  "family": "shop", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512",
  "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
  "containerDefinitions": [{
    "name": "shop", "image": "public.ecr.aws/nginx/nginx:1.27",
    "secrets": [{ "name": "K", "valueFrom": "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/k" }]
  }]
}
"#;
const ROLE: &str = r#"Resources:
  Execution:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-execution
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Service: ecs-tasks.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: größe
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: arn:aws:s3:::shop/*
"#;
const TASK_URI: &str = "file:///work/ecs/task.json";
const ROLE_URI: &str = "file:///work/iam/roles.yaml";

/// An editor that has the task definition open, over a repository with its role.
fn repository() -> Client {
    let mut memory = Memory::default();
    memory.put("/work/.git/HEAD", "");
    memory.put("/work/ecs/task.json", TASK);
    memory.put("/work/iam/roles.yaml", ROLE);
    let mut client = Client::start_over("vscode", Arc::new(memory));
    client.open(TASK_URI, TASK);
    client
}

fn lacks(client: &mut Client) -> Option<Value> {
    let whole = json!({ "textDocument": { "uri": TASK_URI } });
    let report = client.request("textDocument/diagnostic", whole);
    let items = report["items"].as_array().unwrap();
    items.iter().find(|it| it["code"] == "execution-role-lacks-permission").cloned()
}

#[test]
fn a_finding_leads_to_the_other_file_and_is_mended_there() {
    let mut client = repository();
    let finding = lacks(&mut client).unwrap();
    let related = &finding["relatedInformation"][0];
    assert_eq!(
        (&related["location"]["uri"], &related["location"]["range"]["start"]["line"]),
        (&json!(ROLE_URI), &json!(16))
    );
    let ask = json!({
        "textDocument": { "uri": TASK_URI }, "range": finding["range"],
        "context": { "diagnostics": [finding], "only": ["quickfix"] }
    });
    let actions = client.request("textDocument/codeAction", ask.clone());
    let action = actions
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["title"].as_str().unwrap().starts_with("Grant"))
        .unwrap();
    let edits = &action["edit"]["documentChanges"][0];
    assert_eq!(edits["textDocument"], json!({ "uri": ROLE_URI, "version": null }));
    let edit = &edits["edits"][0];
    let added = "\n              - Effect: Allow\n                Action: ssm:GetParameters\n                Resource: arn:aws:ssm:eu-west-1:111122223333:parameter/shop/k";
    assert_eq!((edit["newText"].as_str().unwrap(), &edit["range"]["start"]["line"]), (added, &json!(18)));
    // Open now, and mended without a save.
    client.open(ROLE_URI, ROLE);
    assert!(lacks(&mut client).is_some());
    let actions = client.request("textDocument/codeAction", ask);
    assert_eq!(actions[0]["edit"]["documentChanges"][0]["textDocument"]["version"], 1, "{actions}");
    client.change(ROLE_URI, 2, json!([{ "range": edit["range"], "text": edit["newText"] }]));
    assert_eq!(lacks(&mut client), None);
    // And back again.
    client.change(ROLE_URI, 3, json!([{ "text": ROLE }]));
    assert!(lacks(&mut client).is_some());
}

#[test]
fn roles_are_known_across_files() {
    let mut client = repository();
    assert!(lacks(&mut client).is_some());
    let at = json!({ "textDocument": { "uri": TASK_URI }, "position": position(2, 60) });
    let hover = client.request("textDocument/hover", at.clone());
    let said = hover["contents"]["value"].as_str().unwrap();
    for words in [
        "**Role `shop-execution`**",
        "Assumed by `ecs-tasks.amazonaws.com`",
        "a policy of the project",
        "`executionRoleArn` of `",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let definition = client.request("textDocument/definition", at.clone());
    assert_eq!(definition, json!([{ "uri": ROLE_URI, "range": range((4, 16), (4, 30)) }]));
    client.open(ROLE_URI, ROLE);
    let declared = json!({
        "textDocument": { "uri": ROLE_URI }, "position": position(4, 20), "context": { "includeDeclaration": false }
    });
    let references = client.request("textDocument/references", declared);
    let places: Vec<(&Value, &Value)> =
        references.as_array().unwrap().iter().map(|it| (&it["uri"], &it["range"]["start"]["line"])).collect();
    assert_eq!(places, [(&json!(TASK_URI), &json!(2)), (&json!(ROLE_URI), &json!(16))]);
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": ROLE_URI } }));
    assert_eq!(lenses[0]["command"]["title"], "used by 1 task definition", "{lenses}");
}

#[test]
fn findings_are_suppressed_by_code_actions() {
    let folder = Folder::new("suppress");
    let yaml =
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: ecs:RunTasks\n    Resource: '*'\n";
    let uri = folder.write("policy.yaml", yaml);
    let json = "{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Sid\": \"S\", \"Effect\": \"Allow\", \"Action\": \"ecs:RunTasks\", \"Resource\": \"*\" }] }\n";
    let strict = folder.write("policy.json", json);
    let configuration = folder.write(".passrole.jsonc", "{\n  // kept\n  \"level\": \"default\"\n}\n");
    for profile in PROFILES {
        let mut client = Client::start_in(profile, &folder.0);
        if client.server_capabilities.get("codeActionProvider").is_none() {
            continue;
        }
        for (uri, text, line, in_comment) in [(&uri, yaml, 3, true), (&strict, json, 0, false)] {
            client.open(uri, text);
            if client.server_capabilities.get("diagnosticProvider").is_none() {
                client.pushed();
            }
            let actions = client.request(
                "textDocument/codeAction",
                json!({
                    "textDocument": { "uri": uri },
                    "range": range((line, 0), (line, 200)),
                    "context": { "diagnostics": [] },
                }),
            );
            let actions = actions.as_array().unwrap();
            let titled = |start: &str| {
                actions.iter().find(|it| {
                    let title = it["title"].as_str().unwrap();
                    title.starts_with("Ignore `unknown-action/typo`") && title.ends_with(start)
                })
            };
            let edits = |action: &Value, uri: &str| {
                let of_changes = action["edit"]["changes"][uri].clone();
                match action["edit"]["documentChanges"].as_array() {
                    Some(changes) => {
                        let of = changes.iter().find(|it| it["textDocument"]["uri"] == uri).unwrap();
                        of["edits"].clone()
                    }
                    None => of_changes,
                }
            };
            match titled("in a comment") {
                Some(action) => {
                    assert!(in_comment);
                    let edit = &edits(action, uri)[0];
                    assert_eq!(
                        edit["newText"],
                        "    # passrole: ignore[unknown-action/typo]: TODO: say why\n"
                    );
                    assert_eq!(edit["range"], range((3, 0), (3, 0)));
                }
                None => assert!(!in_comment, "{actions:#?}"),
            }
            let action = titled("in the configuration").unwrap();
            let written = edits(action, &configuration)[0]["newText"].as_str().unwrap().to_string();
            assert!(written.contains("// kept") && written.contains("\"unknown-action/typo\""), "{written}");
            assert!(
                passrole::config::Config::parse(&written, std::path::Path::new("/")).is_ok(),
                "{written}"
            );
        }
    }
}
#[cfg(unix)]
/// Each is what a resource looks like, and what the edit makes of it.
const METADATA: [(&str, &str, &str); 5] = [
    (
        "a.yaml",
        "Resources:\n  Web:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement: { Effect: Allow, Action: 'ecs:RunTasks', Resource: '*' }\n",
        "  Web:\n    Metadata:\n      passrole:\n        ignore:\n          - rule: unknown-action/typo\n            reason: \"TODO: say why\"\n    Type:",
    ),
    (
        "b.yaml",
        "Resources:\n  Web:\n    Type: AWS::IAM::ManagedPolicy\n    Metadata:\n      other: 1\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement: { Effect: Allow, Action: 'ecs:RunTasks', Resource: '*' }\n",
        "    Metadata:\n      passrole:\n        ignore:\n          - rule: unknown-action/typo\n            reason: \"TODO: say why\"\n      other: 1\n",
    ),
    (
        "c.yaml",
        "Resources:\n  Web:\n    Type: AWS::IAM::ManagedPolicy\n    Metadata:\n      passrole:\n        ignore:\n          - rule: any-resource\n            reason: theirs\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement: { Effect: Allow, Action: 'ecs:RunTasks', Resource: '*' }\n",
        "        ignore:\n          - rule: unknown-action/typo\n            reason: \"TODO: say why\"\n          - rule: any-resource\n",
    ),
    (
        "d.json",
        "{\n  \"Resources\": {\n    \"Web\": {\n      \"Type\": \"AWS::IAM::ManagedPolicy\",\n      \"Properties\": { \"PolicyDocument\": { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"ecs:RunTasks\", \"Resource\": \"*\" } } }\n    }\n  }\n}\n",
        "    \"Web\": {\n      \"Metadata\": { \"passrole\": { \"ignore\": [{ \"rule\": \"unknown-action/typo\", \"reason\": \"TODO: say why\" }] } },\n      \"Type\"",
    ),
    (
        "e.json",
        "{ \"Resources\": { \"Web\": { \"Type\": \"AWS::IAM::ManagedPolicy\", \"Metadata\": {}, \"Properties\": { \"PolicyDocument\": { \"Version\": \"2012-10-17\", \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"ecs:RunTasks\", \"Resource\": \"*\" } } } } } }\n",
        "\"Metadata\": {\"passrole\": { \"ignore\": [{ \"rule\": \"unknown-action/typo\", \"reason\": \"TODO: say why\" }] }}, \"Properties\"",
    ),
];

#[test]
fn findings_are_suppressed_in_the_metadata_of_a_template() {
    let folder = Folder::new("suppress-metadata");
    let mut client = Client::start_in("vscode", &folder.0);
    for (name, text, expected) in METADATA {
        let uri = folder.write(name, text);
        client.open(&uri, text);
        let actions = client.request(
            "textDocument/codeAction",
            json!({
                "textDocument": { "uri": uri },
                "range": range((0, 0), (30, 0)),
                "context": { "diagnostics": [], "only": ["quickfix"] },
            }),
        );
        let actions = actions.as_array().unwrap();
        let wanted = "Ignore `unknown-action/typo` in the metadata of the resource";
        let action =
            actions.iter().find(|it| it["title"] == wanted).unwrap_or_else(|| panic!("{name}: {actions:#?}"));
        let edit = &action["edit"]["documentChanges"][0]["edits"][0];
        let at = &edit["range"]["start"];
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let before: usize =
            lines[..at["line"].as_u64().unwrap() as usize].iter().map(|line| line.len()).sum();
        let offset = before + at["character"].as_u64().unwrap() as usize;
        let after = format!("{}{}{}", &text[..offset], edit["newText"].as_str().unwrap(), &text[offset..]);
        assert!(after.contains(expected), "{name}: {after}");
    }
}

#[test]
fn questions_are_commands() {
    let folder = Folder::new("commands");
    let policy = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }] }"#;
    let held = folder.write("web-task-policy.json", policy);
    let task = r#"{ "family": "web", "containerDefinitions": [{ "name": "app", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1" }] }"#;
    let uri = folder.write("task-definition.json", task);
    let mut client = Client::start_in("vscode", &folder.0);
    let commands = client.server_capabilities["executeCommandProvider"]["commands"].clone();
    let asks = ["explain", "roles", "can", "expand", "convert"].map(|it| format!("passrole.ask.{it}"));
    assert_eq!(commands, json!(asks));
    client.open(&uri, task);
    client.open(&held, policy);
    let mut run = |command: &str, arguments: Value| {
        client.request("workspace/executeCommand", json!({ "command": command, "arguments": arguments }))
    };
    let message = "User: arn:aws:sts::111122223333:assumed-role/web-task/x is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::tide/a because no identity-based policy allows the s3:PutObject action";
    let answer = run("passrole.ask.explain", json!([message]));
    let text = answer["text"].as_str().unwrap();
    assert!(
        text.contains("Cause:    no-statement") && text.contains("+++ ") && text.contains("s3:PutObject"),
        "{text}"
    );
    let roles =
        run("passrole.ask.roles", json!([{ "uri": uri, "account": "111122223333", "region": "eu-west-1" }]));
    assert!(roles["text"].as_str().unwrap().contains("deployer: web-deployer"), "{roles}");
    let module = run("passrole.ask.roles", json!([{ "uri": uri, "format": "terraform" }]));
    assert_eq!(module["language"], "terraform");
    assert!(
        run("passrole.ask.expand", json!(["ecs:Describe*"]))["text"]
            .as_str()
            .unwrap()
            .contains("ecs:DescribeTasks")
    );
    let request =
        json!({ "principal": "web-task", "action": "s3:GetObject", "resource": "arn:aws:s3:::tide/a" });
    let allowed = run("passrole.ask.can", json!([request]));
    assert!(allowed["text"].as_str().unwrap().contains("Allowed"), "{allowed}");
    let denied = run(
        "passrole.ask.can",
        json!([{
            "principal": "arn:aws:iam::111122223333:role/web", "action": "s3:PutObject", "resource": "arn:aws:s3:::tide/a",
            "identity": [held], "context": { "aws:SourceIp": ["203.0.113.9"] },
        }]),
    );
    assert!(denied["text"].as_str().unwrap().contains("Denied"), "{denied}");
    for (command, arguments) in [
        ("passrole.ask.can", json!([])),
        ("passrole.ask.can", json!([{ "principal": "nobody", "action": "s3:GetObject", "resource": "*" }])),
        ("passrole.ask.can", json!([{ "principal": "web-task", "action": "s3:*", "resource": "*" }])),
        (
            "passrole.ask.can",
            json!([{ "principal": "a", "action": "s3:GetObject", "resource": "*", "context": { "a": 1 } }]),
        ),
        ("passrole.ask.explain", json!([])),
        ("passrole.ask.roles", json!([{ "uri": "file:///nowhere.json" }])),
        ("passrole.ask.roles", json!([{ "uri": uri, "format": "pdf" }])),
        ("passrole.ask.roles", json!([{ "uri": uri, "fragment": "nobody" }])),
        ("passrole.ask.expand", json!(["ecs"])),
        ("passrole.ask.convert", json!([{ "uri": uri, "to": "json" }])),
        ("passrole.ask.convert", json!([{ "uri": uri, "to": "pdf" }])),
        ("passrole.ask.nothing", json!([])),
    ] {
        let id =
            client.ask("workspace/executeCommand", json!({ "command": command, "arguments": arguments }));
        let answer = client.answer(id);
        assert!(answer["error"]["message"].is_string(), "{command} {arguments}: {answer}");
    }
}

#[test]
fn old_clients_and_unknown_requests_are_answered() {
    let mut client = Client::start("helix");
    client.open(URI, TWICE);
    assert!(has(&client.pull(URI), "duplicate-sid"));
    for version in [json!(null), json!(7)] {
        client.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": URI, "version": version }, "contentChanges": [{ "text": "{}" }] }),
        );
        let held = client.request("passrole/text", json!({ "uri": URI }));
        assert_eq!(held, "{}", "{version}");
    }
    let id = client.ask("$/unknown", json!({}));
    assert_eq!(client.answer(id)["error"]["code"], -32601);
    let id = client.ask("passrole/unknown", json!({}));
    assert_eq!(client.answer(id)["error"]["code"], -32601);
}

#[test]
fn a_client_that_tells_syntax_errors_is_not_told_them() {
    let broken = TWICE.replacen("\"Allow\",", "\"Allow\"", 1);
    for tells in [false, true] {
        let mut client = Client::connect();
        let capabilities = json!({
            "textDocument": { "diagnostic": {} },
            "experimental": { "passrole": { "jsonSyntax": tells } },
        });
        client.request("initialize", json!({ "processId": null, "capabilities": capabilities }));
        client.notify("initialized", json!({}));
        client.open(URI, &broken);
        assert_eq!(has(&client.pull(URI), "syntax-error"), !tells);
    }
}

#[test]
fn colours_links_and_layout_are_given() {
    let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [ {\"Effect\": \"Allow\",\n \"Action\": [\"s3:Get*\", \"s3:PutObject\"], \"Resource\": \"*\"} ]\n}\n";
    let mut client = Client::start("vscode");
    client.open(URI, text);
    let document = json!({ "textDocument": { "uri": URI } });
    let legend = client.server_capabilities["semanticTokensProvider"]["legend"]["tokenTypes"].clone();
    let tokens = client.request("textDocument/semanticTokens/full", document.clone())["data"].clone();
    let tokens: Vec<u64> = tokens.as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect();
    let kinds: Vec<&str> =
        tokens.chunks(5).map(|token| legend[token[3] as usize].as_str().unwrap()).collect();
    assert_eq!(kinds, ["keyword", "namespace", "method", "regexp", "namespace", "method", "regexp"]);
    // `Allow` stands in the third line; what follows is told from there.
    assert_eq!(tokens[..10], [2, 29, 5, 6, 0, 1, 13, 2, 0, 0]);
    let ranged = json!({ "textDocument": { "uri": URI }, "range": range((3, 0), (3, 20)) });
    let some = client.request("textDocument/semanticTokens/range", ranged)["data"].clone();
    assert_eq!(some.as_array().unwrap().len(), 15);
    let links = client.request("textDocument/documentLink", document.clone());
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert!(links[0]["target"].as_str().unwrap().ends_with("#amazons3-PutObject"), "{links}");
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let asked = json!({ "textDocument": { "uri": URI }, "range": range((3, 2), (3, 2)), "options": options });
    let edits = client.request("textDocument/rangeFormatting", asked);
    assert_eq!(edits[0]["range"], range((2, 17), (3, 56)), "{edits}");
    assert!(edits[0]["newText"].as_str().unwrap().contains("\n    \"Effect\": \"Allow\",\n"), "{edits}");
}

#[test]
fn what_cannot_be_answered_is_refused_with_a_reason() {
    let mut client = Client::start("vscode");
    client.open(URI, TWICE);
    let far = json!({ "line": 4_000_000, "character": 4_000_000 });
    let at = |uri: &str, position: &Value| json!({ "textDocument": { "uri": uri }, "position": position });
    for method in ["hover", "completion", "definition", "documentHighlight", "prepareRename"] {
        let method = format!("textDocument/{method}");
        let id = client.ask(&method, at(URI, &far));
        assert!(client.answer(id).get("error").is_none(), "{method} beyond the end");
        let id = client.ask(&method, at("file:///work/closed.json", &position(0, 0)));
        assert!(client.answer(id)["error"]["message"].is_string(), "{method} of a closed file");
    }
    for method in ["semanticTokens/full", "documentLink", "foldingRange", "documentSymbol", "codeLens"] {
        let asked = json!({ "textDocument": { "uri": "file:///work/closed.json" } });
        let id = client.ask(&format!("textDocument/{method}"), asked);
        assert!(client.answer(id)["error"]["message"].is_string(), "{method} of a closed file");
    }
    // The Sid of the first statement: another name, one that is taken, one that is none, and where no name is.
    let (line, column) = TWICE
        .lines()
        .enumerate()
        .find_map(|(line, text)| Some((line as u32, text.find("\"Sid\": \"")? as u32 + 8)))
        .unwrap();
    for (place, name, words) in [
        (position(line, column), "not a name", "letters and digits"),
        (position(line, column), "", "letters and digits"),
        (position(0, 0), "Other", "no name"),
    ] {
        let mut asked = at(URI, &place);
        asked["newName"] = name.into();
        let id = client.ask("textDocument/rename", asked);
        let answer = client.answer(id);
        assert!(answer["error"]["message"].as_str().unwrap().contains(words), "{name}: {answer}");
    }
    let other = "file:///work/package.json";
    client.open(other, "{ \"name\": \"x\" }");
    assert_eq!(client.request("textDocument/hover", at(other, &position(0, 3))), Value::Null);
    assert_eq!(
        client.request("textDocument/documentLink", json!({ "textDocument": { "uri": other } })),
        json!([])
    );
}

#[cfg(unix)]
#[test]
fn folders_are_opened_and_closed_while_it_runs() {
    let (first, second) = (Folder::new("root-a"), Folder::new("root-b"));
    std::fs::remove_dir_all(second.0.join(".git")).unwrap();
    second.write(".passrole.jsonc", r#"{ "ignore": ["duplicate-sid"] }"#);
    let uri = second.write("policy.json", TWICE);
    let mut client = Client::start_in("helix", &first.0);
    assert_eq!(client.server_capabilities["workspace"]["workspaceFolders"]["supported"], true);
    client.open(&uri, TWICE);
    assert!(!has(&client.pull(&uri), "duplicate-sid"));
    let folder = json!({ "uri": format!("file://{}", second.0.display()), "name": "second" });
    for (added, removed) in [(json!([folder]), json!([])), (json!([]), json!([folder]))] {
        let event = json!({ "event": { "added": added, "removed": removed } });
        client.notify("workspace/didChangeWorkspaceFolders", event);
        assert!(!has(&client.pull(&uri), "duplicate-sid"));
    }
}

/// Messages as they went out, without their headers.
#[derive(Clone, Default)]
struct Sent(std::sync::Arc<std::sync::Mutex<Vec<Value>>>);

impl std::io::Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let body = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
        self.0.lock().unwrap().push(serde_json::from_slice(&bytes[body..]).unwrap());
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_session_without_threads_says_the_same_as_one_with_them() {
    use passrole::lsp::Conversation;
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}]}"#;
    let sent = Sent::default();
    let files = std::sync::Arc::new(passrole::workspace::Memory::default());
    let mut alone = Conversation::alone(Box::new(sent.clone()), files);
    let mut say = |message: Value| {
        let flow = alone.receive(message.to_string().as_bytes());
        assert!(flow.is_continue());
        alone.settle();
        std::mem::take(&mut *sent.0.lock().unwrap())
    };
    let capabilities = json!({ "workspace": { "configuration": true } });
    let started = say(json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": { "processId": null, "rootUri": "file:///", "capabilities": capabilities } }));
    assert_eq!(started.len(), 1);
    assert!(started[0]["result"]["capabilities"]["hoverProvider"].is_boolean());
    // What waits for the client's answer waits without a thread.
    let asked = say(json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    let question = asked.iter().find(|it| it["method"] == "workspace/configuration").unwrap();
    let opened = say(json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument":
        { "uri": "file:///p.json", "languageId": "json", "version": 1, "text": policy } } }));
    let rules = |said: &[Value]| -> Vec<String> {
        let published = said.iter().rfind(|it| it["method"] == "textDocument/publishDiagnostics").unwrap();
        let found = published["params"]["diagnostics"].as_array().unwrap();
        found.iter().map(|it| it["code"].as_str().unwrap().to_string()).collect()
    };
    assert_eq!(rules(&opened), ["unknown-action"]);
    let told =
        say(json!({ "jsonrpc": "2.0", "id": question["id"], "result": [{ "ignore": ["unknown-action"] }] }));
    assert_eq!(rules(&told), [] as [&str; 0]);
    // A large document, which another session hands to its second thread.
    let large = policy.replace(' ', &" ".repeat(100_000));
    let change = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": { "uri": "file:///p.json", "version": 2 }, "contentChanges": [{ "text": large }] } });
    say(change);
    let hover = say(json!({ "jsonrpc": "2.0", "id": 2, "method": "textDocument/hover", "params": {
        "textDocument": { "uri": "file:///p.json" }, "position": { "line": 0, "character": 0 } } }));
    assert_eq!(hover.last().unwrap()["id"], 2);
    assert!(alone.receive(br#"{"jsonrpc":"2.0","method":"exit"}"#).is_break());
    assert_eq!(alone.end(), passrole::lsp::Ending::Abrupt);
}
