//! The same file has the same findings, whoever asks and whatever was edited before.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "lsp/client.rs"]
mod client;
mod folder;

use client::Client;
use folder::Folder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rule, line from 1, and words.
type Finding = (String, u64, String);
/// By path below the folder; files without findings are left out.
type Findings = BTreeMap<String, Vec<Finding>>;

const TASK: &str = r#"{
  "family": "web",
  "taskRoleArn": "arn:aws:iam::111122223333:role/webReader",
  "containerDefinitions": [{ "name": "web", "image": "web:1", "memory": 128, "portMappings": [{ "containerPort": 80 }] }]
}
"#;
const TRUST: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ecs.amazonaws.com" }, "Action": "sts:AssumeRole" }]
}
"#;
const SERVICE: &str = r#"{
  "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
  "loadBalancers": [{ "targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef", "containerName": "api", "containerPort": 80 }]
}
"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fn walk(folder: &Path, at: &Path, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(folder, &path, found);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, text);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// The demonstration and small repositories, by name.
fn trees() -> Vec<(String, BTreeMap<String, String>)> {
    let mut trees = vec![("demo".to_string(), files(&root().join("demo")))];
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("tests/workspace/trees"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders {
        trees.push((folder.file_name().unwrap().to_string_lossy().into_owned(), files(&folder)));
    }
    let neighbours = [
        ("iam/task-definition.json", TASK),
        ("iam/web-reader-trust.json", TRUST),
        ("iam/service.json", SERVICE),
    ];
    let with_settings = neighbours.into_iter().chain([
        (".passrole.jsonc", "{ \"level\": \"pedantic\", \"ignore\": [\"unused-volume\"] }"),
        ("iam/other.tf", "locals {\n  team = \"a\"\n}\n"),
    ]);
    let tree = |files: &mut dyn Iterator<Item = (&str, &str)>| {
        files.map(|(path, text)| (path.to_string(), text.to_string())).collect::<BTreeMap<_, _>>()
    };
    trees.push(("neighbours".to_string(), tree(&mut neighbours.into_iter())));
    trees.push(("neighbours-with-settings".to_string(), tree(&mut with_settings.into_iter())));
    trees
}

/// A copy of a tree on disk, in a repository or not.
fn copy(name: &str, tree: &BTreeMap<String, String>, in_repository: bool) -> Folder {
    let mut folder = Folder::new(&format!("workspace-{name}-{in_repository}"));
    if !in_repository {
        std::fs::remove_dir(folder.path.join(".git")).unwrap();
    }
    for (path, text) in tree {
        folder = folder.with(path, text);
    }
    folder
}

fn documents(tree: &BTreeMap<String, String>) -> Vec<&str> {
    let names = tree.keys().map(String::as_str);
    names.filter(|name| passrole::host::is_ours_by_name(name) && !name.ends_with(".passrole.jsonc")).collect()
}

/// What a report in JSON says.
fn told(report: &Value) -> Findings {
    let mut found = Findings::new();
    for finding in report["findings"].as_array().unwrap() {
        let path = finding["path"].as_str().unwrap().trim_start_matches("./").to_string();
        let text = |member: &str| finding[member].as_str().unwrap_or_default();
        let words = format!("{} {}", text("message"), text("note"));
        let line = finding["start"]["line"].as_u64().unwrap();
        found.entry(path).or_default().push((text("rule").to_string(), line, words));
    }
    found.values_mut().for_each(|findings| findings.sort());
    found
}

fn of_folder(folder: &Folder) -> Findings {
    told(&folder.run(&["check", "--format", "json", "."]).json())
}

fn file_by_file(folder: &Folder, names: &[&str]) -> Findings {
    let mut found = Findings::new();
    for name in names {
        found.append(&mut told(&folder.run(&["check", "--format", "json", name]).json()));
    }
    found
}

fn uri(folder: &Folder, name: &str) -> String {
    format!("file://{}/{name}", folder.path.display())
}

/// A session with an editor in which that folder is open.
fn session(profile: &str, folder: &Folder) -> Client {
    Client::start_in(profile, &folder.path)
}

/// What diagnostics of the protocol say.
fn of_items(items: &Value) -> Vec<Finding> {
    let mut found: Vec<Finding> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let words = item["message"].as_str().unwrap().replace('\n', " ");
            let line = item["range"]["start"]["line"].as_u64().unwrap() + 1;
            (item["code"].as_str().unwrap().to_string(), line, words)
        })
        .collect();
    found.sort();
    found
}

/// Asks for the findings of every document.
fn pulled(client: &mut Client, folder: &Folder, names: &[&str]) -> Findings {
    let mut found = Findings::new();
    for name in names {
        let params = json!({ "textDocument": { "uri": uri(folder, name) } });
        let report = client.request("textDocument/diagnostic", params);
        let findings = of_items(&report["items"]);
        if !findings.is_empty() {
            found.insert(name.to_string(), findings);
        }
    }
    found
}

