//! The configuration as teams use it: severities, what is extended, editions, baselines, what a pull request may not
//! excuse.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod folder;

use folder::{Folder, Ran, TYPO};
use std::process::Command;

const TYPO_YAML: &str = "Version: '2012-10-17'
Statement:
  - Sid: Deploy
    Effect: Allow
    Action: ecs:RunTasks
    Resource: '*'
";

fn rules(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    json["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap().to_string()).collect()
}

fn git(folder: &Folder, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(&folder.path)
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A repository with one commit, on the branch `main`.
fn repository(name: &str, files: &[(&str, &str)]) -> Folder {
    let mut folder = Folder::new(name);
    std::fs::remove_dir(folder.path.join(".git")).unwrap();
    for (path, text) in files {
        folder = folder.with(path, text);
    }
    git(&folder, &["init", "-q", "-b", "main"]);
    commit(&folder);
    folder
}

fn commit(folder: &Folder) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "x"]);
}

#[test]
fn a_severity_decides_what_fails() {
    let with = |severity: &str| {
        Folder::new("severity")
            .with("typo.json", TYPO)
            .with(".passrole.jsonc", format!("{{ \"severity\": {{ \"unknown-action\": \"{severity}\" }} }}"))
            .run(&["check", "--format", "json"])
    };
    for (severity, status) in [("error", 1), ("warning", 1), ("info", 0), ("hint", 0), ("off", 0)] {
        let ran = with(severity);
        assert_eq!(ran.status, status, "{severity}: {ran:?}");
        let first = ran.json()["findings"][0]["severity"].as_str().map(str::to_string);
        assert_eq!(first.as_deref(), Some(severity).filter(|it| *it != "off"), "{severity}");
    }
}

