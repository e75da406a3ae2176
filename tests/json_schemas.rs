//! The JSON Schemas judge documents as the rules, botocore and AWS do.
//!
//! The corpus beside the repository is not part of it: where it is absent, the repository's own documents
//! are all there is to compare with.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use jsonschema::Validator;
use passrole::analysis::{RuleSet, check_text};
use passrole::host::{DocumentKind, Form};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn corpus() -> PathBuf {
    root().join("../shared/corpus")
}

fn schema(name: &str) -> Validator {
    let path = root().join(format!("schemas/json-schema/{name}.schema.json"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema), "{name} is not a schema");
    jsonschema::draft7::new(&schema).unwrap()
}

/// What a schema finds, a line each.
fn complaints(schema: &Validator, document: &Value) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{} {error}", error.instance_path())).collect()
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn read(path: &Path) -> Option<Value> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

#[test]
fn demonstrations_are_judged() {
    let files = json_files(&root().join("demo/iam"));
    assert!(!files.is_empty());
    for path in files {
        let found = complaints(&schema("policy"), &read(&path).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
    // This one has mistakes on purpose.
    let found =
        complaints(&schema("task-definition"), &read(&root().join("demo/ecs/task-definition.json")).unwrap());
    assert_eq!(
        found,
        [
            "/containerDefinitions/0 Additional properties are not allowed ('enviroment' was unexpected)",
            "/containerDefinitions/1/cpu \"128\" is not of type \"integer\"",
        ]
    );
}

#[test]
fn what_botocore_refuses_is_refused() {
    let schema = schema("task-definition");
    let sound = json!({
        "family": "web",
        "cpu": "256",
        "networkMode": "${NETWORK_MODE}",
        "containerDefinitions": [{ "name": "app", "image": "nginx", "memory": 512, "healthCheck": { "command": ["CMD"] } }],
    });
    assert_eq!(complaints(&schema, &sound), [""; 0]);
    for (pointer, value) in [
        ("/cpu", json!(256)),
        ("/networkMode", json!("vpc")),
        ("/containerDefinitions/0/memory", json!("512")),
        ("/containerDefinitions/0/memory", json!(0.5)),
        ("/containerDefinitions/0/healthCheck", json!({ "interval": 30 })),
        ("/containerDefinitions/0/healthCheck", json!({ "command": ["CMD"], "interval": 301 })),
        ("/containerDefinitions/0/healthCheck/command", json!("CMD")),
        ("/containerDefinitions/0/name", json!(null)),
        ("/containerDefinitions/0", json!({ "essentiel": true })),
        ("/containerDefinitions", json!({})),
    ] {
        let mut broken = sound.clone();
        *broken.pointer_mut(pointer).unwrap() = value.clone();
        assert!(!schema.is_valid(&broken), "{pointer} {value}");
    }
    let mut broken = sound.clone();
    broken.as_object_mut().unwrap().remove("family");
    assert!(!schema.is_valid(&broken));
    broken = sound;
    broken["revision"] = json!(3);
    assert!(!schema.is_valid(&broken));
}

#[test]
fn what_iam_refuses_is_refused() {
    let schema = schema("policy");
    let sound = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": "ecs:RunTask",
            "Resource": ["*"],
            "Condition": {
                "ArnEquals": { "ecs:cluster": "arn:aws:ecs:eu-west-1:111122223333:cluster/web" },
                "forAnyValue:stringlikeifexists": { "aws:TagKeys": ["a", "b"] },
                "Null": { "aws:TokenIssueTime": true },
            },
        }],
    });
    assert_eq!(complaints(&schema, &sound), [""; 0]);
    for (pointer, value) in [
        ("/Version", json!("2012-10-18")),
        ("/Statement/0/Effect", json!("allow it")),
        ("/Statement/0/Action", json!(1)),
        ("/Statement/0/Condition", json!({ "StringEqual": { "a": "b" } })),
        ("/Statement/0/Condition", json!({ "NullIfExists": { "a": "true" } })),
        ("/Statement/0/Condition", json!({ "Bool": "true" })),
        ("/Statement/0", json!({ "Effect": "Allow", "Resource": "*" })),
        ("/Statement/0", json!({ "Effect": "Allow", "Action": "*", "NotAction": "*" })),
        ("/Statement/0", json!({ "Effect": "Allow", "Action": "*", "Ressource": "*" })),
        ("/Statement/0", json!({ "Effect": "Allow", "Action": "*", "Principal": "me" })),
    ] {
        let mut broken = sound.clone();
        *broken.pointer_mut(pointer).unwrap() = value.clone();
        assert!(!schema.is_valid(&broken), "{pointer} {value}");
    }
}

