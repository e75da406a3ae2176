//! Whatever changes among the files of a project, in an editor or on disk, the server says of each open document
//! what a server says that starts now, and what the command line says.
//!
//! `ROUNDS=N` makes N changes in each tree instead of the usual few, `SEED=N` others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "lsp/client.rs"]
mod client;
#[path = "support/random.rs"]
mod random;
#[path = "support/scenarios.rs"]
mod small_repositories;

use client::Client;
use passrole::analysis::{self, Report};
use passrole::host::is_ours_by_name;
use passrole::workspace::{self, Kind, Memory, Unreadable};
use random::{Random, given};
use serde_json::{Value, json};
use small_repositories::{Files, ROOT, in_memory, scenarios, workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A disk that changes while a server looks at it.
struct Disk(Mutex<Memory>);

impl Disk {
    fn now(&self) -> Memory {
        self.0.lock().unwrap().clone()
    }

    fn put(&self, name: &str, text: &str) {
        self.0.lock().unwrap().put(place(name), text);
    }

    fn remove(&self, name: &str) {
        self.0.lock().unwrap().remove(&place(name));
    }
}

impl workspace::Files for Disk {
    fn read(&self, path: &Path, limit: u64) -> Result<String, Unreadable> {
        self.now().read(path, limit)
    }

    fn list(&self, folder: &Path) -> Vec<(OsString, Kind)> {
        self.now().list(folder)
    }

    fn walk(&self, folder: &Path, limit: usize) -> Option<Vec<PathBuf>> {
        self.now().walk(folder, limit)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.now().kind(path)
    }

    fn is_private(&self, folder: &Path) -> bool {
        self.now().is_private(folder)
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }
}

fn place(name: &str) -> PathBuf {
    Path::new(ROOT).join(name)
}

fn uri(name: &str) -> String {
    format!("file://{ROOT}/{name}")
}

/// Small repositories with what a mistake makes of their files, by name.
fn trees() -> Vec<(String, Files, Vec<Files>)> {
    let mut trees: Vec<(String, Files, Vec<Files>)> = scenarios()
        .into_iter()
        .map(|it| (it.name, it.files, it.bad.into_iter().map(|(_, files, _)| files).collect()))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspace/trees");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let mut files = Files::new();
        read(&folder, &folder, &mut files);
        trees.push((folder.file_name().unwrap().to_string_lossy().into_owned(), files, Vec::new()));
    }
    trees
}

fn read(root: &Path, at: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Rule, line from 1, and words.
type Finding = (String, u64, String);
/// By path; files without findings are left out.
type Findings = BTreeMap<String, Vec<Finding>>;

fn pulled(client: &mut Client, open: &Files) -> Findings {
    let mut found = Findings::new();
    for name in open.keys() {
        let params = json!({ "textDocument": { "uri": uri(name) } });
        let report = client.request("textDocument/diagnostic", params);
        let of = |item: &Value| {
            let line = item["range"]["start"]["line"].as_u64().unwrap() + 1;
            let words = format!("{} {}", item["message"], item["relatedInformation"]);
            (item["code"].as_str().unwrap().to_string(), line, words)
        };
        let mut findings: Vec<Finding> = report["items"].as_array().unwrap().iter().map(of).collect();
        findings.sort();
        if !findings.is_empty() {
            found.insert(name.clone(), findings);
        }
    }
    found
}

/// What a server says that starts now.
fn afresh(disk: &Disk, open: &Files) -> Findings {
    let mut client = Client::start_over_in("vscode", Arc::new(disk.now()), Path::new(ROOT));
    open.iter().for_each(|(name, text)| client.open(&uri(name), text));
    pulled(&mut client, open)
}

/// Rules and lines of what the command line says were everything saved that is open.
fn checked(on_disk: &Files, open: &Files) -> BTreeMap<String, Vec<(String, u64)>> {
    let mut files = on_disk.clone();
    files.extend(open.clone());
    let workspace = workspace(&files);
    let mut found = BTreeMap::new();
    for (name, text) in open {
        let (settings, _) = workspace.settings(&place(name));
        let facts = workspace.facts(&place(name));
        let report = analysis::check_file(text, &facts, settings.kind, &settings.rules);
        let line = |at: u32| text[..at as usize].matches('\n').count() as u64 + 1;
        let of = |it: &passrole::diagnostic::Finding| (it.rule.id.to_string(), line(it.span.start));
        let mut places: Vec<_> = report.findings.iter().map(of).collect();
        places.sort();
        if !places.is_empty() {
            found.insert(name.clone(), places);
        }
    }
    found
}

/// A text with one line doubled, taken away, or cut short, or with two texts between quotes exchanged.
fn damaged(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    if lines.is_empty() {
        return "{}\n".to_string();
    }
    let at = random.below(lines.len());
    match random.below(4) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            let cut = random.border(&lines[at]);
            lines[at].truncate(cut);
        }
        _ => {
            let quoted: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
            if let [_, _, ..] = quoted[..] {
                let (a, b) = (random.pick(&quoted).to_string(), random.pick(&quoted).to_string());
                return text.replacen(&format!("\"{a}\""), &format!("\"{b}\""), 1);
            }
        }
    }
    lines.join("\n") + "\n"
}