#[test]
fn what_is_excluded_is_looked_at_where_it_is_named() {
    let folder = Folder::new("exclude")
        .with("vendor/latin.json", b"{ \"Statement\": \"\xe9\" }")
        .with("vendor/typo.json", TYPO)
        .with(".passrole.jsonc", r#"{ "exclude": ["vendor/"] }"#);
    let ran = folder.run(&["check"]);
    assert_eq!((ran.status, &*ran.err), (0, ""), "{ran:?}");
    assert_eq!(folder.run(&["check", "vendor/typo.json"]).status, 1);
    let empty = folder.run(&["check", "--require-documents"]);
    assert_eq!(empty.status, 1);
    assert!(empty.err.contains("no document was found to check"), "{}", empty.err);
}

#[test]
fn config_says_what_holds_and_from_where() {
    let folder =
        Folder::new("config").with("org/base.jsonc", r#"{ "ignore": ["task"], "locks": ["ignore"] }"#).with(
            "app/.passrole.jsonc",
            "{\n  \"extends\": [\"../org/base.jsonc\"],\n  \"level\": \"pedantic\"\n}",
        );
    let ran = folder.run(&["config", "app/x.json"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains("level") && ran.out.contains("app/.passrole.jsonc:3"), "{}", ran.out);
    assert!(ran.out.contains("org/base.jsonc:1"), "{}", ran.out);
    let json = folder.run(&["config", "app/x.json", "--format", "json"]).json();
    assert!(
        json["settings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["setting"] == "level" && it["value"] == "pedantic")
    );
    let none = folder.run(&["config", "x.json"]);
    assert!(none.out.contains("no configuration"), "{}", none.out);
    let locked = folder.with("app/.passrole.jsonc", r#"{ "extends": ["../org"], "ignore": [] }"#);
    let ran = locked.run(&["config", "app/x.json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains(".passrole.jsonc:1:15: there is no file"), "{}", ran.err);
    let locked = locked.with("app/.passrole.jsonc", r#"{ "extends": ["../org/base.jsonc"], "ignore": [] }"#);
    let ran = locked.run(&["check", "app"]);
    assert_eq!(ran.status, 0, "nothing is there to be checked: {ran:?}");
    let ran = locked.with("app/typo.json", TYPO).run(&["check", "app"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("`ignore` is locked by") && ran.err.contains("take it out here"), "{}", ran.err);
}

#[test]
fn init_writes_a_configuration_that_holds() {
    let folder = Folder::new("init").with("iam/typo.json", TYPO).with("vendor/x.txt", "");
    let ran = folder.run(&["init"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let text = folder.read(".passrole.jsonc");
    assert!(text.contains("1 × unknown-action (warning)") && text.contains("\"vendor/\""), "{text}");
    assert!(ran.err.contains("would fail a run today"), "{}", ran.err);
    assert_eq!(folder.run(&["check"]).status, 1);
    let again = folder.run(&["init"]);
    assert_eq!(again.status, 2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    let folder = Folder::new("init-baseline").with("iam/typo.json", TYPO);
    assert_eq!(folder.run(&["init", "--baseline"]).status, 0);
    let ran = folder.run(&["check"]);
    assert_eq!((ran.status, &*ran.err), (0, ""), "{ran:?}");
    assert!(folder.read(".passrole-baseline.json").contains("\"path\": \"iam/typo.json\""));
    assert_eq!(folder.run(&["init", "nowhere"]).status, 2);
}

#[test]
fn a_baseline_is_reviewed_moves_and_shrinks() {
    let folder = Folder::new("baseline").with("a/typo.json", TYPO);
    let check = ["check", "--baseline", "known.json"];
    assert_eq!(folder.run(&[&check[..], &["--write-baseline"]].concat()).status, 0);
    let entry =
        &serde_json::from_str::<serde_json::Value>(&folder.read("known.json")).unwrap()["findings"][0];
    assert_eq!((&entry["path"], &entry["rule"]), (&"a/typo.json".into(), &"unknown-action".into()));
    assert_eq!(entry["anchor"], "/Statement/Action#Deploy");
    assert!(entry["message"].as_str().unwrap().contains("RunTasks"));
    // It moved.
    std::fs::rename(folder.path.join("a"), folder.path.join("b")).unwrap();
    let ran = folder.run(&check);
    assert_eq!((ran.status, &*ran.err), (0, ""), "{ran:?}");
    // A second one of the kind is new.
    let folder = folder.with("c/typo.json", TYPO);
    assert_eq!(folder.run(&check).status, 1);
    // It was mended.
    let folder = folder.with("b/typo.json", "{}").with("c/typo.json", "{}");
    let ran = folder.run(&check);
    assert_eq!(ran.status, 0);
    assert!(
        ran.err.contains("known.json: 1 finding is no more: --prune-baseline takes them out"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("gone: a/typo.json unknown-action"), "{}", ran.err);
    let pruned = folder.run(&[&check[..], &["--prune-baseline"]].concat());
    assert!(pruned.err.contains("0 findings left in known.json (1 dropped)"), "{}", pruned.err);
    assert_eq!(folder.run(&check).err, "");
    // What was not looked at stays.
    let folder = folder.with("b/typo.json", TYPO).with("c/typo.json", TYPO);
    folder.run(&[&check[..], &["--write-baseline"]].concat());
    folder.run(&["check", "--baseline", "known.json", "--write-baseline", "c"]);
    assert_eq!(folder.run(&check).status, 0);
    for (text, expected) in [
        ("{ \"schema\": 9, \"findings\": [] }", "schema 9 is of another version of passrole"),
        ("[]", "not a baseline"),
        ("{", "known.json: EOF"),
        ("{ \"schema\": 2, \"findings\": [{ \"rule\": 1 }] }", "known.json: invalid type"),
    ] {
        let folder = Folder::new("bad-baseline").with("known.json", text).with("typo.json", TYPO);
        for more in [&[][..], &["--write-baseline"], &["--prune-baseline"]] {
            let ran = folder.run(&[&check[..], more].concat());
            assert_eq!(ran.status, 2, "{text}");
            assert!(ran.err.contains(expected), "{text}: {}", ran.err);
            assert_eq!(folder.read("known.json"), text);
        }
    }
    assert_eq!(Folder::new("no-baseline").with("a.json", TYPO).run(&["check", "--write-baseline"]).status, 2);
}

#[test]
fn only_changed_files_are_checked() {
    let folder = repository("since", &[("old.json", TYPO), ("iam/a.json", "{}")]).with("iam/a.json", TYPO);
    let ran = folder.run(&["check", "--since", "main", "--format", "json"]);
    assert_eq!(ran.json()["summary"]["files"], 1, "{ran:?}");
    assert_eq!(ran.json()["findings"][0]["path"], "./iam/a.json");
    let unknown = folder.run(&["check", "--since", "nothing"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("`nothing` is no revision of"), "{}", unknown.err);
}

#[test]
fn a_pull_request_cannot_excuse_itself() {
    let folder = repository("policy-from", &[("a.yaml", TYPO_YAML), (".passrole.jsonc", "{}")]);
    git(&folder, &["checkout", "-q", "-b", "topic"]);
    let excused = TYPO_YAML.replace("RunTasks", "RunTasks # passrole: ignore[unknown-action]: mine");
    let check = ["check", "--policy-from", "main", "--format", "json"];
    // By a comment.
    let folder = folder.with("a.yaml", &excused);
    commit(&folder);
    assert_eq!(rules(&folder.run(&["check", "--format", "json"])), [""; 0]);
    assert_eq!(rules(&folder.run(&check)), ["unknown-action"]);
    // By the configuration, and by an ignore file.
    let folder = folder
        .with("a.yaml", TYPO_YAML)
        .with(".passrole.jsonc", r#"{ "ignore": ["unknown-action"], "exclude": ["*.yaml"] }"#)
        .with(".ignore", "*.yaml");
    commit(&folder);
    assert_eq!(rules(&folder.run(&["check", "--format", "json"])), [""; 0]);
    assert_eq!(rules(&folder.run(&check)), ["unknown-action"]);
    // By a baseline.
    folder.run(&[
        "check",
        "--no-suppressions",
        "--baseline",
        "known.json",
        "--write-baseline",
        "--select",
        "policy",
    ]);
    let ran = folder.run(&[&check[..], &["--baseline", "known.json"]].concat());
    assert_eq!(rules(&ran), ["unknown-action"]);
    // What stood on main counts.
    git(&folder, &["checkout", "-q", "main"]);
    let folder = folder.with("a.yaml", &excused);
    commit(&folder);
    git(&folder, &["checkout", "-q", "-b", "other"]);
    assert_eq!(rules(&folder.run(&check)), [""; 0]);
    // On another statement it is another excuse.
    let mended = excused.replace("RunTasks # passrole: ignore[unknown-action]: mine", "RunTask");
    let other = excused.split_once("  - Sid: Deploy").unwrap().1.replace("RunTasks", "StopTasks");
    let moved = format!("{mended}  - Sid: Other{other}");
    let folder = folder.with("a.yaml", &moved);
    assert_eq!(rules(&folder.run(&check)).iter().filter(|it| *it == "unknown-action").count(), 1);
    let unknown = folder.run(&["check", "--policy-from", "nothing"]);
    assert_eq!(unknown.status, 2);
}

#[test]
fn exceptions_tell_who_and_since_when() {
    let text =
        TYPO_YAML.replace("RunTasks", "RunTasks # passrole: ignore[unknown-action]: (team web) theirs");
    let folder = repository("age", &[("a.yaml", &text)]);
    let json = folder.run(&["exceptions", "--age", "--format", "json"]).json();
    let row = &json["exceptions"][0];
    assert_eq!((&row["owner"], &row["reason"]), (&"team web".into(), &"theirs".into()), "{json:#}");
    assert!(row["since"].is_string() && row["ageInDays"] == 0, "{json:#}");
}

#[test]
fn editions_and_old_facts() {
    let folder =
        Folder::new("edition").with("typo.json", TYPO).with(".passrole.jsonc", r#"{ "edition": "2026.1" }"#);
    assert_eq!(folder.run(&["check"]).status, 0, "the gate is newer than that edition");
    let folder = folder.with(".passrole.jsonc", r#"{ "factsMaxAge": 10 }"#);
    let ran = folder.run(&["check", "--today", "2031-01-01"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("lets them be 10 days old (`factsMaxAge`): update passrole"), "{}", ran.err);
    let made = passrole::catalog::facts_as_of();
    assert_eq!(folder.run(&["check", "--today", made, "--fail-on", "never"]).status, 0);
    assert!(folder.run(&["--version"]).out.contains(made));
}

#[test]
fn small_options() {
    let folder =
        Folder::new("options").with("a/typo.json", TYPO).with("b/typo.json", TYPO).with("b/clean.json", "{}");
    let statistics = folder.run(&["check", "--statistics"]);
    assert!(statistics.out.contains("     2  warning  unknown-action ("), "{}", statistics.out);
    let json = folder.run(&["check", "--statistics", "--format", "json"]).json();
    assert_eq!(
        (&json["statistics"][0]["rule"], &json["statistics"][0]["count"]),
        (&"unknown-action".into(), &2.into())
    );
    assert_eq!(folder.run(&["check", "--statistics", "--format", "sarif"]).status, 2);
    assert!(folder.run(&["check", "--color", "always"]).out.contains('\u{1b}'));
    assert!(!folder.run(&["check", "--color", "never"]).out.contains('\u{1b}'));
    let quiet = folder.run(&["check", "--quiet"]);
    assert!(!quiet.out.contains("Checked") && quiet.out.contains("unknown-action") && quiet.err.is_empty());
    assert_eq!(folder.run(&["check", "--jobs", "1"]).status, 1);
    assert_eq!(folder.run(&["check", "--jobs", "0"]).status, 2);
    let fleet = folder.run(&["check", "--fleet", "a", "b"]);
    assert_eq!(fleet.status, 1);
    assert!(fleet.out.contains("All 2 projects:\n     2  unknown-action, in 2"), "{}", fleet.out);
    let json = folder.run(&["check", "--format", "json", "--fleet", "a", "b"]).json();
    assert_eq!(
        (&json["projects"][0]["path"], &json["projects"][0]["rules"][0]["count"]),
        (&"a".into(), &1.into())
    );
    assert_eq!(folder.run(&["check", "--fleet", "a", "nowhere"]).status, 2);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).out.contains("passrole"), "{shell}");
    }
    assert_eq!(folder.run(&["completions", "tcsh"]).status, 2);
    assert!(
        folder.run(&["man"]).out.contains(".TH passrole")
            && folder.run(&["man", "check"]).out.contains("baseline")
    );
    let unknown = folder.run(&["man", "chekc"]);
    assert!(unknown.status == 2 && unknown.err.contains("did you mean `check`?"), "{unknown:?}");
    let rules = folder.run(&["rules", "--format", "json"]).json();
    let rule = rules["rules"].as_array().unwrap().iter().find(|it| it["id"] == "unknown-action").unwrap();
    assert_eq!((&rule["gate"], &rule["measured"]), (&true.into(), &serde_json::json!(["unknown-action"])));
}

#[test]
fn init_names_the_worst_first_and_other_tools_whose_suppressions_stand_there() {
    let module = "# trivy:ignore:AWS-0342\nresource \"aws_s3_bucket\" \"a\" {\n  # checkov:skip=CKV_AWS_18: no logs\n}\n";
    let broken = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Alow", "Action": "s3:GetObject", "Resource": "*" }] }"#;
    let folder = Folder::new("init-tools").with("main.tf", module).with("a.json", TYPO).with("b.json", TYPO);
    let folder = folder.with("broken.json", broken);
    let text = folder.run(&["init", "--stdout"]).out;
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words}: {text}"));
    assert!(at("(error)") < at("2 × unknown-action (warning)"), "{text}");
    assert!(text.contains("// \"honour\": [\"checkov\", \"trivy\"],"), "{text}");
    let without = Folder::new("init-no-tools").with("a.json", TYPO).run(&["init", "--stdout"]).out;
    assert!(!without.contains("honour"), "{without}");
}