/// Reads what is sent unasked until every document has been told of as expected; a hang fails.
fn await_pushed(
    client: &mut Client,
    folder: &Folder,
    known: &mut Findings,
    expected: &Findings,
    first: usize,
) {
    let mut reports = 0;
    while reports < first || known != expected {
        let report = client.notification("textDocument/publishDiagnostics");
        reports += 1;
        let name = report["uri"].as_str().unwrap().strip_prefix(&uri(folder, "")).unwrap().to_string();
        match of_items(&report["diagnostics"]) {
            findings if findings.is_empty() => known.remove(&name),
            findings => known.insert(name, findings),
        };
    }
}

/// Rules and lines alone: the command line and the protocol join words in different ways.
fn places(findings: &Findings) -> BTreeMap<&str, Vec<(&str, u64)>> {
    findings.iter().map(|(name, found)| (&**name, found.iter().map(|it| (&*it.0, it.1)).collect())).collect()
}

#[test]
fn the_command_line_and_editors_say_the_same() {
    for (name, tree) in trees() {
        for in_repository in [true, false] {
            let folder = copy(&name, &tree, in_repository);
            let names = documents(&tree);
            let expected = of_folder(&folder);
            assert_eq!(file_by_file(&folder, &names), expected, "{name}, {in_repository}");
            let mut client = session("vscode", &folder);
            assert_eq!(client.server_capabilities["diagnosticProvider"]["interFileDependencies"], true);
            names.iter().for_each(|file| client.open(&uri(&folder, file), &tree[*file]));
            let by_pull = pulled(&mut client, &folder, &names);
            assert_eq!(places(&by_pull), places(&expected), "{name}, {in_repository}");
            drop(client);
            let mut client = session("minimal", &folder);
            names.iter().for_each(|file| client.open(&uri(&folder, file), &tree[*file]));
            await_pushed(&mut client, &folder, &mut Findings::new(), &by_pull, names.len());
        }
    }
}

#[test]
fn neighbours_count_whoever_is_asked() {
    let (_, tree) = trees().into_iter().find(|(name, _)| name == "neighbours").unwrap();
    let found = of_folder(&copy("counted", &tree, true));
    let has = |file: &str, rule: &str| found[file].iter().any(|it| it.0 == rule);
    assert!(has("iam/web-reader-trust.json", "wrong-service-principal"), "{found:#?}");
    assert!(has("iam/service.json", "unknown-service-container"), "{found:#?}");
}

#[test]
fn fixes_know_the_neighbours() {
    for (name, tree) in trees() {
        let names = documents(&tree);
        let mended = copy(&format!("{name}-mended"), &tree, true);
        mended.run(&["check", "--fix", "--unsafe", "."]);
        let one_by_one = copy(&format!("{name}-one"), &tree, true);
        for file in &names {
            one_by_one.run(&["check", "--fix", "--unsafe", file]);
        }
        let shown = copy(&format!("{name}-shown"), &tree, true);
        shown.run(&["check", "--unsafe", "--diff", "--format", "json", "--output", "left.txt", "."]);
        let left: Value = serde_json::from_str(&shown.read("left.txt")).unwrap();
        for file in &names {
            assert_eq!(mended.read(file), one_by_one.read(file), "{name}: {file}");
        }
        assert_eq!(told(&left), of_folder(&mended), "{name}");
    }
}

/// What a session that starts now says of these texts.
fn afresh(folder: &Folder, open: &BTreeMap<&str, String>) -> Findings {
    let names: Vec<&str> = open.keys().copied().collect();
    let mut client = session("vscode", folder);
    open.iter().for_each(|(name, text)| client.open(&uri(folder, name), text));
    pulled(&mut client, folder, &names)
}

