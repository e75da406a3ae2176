//! What is printed commands nothing, tells no secret, and goes by the names that other tools use.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod folder;

use folder::{Folder, Ran};
use serde_json::{Value, json};
use std::collections::HashSet;

const FORMATS: [&str; 8] = ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"];

/// Put into every string of a document, each as a whole.
const HOSTILE: [&str; 9] = [
    "x\n::error::planted",
    "::error::planted",
    " ##[error]planted",
    "##vso[task.setvariable variable=a]planted",
    "a\u{1b}[2J\u{1b}]0;planted\u{7}",
    "a\u{9b}31m\u{85}::error::planted",
    "a\u{2028}::error::planted\u{2029}",
    "a\u{202e}planted\u{2066}\u{7f}",
    // Words enough to be wrapped, so that any of them may begin a line.
    "a ::error::planted ::error::planted ::error::planted ::error::planted ::error::planted ::error::planted b\r::c",
];

/// Documents with something in every kind of place, faulty enough that rules speak.
fn documents() -> Vec<Value> {
    vec![
        json!({
            "Version": "2012-10-17", "Id": "i",
            "Statement": [
                { "Sid": "S", "Effect": "Allow", "Action": ["ecs:RunTasks", "iam:PassRole"], "Resource": "arn:aws:ecs:eu-west-1:111122223333:tsk/x",
                  "Condition": { "StringEqualz": { "aws:PrincipalOrgId": "x" } } },
                { "Sid": "S", "Effect": "Alow", "Actionn": "s3:*", "Resource": "*" },
            ],
        }),
        json!({
            "Version": "2012-10-17",
            "Statement": { "Effect": "Allow", "Principal": { "Service": "ecs-task.amazonaws.com", "AWS": "1111", "Federate": "x" }, "Action": "sts:AssumeRole",
              "Condition": { "Bool": { "aws:SecureTransprt": "yes" } } },
        }),
        json!({
            "family": "f", "networkMode": "brige", "cpu": "13", "memory": "12", "executionRoleArn": "x", "pidMode": "y",
            "requiresCompatibilities": ["FARGATE"], "familly": "x", "volumes": [{ "name": "v" }],
            "containerDefinitions": [{
                "name": "c", "image": "x:1", "essential": true, "memory": 128, "bad": 1,
                "environment": [{ "name": "A", "value": "x" }, { "name": "A", "value": "y" }, { "name": "DB_PASSWORD", "value": "Tr0ub4dor" }],
                "secrets": [{ "name": "A", "valueFrom": "x" }],
                "command": "run this", "dependsOn": [{ "containerName": "zz", "condition": "STRT" }],
                "mountPoints": [{ "sourceVolume": "w", "containerPath": "/x" }],
                "portMappings": [{ "containerPort": 80, "protocol": "tpc" }],
                "logConfiguration": { "logDriver": "awslogz", "options": { "awslogs-grup": "x" } },
                "ulimits": [{ "name": "nofil", "softLimit": 2, "hardLimit": 1 }],
                "healthCheck": { "command": ["CMD-SHEL", "x"] },
            }],
        }),
    ]
}

/// Every document that has one string less harmless: each value and each name in its turn.
fn planted(value: &Value, hostile: &str) -> Vec<Value> {
    match value {
        Value::String(text) => vec![json!(hostile), json!(format!("{text}{hostile}"))],
        Value::Array(items) => (0..items.len())
            .flat_map(|at| {
                planted(&items[at], hostile).into_iter().map(move |changed| {
                    let mut items = items.clone();
                    items[at] = changed;
                    Value::Array(items)
                })
            })
            .collect(),
        Value::Object(members) => {
            let mut all = Vec::new();
            for (name, value) in members {
                let renamed = members.iter().map(|(it, value)| {
                    (if it == name { format!("{it}{hostile}") } else { it.clone() }, value.clone())
                });
                all.push(Value::Object(renamed.collect()));
                for changed in planted(value, hostile) {
                    let mut members = members.clone();
                    members.insert(name.clone(), changed);
                    all.push(Value::Object(members));
                }
            }
            all
        }
        _ => Vec::new(),
    }
}

