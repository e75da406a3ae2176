//! The command line as a script sees it: exit status, streams, formats, bad input.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod folder;

use folder::{Folder, Ran, TYPO};
use passrole::output::fingerprint;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

const CLEAN: &str = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ecs:ListClusters", "Resource": "*" }] }
"#;
const BROKEN: &str = r#"{ "Version": "2012-10-17", "Statement": [{ "Action": "ecs:ListClusters", "Resource": "*" }] }
"#;

#[test]
fn exit_status_says_what_happened() {
    let folder =
        Folder::new("status").with("clean.json", CLEAN).with("typo.json", TYPO).with("broken.json", BROKEN);
    assert_eq!(folder.run(&["check", "clean.json"]).status, 0);
    assert_eq!(folder.run(&["check", "typo.json"]).status, 1, "a misspelt action stops a pipeline");
    assert_eq!(folder.run(&["check", "typo.json", "--fail-on", "error"]).status, 0);
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
    for member in ["errors", "infos", "hints"] {
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
    for arguments in [&["check", "--fix", "--diff", "typo.json"][..], &["check", "--diff", "typo.json"]] {
        let difference = folder.run(arguments);
        assert_eq!(difference.status, 1, "something would change");
        assert!(difference.out.contains("+    { \"Sid\": \"Deploy\""), "{}", difference.out);
        let left = "warning[missing-pass-role]";
        assert!(difference.err.contains(left) && !difference.out.contains(left), "{difference:?}");
        assert_eq!(folder.read("typo.json"), TYPO);
    }
    assert_eq!(folder.run(&["check", "--diff", "--exit-zero", "typo.json"]).status, 0);
    let ran = folder.run(&["check", "--fix", "typo.json"]);
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("1 fixed"), "{}", ran.err);
    assert_eq!(folder.read("typo.json"), TYPO.replace("RunTasks", "RunTask"));
    folder.run(&["check", "--fix", "--unsafe", "typo.json"]);
    let once = folder.read("typo.json");
    folder.run(&["check", "--fix", "--unsafe", "typo.json"]);
    assert_eq!(folder.read("typo.json"), once);
    assert_eq!(folder.run(&["check", "--diff", "typo.json"]).status, 0, "nothing is left to change");
}