#[test]
fn configurations_are_judged_as_they_are_read() {
    let schema = schema("config");
    let read = |text: &str| passrole::config::Config::parse(text, Path::new("")).is_ok();
    for text in [
        "{}",
        r#"{ "$schema": "config.schema.json", "level": "pedantic" }"#,
        r#"{ "select": ["task", "unknown-action"], "ignore": [] }"#,
        r#"{ "kinds": { "org/*.json": "scp" } }"#,
        r#"{ "exceptions": [{ "files": "a/*.json", "rules": ["unknown-action/typo"], "reason": "x" }] }"#,
        r#"{ "exceptions": [{ "files": ["a"], "anchor": "/Statement", "rules": ["unknown-action"], "reason": "x", "until": "2027-03-01" }] }"#,
        r#"{ "exceptions": [{ "rules": ["unknown-action"] }] }"#,
        r#"{ "exceptions": [{ "rules": [], "reason": "x" }] }"#,
        r#"{ "exceptions": [{ "rules": ["policy"], "reason": "x" }] }"#,
        r#"{ "exceptions": [{ "rules": ["unknown-action"], "reason": "x", "until": "soon" }] }"#,
        r#"{ "exceptions": [{ "rule": ["unknown-action"], "reason": "x" }] }"#,
        r#"{ "never": [{ "actions": ["iam:*"], "reason": "x", "files": "a/**", "except": ["b"] }] }"#,
        r#"{ "never": [{ "actions": "iam:*", "resources": ["arn:aws:iam::*:user/*"], "reason": "x" }] }"#,
        r#"{ "never": [{ "public": true, "reason": "x" }] }"#,
        r#"{ "never": [{ "public": true, "actions": "*", "reason": "x" }] }"#,
        r#"{ "never": [{ "public": true, "resources": "*", "reason": "x" }] }"#,
        r#"{ "never": [{ "public": false, "reason": "x" }] }"#,
        r#"{ "never": [{ "actions": [], "reason": "x" }] }"#,
        r#"{ "never": [{ "actions": "*" }] }"#,
        r#"{ "never": [{ "actions": "*", "reason": " " }] }"#,
        r#"{ "never": { "actions": "*", "reason": "x" } }"#,
        r#"{ "require": [{ "of": "role", "field": "PermissionsBoundary", "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "task-definition", "field": "a/b", "values": "c", "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "service", "tags": ["a"], "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "role", "trustedAccounts": ["111122223333"], "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "user", "trustedAccounts": ["111122223333"], "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "role", "trustedAccounts": ["1"], "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "role", "tags": "a", "values": "b", "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "role", "tags": "a", "field": "b", "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "role", "field": "a//b", "reason": "x" }] }"#,
        r#"{ "require": [{ "of": "group", "field": "a", "reason": "x" }] }"#,
        r#"{ "require": [{ "field": "a", "reason": "x" }] }"#,
        r#"{ "levels": "default" }"#,
        r#"{ "level": "strict" }"#,
        r#"{ "ignore": ["unknown-actions"] }"#,
        r#"{ "ignore": "unknown-action" }"#,
        r#"{ "kinds": { "org/*.json": "policy" } }"#,
        r#"{ "context": "a.json" }"#,
        r#"{ "context": ["a.json", "b.json"], "accounts": "111122223333", "regions": ["eu-west-1"], "complete": true }"#,
        r#"{ "roles": { "web": { "trust": "t.json", "policies": ["p.json"], "attached": "arn:aws:iam::aws:policy/ReadOnlyAccess" } } }"#,
        r#"{ "roles": { "web": { "policy": "p.json" } } }"#,
        r#"{ "roles": { "web": { "attached": ["ReadOnlyAccess"] } } }"#,
        r#"{ "roles": ["web"] }"#,
        r#"{ "accounts": ["1111"] }"#,
        r#"{ "regions": "Frankfurt" }"#,
        r#"{ "complete": "yes" }"#,
        r#"{ "context": [1] }"#,
        r#"{ "extends": ["../org/base.jsonc"], "locks": ["severity"], "edition": "2026.1" }"#,
        r#"{ "extends": ["https://example.com/base.jsonc"] }"#,
        r#"{ "extends": "base.jsonc" }"#,
        r#"{ "locks": ["extends"] }"#,
        r#"{ "edition": "2020" }"#,
        r#"{ "severity": { "unknown-action/typo": "error", "policy": "off", "any-resource": "hint" } }"#,
        r#"{ "severity": { "unknown-action": "fatal" } }"#,
        r#"{ "severity": { "unknown-actions": "error" } }"#,
        r#"{ "select": ["unknown-action/typo"], "exclude": ["vendor/", "!vendor/a.json"], "baseline": "known.json" }"#,
        r#"{ "exclude": "vendor/" }"#,
        r#"{ "overrides": [{ "files": ["a/**"], "level": "pedantic", "kind": "scp", "severity": {}, "ignore": ["task"] }] }"#,
        r#"{ "overrides": [{ "level": "pedantic" }] }"#,
        r#"{ "overrides": [{ "files": "a", "exclude": [] }] }"#,
        r#"{ "factsMaxAge": 90 }"#,
        r#"{ "factsMaxAge": "90" }"#,
        r#"{ "factsMaxAge": -1 }"#,
        r#"{ "exceptions": [{ "rules": ["unknown-action"], "reason": "x", "owner": "team web" }] }"#,
        "[]",
    ] {
        assert_eq!(schema.is_valid(&serde_json::from_str(text).unwrap()), read(text), "{text}");
    }
}