fn is_harmful(char: char) -> bool {
    char.is_control() && char != '\n' && char != '\t'
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `own` are workflow commands of ours.
fn assert_harmless(text: &str, what: &str, own: &[&str]) {
    for line in text.split('\n') {
        let start = line.trim_start();
        assert!(!start.starts_with("::") || own.iter().any(|it| line.starts_with(it)), "{what}: {line:?}");
        assert!(!line.contains("##[") && !line.contains("##vso["), "{what}: {line:?}");
        if let Some(char) = line.chars().find(|char| is_harmful(*char)) {
            panic!("{what}: {char:?} in {line:?}");
        }
    }
}

fn assert_all_harmless(folder: &Folder, arguments: &[&str]) {
    for format in FORMATS {
        let ran = folder.run(&[&["check", "--format", format, "--level", "pedantic"], arguments].concat());
        assert!(ran.status < 3, "{ran:?}");
        let own: &[&str] =
            if format == "github" { &["::error file=", "::warning file=", "::notice file="] } else { &[] };
        assert_harmless(&ran.out, format, own);
        assert_harmless(&ran.err, &format!("standard error of {format}"), &[]);
        match format {
            // A difference, or nothing but an error.
            _ if arguments.contains(&"--diff") || ran.out.is_empty() => {}
            "json" | "sarif" | "gitlab" => assert!(ran.json().is_object() || ran.json().is_array()),
            "junit" => assert_well_formed(&ran.out),
            _ => {}
        }
    }
}

fn assert_difference_harmless(folder: &Folder) {
    let ran = folder.run(&["check", "--fix", "--unsafe", "--diff"]);
    assert!(ran.out.contains("+++ ") && ran.status < 3, "{ran:?}");
    assert_harmless(&ran.out, "a difference", &[]);
    assert_harmless(&ran.err, "standard error beside a difference", &[]);
}

/// As far as our XML goes: elements that close, attributes in quotes, known entities, allowed characters.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap();
    while let Some((text, behind)) = rest.split_once('<') {
        assert_xml_text(text);
        let (tag, behind) = behind.split_once('>').unwrap();
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let closed = tag.strip_suffix('/');
        let (name, attributes) = closed.unwrap_or(tag).split_once(' ').unwrap();
        let quoted: Vec<&str> = attributes.split('"').collect();
        assert_eq!(quoted.len() % 2, 1, "{tag}");
        for (at, part) in quoted.iter().enumerate() {
            if at % 2 == 1 {
                assert_xml_text(part);
            } else if at + 1 < quoted.len() {
                assert!(
                    part.trim()
                        .strip_suffix('=')
                        .is_some_and(|it| it.bytes().all(|it| it.is_ascii_lowercase())),
                    "{tag}"
                );
            }
        }
        if closed.is_none() {
            open.push(name);
        }
    }
    assert_eq!(rest.trim(), "");
    assert!(open.is_empty(), "{open:?}");
}

fn assert_xml_text(text: &str) {
    for (at, _) in text.match_indices('&') {
        assert!(["&amp;", "&lt;", "&gt;", "&quot;"].iter().any(|it| text[at..].starts_with(it)), "{text}");
    }
    let forbidden =
        |it: char| it < ' ' && !matches!(it, '\n' | '\t' | '\r') || matches!(it, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(['<', '>']) && !text.contains(forbidden), "{text:?}");
}

