//! What is suppressed is not told, and how one sees it all the same.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod folder;

use folder::{Folder, TYPO};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

const YAML: &str = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: ecs:RunTasks # passrole: ignore[unknown-action] until 2027-03-01: a word of others
    Resource: '*'
";

/// The rules of the findings of `check`, in order.
fn rules(folder: &Folder, more: &[&str]) -> Vec<String> {
    let json = folder.run(&[&["check", "--format", "json", "--exit-zero"], more].concat()).json();
    json["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap().to_string()).collect()
}

#[test]
fn a_comment_keeps_a_finding_from_being_told() {
    let folder = Folder::new("suppressed").with("policy.yaml", YAML);
    let day = ["--today", "2027-03-01"];
    assert_eq!(rules(&folder, &day), [""; 0]);
    assert_eq!(rules(&folder, &["--no-suppressions"]), ["unknown-action"]);
    let ran = folder.run(&["check", "--today", "2027-03-01"]);
    assert!(ran.out.contains("1 finding is suppressed"), "{ran:?}");
    assert_eq!(ran.err, "");
    // No fix touches it.
    folder.run(&["check", "--fix", "--today", "2027-03-01"]);
    assert_eq!(folder.read("policy.yaml"), YAML);
}

#[test]
fn a_comment_is_about_its_own_line() {
    let more = "  - Effect: Deny\n    Action: ecs:StopTasks\n    Resource: '*'\n";
    let folder = Folder::new("suppressed-line").with("policy.yaml", format!("{YAML}{more}"));
    assert_eq!(rules(&folder, &["--today", "2027-03-01"]), ["unknown-action"]);
    assert_eq!(rules(&folder, &["--no-suppressions"]), ["unknown-action", "unknown-action"]);
}

#[test]
fn what_is_over_is_noted_and_told_only_on_demand() {
    let folder = Folder::new("expired").with("policy.yaml", YAML);
    let ran = folder.run(&["check", "--fail-on", "warning", "--today", "2027-03-02"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(
        ran.err.contains("policy.yaml:4: `unknown-action` is suppressed until 2027-03-01, which is over")
    );
    assert_eq!(rules(&folder, &["--strict-expiry", "--today", "2027-03-02"]), ["unknown-action"]);
    assert_eq!(rules(&folder, &["--strict-expiry", "--today", "2027-03-01"]), [""; 0]);
    let sarif = ["check", "--format", "sarif", "--strict-expiry", "--today", "2027-03-02"];
    let results = folder.run(&sarif).json()["runs"][0]["results"].clone();
    assert!(results[0]["ruleId"] == "unknown-action" && results[0]["suppressions"].is_null(), "{results:#}");
}

#[test]
fn the_configuration_suppresses_by_name_and_by_pointer() {
    let row = |row: &str| {
        format!("{{ \"exceptions\": [{{ \"rules\": [\"unknown-action\"], \"reason\": \"theirs\"{row} }}] }}")
    };
    let folder = Folder::new("rows").with("a/typo.json", TYPO).with("b/typo.json", TYPO);
    for (more, left) in [
        ("", 0),
        (r#", "files": "a/*.json""#, 1),
        (r#", "files": ["a/**", "b/**"]"#, 0),
        (r#", "anchor": "Deploy""#, 0),
        (r#", "anchor": "Deplo""#, 2),
        (r#", "anchor": "/Statement/0""#, 0),
        (r#", "anchor": "/Statement/0/Action""#, 0),
        (r#", "anchor": "/Statement/0/Act""#, 2),
    ] {
        let folder = Folder::new("rows-of-one").with(".passrole.jsonc", row(more));
        let folder = folder.with("a/typo.json", TYPO).with("b/typo.json", TYPO);
        let found = rules(&folder, &[]);
        assert_eq!(found.iter().filter(|rule| *rule == "unknown-action").count(), left, "{more}");
        let is_unused = found.iter().any(|rule| rule == "unused-suppression");
        assert_eq!(is_unused, left == 2, "{more}: what keeps nothing is told");
    }
    drop(folder);
    let module = "resource \"aws_iam_role_policy\" \"web\" {
  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"ecs:RunTasks\", Resource = \"*\" }] })
}
";
    let folder = Folder::new("rows-of-a-module").with("main.tf", module);
    let folder = folder.with(".passrole.jsonc", row(r#", "anchor": "aws_iam_role_policy.web""#));
    assert_eq!(rules(&folder, &[]), [""; 0]);
}

/// What a rule was called before names all that have come of it; with a case, the one that has it.
#[test]
fn a_suppression_may_name_a_rule_as_it_was_called_before() {
    let service = |comment: &str| {
        format!(
            "{{
  \"serviceName\": \"web\", \"taskDefinition\": \"web\", \"launchType\": \"EC2\",
  \"platformVersion\": \"LATEST\"{comment}
}}
"
        )
    };
    let folder = Folder::new("formerly").with("service.jsonc", service(""));
    let found = ["conflicting-launch-settings"];
    assert_eq!(rules(&folder, &["--select", found[0]]), found);
    for (name, left) in [
        ("conflicting-service-fields", 0),
        ("conflicting-service-fields/platform-version", 0),
        ("conflicting-service-fields/ebs-size", 1),
        ("conflicting-volume-settings", 1),
    ] {
        let comment = format!(" // passrole: ignore[{name}]: theirs");
        let folder = Folder::new("formerly-in-a-comment").with("service.jsonc", service(&comment));
        assert_eq!(rules(&folder, &["--select", found[0]]).len(), left, "{name}");
        // It is in use, and known: nothing is said of the suppression itself.
        let of_it = rules(&folder, &["--select", "invalid-suppression"]);
        assert_eq!(of_it, [""; 0], "{name}");
        let row = format!("{{ \"exceptions\": [{{ \"rules\": [{name:?}], \"reason\": \"theirs\" }}] }}");
        let folder = Folder::new("formerly-in-a-row").with(".passrole.jsonc", row);
        let folder = folder.with("service.jsonc", service(""));
        assert_eq!(rules(&folder, &["--select", found[0]]).len(), left, "{name} in a row");
    }
}

#[test]
fn exceptions_are_listed_with_what_they_keep() {
    let unused = "# passrole: ignore-file[old-version]: nobody knows\n";
    let folder =
        Folder::new("listed").with("policy.yaml", format!("{unused}{YAML}")).with("typo.json", TYPO).with(
            ".passrole.jsonc",
            r#"{ "exceptions": [
  { "files": "typo.json", "anchor": "Deploy", "rules": ["unknown-action"], "reason": "theirs" }
] }"#,
        );
    let ran = folder.run(&["exceptions", "--today", "2027-04-01"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let place = folder.path.join(".passrole.jsonc");
    assert_eq!(
        ran.out,
        format!(
            "policy.yaml:1: old-version (keeps nothing): nobody knows
policy.yaml:5: unknown-action, until 2027-03-01: over (keeps 1 finding): a word of others
{}:2: unknown-action at Deploy (keeps 1 finding): theirs
3 suppressions.
",
            place.display()
        )
    );
    let json = folder.run(&["exceptions", "--format", "json", "--today", "2027-04-01"]).json();
    assert_eq!(json["exceptions"][1]["expired"], true);
    assert_eq!(json["exceptions"][2]["origin"], "configuration");
    let sarif = folder.run(&["check", "--format", "sarif", "--today", "2026-12-01"]).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let kinds: Vec<&Value> = results.iter().map(|it| &it["suppressions"][0]["kind"]).collect();
    assert_eq!(kinds, [&Value::Null, &"inSource".into(), &"external".into()], "{sarif:#}");
    assert_eq!(results[2]["suppressions"][0]["justification"], "theirs");
}

#[test]
fn a_broken_row_ends_the_run_with_its_place() {
    let folder = Folder::new("broken-row").with("typo.json", TYPO).with(
        ".passrole.jsonc",
        "{ \"exceptions\": [\n  { \"rules\": [\"unknown-actions\"], \"reason\": \"x\" }\n] }",
    );
    let ran = folder.run(&["check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains(".passrole.jsonc:2:15: there is no rule or group `unknown-actions`"), "{ran:?}");
}

const TEMPLATE: &str = "Resources:
  Deploy:
    Type: AWS::IAM::ManagedPolicy
    Metadata:
      passrole:
        ignore:
          - rule: unknown-action
            reason: theirs
            until: \"2027-03-01\"
            owner: team web
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: 'ecs:RunTasks', Resource: '*' }
  Other:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: 'ecs:RunTasks', Resource: '*' }
";

#[test]
fn metadata_of_a_template_suppresses() {
    let json = r#"{ "Resources": { "Deploy": { "Type": "AWS::IAM::ManagedPolicy",
        "Metadata": { "passrole": { "ignore": [{ "rules": ["unknown-action"], "reason": "theirs" }] } },
        "Properties": { "PolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ecs:RunTasks", "Resource": "*" }] } } } } }"#;
    let day = ["--today", "2027-01-01"];
    let folder = Folder::new("metadata").with("a.yaml", TEMPLATE);
    assert_eq!(rules(&folder, &day), ["unknown-action"], "the other resource is told");
    let listed = folder.run(&["exceptions", "--format", "json"]).json();
    let row = &listed["exceptions"][0];
    assert_eq!(
        (&row["origin"], &row["owner"], &row["findings"]),
        (&"metadata".into(), &"team web".into(), &1.into())
    );
    let sarif = folder.run(&["check", "--format", "sarif"]).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|it| it["suppressions"][0]["kind"] == "inSource"), "{sarif:#}");
    assert_eq!(rules(&Folder::new("metadata-json").with("a.json", json), &day), [""; 0]);
    // Of the whole template.
    let (metadata, plain) =
        ("\nMetadata:\n  passrole:\n    ignore:\n      - { rule: unknown-action, reason: theirs }\n", {
            let (before, rest) = TEMPLATE.split_once("    Metadata:").unwrap();
            let (_, after) = rest.split_once("    Properties:").unwrap();
            format!("{before}    Properties:{after}")
        });
    let folder = Folder::new("metadata-whole").with("a.yaml", format!("{plain}{metadata}"));
    assert_eq!(rules(&folder, &day), [""; 0]);
    // What is wrong is told.
    for (wrong, expected) in [
        ("rule: unknown-acton", "there is no rule or group `unknown-acton`; did you mean `unknown-action`?"),
        (
            "roole: unknown-action",
            "this suppression is not understood: `rule`, `rules`, `reason`, `until` or `owner` is expected here",
        ),
        ("rule: unused-volume", "nothing here is found by `unused-volume`"),
    ] {
        let text = TEMPLATE.replace("rule: unknown-action", wrong);
        let folder = Folder::new("metadata-wrong").with("a.yaml", text);
        let ran = folder.run(&["check", "--format", "concise", "--today", "2027-01-01", "--exit-zero"]);
        assert!(ran.out.contains(expected), "{wrong}: {}", ran.out);
    }
}

/// What `check` says of rows of a configuration that keep nothing, with its place.
#[test]
fn a_row_that_keeps_nothing_is_told_at_its_place() {
    let told = |row: &str, more: &[&str]| {
        let folder = Folder::new("rows-unused").with("a/typo.json", TYPO).with(
            ".passrole.jsonc",
            format!("{{ \"exceptions\": [\n  {{ \"reason\": \"theirs\", {row} }}\n] }}"),
        );
        let ran = folder.run(&[&["check", "--format", "concise", "--exit-zero"], more].concat());
        let own = |line: &&str| line.contains("unused-suppression");
        ran.out.lines().filter(own).map(str::to_string).collect::<Vec<_>>()
    };
    let unknown = r#""rules": ["unknown-action"]"#;
    for (row, expected) in [
        (
            format!("{unknown}, \"anchor\": \"Deplo\""),
            "nothing in the files of this exception is called `Deplo`",
        ),
        (format!("{unknown}, \"anchor\": \"/Statement/1\""), "is called `/Statement/1`"),
        (format!("{unknown}, \"files\": \"b/**\""), "this exception is about no file that is looked at"),
        (r#""rules": ["duplicate-sid"]"#.to_string(), "is found by `duplicate-sid`"),
    ] {
        let found = told(&row, &[]);
        assert!(found.len() == 1 && found[0].contains(expected), "{row}: {found:?}");
        assert!(found[0].starts_with(".passrole.jsonc:2:3"), "{found:?}");
        // What one file tells is not enough, and a rule that does not run says nothing.
        assert_eq!(told(&row, &["a/typo.json"]), [""; 0], "{row}");
    }
    for (row, more) in [
        (unknown.to_string(), &[][..]),
        (format!("{unknown}, \"anchor\": \"/Statement/0/Action\""), &[]),
        (r#""rules": ["duplicate-sid"]"#.to_string(), &["--ignore", "duplicate-sid"]),
        (format!("{unknown}, \"anchor\": \"Deplo\""), &["--no-suppressions"]),
        (format!("{unknown}, \"anchor\": \"Deplo\""), &["--ignore", "unused-suppression"]),
    ] {
        assert_eq!(told(&row, more), [""; 0], "{row} {more:?}");
    }
}

const FOR_ALL: &str = "resource \"aws_iam_role_policy\" \"web\" {
  policy = jsonencode({
    Version   = \"2012-10-17\"
    Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }]
  })
}
";