/// Every task definition among the rules' cases: the schema complains where the rules about shapes do, and
/// nowhere else. But names that ECS asks for beyond its model are the rules' matter, and placeholders in the
/// place of numbers the schema's: it cannot know of them.
#[test]
fn schema_and_rules_agree_on_shapes() {
    let schema = schema("task-definition");
    let of_shapes = [
        "missing-task-field",
        "read-only-task-field",
        "task-field-out-of-range",
        "unknown-task-field",
        "unknown-task-field-value",
        "wrong-task-field-type",
    ];
    let names = of_shapes.map(str::to_string);
    let rules = RuleSet::choose(passrole::diagnostic::Level::Pedantic, &names, &[]).unwrap();
    let (mut count, mut wrong) = (0, String::new());
    for path in cases() {
        let file = std::fs::read_to_string(&path).unwrap();
        for block in file.split("```json").skip(1) {
            let Some((_, text)) = block.split_once('\n') else { continue };
            let text = text.split("\n```").next().unwrap();
            let Ok(document) = serde_json::from_str::<Value>(text) else { continue };
            let report = check_text(text, "task-definition.json", None, &rules);
            let [only] = &report.documents[..] else { continue };
            if only.kind != DocumentKind::TaskDefinition || only.form == Form::DescribedAndWrapped {
                continue;
            }
            count += 1;
            let findings: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
            let complaints = complaints(&schema, &document);
            let of_model = findings.iter().any(|rule| *rule != "missing-task-field");
            let of_types =
                complaints.iter().filter(|it| !["\"<", "\"${", "\"{{"].iter().any(|mark| it.contains(mark)));
            if of_model && complaints.is_empty() || findings.is_empty() && of_types.count() > 0 {
                writeln!(wrong, "{}\n{text}\n{findings:?} {complaints:?}\n", path.display()).unwrap();
            }
        }
    }
    assert!(count > 30, "{count}");
    assert!(wrong.is_empty(), "{wrong}");
}

fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/rules/task")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_corpus_is_judged_as_botocore_does() {
    let schema = schema("task-definition");
    let verdicts = corpus().join("taskdefs/botocore-param-validation.jsonl");
    let Ok(verdicts) = std::fs::read_to_string(verdicts) else { return };
    let mut wrong = String::new();
    for line in verdicts.lines() {
        let verdict: Value = serde_json::from_str(line).unwrap();
        let name = verdict["file"].as_str().unwrap();
        let Some(mut document) = read(&corpus().join(name)) else { continue };
        if document.is_array() {
            document = json!({ "family": "web", "containerDefinitions": document });
        } else if let Some(wrapped) = document.get("taskDefinition") {
            document = wrapped.clone();
        }
        let complaints = complaints(&schema, &document);
        let is_clean = verdict["errors"] == "clean";
        if is_clean != complaints.is_empty() {
            writeln!(wrong, "{name} {} {complaints:?}", verdict["errors"]).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn policies_of_aws_are_valid() {
    let schema = schema("policy");
    for path in json_files(&corpus().join("policies/aws-managed")) {
        let found = complaints(&schema, &read(&path).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

#[test]
fn findings_are_printed_as_their_schema_says() {
    let program = env!("CARGO_BIN_EXE_passrole");
    let run = |arguments: &[&str]| {
        let output =
            std::process::Command::new(program).args(arguments).current_dir(root()).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let printed = run(&["check", "--format", "json", "--level", "pedantic", "demo", "tests/reports"]);
    assert!(printed["findings"].as_array().unwrap().len() > 20);
    assert_eq!(complaints(&schema("findings"), &printed), [""; 0]);
    assert_eq!(complaints(&schema("findings"), &run(&["check", "--format", "json", "LICENSE-MIT"])), [""; 0]);
    let mut wrong = printed;
    wrong["findings"][0]["severity"] = json!("fatal");
    assert!(!schema("findings").is_valid(&wrong));
}