struct Session {
    client: Client,
    disk: Arc<Disk>,
    on_disk: Files,
    open: Files,
    version: i64,
}

impl Session {
    fn start(files: &Files) -> Session {
        let disk = Arc::new(Disk(Mutex::new(in_memory(files))));
        let client = Client::start_over_in("vscode", disk.clone(), Path::new(ROOT));
        Session { client, disk, on_disk: files.clone(), open: Files::new(), version: 1 }
    }

    fn open(&mut self, name: &str, text: &str) {
        self.client.open(&uri(name), text);
        self.open.insert(name.to_string(), text.to_string());
    }

    fn edit(&mut self, name: &str, text: &str) {
        self.version += 1;
        self.client.change(&uri(name), self.version, json!([{ "text": text }]));
        self.open.insert(name.to_string(), text.to_string());
    }

    fn save(&mut self, name: &str) {
        let text = self.open[name].clone();
        self.put(name, &text);
        self.client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(name) } }));
    }

    fn close(&mut self, name: &str) {
        self.open.remove(name);
        self.client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(name) } }));
    }

    fn put(&mut self, name: &str, text: &str) {
        self.disk.put(name, text);
        self.on_disk.insert(name.to_string(), text.to_string());
    }

    /// Another program writes a file, `None` takes it away; the client tells of it.
    fn change(&mut self, changes: &[(&str, Option<&str>)]) {
        let mut told = Vec::new();
        for (name, text) in changes {
            let was_there = self.on_disk.contains_key(*name);
            match text {
                Some(text) => self.put(name, text),
                None => {
                    self.disk.remove(name);
                    self.on_disk.remove(*name);
                }
            }
            let kind = if text.is_none() {
                3
            } else if was_there {
                2
            } else {
                1
            };
            told.push(json!({ "uri": uri(name), "type": kind }));
        }
        self.client.notify("workspace/didChangeWatchedFiles", json!({ "changes": told }));
    }

    /// Does something that users and their tools do, and tells what it was.
    fn step(&mut self, random: &mut Random, files: &Files, bad: &[Files]) -> String {
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        let name = random.pick(&names);
        let is_open = self.open.contains_key(name);
        let is_there = self.on_disk.contains_key(name);
        let other = match bad.len() {
            0 => damaged(&files[name], random),
            many => bad[random.below(many)][name].clone(),
        };
        match (random.below(6), is_open, is_there) {
            (0 | 1, true, _) => {
                self.edit(name, &other);
                format!("edit {name}")
            }
            (2, true, _) => {
                let text = damaged(&self.open[name], random);
                self.edit(name, &text);
                format!("damage {name}")
            }
            (3, true, _) => {
                self.edit(name, &files[name]);
                self.save(name);
                format!("save {name}")
            }
            (4, true, _) => {
                self.close(name);
                format!("close {name}")
            }
            (_, true, true) => {
                self.change(&[(name, Some(&other))]);
                format!("write {name} below what is open")
            }
            (0, false, true) => {
                let text = self.on_disk[name].clone();
                self.open(name, &text);
                format!("open {name}")
            }
            (1, false, true) => {
                self.change(&[(name, None)]);
                format!("delete {name}")
            }
            (2, false, true) => {
                let text = self.on_disk[name].clone();
                let moved = match name.rsplit_once('/') {
                    Some((folder, file)) => format!("{folder}/moved/{file}"),
                    None => format!("moved/{name}"),
                };
                self.change(&[(name, None), (&moved, Some(&text))]);
                format!("move {name} to {moved}")
            }
            (3, false, true) => {
                let text = damaged(&self.on_disk[name], random);
                self.change(&[(name, Some(&text))]);
                format!("damage {name} on disk")
            }
            _ => {
                self.change(&[(name, Some(&other))]);
                format!("write {name}")
            }
        }
    }
}