#[test]
fn a_document_commands_nothing() {
    let mut folder = Folder::new("hostile");
    let mut count = 0;
    for document in documents() {
        for hostile in HOSTILE.iter().copied().chain(["\0\u{b}\u{fffe}<&>\"]]>"]) {
            // Each place has met every text after a few documents.
            for changed in planted(&document, hostile).into_iter().skip(count % 7).step_by(7) {
                count += 1;
                // Escaped, and as they are where JSON lets them stand.
                let raw = changed.to_string().replace("\\u007f", "\u{7f}");
                folder = folder.with(&format!("{count}.json"), raw);
            }
        }
    }
    assert!(count > 200, "{count}");
    assert_all_harmless(&folder, &["--verbose"]);
    assert_difference_harmless(&folder);
}

#[test]
fn source_lines_command_nothing() {
    let mut folder = Folder::new("hostile-source");
    for (at, hostile) in HOSTILE.iter().enumerate() {
        folder = folder
            .with(&format!("{at}.json"), format!("{{ \"Version\": \"2012-10-17\", // {hostile}\n{hostile}\n\"Statement\": [{{ \"Effect\": \"Allow\", /* {hostile} */ \"Action\": \"s3:GetObjectz{hostile}\", \"Resource\": \"*\" }}] }}"))
            .with(&format!("{at}.yaml"), format!("Version: 2012-10-17\nStatement:\n  # {hostile}\n  - Effect: Allow\n    Action: s3:GetObjectz # {hostile}\n    Resource: |\n      {hostile}\n"))
            .with(&format!("{at}/main.tf"), format!("resource \"aws_iam_policy\" \"p\" {{\n  # {hostile}\n  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"s3:GetObjectz\", Resource = \"{hostile}\" /* {hostile}*/ }}] }})\n}}\n"));
    }
    assert_all_harmless(&folder, &["--verbose"]);
    assert_difference_harmless(&folder);
}

#[cfg(unix)]
#[test]
fn file_names_command_nothing() {
    let policy = documents().remove(0).to_string();
    let mut folder = Folder::new("hostile-names");
    for (at, hostile) in HOSTILE.iter().enumerate() {
        let hostile = hostile.replace('/', "");
        folder = folder
            .with(&format!("{hostile}{at}.json"), &policy)
            .with(&format!("{hostile}/{at}.json"), &policy)
            .with(&format!("{hostile}{at}x.json"), b"\xff")
            .with(&format!("{hostile}{at}.tf"), "resource {");
    }
    assert_all_harmless(&folder, &["--verbose"]);
    assert_difference_harmless(&folder);
    for hostile in HOSTILE {
        assert_all_harmless(&folder, &[&format!("{hostile}gone.json")]);
        assert_all_harmless(&folder, &["--config", &format!("{hostile}gone.jsonc")]);
        assert_all_harmless(&folder, &["--baseline", &format!("{hostile}gone")]);
        let ran = folder.run(&["rule", hostile]);
        assert_harmless(&ran.err, "an unknown rule", &[]);
        let ran =
            folder.run_with(&["check", "-", "--stdin-filename", hostile, "--format", "concise"], &policy);
        assert_harmless(&ran.out, "standard input", &[]);
    }
}

#[test]
fn a_configuration_commands_nothing() {
    for hostile in HOSTILE {
        for config in [
            json!({ "ignore": [hostile] }),
            json!({ "select": [hostile] }),
            json!({ hostile: 1 }),
            json!({ "level": hostile }),
            json!({ "kinds": { hostile: hostile } }),
        ] {
            let folder = Folder::new("hostile-config")
                .with(".passrole.jsonc", config.to_string())
                .with("a.json", "{}");
            let ran = folder.run(&["check"]);
            assert_harmless(&ran.err, &config.to_string(), &[]);
        }
        let folder = Folder::new("hostile-config").with(".passrole.jsonc", hostile).with("a.json", "{}");
        assert_harmless(&folder.run(&["check"]).err, hostile, &[]);
    }
}