/// A text with one line doubled, taken away, or cut short.
fn damaged(text: &str, seed: usize) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return "{}".to_string();
    }
    let at = seed * 7 % lines.len();
    match seed % 3 {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at]),
        _ => {
            let line = lines[at];
            lines[at] = &line[..line.char_indices().nth(line.chars().count() / 2).map_or(0, |it| it.0)];
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn after_any_edit_the_server_says_what_a_fresh_one_says() {
    for (name, tree) in trees() {
        let folder = copy(&format!("{name}-edited"), &tree, true);
        let names = documents(&tree);
        let mut open: BTreeMap<&str, String> =
            names.iter().map(|file| (*file, tree[*file].clone())).collect();
        let mut client = session("vscode", &folder);
        open.iter().for_each(|(file, text)| client.open(&uri(&folder, file), text));
        pulled(&mut client, &folder, &names);
        for round in 0..names.len().min(6) * 2 {
            let file = names[round * 5 % names.len()];
            let text = if round % 2 == 0 { damaged(&open[file], round) } else { tree[file].clone() };
            open.insert(file, text.clone());
            client.change(&uri(&folder, file), round as i64 + 2, json!([{ "text": text }]));
            let expected = afresh(&folder, &open);
            assert_eq!(pulled(&mut client, &folder, &names), expected, "{name}, round {round}: {file}");
        }
    }
}

#[test]
fn after_any_change_on_disk_the_server_says_what_a_fresh_one_says() {
    for (name, tree) in trees() {
        let folder = copy(&format!("{name}-changed"), &tree, true);
        let names = documents(&tree);
        // Every other file is open; the rest changes on disk.
        let open: BTreeMap<&str, String> =
            names.iter().step_by(2).map(|file| (*file, tree[*file].clone())).collect();
        let opened: Vec<&str> = open.keys().copied().collect();
        let mut client = session("vscode", &folder);
        open.iter().for_each(|(file, text)| client.open(&uri(&folder, file), text));
        pulled(&mut client, &folder, &opened);
        for (round, file) in names.iter().skip(1).step_by(2).cycle().take(8).enumerate() {
            let path = folder.path.join(file);
            // Deleted, created, changed.
            let kind = match round % 3 {
                0 => {
                    let _ = std::fs::remove_file(&path);
                    3
                }
                1 => {
                    std::fs::write(&path, &tree[*file]).unwrap();
                    1
                }
                _ => {
                    std::fs::write(&path, damaged(&tree[*file], round)).unwrap();
                    2
                }
            };
            client.notify(
                "workspace/didChangeWatchedFiles",
                json!({ "changes": [{ "uri": uri(&folder, file), "type": kind }] }),
            );
            let expected = afresh(&folder, &open);
            assert_eq!(pulled(&mut client, &folder, &opened), expected, "{name}, round {round}: {file}");
        }
    }
}

#[test]
fn who_is_concerned_by_a_neighbour_is_told_unasked() {
    let (_, tree) = trees().into_iter().find(|(name, _)| name == "neighbours").unwrap();
    let folder = copy("pushed", &tree, true);
    let (task, trust) = ("iam/task-definition.json", "iam/web-reader-trust.json");
    let mut client = session("minimal", &folder);
    let mut known = Findings::new();
    let with = |client: &mut Client, known: &mut Findings, text: &str, first: usize| {
        let open = BTreeMap::from([(task, text.to_string()), (trust, TRUST.to_string())]);
        let expected = afresh(&folder, &open);
        await_pushed(client, &folder, known, &expected, first);
        expected.contains_key(trust)
    };
    client.open(&uri(&folder, trust), TRUST);
    client.open(&uri(&folder, task), TASK);
    assert!(with(&mut client, &mut known, TASK, 2));
    // Another role, not saved: the trust policy is told of again.
    let other = TASK.replace("webReader", "webWriter");
    client.change(&uri(&folder, task), 2, json!([{ "text": other }]));
    let concerned = with(&mut client, &mut known, &other, 2);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(&folder, task) } }));
    // What is on disk counts again.
    let mut expected = afresh(&folder, &BTreeMap::from([(trust, TRUST.to_string())]));
    assert!(expected.contains_key(trust) && !concerned);
    expected.retain(|name, _| name == trust);
    await_pushed(&mut client, &folder, &mut known, &expected, 2);
    // Nobody is told again of what does not concern it.
    client.open(&uri(&folder, task), TASK);
    let report = client.notification("textDocument/publishDiagnostics");
    assert_eq!(report["uri"], uri(&folder, task));
    client.change(&uri(&folder, task), 2, json!([{ "text": TASK.replace("web:1", "web:2") }]));
    let report = client.notification("textDocument/publishDiagnostics");
    assert_eq!((&report["uri"], &report["version"]), (&json!(uri(&folder, task)), &json!(2)));
}

#[test]
fn who_asks_is_told_to_ask_again() {
    let (_, tree) = trees().into_iter().find(|(name, _)| name == "neighbours").unwrap();
    let folder = copy("refreshed", &tree, true);
    let trust = "iam/web-reader-trust.json";
    let mut client = session("vscode", &folder);
    client.open(&uri(&folder, trust), TRUST);
    assert_eq!(pulled(&mut client, &folder, &[trust]).len(), 1);
    std::fs::remove_file(folder.path.join("iam/task-definition.json")).unwrap();
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": uri(&folder, "iam/task-definition.json"), "type": 3 }] }),
    );
    client.asked("workspace/diagnostic/refresh");
    assert_eq!(pulled(&mut client, &folder, &[trust]).len(), 0);
}