/// The rules that are told of a file where suppressions of those tools are honoured, and what `exceptions` lists.
fn honoured(tools: &str, name: &str, text: &str) -> (Vec<String>, Value) {
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);
    let folder =
        Folder::new(&format!("honoured-{}", FOLDERS.fetch_add(1, Ordering::Relaxed))).with(name, text);
    let folder = match tools {
        "" => folder,
        tools => folder.with(".passrole.jsonc", format!("{{ \"honour\": [{tools}] }}")),
    };
    let listed = folder.run(&["exceptions", "--format", "json"]).json();
    (rules(&folder, &[]), listed["exceptions"].clone())
}

#[test]
fn suppressions_of_other_tools_count_where_they_are_honoured() {
    let found = honoured("", "main.tf", FOR_ALL).0;
    assert_eq!(found, ["allow-everything"]);
    let with = |line: &str, comment: &str| FOR_ALL.replace(line, &format!("{comment}\n{line}"));
    let block = "resource \"aws";
    for (tool, text) in [
        ("checkov", with("  policy", "  # checkov:skip=CKV_AWS_62: an admin's role")),
        ("checkov", with("  policy", "  #checkov:skip=CKV_AWS_290,CKV_AWS_62:an admin's role")),
    ] {
        let (told, listed) = honoured(&format!("\"{tool}\""), "main.tf", &text);
        assert_eq!(told, [""; 0], "{text}");
        let row = &listed[0];
        assert_eq!((&row["origin"], &row["reason"]), (&tool.into(), &"an admin's role".into()), "{listed:#}");
        assert_eq!(row["findings"], 1);
        // Nobody asked for it, or for another tool.
        assert_eq!(honoured("", "main.tf", &text).0, found, "{text}");
        assert_eq!(honoured("\"trivy\"", "main.tf", &text).0, found, "{text}");
    }
    for text in [
        with(block, "# checkov:skip=CKV_AWS_62: outside of the block"),
        format!("{FOR_ALL}# checkov:skip=CKV_AWS_62: behind it\n"),
        with("  policy", "  # checkov:skip=CKV_AWS_999: no rule covers it"),
        with("  policy", "  # checkov:skip=: nothing"),
        with("  policy", "  # checkov:skip=CKV_AWS_290: says less than the rule that covers it"),
    ] {
        assert_eq!(honoured("\"checkov\"", "main.tf", &text).0, found, "{text}");
    }
    // Other blocks are not meant.
    let two =
        format!("{}{}", with("  policy", "  # checkov:skip=CKV_AWS_62: x"), FOR_ALL.replace("web", "other"));
    assert_eq!(honoured("\"checkov\"", "main.tf", &two).0, found);
}