/// A task definition with a secret in every place where one is found, and other faults around it.
fn with_secrets(secret: &str, end: &str) -> String {
    let task = json!({
        "family": "f", "familly": "x",
        "containerDefinitions": [{
            "name": "c", "image": "x:1", "essential": true, "memory": 128, "bad": 1,
            "environment": [
                { "name": "DB_PASSWORD", "value": secret, "bad": 1 },
                { "name": "DB_PASSWORD", "value": secret, "value1": 1 },
                { "name": "HARMLESS", "value": secret },
                { "name": "DATABASE_URL", "value": format!("postgres://user:{secret}@db.example.com:5432/x") },
                { "nam": "API_TOKEN", "value": secret },
            ],
            "command": [secret, 1],
            "logConfiguration": { "logDriver": "splunk", "options": { "splunk-url": "x", "splunk-token": secret, "bad": secret } },
        }],
    });
    let text = if end.is_empty() { task.to_string() } else { format!("{task:#}") };
    text.replace('\n', end)
}

fn assert_no_secret(ran: &Ran, secret: &str) {
    let escaped = json!(secret).to_string();
    for form in [secret, escaped.trim_matches('"'), &secret[..secret.len() / 2 + 3]] {
        assert!(!ran.out.contains(form), "{form}: {}", ran.out);
        assert!(!ran.err.contains(form), "{form}: {}", ran.err);
    }
}

#[test]
fn secrets_are_told_to_nobody() {
    for secret in ["Tr0ub4dor-s3cretvalue-q1", "Zw9/quote\"back\\Slash99", "Gr\u{fc}n-\u{1f600}-Pa55wort-x9"]
    {
        for end in ["", "\n", "\r\n"] {
            let folder = Folder::new("secrets").with("task.json", with_secrets(secret, end));
            for format in FORMATS {
                let ran = folder.run(&["check", "--format", format, "--level", "pedantic"]);
                assert!(ran.out.contains("secret-in-environment"), "{format}: {}", ran.out);
                assert_no_secret(&ran, secret);
            }
            assert_no_secret(&folder.run(&["check", "--fix", "--unsafe", "--diff"]), secret);
            // What is known is as secret as what is new.
            folder.run(&[
                "check",
                "--baseline",
                "known.json",
                "--write-baseline",
                "--select",
                "secret-in-environment",
            ]);
            let ran = folder.run(&["check", "--baseline", "known.json", "--level", "pedantic"]);
            assert!(
                !ran.out.contains("secret-in-environment") && ran.out.contains("unknown-"),
                "{}",
                ran.out
            );
            assert_no_secret(&ran, secret);
        }
    }
}

#[test]
fn fingerprints_do_not_depend_on_secrets() {
    let all = |secret: &str| -> Vec<String> {
        let folder = Folder::new("secret-prints").with("task.json", with_secrets(secret, "\n"));
        folder.run(&["check", "--baseline", "known.json", "--write-baseline"]);
        let json = folder.run(&["check", "--format", "json"]).json();
        let mut all: Vec<String> = json["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", it["pointer"], it["fingerprint"]))
            .collect();
        for (format, name) in [("gitlab", "\"fingerprint\""), ("sarif", "passrole/v1")] {
            let ran = folder.run(&["check", "--format", format]);
            all.extend(ran.out.lines().filter(|line| line.contains(name)).map(str::to_string));
        }
        all.push(folder.read("known.json"));
        all
    };
    let first = all("Tr0ub4dor-s3cretvalue-q1");
    assert_eq!(first, all("0ther-Horse-8attery"));
    let json = Folder::new("secret-names").with(
        "task.json",
        r#"{ "family": "f", "containerDefinitions": [{ "name": "c", "image": "x:1", "memory": 128, "environment": [{ "name": "A_PASSWORD", "value": "Tr0ub4dor" }, { "name": "B_PASSWORD", "value": "Tr0ub4dor" }] }] }"#,
    );
    let json = json.run(&["check", "--format", "json", "--select", "secret-in-environment"]).json();
    assert_ne!(json["findings"][0]["fingerprint"], json["findings"][1]["fingerprint"]);
}

