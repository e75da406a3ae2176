//! The questions as a script asks them: exit status, JSON, and what is said where there is no answer.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod folder;

use folder::Folder;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const ROLE: &str = "arn:aws:iam::111122223333:role/web-task";

const READS: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::tide/*" }
  ]
}
"#;

fn policy(action: &str, resource: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": resource }] })
        .to_string()
}

fn ask<'a>(action: &'a str, resource: &'a str) -> Vec<&'a str> {
    vec!["can", "--principal", ROLE, "--action", action, "--resource", resource, "--format", "json"]
}

#[test]
fn can_answers_by_the_policies_that_are_given() {
    let folder = Folder::new("can").with("reads.json", READS).with("broken.json", "{ \"Statement\": [").with(
        "tls.json",
        READS.replace("}\n  ]", "},\n    { \"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\", \"Condition\": { \"Bool\": { \"aws:SecureTransport\": \"false\" } } }\n  ]"),
    );
    let run = |action, resource, more: &[&str]| folder.run(&[&ask(action, resource)[..], more].concat());
    let allowed = run("s3:GetObject", "arn:aws:s3:::tide/a", &["--identity", "reads.json"]);
    assert_eq!((allowed.status, &allowed.json()["answer"]), (0, &json!("allowed")));
    assert_eq!(
        allowed.json()["because"],
        json!([{ "file": "reads.json", "statement": 0, "effect": "Allow" }])
    );
    assert_eq!(allowed.json()["notSeen"], json!(["boundary", "session", "scp", "rcp", "resource"]));
    let denied = run("s3:PutObject", "arn:aws:s3:::tide/a", &["--identity", "reads.json"]);
    assert_eq!((denied.status, &denied.json()["answer"]), (0, &json!("denied")));
    assert_eq!(denied.json()["explicit"], false);
    let unknown = run("s3:GetObject", "arn:aws:s3:::tide/a", &["--identity", "tls.json"]);
    assert_eq!((unknown.status, &unknown.json()["answer"]), (0, &json!("unknown")));
    assert_eq!(unknown.json()["missing"], json!(["aws:SecureTransport"]));
    let closed = run("s3:GetObject", "arn:aws:s3:::tide/a", &["--identity", "tls.json", "--closed"]);
    assert_eq!(closed.json()["answer"], "allowed");
    for (action, resource, more, words) in [
        ("s3:Get*", "arn:aws:s3:::tide/a", &["--identity", "reads.json"][..], "wildcard"),
        ("s3GetObject", "arn:aws:s3:::tide/a", &["--identity", "reads.json"], "is not an action"),
        ("s3:GetObject", "tide/a", &["--identity", "reads.json"], "is not an ARN"),
        (
            "ecs:RunTask",
            "arn:aws:ecs:eu-west-1:111122223333:task-definition/*",
            &["--identity", "reads.json"],
            "wildcard",
        ),
        ("s3:GetObject", "arn:aws:s3:::tide/a", &["--identity", "missing.json"], "missing.json"),
        ("s3:GetObject", "arn:aws:s3:::tide/a", &["--identity", "broken.json"], "broken.json:1:"),
        ("s3:GetObject", "arn:aws:s3:::tide/a", &["--context", "x", "--identity", "reads.json"], "KEY=VALUE"),
    ] {
        let ran = run(action, resource, more);
        assert_eq!(ran.status, 2, "{action} {resource} {more:?}: {}", ran.out);
        assert!(ran.out.is_empty() && ran.err.contains(words), "{words}: {}", ran.err);
    }
    let odd = run("s3:GetObjekt", "arn:aws:s3:::tide/a", &["--identity", "reads.json"]);
    assert_eq!(odd.status, 0);
    assert!(odd.json()["notes"][0].as_str().unwrap().contains("no action that passrole knows"));
}

const MODULE: &str = r#"resource "aws_iam_role" "task" {
  name               = "web-task"
  assume_role_policy = "{}"
}

data "aws_iam_policy_document" "task" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::tide/*"]
  }
}

resource "aws_iam_role_policy" "task" {
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.task.name
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess"
}

resource "aws_iam_user" "ann" {
  name = "ann"
}

resource "aws_iam_user_policy" "ann" {
  user   = aws_iam_user.ann.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] })
}
"#;

#[test]
fn can_takes_the_role_or_user_of_the_project() {
    let folder = Folder::new("can-project").with("main.tf", MODULE);
    let ask = |principal: &str, action: &str, resource: &str| {
        let arguments =
            ["can", "--principal", principal, "--action", action, "--resource", resource, "--format", "json"];
        folder.run(&arguments)
    };
    for principal in
        [ROLE, "web-task", "aws_iam_role.task", "arn:aws:sts::111122223333:assumed-role/web-task/x"]
    {
        let ran = ask(principal, "s3:GetObject", "arn:aws:s3:::tide/a");
        assert_eq!(ran.status, 0, "{principal}: {}", ran.err);
        assert_eq!(ran.json()["answer"], "allowed", "{principal}: {}", ran.out);
        assert_eq!(ran.json()["because"][0]["file"], "main.tf");
        // What AWS manages is known.
        let managed =
            ask(principal, "logs:DescribeLogGroups", "arn:aws:logs:eu-west-1:111122223333:log-group:x");
        assert_eq!(managed.json()["answer"], "allowed", "{}", managed.out);
        assert_eq!(ask(principal, "s3:PutObject", "arn:aws:s3:::tide/a").json()["answer"], "denied");
    }
    let user = ask("ann", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q");
    assert_eq!(user.json()["answer"], "allowed", "{}", user.err);
    let nobody = ask("arn:aws:iam::111122223333:role/nobody", "s3:GetObject", "arn:aws:s3:::tide/a");
    assert!(nobody.status == 2 && nobody.err.contains("no role and no user called"), "{}", nobody.err);
    let folder = folder.with("other/main.tf", MODULE);
    let two = folder.run(&[
        "can",
        "--principal",
        "web-task",
        "--action",
        "s3:GetObject",
        "--resource",
        "arn:aws:s3:::tide/a",
    ]);
    assert_eq!(two.status, 2);
    assert!(two.err.contains("main.tf") && two.err.contains("other/main.tf"), "{}", two.err);
}

const REFUSED: &str = "User: arn:aws:sts::111122223333:assumed-role/web-task/x is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::tide/a because no identity-based policy allows the s3:PutObject action";

#[test]
fn explain_shows_what_would_change_in_the_project() {
    let folder = Folder::new("explain").with("main.tf", MODULE);
    let ran = folder.run(&["explain", REFUSED, "--format", "json"]);
    let message = &ran.json()["messages"][0];
    assert_eq!((ran.status, &message["cause"]), (0, &json!("no-statement")));
    let change = &message["changes"][0];
    assert_eq!((&change["path"], &change["grants"]), (&json!("main.tf"), &json!(true)), "{message:#}");
    let diff = change["diff"].as_str().unwrap();
    assert!(diff.contains("+    actions   = [\"s3:PutObject\"]") || diff.contains("+    actions"), "{diff}");
    // Nothing was changed.
    assert_eq!(folder.read("main.tf"), MODULE);
    // What must never be granted is not offered.
    let folder = folder.with(
        ".passrole.jsonc",
        r#"{ "never": [{ "actions": ["s3:Put*"], "reason": "nobody writes there" }] }"#,
    );
    let message = folder.run(&["explain", REFUSED, "--format", "json"]).json()["messages"][0].clone();
    assert_eq!(message["changes"], json!([]), "{message:#}");
    assert!(message["advice"].to_string().contains("forbidden-access"), "{message:#}");
    let text = folder.run(&["explain", "-"]);
    assert!(text.status == 0 && text.out.contains("Not understood"), "{}", text.out);
    let long = "x".repeat(1 << 20);
    let ran = folder.run_with(&["explain", "-"], &long);
    assert!(ran.status == 0 && ran.out.contains("Not understood"));
}

#[test]
fn explain_adds_to_json_where_one_statement_stands_for_a_list() {
    let one = r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" } }"#;
    let folder = Folder::new("explain-json").with("iam/web-task-policy.json", one);
    let message = folder.run(&["explain", REFUSED, "--format", "json"]).json()["messages"][0].clone();
    let diff = message["changes"][0]["diff"].as_str().unwrap_or_else(|| panic!("{message:#}")).to_string();
    assert!(diff.contains("s3:PutObject"), "{diff}");
}

#[test]
fn diff_compares_two_policies() {
    let folder = Folder::new("diff")
        .with("old.json", policy("s3:GetObject", "arn:aws:s3:::tide/*"))
        .with("new.json", policy("s3:Get*", "arn:aws:s3:::tide/*"))
        .with("broken.json", "{");
    let gate = folder.run(&["diff", "old.json", "new.json", "--format", "json", "--fail-on-new-access"]);
    assert_eq!(gate.status, 1);
    let json = gate.json();
    assert_eq!(json["same"], false);
    assert!(json["gained"][0]["witness"]["action"].as_str().unwrap().starts_with("s3:Get"), "{json:#}");
    let back = folder.run(&["diff", "new.json", "old.json", "--format", "json", "--fail-on-new-access"]);
    assert_eq!((back.status, back.json()["lost"].as_array().unwrap().is_empty()), (0, false));
    let same = folder.run(&["diff", "old.json", "old.json", "--format", "json", "--fail-on-new-access"]);
    assert_eq!((same.status, &same.json()["same"]), (0, &json!(true)));
    for arguments in
        [&["diff", "old.json", "broken.json"][..], &["diff", "old.json", "no.json"], &["diff", "old.json"]]
    {
        assert_eq!(folder.run(arguments).status, 2, "{arguments:?}");
    }
}

#[test]
fn diff_keeps_kinds_of_policies_apart() {
    let trust = |who: &str| {
        json!({ "Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Principal": { "AWS": who }, "Action": "sts:AssumeRole" }] },
            "Policies": [{ "PolicyName": "p", "PolicyDocument": { "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*" }] } }] } })
    };
    let template = |who: &str| {
        json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": { "Role": trust(who) } }).to_string()
    };
    let folder = Folder::new("diff-kinds")
        .with("old.json", template("arn:aws:iam::111122223333:root"))
        .with("new.json", template("*"));
    let json = folder.run(&["diff", "old.json", "new.json", "--format", "json"]).json();
    assert_eq!(json["gained"].as_array().unwrap().len(), 1, "{json:#}");
    assert_eq!(json["gained"][0]["principal"], json!({ "AWS": "*" }));
    assert_eq!(json["lost"], json!([]));
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository of its own, with one commit.
fn repository(name: &str, files: &[(&str, String)]) -> Folder {
    let mut folder = Folder::new(name);
    std::fs::remove_dir(folder.path.join(".git")).unwrap();
    for (name, text) in files {
        folder = folder.with(name, text);
    }
    git(&folder.path, &["init", "-q"]);
    git(&folder.path, &["add", "-A"]);
    git(&folder.path, &["commit", "-qm", "one"]);
    folder
}

#[test]
fn diff_compares_a_project_with_a_revision() {
    let folder = repository(
        "diff-since",
        &[
            ("iam/web-task-policy.json", policy("s3:GetObject", "arn:aws:s3:::tide/*")),
            ("iam/same.json", policy("sqs:SendMessage", "*")),
            ("iam/moved.json", policy("sns:Publish", "*")),
        ],
    );
    let since =
        |more: &[&str]| folder.run(&[&["diff", "--since", "HEAD", "--format", "json"][..], more].concat());
    assert_eq!(since(&[]).json()["same"], true);
    std::fs::rename(folder.path.join("iam/moved.json"), folder.path.join("iam/elsewhere.json")).unwrap();
    let moved = since(&["--fail-on-new-access"]);
    let lost: Vec<Value> = moved.json()["lost"].as_array().unwrap().clone();
    assert!(moved.json()["gained"].as_array().unwrap().is_empty() == lost.is_empty(), "{}", moved.out);
    std::fs::rename(folder.path.join("iam/elsewhere.json"), folder.path.join("iam/moved.json")).unwrap();
    std::fs::write(folder.path.join("iam/web-task-policy.json"), policy("s3:*", "arn:aws:s3:::tide/*"))
        .unwrap();
    let ran = since(&["--fail-on-new-access"]);
    assert_eq!(ran.status, 1, "{}", ran.out);
    let json = ran.json();
    assert_eq!(json["gained"].as_array().unwrap().len(), 1, "{json:#}");
    assert_eq!(json["gained"][0]["file"], "iam/web-task-policy.json");
    // Below a path, and in other formats.
    assert_eq!(folder.run(&["diff", "--since", "HEAD", "iam/same.json", "--fail-on-new-access"]).status, 0);
    for format in ["text", "markdown", "github"] {
        let ran = folder.run(&["diff", "--since", "HEAD", "--format", format]);
        assert!(ran.status == 0 && ran.out.contains("iam/web-task-policy.json"), "{format}: {}", ran.out);
    }
    let unknown = folder.run(&["diff", "--since", "no-such-revision"]);
    assert!(unknown.status == 2 && unknown.err.contains("no-such-revision"), "{}", unknown.err);
    let option = folder.run(&["diff", "--since", "--upload-pack=x"]);
    assert_eq!(option.status, 2, "{}", option.out);
    std::fs::write(folder.path.join("iam/web-task-policy.json"), "{ \"Statement\": [").unwrap();
    assert_eq!(since(&[]).status, 2);
}

#[test]
fn renamed_roles_are_matched_in_templates() {
    let role = |action: &str| {
        json!({ "Type": "AWS::IAM::Role", "Properties": { "RoleName": "web",
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [] },
            "Policies": [{ "PolicyName": "p", "PolicyDocument": serde_json::from_str::<Value>(&policy(action, "*")).unwrap() }] } })
    };
    let template = |id: &str, action: &str| {
        json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": { id: role(action) } }).to_string()
    };
    let folder = repository("diff-renamed", &[("a.json", template("Old", "sqs:SendMessage"))]);
    std::fs::remove_file(folder.path.join("a.json")).unwrap();
    std::fs::write(folder.path.join("b.json"), template("New", "sqs:SendMessage")).unwrap();
    let json = folder.run(&["diff", "--since", "HEAD", "--format", "json"]).json();
    assert_eq!(json["same"], true, "{json:#}");
}

#[test]
fn a_shallow_clone_is_told() {
    let folder = repository("diff-shallow", &[("a.json", policy("sqs:SendMessage", "*"))]);
    git(&folder.path, &["commit", "-q", "--allow-empty", "-m", "two"]);
    let clone = folder.path.join("clone");
    let source = format!("file://{}", folder.path.display());
    git(&folder.path, &["clone", "-q", "--depth", "1", &source, "clone"]);
    let ran = folder.run_in(&clone, &["diff", "--since", "HEAD~1"]);
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(ran.err.contains("HEAD~1"), "{}", ran.err);
    let outside = std::env::temp_dir().join(format!("passrole-no-git-{}", std::process::id()));
    std::fs::create_dir_all(&outside).unwrap();
    let ran = folder.run_in(&outside, &["diff", "--since", "HEAD"]);
    std::fs::remove_dir_all(&outside).unwrap();
    assert!(ran.status == 2 && ran.err.contains("git"), "{}", ran.err);
}

const TASK: &str = r#"{ "family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512",
  "containerDefinitions": [{ "name": "app", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1", "essential": true }] }"#;

#[test]
fn roles_are_printed_in_every_form() {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: cart\n  namespace: shop\n";
    let folder = Folder::new("roles")
        .with("task.json", TASK)
        .with("two.json", format!("[{TASK}, {}]", TASK.replace("\"web\"", "\"other\"")))
        .with("account.yaml", account)
        .with("two.yaml", format!("{account}---\n{}", account.replace("cart", "pay")))
        .with("empty.json", "")
        .with("policy.json", READS);
    let place = ["--account", "111122223333", "--region", "eu-west-1"];
    let run = |more: &[&str]| folder.run(&[&["roles"][..], more, &place[..]].concat());
    let json = run(&["task.json", "--format", "json"]).json();
    assert_eq!(json["schema"], 1);
    for role in ["execution", "task", "deployer"] {
        assert!(json[role]["policies"].is_array() && json[role]["managed"].is_array(), "{json:#}");
    }
    assert!(run(&["task.json", "--format", "cloudformation"]).out.contains("AWS::IAM::Role"));
    assert!(run(&["task.json", "--format", "terraform"]).out.contains("resource \"aws_iam_role\""));
    let placeholders = folder.run(&["roles", "task.json"]);
    assert!(placeholders.out.contains("<REGION>") && placeholders.out.contains("--region"));
    let json = run(&["account.yaml", "--format", "json"]).json();
    let subject = json["irsa"]["trust"]["Statement"][0]["Condition"]["StringEquals"].to_string();
    assert!(subject.contains("system:serviceaccount:shop:cart"), "{json:#}");
    assert!(json["podIdentity"]["trust"].to_string().contains("pods.eks.amazonaws.com"));
    assert_eq!(run(&["two.yaml#shop/pay"]).status, 0);
    for (arguments, words) in [
        (&["two.yaml"][..], "two.yaml#shop/cart"),
        (&["two.yaml#nobody"], "two.yaml#shop/cart"),
        (&["account.yaml", "--role", "execution"], "no such role"),
        (&["empty.json"], "is empty"),
        (&["policy.json"], "holds no task definition"),
        (&["missing.json"], "missing.json"),
        (&["task.json", "--account", "12"], "twelve digits"),
    ] {
        let ran = run(arguments);
        assert!(ran.status == 2 && ran.err.contains(words), "{arguments:?}: {} {}", ran.status, ran.err);
    }
}

#[test]
fn expand_and_shrink() {
    let folder = Folder::new("expand");
    let json = folder.run(&["expand", "ecs:Describe*", "--format", "json"]).json();
    assert!(json["actions"].as_array().unwrap().len() > 5);
    let short = folder.run(&["expand", "--shrink", "ecs:Describe*", "--format", "json"]).json();
    assert_eq!(short["patterns"], json!(["ecs:Describe*"]));
    assert_eq!(folder.run(&["expand", "ecs"]).status, 2);
}

#[test]
fn the_model_is_what_passrole_reads() {
    let template = "Resources:\n  Queue:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      Queues: [!Ref Q]\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          - Effect: Allow\n            Principal: \"*\"\n            Action: sqs:SendMessage\n            Resource: !ImportValue Arn\n";
    let folder =
        Folder::new("model").with("t.yaml", template).with("x.txt", "nothing").with("task.json", TASK);
    let json = folder.run(&["model", "t.yaml", "--format", "json"]).json();
    let document = &json["documents"][0];
    assert_eq!(document["kind"], "resource");
    assert_eq!(document["document"]["Statement"][0]["Action"], "sqs:SendMessage");
    assert!(
        document["document"]["Statement"][0]["Resource"]["$open"].is_string()
            || document["document"]["Statement"][0]["Resource"].get("$open").is_some(),
        "{document:#}"
    );
    assert_eq!(document["units"][0]["start"]["line"], 9);
    let task = folder.run(&["model", "task.json", "--format", "json"]).json();
    assert_eq!(task["documents"][0]["document"]["containerDefinitions"][0]["name"], "app");
    assert!(folder.run(&["model", "task.json"]).out.contains("task definition, 1 containers"));
    assert_eq!(folder.run(&["model", "x.txt", "--format", "json"]).json()["documents"], json!([]));
    assert_eq!(folder.run(&["model", "missing.json"]).status, 2);
}

#[test]
fn what_was_never_used_is_taken_away() {
    let finding = json!({ "resource": ROLE, "resourceType": "AWS::IAM::Role", "findingType": "UnusedPermission",
        "findingDetails": [{ "unusedPermissionDetails": { "serviceNamespace": "s3",
            "actions": [{ "action": "s3:DeleteObject" }, { "action": "s3:PutObject" }] } }] });
    let policy = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject"
      ],
      "Resource": "arn:aws:s3:::tide/*"
    }
  ]
}
"#;
    let folder = Folder::new("unused")
        .with("iam/web-task-policy.json", policy)
        .with("finding.json", finding.to_string())
        .with("broken.json", "{")
        .with("other.json", json!({ "a": 1 }).to_string());
    let ran = folder.run(&["unused", "finding.json", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let json = ran.json();
    let diff = json["changes"][0]["diff"].as_str().unwrap();
    assert!(
        diff.contains("-        \"s3:DeleteObject\"") && diff.contains("-        \"s3:PutObject\","),
        "{diff}"
    );
    assert_eq!((&json["changes"][0]["grants"], &json["difference"]["gained"]), (&json!(false), &json!([])));
    assert!(!json["difference"]["lost"].as_array().unwrap().is_empty());
    assert_eq!(folder.read("iam/web-task-policy.json"), policy);
    assert_eq!(folder.run(&["unused", "broken.json"]).status, 2);
    assert_eq!(folder.run(&["unused", "other.json"]).status, 2);
    let nobody = folder.run(&["unused", "finding.json", "--principal", "nobody"]);
    assert!(nobody.status == 2 && nobody.err.contains("nobody"), "{}", nobody.err);
}
