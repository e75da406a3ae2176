//! The command line as a script sees it: exit status, streams, formats, bad input.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const CLEAN: &str = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ecs:ListClusters", "Resource": "*" }] }
"#;
/// A warning with a safe fix, behind text beyond ASCII and beyond the basic plane.
const TYPO: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Deploy", "Effect": "Allow", "Resource": "*", "Condition": { "StringEquals": { "aws:PrincipalTag/team": "😀é" } }, "Action": "ecs:RunTasks" }
  ]
}
"#;
const BROKEN: &str = r#"{ "Version": "2012-10-17", "Statement": [{ "Action": "ecs:ListClusters", "Resource": "*" }] }
"#;

/// A folder of its own for a test, removed at the end.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("passrole-cli-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        // The search for a configuration ends here.
        std::fs::create_dir(path.join(".git")).unwrap();
        Folder { path }
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Folder {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path.join(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_passrole"))
            .args(arguments)
            .current_dir(&self.path)
            .env_remove("CLICOLOR_FORCE")
            .env_remove("NO_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

#[derive(Debug)]
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

#[test]
fn exit_status_says_what_happened() {
    let folder =
        Folder::new("status").with("clean.json", CLEAN).with("typo.json", TYPO).with("broken.json", BROKEN);
    assert_eq!(folder.run(&["check", "clean.json"]).status, 0);
    assert_eq!(folder.run(&["check", "typo.json"]).status, 0);
    assert_eq!(folder.run(&["check", "typo.json", "--fail-on", "warning"]).status, 1);
    assert_eq!(folder.run(&["check", "broken.json"]).status, 1);
    assert_eq!(folder.run(&["check", "broken.json", "--fail-on", "never"]).status, 0);
    assert_eq!(folder.run(&["check", "broken.json", "--exit-zero"]).status, 0);
    assert_eq!(folder.run(&["check"]).status, 1);
    assert_eq!(folder.run(&["check", "missing.json"]).status, 2);
    assert_eq!(folder.run(&["check", "--no-such-flag"]).status, 2);
    assert_eq!(folder.run(&["check", "--kind", "nothing", "clean.json"]).status, 2);
}

#[test]
fn json_is_the_contract() {
    let folder = Folder::new("json").with("typo.json", TYPO);
    let json = folder.run(&["check", "--format", "json", "typo.json"]).json();
    assert_eq!(json["schema"], 1);
    let finding = &json["findings"][0];
    assert_eq!(json["findings"].as_array().unwrap().len(), 1, "{json:#}");
    assert_eq!(finding["path"], "typo.json");
    assert_eq!(finding["kind"], "identity");
    assert_eq!(finding["rule"], "unknown-action");
    assert_eq!(finding["severity"], "warning");
    assert_eq!(finding["confidence"], "high");
    assert_eq!(finding["pointer"], "/Statement/0/Action");
    assert_eq!(finding["fixable"], true);
    // Columns count Unicode scalar values, from 1.
    let line = TYPO.lines().nth(3).unwrap();
    let column = line[..line.find("RunTasks").unwrap()].chars().count() + 1;
    assert_eq!(finding["start"], serde_json::json!({ "line": 4, "column": column }));
    assert_eq!(finding["end"], serde_json::json!({ "line": 4, "column": column + "RunTasks".len() }));
    assert!(finding["fingerprint"].as_str().unwrap().len() >= 16);
    let summary = &json["summary"];
    assert_eq!(
        (&summary["files"], &summary["documents"], &summary["warnings"]),
        (&1.into(), &1.into(), &1.into())
    );
    for member in ["errors", "infos", "hints", "elapsedMs"] {
        assert!(summary[member].is_u64(), "{member}");
    }
}

#[test]
fn a_missing_member_points_at_what_lacks_it() {
    let folder = Folder::new("pointer").with("broken.json", BROKEN);
    let json = folder.run(&["check", "--format", "json", "broken.json"]).json();
    assert_eq!(json["findings"][0]["rule"], "missing-effect");
    assert_eq!(json["findings"][0]["pointer"], "/Statement/0");
}

#[test]
fn fingerprints_outlive_moves() {
    let folder = Folder::new("fingerprint").with("a.json", TYPO).with(
        "b.json",
        TYPO.replace(
            "  \"Statement\": [",
            "  \"Statement\": [\n{ \"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\" },\n",
        ),
    );
    let json = folder.run(&["check", "--format", "json"]).json();
    let prints: Vec<&Value> =
        json["findings"].as_array().unwrap().iter().map(|it| &it["fingerprint"]).collect();
    assert_eq!(prints.len(), 2);
    assert_eq!(prints[0], prints[1]);
    let other = Folder::new("fingerprint2").with("a.json", TYPO.replace("Deploy", "Other"));
    let json = other.run(&["check", "--format", "json"]).json();
    assert_ne!(&json["findings"][0]["fingerprint"], prints[0]);
}

#[test]
fn sarif_counts_in_utf_16() {
    let folder = Folder::new("sarif").with("a b/typo.json", TYPO);
    let sarif = folder.run(&["check", "--format", "sarif"]).json();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "unknown-action");
    assert_eq!(
        run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"],
        "unknown-action"
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/typo.json");
    let line = TYPO.lines().nth(3).unwrap();
    let column = line[..line.find("RunTasks").unwrap()].encode_utf16().count() + 1;
    assert_eq!(place["region"]["startColumn"], column);
    assert!(result["partialFingerprints"].is_object());
    assert_eq!(result["level"], "warning");
}

#[test]
fn every_format_names_the_finding() {
    let folder = Folder::new("formats").with("typo.json", TYPO);
    for (format, expected) in [
        ("text", "warning[unknown-action]"),
        ("concise", "typo.json:4:"),
        ("github", "::warning file=typo.json,line=4,"),
        ("gitlab", "\"check_name\": \"unknown-action\""),
        ("junit", "<testcase name=\"unknown-action\""),
    ] {
        let ran = folder.run(&["check", "--format", format, "typo.json"]);
        assert!(ran.out.contains(expected), "{format}: {}", ran.out);
        assert!(!ran.out.contains('\u{1b}'), "{format} has colours in a pipe");
    }
    let ran = folder.run(&["check", "--format", "json", "--output", "out.json", "typo.json"]);
    assert!(ran.out.is_empty());
    assert!(folder.read("out.json").contains("unknown-action"));
}

#[test]
fn fixes_are_made_once() {
    let folder = Folder::new("fix").with("typo.json", TYPO);
    let difference = folder.run(&["check", "--fix", "--diff", "typo.json"]);
    assert!(difference.out.contains("+    { \"Sid\": \"Deploy\""), "{}", difference.out);
    assert_eq!(folder.read("typo.json"), TYPO);
    let ran = folder.run(&["check", "--fix", "typo.json"]);
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("1 fixed"), "{}", ran.err);
    assert_eq!(folder.read("typo.json"), TYPO.replace("RunTasks", "RunTask"));
    folder.run(&["check", "--fix", "--unsafe", "typo.json"]);
    let once = folder.read("typo.json");
    folder.run(&["check", "--fix", "--unsafe", "typo.json"]);
    assert_eq!(folder.read("typo.json"), once);
}

#[test]
fn a_baseline_hides_what_is_known() {
    let folder = Folder::new("baseline").with("broken.json", BROKEN);
    let ran = folder.run(&["check", "--baseline", "known.json", "--write-baseline"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(folder.run(&["check", "--baseline", "known.json", "broken.json"]).status, 0);
    let folder = folder.with("other.json", BROKEN.replace("ecs:ListClusters", "ecs:ListServices"));
    let ran = folder.run(&["check", "--baseline", "known.json", "broken.json", "other.json"]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("other.json") && !ran.out.contains("broken.json"), "{}", ran.out);
    assert_eq!(folder.run(&["check", "--baseline", "missing.json"]).status, 2);
}

#[test]
fn standard_input_goes_by_the_name_given() {
    let folder = Folder::new("stdin");
    let ran =
        folder.run_with(&["check", "-", "--stdin-filename", "roles/x.json", "--format", "concise"], BROKEN);
    assert_eq!(ran.status, 1);
    assert!(ran.out.starts_with("roles/x.json:1:"), "{}", ran.out);
}

#[test]
fn rules_are_chosen_by_name_and_group() {
    let folder = Folder::new("choose").with("broken.json", BROKEN);
    assert_eq!(folder.run(&["check", "--ignore", "missing-effect"]).status, 0);
    assert_eq!(folder.run(&["check", "--ignore", "trust,policy"]).status, 0);
    assert_eq!(folder.run(&["check", "--select", "task"]).status, 0);
    assert_eq!(folder.run(&["check", "--select", "missing-effect"]).status, 1);
    let ran = folder.run(&["check", "--ignore", "missing-efect"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("did you mean `missing-effect`?"), "{}", ran.err);
}

#[test]
fn the_nearest_configuration_counts() {
    let folder = Folder::new("config")
        .with(".passrole.jsonc", "{ /* ours */ \"ignore\": [\"missing-effect\"] }")
        .with("broken.json", BROKEN)
        .with("inner/.passrole.jsonc", "{}")
        .with("inner/broken.json", BROKEN);
    let ran = folder.run(&["check", "--format", "concise"]);
    assert!(ran.out.contains("inner/broken.json") || ran.out.contains("inner\\broken.json"), "{}", ran.out);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    let folder = folder.with("bad.jsonc", "{\n  \"ignored\": []\n}");
    let ran = folder.run(&["check", "--config", "bad.jsonc"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.err.contains("bad.jsonc:2:3: there is no setting `ignored`; did you mean `ignore`?"),
        "{}",
        ran.err
    );
}

#[test]
fn the_kind_can_be_given() {
    let folder = Folder::new("kind").with(
        "p.json",
        r#"{ "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }] }"#,
    );
    let ran = folder.run(&["check", "--kind", "resource", "--format", "json"]);
    assert_eq!(ran.json()["findings"][0]["kind"], "resource");
    let ran = folder.run(&["check", "--verbose"]);
    assert!(ran.err.contains("p.json: identity policy (no statement has a `Principal`)"), "{}", ran.err);
}

#[test]
fn rules_print_their_pages() {
    let folder = Folder::new("rules");
    let rules = folder.run(&["rules", "--format", "json"]).json();
    assert_eq!(rules["schema"], 1);
    let rules = rules["rules"].as_array().unwrap();
    assert!(rules.len() >= 40, "{}", rules.len());
    for rule in rules {
        for member in ["id", "group", "severity", "level", "summary", "sources", "fix"] {
            assert!(!rule[member].is_null(), "{rule}");
        }
    }
    assert!(folder.run(&["rules"]).out.contains("missing-pass-role"));
    let page = folder.run(&["rule", "missing-pass-role"]);
    assert_eq!(page.status, 0);
    assert!(page.out.starts_with("# missing-pass-role\n"));
    let unknown = folder.run(&["rule", "missing-passrole"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("did you mean `missing-pass-role`?"));
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_checked() {
    let folder = Folder::new("unreadable")
        .with("broken.json", BROKEN)
        .with("latin.json", b"{ \"Version\": \"2012-10-17\", \"Id\": \"\xe9\" }")
        .with("utf16.json", b"\xff\xfe{\0}\0");
    std::fs::create_dir(folder.path.join("folder.json")).unwrap();
    let ran = folder.run(&[
        "check",
        "--format",
        "concise",
        "broken.json",
        "latin.json",
        "utf16.json",
        "gone.json",
        "folder.json",
    ]);
    assert_eq!(ran.status, 2);
    assert!(ran.out.contains("broken.json:1:"), "{}", ran.out);
    for line in [
        "error: latin.json: not UTF-8 (line 1",
        "error: utf16.json: UTF-16",
        "error: gone.json: no such file",
    ] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    assert!(!ran.err.contains("folder.json"), "a folder is walked, whatever its name: {}", ran.err);
}

#[cfg(unix)]
#[test]
fn links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("links").with("secret.json", CLEAN);
    symlink("nowhere", folder.path.join("dangling.json")).unwrap();
    let ran = folder.run(&["check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("dangling.json: a link that leads nowhere"), "{}", ran.err);
    std::fs::remove_file(folder.path.join("dangling.json")).unwrap();
    let secret = folder.path.join("secret.json");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o0)).unwrap();
    let ran = folder.run(&["check"]);
    // Whoever may read everything is refused nothing.
    let readable = std::fs::read(&secret).is_ok();
    assert_eq!(ran.status, if readable { 0 } else { 2 });
    assert_eq!(ran.err.contains("secret.json: permission denied"), !readable, "{}", ran.err);
}

#[test]
fn odd_texts_are_checked() {
    let mark = format!("\u{feff}{BROKEN}");
    let lines = TYPO.replace('\n', "\r\n");
    let deep = "[".repeat(100_000);
    let deep_policy = format!("{{ \"Version\": \"2012-10-17\", \"Statement\": {} }}", "[".repeat(10_000));
    let folder = Folder::new("odd")
        .with("mark.json", mark)
        .with("crlf.json", lines)
        .with("deep.json", deep)
        .with("deep-policy.json", deep_policy)
        .with("empty.json", "")
        .with("other.json", "{ \"name\": \"x\" }");
    let ran = folder.run(&["check", "--format", "concise"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.err.is_empty(), "{}", ran.err);
    for expected in [
        "mark.json:1:1: warning[syntax-error]",
        "error[missing-effect]",
        "crlf.json:4:",
        "deep-policy.json:1:",
    ] {
        assert!(ran.out.contains(expected), "{expected}: {}", ran.out);
    }
    for silent in ["deep.json", "empty.json", "other.json"] {
        assert!(!ran.out.contains(&format!("{silent}:")), "{silent}: {}", ran.out);
    }
}

#[test]
fn a_hundred_megabytes_are_checked() {
    let statement = r#"{ "Effect": "Allow", "Action": "ecs:ListClusters", "Resource": "*", "Sid": "S" },"#;
    let mut text = String::from("{ \"Version\": \"2012-10-17\", \"Statement\": [\n");
    let filler = format!("{statement}{}\n", " ".repeat(100_000));
    while text.len() < 100_000_000 {
        text.push_str(&filler);
    }
    text.push_str("{ \"Effect\": \"Allow\", \"Action\": \"ecs:RunTasks\", \"Resource\": \"*\" }\n] }\n");
    let folder = Folder::new("huge").with("huge.json", text);
    let ran = folder.run(&["check", "--format", "concise", "--select", "unknown-action", "huge.json"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("unknown-action"), "{}", ran.out);
}

#[test]
fn folders_respect_ignore_rules_but_named_files_do_not() {
    let folder = Folder::new("ignore")
        .with(".gitignore", "build/\n")
        .with("build/broken.json", BROKEN)
        .with(".github/broken.json", BROKEN)
        .with("policy.txt", BROKEN);
    let ran = folder.run(&["check", "--format", "concise"]);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.contains(".github"), "{}", ran.out);
    assert_eq!(folder.run(&["check", "build/broken.json"]).status, 1);
    assert_eq!(folder.run(&["check", "policy.txt"]).status, 1);
}

#[test]
fn the_demonstration_shows_a_dozen_mistakes() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_passrole"))
        .args(["check", "demo", "--format", "json"])
        .current_dir(demo)
        .output()
        .unwrap();
    let ran = Ran::of(output);
    assert_eq!(ran.status, 1);
    let findings = ran.json();
    let findings = findings["findings"].as_array().unwrap();
    let rules: std::collections::BTreeSet<&str> =
        findings.iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert!(rules.len() >= 12, "{rules:?}");
}