#[test]
fn columns_are_right_behind_a_secret() {
    let text = r#"{ "family": "f", "containerDefinitions": [{ "name": "c", "image": "x:1", "memory": 128, "environment": [{ "name": "A_PASSWORD", "value": "Trüb4dor😀x" }], "bad": 1 }] }"#;
    let column = text.chars().count() - text[text.find("\"bad\"").unwrap()..].chars().count() + 1;
    let folder = Folder::new("secret-columns").with("task.json", text);
    let ran = folder.run(&["check", "--select", "unknown-task-field"]);
    assert!(ran.out.contains(&format!("task.json:1:{}", column + 1)), "{}", ran.out);
}

#[test]
fn other_tools_get_paths_in_the_repository() {
    let policy = r#"{ "Version": "2012-10-17", "Statement": [{ "Action": "ecs:ListClusters", "Resource": "*" }, { "Action": "ecs:ListClusters", "Resource": "*" }] }"#;
    let folder = Folder::new("paths")
        .with("roles/a.json", policy)
        .with("roles/deep/b.json", policy)
        .with("c.json", policy);
    let inside = folder.path.join("roles");
    for (format, start) in [
        ("concise", ""),
        ("github", "::error file="),
        ("gitlab", "\"path\": \""),
        ("junit", "file=\""),
        ("sarif", "\"uri\": \""),
    ] {
        for paths in [&["."][..], &[], &["./a.json", ".//deep/../deep/b.json"], &["../roles"]] {
            let ran = folder.run_in(&inside, &[&["check", "--format", format], paths].concat());
            for path in ["roles/a.json", "roles/deep/b.json"] {
                assert!(ran.out.contains(&format!("{start}{path}")), "{format}: {}", ran.out);
            }
            assert!(!ran.out.contains("./"), "{format}: {}", ran.out);
        }
        let ran = folder.run_in(&inside, &["check", "--format", format, "../c.json"]);
        assert!(ran.out.contains(&format!("{start}c.json")), "{format}: {}", ran.out);
    }
    let ran = folder.run_in(&inside, &["check", "--format", "json", "./a.json"]);
    assert_eq!(ran.json()["findings"][0]["path"], "./a.json");
    let gitlab = folder.run(&["check", "--format", "gitlab"]).json();
    let gitlab = gitlab.as_array().unwrap();
    let prints: HashSet<&str> = gitlab.iter().map(|it| it["fingerprint"].as_str().unwrap()).collect();
    assert_eq!((prints.len(), gitlab.len() >= 6), (gitlab.len(), true));
}

#[test]
fn outside_of_a_repository_paths_are_as_given() {
    let folder = Folder::new("no-repository").with(
        "a.json",
        r#"{ "Version": "2012-10-17", "Statement": [{ "Action": "ecs:ListClusters", "Resource": "*" }] }"#,
    );
    std::fs::remove_dir(folder.path.join(".git")).unwrap();
    let ran = folder.run(&["check", "--format", "concise", "./a.json"]);
    assert!(ran.out.starts_with("a.json:1:"), "{}", ran.out);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = Folder::new("same").with("task.json", documents().pop().unwrap().to_string());
    for format in FORMATS {
        let once = folder.run(&["check", "--format", format]);
        assert_eq!(once.out, folder.run(&["check", "--format", format]).out, "{format}");
        assert!(!once.out.contains("elapsed"));
    }
}