#[test]
fn after_any_change_the_server_says_what_a_fresh_one_and_the_command_line_say() {
    // Slow code does less of it.
    let usual = if env!("OPT_LEVEL") == "0" { 6 } else { 12 };
    let rounds = given("ROUNDS").unwrap_or(usual);
    let mut random = Random(given("SEED").unwrap_or(0x5eed_0010));
    let mut seen = BTreeSet::new();
    for (name, files, bad) in trees() {
        let mut session = Session::start(&files);
        for (file, text) in files.iter().filter(|(file, _)| is_ours_by_name(file)) {
            if random.below(3) > 0 {
                session.open(file, text);
            }
        }
        let mut done = Vec::new();
        for _ in 0..rounds {
            done.push(session.step(&mut random, &files, &bad));
            let now = pulled(&mut session.client, &session.open);
            let expected = afresh(&session.disk, &session.open);
            assert_eq!(now, expected, "{name}: {done:#?}");
            let places: BTreeMap<String, Vec<(String, u64)>> = expected
                .into_iter()
                .map(|(file, found)| (file, found.into_iter().map(|(rule, line, _)| (rule, line)).collect()))
                .collect();
            assert_eq!(places, checked(&session.on_disk, &session.open), "{name}: {done:#?}");
            seen.extend(places.into_values().flatten().map(|(rule, _)| rule));
        }
    }
    // The changes matter to what is said.
    for rule in [
        "execution-role-lacks-permission",
        "caller-role-lacks-permission",
        "workflow-not-trusted",
        "wrong-service-principal",
    ] {
        assert!(seen.contains(rule), "{rule}: {seen:?}");
    }
}

/// A project of 1,000 files, of which 200 are open: whoever does not concern an edit is not judged anew.
#[test]
fn an_edit_costs_its_own_neighbourhood() {
    let trust = |service: &str| {
        format!(
            r#"{{ "Version": "2012-10-17", "Statement": [{{ "Effect": "Allow", "Principal": {{ "Service": "{service}" }}, "Action": "sts:AssumeRole" }}] }}"#
        )
    };
    let task = |number: usize, image: &str| {
        format!(
            r#"{{ "family": "web{number}", "taskRoleArn": "arn:aws:iam::111122223333:role/web{number}-task", "containerDefinitions": [{{ "name": "web", "image": "{image}", "memory": 128 }}] }}"#
        )
    };
    let mut files = Files::new();
    for number in 0..500 {
        files.insert(format!("s{number}/task-definition.json"), task(number, "web:1"));
        files.insert(format!("s{number}/iam/web{number}-task-trust.json"), trust("ecs-tasks.amazonaws.com"));
    }
    let workspace = workspace(&files);
    let report = |name: &str, text: &str| {
        let (settings, _) = workspace.settings(&place(name));
        analysis::check_file(text, &workspace.facts(&place(name)), settings.kind, &settings.rules)
    };
    let open: Vec<&String> = files.keys().filter(|name| name.starts_with("s1")).take(200).collect();
    assert_eq!(open.len(), 200);
    let mut reports: BTreeMap<String, Report> =
        open.into_iter().map(|name| (name.clone(), report(name, &files[name]))).collect();
    let mut judged_anew = |name: &str, text: &str| -> Vec<String> {
        let before = workspace.revision();
        let edited = report(name, text);
        workspace.put(&place(name), || text.to_string(), &edited.parsed, &edited.summary);
        reports.insert(name.to_string(), edited);
        if workspace.revision() == before {
            return Vec::new();
        }
        let is_stale =
            |(name, report): &(&String, &Report)| !report.holds_under(&workspace.facts(&place(name)));
        let anew: Vec<String> = reports.iter().filter(is_stale).map(|(name, _)| name.clone()).collect();
        for name in &anew {
            reports.insert(name.clone(), report(name, &files[name]));
        }
        anew
    };
    // Nothing that others would hear of.
    assert_eq!(judged_anew("s100/task-definition.json", &task(100, "web:2")), Vec::<String>::new());
    // Another service: the task definition names that role.
    let other = trust("ecs.amazonaws.com");
    let of_role = "s100/iam/web100-task-trust.json";
    let anew = judged_anew(of_role, &other);
    assert!(anew.len() <= 2 && anew.iter().all(|name| name.starts_with("s100/")), "{anew:?}");
    // Another role's name: its trust policy is the other one's.
    let anew = judged_anew("s100/task-definition.json", &task(101, "web:1"));
    assert!(!anew.is_empty() && anew.len() <= 4, "{anew:?}");
    assert!(anew.iter().all(|name| name.starts_with("s100/") || name.starts_with("s101/")), "{anew:?}");
}