const PASSES: &str = "resource \"aws_iam_role_policy\" \"web\" {
  policy = jsonencode({
    Version   = \"2012-10-17\"
    Statement = [{ Effect = \"Allow\", Action = \"iam:PassRole\", Resource = \"*\" }]
  })
}
";

#[test]
fn comments_above_what_they_are_about_count_for_all_of_it() {
    let found = honoured("", "main.tf", PASSES).0;
    assert_eq!(found, ["pass-role-any-resource"]);
    let with = |line: &str, comment: &str| PASSES.replace(line, &format!("{comment}\n{line}"));
    let all = "\"tfsec\", \"trivy\", \"semgrep\"";
    for comment in [
        "#tfsec:ignore:aws-iam-filter-passrole-access",
        "# trivy:ignore:AVD-AWS-0342",
        "# trivy:ignore:AWS-0342:exp:2099-01-01 the vendor's role",
        "// tfsec:ignore:aws-iam-no-policy-wildcards tfsec:ignore:aws-iam-filter-passrole-access",
    ] {
        for line in ["resource \"aws", "  policy", "    Statement"] {
            assert_eq!(honoured(all, "main.tf", &with(line, comment)).0, [""; 0], "{comment} {line}");
        }
        assert_eq!(honoured(all, "main.tf", &with("    Version", comment)).0, found, "{comment}");
        assert_eq!(honoured("\"checkov\"", "main.tf", &with("  policy", comment)).0, found, "{comment}");
    }
    for comment in ["# trivy:ignore:AWS-0342:ws:dev", "# trivy:ignore:*", "# nosemgrep", "# nosemgrep: other"]
    {
        assert_eq!(honoured(all, "main.tf", &with("  policy", comment)).0, found, "{comment}");
    }
}

#[test]
fn metadata_of_other_tools_counts() {
    let template = |metadata: &str| {
        let text = "Resources:
  Deploy:
    Type: AWS::IAM::ManagedPolicy
    Metadata:
      METADATA
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: '*', Resource: '*' }
";
        text.replace("METADATA", metadata)
    };
    let found = honoured("", "a.yaml", &template("a: b")).0;
    assert_eq!(found, ["allow-everything"]);
    for (tool, metadata) in [
        ("checkov", "checkov: { skip: [{ id: CKV_AWS_62, comment: theirs }] }"),
        ("cfn_nag", "cfn_nag: { rules_to_suppress: [{ id: F15, reason: theirs }] }"),
    ] {
        let (told, listed) = honoured(&format!("\"{tool}\""), "a.yaml", &template(metadata));
        assert_eq!(told, [""; 0], "{metadata}");
        assert_eq!((&listed[0]["origin"], &listed[0]["reason"]), (&tool.into(), &"theirs".into()));
        assert_eq!(honoured("", "a.yaml", &template(metadata)).0, found);
    }
    let comment = "# checkov:skip=CKV_AWS_62: theirs\n      a: b";
    assert_eq!(honoured("\"checkov\"", "a.yaml", &template(comment)).0, [""; 0]);
    let folder = Folder::new("honour-broken")
        .with("typo.json", TYPO)
        .with(".passrole.jsonc", "{ \"honour\": [\"tflint\"] }");
    let ran = folder.run(&["check"]);
    assert!(
        ran.status == 2
            && ran.err.contains(".passrole.jsonc:1:14: the tools whose suppressions can be honoured are"),
        "{ran:?}"
    );
}