/// What code scanning asks of SARIF, beside the standard: rules that describe themselves, places with columns, and
/// fixes that can be made as they are written.
#[test]
fn sarif_says_what_code_scanning_asks_for() {
    let task = r#"{ "family": "web", "containerDefinitions": [
    { "name": "😀é", "image": "x:1", "essential": true, "memory": 128, "enviroment": [],
      "environment": [{ "name": "A", "value": "x" }, { "name": "A", "value": "y" }] } ] }"#;
    let folder = Folder::new("sarif-ghas").with("a b/task.json", task);
    let run = folder.run(&["check", "--format", "sarif"]).json()["runs"][0].clone();
    let driver = &run["tool"]["driver"];
    assert!(driver["informationUri"].as_str().unwrap().starts_with("https://"));
    assert!(driver["properties"]["factsAsOf"].is_string());
    for rule in driver["rules"].as_array().unwrap() {
        for member in ["shortDescription", "fullDescription", "help"] {
            let text = rule[member]["text"].as_str().unwrap();
            assert!(!text.is_empty(), "{member}");
        }
        let name = rule["name"].as_str().unwrap();
        assert!(name.starts_with(char::is_uppercase) && !name.contains('-'), "{name}");
        assert!(rule["helpUri"].as_str().unwrap().ends_with(&format!("{}.md", rule["id"].as_str().unwrap())));
        assert!(rule["properties"]["precision"].is_string() && rule["properties"]["tags"].is_array());
    }
    let results = run["results"].as_array().unwrap();
    let mut fixed = 0;
    let mut related = 0;
    for result in results {
        assert_eq!(driver["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"], json!({ "uri": "a%20b/task.json", "uriBaseId": "%SRCROOT%" }));
        assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
        assert!(result["message"]["text"].as_str().unwrap().ends_with('.'), "{result:#}");
        for it in result["relatedLocations"].as_array().into_iter().flatten() {
            related += 1;
            assert!(it["id"].is_u64() && it["physicalLocation"]["region"]["startColumn"].is_u64(), "{it:#}");
        }
        for change in result["fixes"].as_array().into_iter().flatten() {
            fixed += 1;
            let replacement = &change["artifactChanges"][0]["replacements"][0];
            let region = &replacement["deletedRegion"];
            let line = task.lines().nth(region["startLine"].as_u64().unwrap() as usize - 1).unwrap();
            let utf16: Vec<u16> = line.encode_utf16().collect();
            let at = |name: &str| region[name].as_u64().unwrap() as usize - 1;
            assert_eq!(region["startLine"], region["endLine"]);
            let deleted = String::from_utf16(&utf16[at("startColumn")..at("endColumn")]).unwrap();
            if result["ruleId"] == "unknown-task-field" {
                assert!(deleted.contains("enviroment"), "{deleted}");
            }
        }
    }
    assert!(related > 0, "{run:#}");
    let _ = fixed;
    let typo =
        Folder::new("sarif-fix").with("typo.json", folder::TYPO).run(&["check", "--format", "sarif"]).json();
    let change = &typo["runs"][0]["results"][0]["fixes"][0];
    let replacement = &change["artifactChanges"][0]["replacements"][0];
    let line = folder::TYPO.lines().nth(3).unwrap();
    let column = line[..line.find("RunTasks").unwrap()].encode_utf16().count() + 1;
    assert_eq!(replacement["deletedRegion"]["startLine"], 4);
    assert!(replacement["deletedRegion"]["startColumn"].as_u64().unwrap() as usize <= column, "{change:#}");
    assert!(replacement["insertedContent"]["text"].as_str().unwrap().contains("RunTask"), "{change:#}");
}