#[test]
fn a_baseline_knows_what_a_rule_was_called_before() {
    let service = r#"{ "serviceName": "web", "taskDefinition": "web", "launchType": "EC2", "platformVersion": "LATEST" }
"#;
    let folder = Folder::new("former").with("service.json", service);
    let check = ["check", "--select", "conflicting-service-fields", "service.json"];
    let json = folder.run(&[&check[..], &["--format", "json"]].concat()).json();
    let finding = &json["findings"][0];
    assert_eq!(finding["rule"], "conflicting-launch-settings");
    let of = |rule: &str| fingerprint(rule, "/platformVersion#", "platformVersion");
    assert_eq!(finding["fingerprint"], of("conflicting-launch-settings"));
    let former = format!("conflicting-service-fields {}", of("conflicting-service-fields"));
    let baseline = serde_json::json!({ "schema": 1, "findings": { former: 1 } }).to_string();
    let folder = folder.with("known.json", &baseline);
    let known = folder.run(&[&check[..], &["--baseline", "known.json"]].concat());
    assert_eq!(known.status, 0, "{known:?}");
    let ignored =
        folder.run(&["check", "--ignore", "conflicting-service-fields/platform-version", "service.json"]);
    assert_eq!(ignored.status, 0, "{ignored:?}");
    let pages = folder.run(&["rule", "conflicting-service-fields"]);
    assert!(
        pages.out.contains("# conflicting-launch-settings")
            && pages.out.contains("# conflicting-volume-settings")
    );
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
fn repaired_standard_input_goes_to_standard_output() {
    let folder = Folder::new("stdin-fix");
    let ran = folder.run_with(&["check", "-", "--fix", "--format", "concise"], TYPO);
    assert_eq!((ran.status, &*ran.out), (0, &*TYPO.replace("RunTasks", "RunTask")));
    assert!(ran.err.contains("1 fixed"), "{}", ran.err);
    // What needs no repair comes back as it is, with what is found beside it.
    let ran = folder.run_with(&["check", "-", "--fix", "--format", "concise"], BROKEN);
    assert_eq!((ran.status, &*ran.out), (1, BROKEN));
    assert!(ran.err.contains("stdin.json:1:") && ran.err.contains("missing-effect"), "{}", ran.err);
    let ran = folder.run_with(&["check", "-", "--diff"], TYPO);
    assert!(ran.status == 1 && ran.out.starts_with("--- stdin.json\n"), "{ran:?}");
}

#[test]
fn what_is_empty_or_closed_is_said() {
    let folder = Folder::new("empty").with("empty.json", "").with("clean.json", CLEAN);
    for (arguments, words) in [
        (&["check", "-"][..], "note: stdin.json is empty"),
        (&["check", "empty.json", "clean.json"], "note: empty.json is empty"),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.status, 0);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    if cfg!(unix) {
        let closed = Command::new("sh")
            .args(["-c", "\"$0\" check - <&-", env!("CARGO_BIN_EXE_passrole")])
            .current_dir(&folder.path)
            .output()
            .unwrap();
        let ran = Ran::of(closed);
        assert_eq!(ran.status, 2);
        assert!(ran.err.contains("error: -: standard input is closed"), "{}", ran.err);
        let mut null = Command::new(env!("CARGO_BIN_EXE_passrole"));
        let ran = Ran::of(null.args(["check", "-"]).stdin(Stdio::null()).output().unwrap());
        assert_eq!(ran.status, 0, "the null device is empty, not closed: {}", ran.err);
    }
}

#[test]
fn a_file_is_looked_at_once_however_it_is_given() {
    let folder = Folder::new("once").with("in/broken.json", BROKEN);
    let absolute = folder.path.join("in/broken.json");
    let absolute = absolute.to_str().unwrap();
    for arguments in [
        &["check", "--format", "json", "in/broken.json", "./in/broken.json"][..],
        &["check", "--format", "json", "in/broken.json", "in"],
        &["check", "--format", "json", "in", "in/../in/broken.json", ".", absolute],
    ] {
        let json = folder.run(arguments).json();
        assert_eq!(json["findings"].as_array().unwrap().len(), 1, "{arguments:?}");
        assert_eq!(json["summary"]["files"], 1, "{arguments:?}");
    }
}

#[test]
fn a_broken_configuration_is_told_once_and_is_no_document() {
    let mut folder = Folder::new("broken-config").with(".passrole.jsonc", "{ \"levle\": \"pedantic\" }");
    for number in 0..20 {
        folder = folder.with(&format!("{}/{number}.json", number % 3), BROKEN);
    }
    let ran = folder.run(&["check", "--format", "concise"]);
    assert_eq!(ran.status, 2);
    assert_eq!(ran.err.matches("did you mean `level`?").count(), 1, "{}", ran.err);
    assert!(ran.out.is_empty(), "what is checked under unknown settings is worth nothing: {}", ran.out);
    let folder = folder.with(".passrole.jsonc", "{ /* a comment */ }");
    let ran = folder.run(&["check", "--format", "json", ".passrole.jsonc", "."]);
    assert_eq!(ran.json()["summary"]["files"], 20);
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_checked() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new("names");
    let name = std::ffi::OsStr::from_bytes(b"l\xe9gal.json");
    std::fs::write(folder.path.join(name), BROKEN).unwrap();
    let ran = folder.run(&["check", "--format", "concise"]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(ran.out.contains("l\u{fffd}gal.json:1:"), "{}", ran.out);
}

#[test]
fn access_is_added_by_name_alone() {
    let folder = Folder::new("grant").with("clean.json", CLEAN);
    for (arguments, words) in [
        (&["check", "--grant", "missing-pass-role"][..], "--fix"),
        (&["check", "--fix", "--unsafe", "--grant", "missing-pass-role"], "cannot be used with"),
        (&["check", "--fix", "--grant", "missing-pas-role"], "did you mean `missing-pass-role`?"),
        (&["check", "--fix", "--grant", "missing-pass-role:x"], "is not a line number"),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.status, 2, "{arguments:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    let ran = folder.run(&["check", "--fix", "--grant", "missing-pass-role"]);
    assert_eq!(ran.status, 0);
    assert!(
        ran.err.contains("no finding of `missing-pass-role` has a repair that adds access"),
        "{}",
        ran.err
    );
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
    let ran = folder.run(&["check", "--format", "concise", "--exit-zero"]);
    assert_eq!(ran.status, 0, "nobody named what cannot be read: {}", ran.err);
    assert!(ran.out.contains("broken.json:1:"), "{}", ran.out);
    for line in ["warning: ./latin.json: not UTF-8 (line 1", "warning: ./utf16.json: UTF-16"] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("links").with("secret.json", CLEAN);
    symlink("nowhere", folder.path.join("dangling.json")).unwrap();
    let ran = folder.run(&["check"]);
    assert_eq!(ran.status, 0, "nobody named it");
    assert!(ran.err.contains("warning: ./dangling.json: a link that leads nowhere"), "{}", ran.err);
    let ran = folder.run(&["check", "dangling.json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("error: dangling.json: a link that leads nowhere"), "{}", ran.err);
    std::fs::remove_file(folder.path.join("dangling.json")).unwrap();
    let secret = folder.path.join("secret.json");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o0)).unwrap();
    let ran = folder.run(&["check", "secret.json"]);
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
    assert_eq!(ran.status, 1, "{}", ran.err);
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

#[test]
fn what_no_finding_can_tell_is_told_on_standard_error() {
    let policy = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [{ Effect = \"allow\", Action = \"ecs:ListClusters\", Resource = \"*\" }] })\n}\n";
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_string()
        + &(1..9)
            .map(|it| {
                format!(
                    "b{it}: &b{it} [{}]\n",
                    vec![if it == 1 { "*a".to_string() } else { format!("*b{}", it - 1) }; 9].join(", ")
                )
            })
            .collect::<String>()
        + "Statement: *b8\n";
    let task = format!(
        "{{ \"family\": \"web\", \"containerDefinitions\": [], \"tags\": [] }}{}",
        " ".repeat(1 << 20)
    );
    let folder = Folder::new("untold")
        .with("mark.tf", format!("\u{feff}{policy}"))
        .with("typed.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = é")
        .with("bomb.yaml", bomb)
        .with("large.json", task);
    let ran = folder.run(&["check", "--format", "concise", "--select", "invalid-effect"]);
    // A mark at the start is no part of a block.
    assert_eq!(ran.out.lines().count(), 1, "{ran:?}");
    assert!(ran.out.starts_with("mark.tf:2:"), "{}", ran.out);
    for (file, words) in [
        ("typed.tf: line 2: not HCL: ", ""),
        ("bomb.yaml: line ", "stand for more than 8 MB"),
        ("large.json: larger than 1 MiB", "other files are not compared with it"),
    ] {
        let told = ran.err.lines().filter(|line| line.contains(file) && line.contains(words)).count();
        assert_eq!(told, 1, "{file}: {}", ran.err);
    }
}

#[test]
fn the_templates_of_a_cloud_assembly_are_checked_though_git_ignores_them() {
    let template = |action: &str| {
        format!(
            r#"{{"Resources":{{"P":{{"Type":"AWS::IAM::ManagedPolicy","Properties":{{"PolicyDocument":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}}}}}}}}}"#
        )
    };
    let stack = |file: &str| {
        format!(
            r#"{{"artifacts":{{"S":{{"type":"aws:cloudformation:stack","properties":{{"templateFile":"{file}"}}}},"T":{{"type":"cdk:tree"}}}}}}"#
        )
    };
    let root = r#"{"artifacts":{"A":{"type":"cdk:cloud-assembly","properties":{"directoryName":"assembly-A"}},"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.template.json"}}}}"#;
    let folder = Folder::new("cdk")
        .with(".gitignore", "cdk.out\n")
        .with("cdk.out/manifest.json", root)
        .with("cdk.out/S.template.json", template("s3:GetObjekt"))
        .with("cdk.out/x.nested.template.json", template("s3:PutObjekt"))
        .with("cdk.out/assembly-A/manifest.json", stack("T.template.json"))
        .with("cdk.out/assembly-A/T.template.json", template("s3:DeletObject"))
        .with("broken/manifest.json", "{ \"artifacts\": 1 }");
    let ran = folder.run(&["check", "--cdk", "cdk.out", "--format", "json"]);
    let found: Vec<String> = ran.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["path"].as_str().unwrap().replace('\\', "/"))
        .collect();
    assert_eq!(
        found,
        ["cdk.out/S.template.json", "cdk.out/assembly-A/T.template.json", "cdk.out/x.nested.template.json"]
    );
    let broken = folder.run(&["check", "--cdk", "broken"]);
    assert!(broken.err.contains("manifest.json"), "{}", broken.err);
    assert_eq!(broken.status, 2);
}

/// What a construct or a module made is told by the name that people know it by.
#[test]
fn a_finding_tells_which_construct_or_address_it_belongs_to() {
    let template = r#"{"Resources":{"P12AB":{"Type":"AWS::IAM::ManagedPolicy","Metadata":{"aws:cdk:path":"Web/TaskRole/Policy/Resource"},"Properties":{"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObjekt","Resource":"*"}]}}}}}"#;
    let stack = r#"{"artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.template.json"}}}}"#;
    let plan = r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"child_modules":[{"resources":[{"address":"module.a.aws_iam_policy.p[0]","type":"aws_iam_policy","values":{"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObjekt\",\"Resource\":\"*\"}]}"}}]}]}}}"#;
    let folder = Folder::new("origin")
        .with("cdk.out/manifest.json", stack)
        .with("cdk.out/S.template.json", template)
        .with("plan.json", plan);
    let arguments = ["check", "--cdk", "cdk.out", "plan.json", "--select", "unknown-action", "--format"];
    let run = |format| folder.run(&[&arguments[..], &[format]].concat());
    let text = run("text");
    for origin in ["`Web/TaskRole/Policy`", "`module.a.aws_iam_policy.p[0]`"] {
        assert!(text.out.contains(origin), "{}", text.out);
    }
    let json = run("json").json();
    let mut origins: Vec<&str> =
        json["findings"].as_array().unwrap().iter().map(|it| it["origin"].as_str().unwrap()).collect();
    origins.sort_unstable();
    assert_eq!(origins, ["Web/TaskRole/Policy", "module.a.aws_iam_policy.p[0]"]);
    let sarif = run("sarif").json();
    let location = &sarif["runs"][0]["results"][0]["locations"][0]["logicalLocations"][0];
    assert!(location["fullyQualifiedName"].is_string(), "{sarif}");
}

/// Beside a cloud assembly only what is named is looked at: the current folder, too, if it is.
#[test]
fn the_current_folder_is_looked_at_beside_an_assembly_where_it_is_named() {
    let policy =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObjekt","Resource":"*"}]}"#;
    let folder = Folder::new("beside")
        .with("cdk.out/manifest.json", r#"{"artifacts":{}}"#)
        .with("policy.json", policy);
    let count = |arguments: &[&str]| {
        let arguments = [&["check", "--format", "json", "--select", "unknown-action"], arguments].concat();
        folder.run(&arguments).json()["findings"].as_array().unwrap().len()
    };
    assert_eq!(count(&["--cdk", "cdk.out"]), 0);
    assert_eq!(count(&["--cdk", "cdk.out", "."]), 1);
    assert_eq!(count(&[]), 1);
}

#[test]
fn blocks_of_markdown_are_looked_at_where_that_is_asked_for() {
    let page = "# a\n\n```json\n{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"*\" }] }\n```\n";
    let folder = Folder::new("markdown").with("docs/README.md", page);
    let count = |arguments: &[&str]| {
        let arguments = [&["check", "--format", "json", "--select", "unknown-action"], arguments].concat();
        folder.run(&arguments).json()["findings"].as_array().unwrap().len()
    };
    assert_eq!(count(&["."]), 0);
    assert_eq!(count(&[".", "--markdown"]), 1);
    assert_eq!(count(&["docs/README.md"]), 1);
    folder.run(&["check", "--fix", "docs/README.md"]);
    assert_eq!(folder.read("docs/README.md"), page.replace("GetObjekt", "GetObject"));
}

/// Green means looked at: what is recognised and not read is counted, with its reason.
#[test]
fn what_is_recognised_and_not_read_is_counted() {
    let open = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          - Effect: Allow\n            Action: s3:ListAllMyBuckets\n            Fn::Transform: { Name: AWS::Include }\n";
    let folder = Folder::new("unread")
        .with("a.jsonnet", "local s = { Effect: 'Allow', Action: 's3:GetObject' };\n{ Statement: [s] }\n")
        .with("b.tf.json", "{ \"resource\": ")
        .with("c.yaml", "Statement: [ { Effect: Allow, Action: s3:GetObject\nx: y: z\n")
        .with("open.yaml", open)
        .with("app.ts", "new iam.PolicyStatement({ actions: ['s3:GetObject'] })\n")
        .with("up.sh", "aws iam put-role-policy --policy-document '{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\"}]}'\n")
        .with("fine.ts", "export const a = 1\n");
    let ran = folder.run(&["check", ".", "-v"]);
    let told = ran.out.lines().find(|line| line.starts_with("Not judged: ")).unwrap_or_default();
    assert!(told.contains("1 document open") && told.contains("not read"), "{}", ran.out);
    for words in [
        "a.jsonnet:1: a program in Jsonnet",
        "open.yaml:6: a part of this identity policy",
        "app.ts: a program",
        "up.sh: a program",
    ] {
        assert!(ran.err.contains(words), "{words} in {}", ran.err);
    }
    assert!(!ran.err.contains("fine.ts"), "{}", ran.err);
    assert!(ran.out.contains("b.tf.json") || ran.err.contains("b.tf.json"), "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("c.yaml") || ran.err.contains("c.yaml"), "{} {}", ran.out, ran.err);
    let json = folder.run(&["check", ".", "--format", "json"]).json();
    assert_eq!(json["summary"]["unjudged"]["openDocuments"], 1);
    assert_eq!(folder.run(&["check", "open.yaml", "--fail-on-unjudged", "--fail-on", "never"]).status, 1);
    let quiet = folder.run(&["check", "."]);
    assert!(!quiet.err.contains("app.ts"), "{}", quiet.err);
}

#[test]
fn nothing_of_a_plan_is_printed_or_mended() {
    let plan = r#"{"format_version":"1.2","terraform_version":"1.9.0","variables":{"password":{"value":"hunter2hunter2"}},"planned_values":{"root_module":{"resources":[{"address":"aws_iam_policy.p","type":"aws_iam_policy","values":{"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObjekt\",\"Resource\":\"*\"}]}"},"sensitive_values":{}}]}}}"#;
    let folder = Folder::new("plan").with("plan.json", plan);
    for format in ["text", "json", "sarif", "github", "gitlab"] {
        let ran = folder.run(&["check", "plan.json", "--format", format]);
        assert!(!ran.out.contains("hunter2hunter2"), "{format}: {}", ran.out);
        assert!(ran.out.contains("GetObjekt"), "{format}: {}", ran.out);
    }
    folder.run(&["check", "plan.json", "--fix"]);
    assert_eq!(folder.read("plan.json"), plan);
}

/// Two documents of one name are no module: what one is used for says nothing of the other.
#[test]
fn files_that_make_no_module_lend_each_other_no_uses() {
    let document = |action: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"this\" {{\n  statement {{\n    actions   = [\"{action}\"]\n    resources = [\"*\"]\n  }}\n}}\n"
        )
    };
    let user = "resource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.this.json\n}\n";
    let role = "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = data.aws_iam_policy_document.this.json\n}\n";
    let trust = |folder: &Folder| {
        let json = folder.run(&["check", "--format", "json", "--exit-zero", "a.tf"]).json();
        let found = json["findings"].as_array().unwrap();
        found.iter().filter(|it| it["rule"] == "trust-policy-action").count()
    };
    let used = Folder::new("module").with("a.tf", document("ecs:ListClusters") + user).with("b.tf", role);
    assert_eq!(trust(&used), 1);
    let other = document("sts:AssumeRole") + role;
    let apart =
        Folder::new("no-module").with("a.tf", document("ecs:ListClusters") + user).with("b.tf", other);
    assert_eq!(trust(&apart), 0);
}