/// A policy with so many findings, one a line.
fn misspelt_actions(count: usize) -> String {
    let statement = |index: usize| {
        format!(r#"{{ "Sid": "S{index}", "Effect": "Allow", "Action": "ecs:RunTasks", "Resource": "*" }}"#)
    };
    let statements: Vec<String> = (0..count).map(statement).collect();
    format!("{{ \"Version\": \"2012-10-17\", \"Statement\": [{}] }}", statements.join(",\n"))
}

#[test]
fn annotations_stay_within_what_is_shown() {
    let policy = misspelt_actions(14);
    let folder = Folder::new("annotations").with("a.json", policy);
    let ran = folder.run(&["check", "--format", "github", "--select", "unknown-action"]);
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("::warning ")).count(), 10, "{}", ran.out);
    assert!(
        ran.out.contains("4 more of this kind, which GitHub would not show as annotations:"),
        "{}",
        ran.out
    );
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("a.json:")).count(), 4);
    // The job's page gets all of them, behind what stands there.
    let page = folder.path.join("summary.md");
    std::fs::write(&page, "before\n").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_passrole"))
        .args(["check", "--format", "github", "--select", "unknown-action", "a.json"])
        .current_dir(&folder.path)
        .env("GITHUB_STEP_SUMMARY", &page)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let page = folder.read("summary.md");
    assert!(page.starts_with("before\n### passrole\n"), "{page}");
    assert_eq!(page.matches("| ❌ warning |").count(), 14, "{page}");
}

#[test]
fn markdown_fits_into_a_comment() {
    let policy = misspelt_actions(800);
    let folder = Folder::new("markdown").with("a.json", policy);
    let ran = folder.run(&["check", "--format", "markdown", "--select", "unknown-action"]);
    assert!(ran.out.chars().count() < 65_536, "{}", ran.out.len());
    assert!(ran.out.contains(" more, which do not fit in here."), "{}", &ran.out[ran.out.len() - 300..]);
    let clean = Folder::new("markdown-clean").with("a.json", "{}").run(&["check", "--format", "markdown"]);
    assert!(clean.out.contains("No findings. Checked 0 documents in 1 file."), "{}", clean.out);
}

/// Everything that SARIF may hold, against the schema of the standard, by a validator that is not ours.
#[test]
fn sarif_fits_the_schema_of_its_standard() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let schema = jsonschema::draft4::new(&schema).unwrap();
    let of_repository = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let suppressed = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: ecs:RunTasks # passrole: ignore[unknown-action] until 2027-03-01: (team web) theirs
    Resource: '*'
";
    let module = "data \"aws_iam_policy_document\" \"web\" {
  statement {
    actions   = [\"ecs:RunTasks\", \"ecs:Describe*\", \"ecs:DescribeTasks\"]
    resources = [\"*\"]
  }
}
";
    let folder = Folder::new("sarif-schema").with("a b/ä%.yaml", suppressed).with("typo.json", folder::TYPO);
    let folder = folder
        .with("main.tf", module)
        .with("broken.json", "{ \"Version\": \"2012-10-17\", \"Statement\": [}");
    let row = r#"{ "exceptions": [{ "files": "typo.json", "rules": ["unknown-action"], "reason": "x" }, { "files": "none", "rules": ["unknown-action"], "reason": "x" }] }"#;
    let folder = folder.with(".passrole.jsonc", row).with("empty/.keep", "");
    let arguments = ["check", "--format", "sarif", "--exit-zero", "--level", "pedantic"];
    let mut seen = Vec::new();
    for ran in [
        folder.run(&arguments),
        folder.run(&[&arguments[..], &["empty"]].concat()),
        folder.run_in(of_repository, &[&arguments[..], &["demo"]].concat()),
    ] {
        let log = ran.json();
        let wrong: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let driver = &log["runs"][0]["tool"]["driver"];
        for descriptor in ["rules", "notifications"].iter().flat_map(|list| driver[*list].as_array().unwrap())
        {
            for name in ["name", "shortDescription", "fullDescription", "help", "helpUri"] {
                assert!(!descriptor[name].is_null(), "{descriptor:#} has no {name}");
            }
            seen.extend(driver["notifications"][0]["id"].as_str().map(|_| "notifications"));
        }
        for name in ["suppressions", "fixes", "relatedLocations", "partialFingerprints"] {
            seen.extend(results.iter().any(|it| !it[name].is_null()).then_some(name));
        }
    }
    for name in ["suppressions", "fixes", "relatedLocations", "partialFingerprints", "notifications"] {
        assert!(seen.contains(&name), "no result has {name}");
    }
}
