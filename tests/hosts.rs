//! The same defect in a JSON file, in templates and in modules gives the same finding on the same value.
//!
//! A row is a rule and a document with the defect. The document is written down as JSON, as YAML, as a template in
//! YAML and in JSON, with its policy as an object and as a text, and as a module with `jsonencode`, with a
//! heredoc and with the provider's own blocks. The rule has to find the same in all of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use passrole::analysis::{FileFacts, RuleSet, WantedFixes, check_text, fix_text};
use passrole::diagnostic::{Finding, Level};
use passrole::host::DocumentKind;
use passrole::ide::{self, File, completion::Options};
use passrole::text::{Span, Text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use support::hosts::Kind::{self, Identity, Resource, Task, Trust};
use support::hosts::{HOSTS, given, kind_of};
use support::random::Random;

/// The rule, what the document is, and the document.
fn defects() -> Vec<(&'static str, Kind, Value)> {
    let allow = |statement: Value| {
        let mut whole = json!({ "Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": ["*"] });
        for (name, value) in statement.as_object().unwrap() {
            if value.is_null() {
                whole.as_object_mut().unwrap().shift_remove(name);
            } else {
                whole[name] = value.clone();
            }
        }
        json!({ "Version": "2012-10-17", "Statement": [whole] })
    };
    let resource = |statement: Value| {
        let mut policy = allow(json!({ "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::größe/*"] }));
        let whole = policy["Statement"][0].as_object_mut().unwrap();
        whole.insert("Principal".into(), json!({ "AWS": ["arn:aws:iam::111122223333:role/web"] }));
        for (name, value) in statement.as_object().unwrap() {
            whole.insert(name.clone(), value.clone());
        }
        whole.retain(|_, value| !value.is_null());
        policy
    };
    let trust = |statement: Value| {
        let mut whole = json!({
            "Effect": "Allow",
            "Principal": { "Service": ["ecs-tasks.amazonaws.com"] },
            "Action": ["sts:AssumeRole"],
        });
        for (name, value) in statement.as_object().unwrap() {
            whole[name] = value.clone();
        }
        json!({ "Version": "2012-10-17", "Statement": [whole] })
    };
    // Members of the task and of its one container.
    let task = |head: Value, container: Value| {
        let mut whole = json!({
            "family": "web",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": "arn:aws:iam::111122223333:role/größe",
        });
        let mut inner = json!({ "name": "web", "image": "nginx:1.27", "essential": true });
        for (target, members) in [(&mut whole, head), (&mut inner, container)] {
            for (name, value) in members.as_object().unwrap() {
                if value.is_null() {
                    target.as_object_mut().unwrap().shift_remove(name);
                } else {
                    target[name] = value.clone();
                }
            }
        }
        whole["containerDefinitions"] = json!([inner]);
        whole
    };
    let none = json!({});
    vec![
        ("unknown-action", Identity, allow(json!({ "Action": ["s3:ListAllMyBuckets", "ecs:RunTasks"] }))),
        ("unknown-action", Identity, allow(json!({ "Action": ["ecz:RunTask"] }))),
        ("malformed-action", Identity, allow(json!({ "Action": ["ecs:Run Task"] }))),
        ("malformed-action", Identity, allow(json!({ "Action": ["s3"] }))),
        ("invalid-arn", Identity, allow(json!({ "Action": ["s3:GetObject"], "Resource": ["größe"] }))),
        (
            "arn-part-never-matches",
            Identity,
            allow(
                json!({ "Action": ["ecs:RunTask"], "Resource": ["arn:aws:ecs:eu-west-9:111122223333:task-definition/a:1"] }),
            ),
        ),
        (
            "action-matches-no-resource",
            Identity,
            allow(json!({ "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::größe"] })),
        ),
        (
            "arn-matches-no-resource-type",
            Identity,
            allow(
                json!({ "Action": ["s3:GetObject", "ecs:*"], "Resource": ["arn:aws:s3:::b/*", "arn:aws:ecs:us-east-1:111122223333:größe/q"] }),
            ),
        ),
        (
            "action-needs-all-resources",
            Identity,
            allow(
                json!({ "Action": ["ecs:ListClusters"], "Resource": ["arn:aws:ecs:us-east-1:111122223333:cluster/a"] }),
            ),
        ),
        ("pass-role-any-resource", Identity, allow(json!({ "Action": ["iam:PassRole"] }))),
        (
            "pass-role-without-passed-to-service",
            Identity,
            allow(json!({ "Action": ["iam:PassRole"], "Resource": ["arn:aws:iam::111122223333:role/web"] })),
        ),
        (
            "missing-pass-role",
            Identity,
            allow(json!({ "Action": ["ecs:RegisterTaskDefinition"], "Resource": ["*"] })),
        ),
        ("invalid-effect", Identity, allow(json!({ "Effect": "allow" }))),
        ("invalid-sid", Identity, allow(json!({ "Sid": "with space" }))),
        ("missing-action", Identity, allow(json!({ "Action": null }))),
        ("missing-resource", Identity, allow(json!({ "Resource": null }))),
        ("element-with-its-negation", Identity, allow(json!({ "NotAction": ["s3:GetObject"] }))),
        ("empty-element", Identity, allow(json!({ "Action": [] }))),
        (
            "principal-in-identity-policy",
            Identity,
            allow(json!({ "Principal": { "AWS": ["arn:aws:iam::111122223333:root"] } })),
        ),
        (
            "invalid-condition-operator",
            Identity,
            allow(json!({ "Condition": { "StringEqual": { "aws:PrincipalOrgID": ["o-1"] } } })),
        ),
        (
            "unknown-condition-key",
            Identity,
            allow(json!({ "Condition": { "StringEquals": { "aws:SourceIpp": ["1.2.3.4"] } } })),
        ),
        (
            "condition-key-not-for-action",
            Identity,
            allow(
                json!({ "Action": ["s3:ListAllMyBuckets"], "Condition": { "StringEquals": { "ecs:cluster": ["a"] } } }),
            ),
        ),
        (
            "condition-value-type",
            Identity,
            allow(json!({ "Condition": { "IpAddress": { "aws:SourceIp": ["1.2.3"] } } })),
        ),
        (
            "condition-operator-key-mismatch",
            Identity,
            allow(json!({ "Condition": { "NumericEquals": { "aws:SourceIp": ["1"] } } })),
        ),
        (
            "wildcard-without-like-operator",
            Identity,
            allow(
                json!({ "Condition": { "StringEquals": { "aws:PrincipalArn": ["arn:aws:iam::*:role/größe"] } } }),
            ),
        ),
        (
            "missing-set-operator",
            Identity,
            allow(
                json!({ "Action": ["ecs:TagResource"], "Condition": { "StringEquals": { "aws:TagKeys": ["a"] } } }),
            ),
        ),
        (
            "condition-value-never-matches",
            Identity,
            allow(
                json!({ "Action": ["iam:PassRole"], "Condition": { "StringEquals": { "iam:PassedToService": ["größe", "ecs-tasks"] } } }),
            ),
        ),
        (
            "redundant-condition-value",
            Identity,
            allow(
                json!({ "Condition": { "IpAddress": { "aws:SourceIp": ["203.0.113.0/24", "203.0.113.7"] } } }),
            ),
        ),
        (
            "for-all-values-without-null",
            Identity,
            allow(
                json!({ "Action": ["ecs:TagResource"], "Condition": { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] } } }),
            ),
        ),
        (
            "mfa-check-lets-through",
            Identity,
            allow(json!({ "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": ["true"] } } })),
        ),
        (
            "invalid-policy-variable",
            Identity,
            allow(json!({ "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::größe/${}/*"] })),
        ),
        ("missing-principal", Resource, resource(json!({ "Principal": null }))),
        ("invalid-principal", Resource, resource(json!({ "Principal": { "AWS": ["1234"] } }))),
        (
            "unknown-service-principal",
            Trust,
            trust(json!({ "Principal": { "Service": ["frobnicate.amazonaws.com"] } })),
        ),
        (
            "wrong-service-principal",
            Trust,
            trust(json!({ "Principal": { "Service": ["ecs-task.amazonaws.com"] } })),
        ),
        ("trust-policy-action", Trust, trust(json!({ "Action": ["s3:GetObject"] }))),
        ("trust-policy-resource", Trust, trust(json!({ "Resource": ["*"] }))),
        ("trust-any-principal", Trust, trust(json!({ "Principal": { "AWS": ["*"] } }))),
        (
            "missing-oidc-condition",
            Trust,
            trust(json!({
                "Principal": { "Federated": ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"] },
                "Action": ["sts:AssumeRoleWithWebIdentity"],
            })),
        ),
        ("fargate-size-mismatch", Task, task(json!({ "memory": "777" }), none.clone())),
        ("fargate-network-mode", Task, task(json!({ "networkMode": "bridge" }), none.clone())),
        (
            "fargate-without-execution-role",
            Task,
            task(
                json!({ "executionRoleArn": null }),
                json!({
                    "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1",
                }),
            ),
        ),
        ("unknown-task-field-value", Task, task(json!({ "networkMode": "vpc" }), none.clone())),
        ("unknown-task-field", Task, task(none.clone(), json!({ "portMapping": [{ "containerPort": 80 }] }))),
        (
            "task-field-out-of-range",
            Task,
            task(none.clone(), json!({ "portMappings": [{ "containerPort": 70000 }] })),
        ),
        (
            "host-port-mismatch",
            Task,
            task(none.clone(), json!({ "portMappings": [{ "containerPort": 80, "hostPort": 81 }] })),
        ),
        ("container-over-task", Task, task(none.clone(), json!({ "memory": 1024 }))),
        (
            "secret-in-environment",
            Task,
            task(none.clone(), json!({ "environment": [{ "name": "DB_PASSWORD", "value": "Tr0ub4dör" }] })),
        ),
        (
            "invalid-secret-reference",
            Task,
            task(
                none.clone(),
                json!({ "secrets": [{
                    "name": "DB",
                    "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password",
                }] }),
            ),
        ),
        (
            "duplicate-port",
            Task,
            task(none.clone(), json!({ "portMappings": [{ "containerPort": 80 }, { "containerPort": 80 }] })),
        ),
        (
            "malformed-health-check-command",
            Task,
            task(
                none.clone(),
                json!({ "healthCheck": { "command": ["CMD-SHELL", "curl", "-f", "http://größe/"] } }),
            ),
        ),
        (
            "unknown-capability",
            Task,
            task(
                json!({ "requiresCompatibilities": ["EC2"] }),
                json!({ "linuxParameters": { "capabilities": { "add": ["NET_ADMN"] } } }),
            ),
        ),
        (
            "ulimit-over-hard-limit",
            Task,
            task(none.clone(), json!({ "ulimits": [{ "name": "nofile", "softLimit": 2, "hardLimit": 1 }] })),
        ),
        (
            "invalid-log-option-value",
            Task,
            task(
                none.clone(),
                json!({ "logConfiguration": { "logDriver": "awslogs", "options": {
                    "awslogs-group": "/ecs/web",
                    "awslogs-region": "eu-west-1a",
                    "awslogs-stream-prefix": "web",
                } } }),
            ),
        ),
        (
            "shared-host-namespace",
            Task,
            task(json!({ "requiresCompatibilities": ["EC2"], "pidMode": "host" }), none.clone()),
        ),
        (
            "unknown-volume",
            Task,
            task(
                json!({ "volumes": [{ "name": "größe" }] }),
                json!({ "mountPoints": [{ "sourceVolume": "data", "containerPath": "/d" }] }),
            ),
        ),
        ("unused-volume", Task, task(json!({ "volumes": [{ "name": "data" }] }), none.clone())),
        ("missing-essential-container", Task, task(none.clone(), json!({ "essential": false }))),
        (
            "missing-log-option",
            Task,
            task(
                none.clone(),
                json!({ "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "größe" } } }),
            ),
        ),
        (
            "log-driver-not-for-launch-type",
            Task,
            task(none.clone(), json!({ "logConfiguration": { "logDriver": "json-file" } })),
        ),
        (
            "unknown-dependency",
            Task,
            task(none.clone(), json!({ "dependsOn": [{ "containerName": "db", "condition": "START" }] })),
        ),
        ("unsupported-task-field", Task, task(none.clone(), json!({ "privileged": true }))),
        // Values and users' names that are names of fields, too.
        (
            "unknown-task-field-value",
            Task,
            task(json!({ "networkMode": "HOST", "requiresCompatibilities": ["EC2"] }), none.clone()),
        ),
        (
            "unknown-task-field-value",
            Task,
            task(
                none.clone(),
                json!({ "ulimits": [{ "name": "CPU", "softLimit": 1, "hardLimit": 1 }], "versionConsistency": "Enabled" }),
            ),
        ),
        (
            "unknown-volume",
            Task,
            task(
                json!({ "volumes": [{ "name": "image" }, { "name": "user" }] }),
                json!({ "name": "cpu", "mountPoints": [
                    { "sourceVolume": "usr", "containerPath": "/u" },
                    { "sourceVolume": "imge", "containerPath": "/i" },
                ] }),
            ),
        ),
        ("fargate-network-mode", Task, task(json!({ "networkMode": null }), json!({ "name": "host" }))),
        ("writable-root-filesystem", Task, task(none.clone(), json!({ "name": "memory" }))),
        (
            "missing-log-option",
            Task,
            task(none, json!({ "name": "command", "logConfiguration": { "logDriver": "awslogs" } })),
        ),
        (
            "duplicate-sid",
            Identity,
            json!({ "Version": "2012-10-17", "Statement": [
                { "Sid": "Resource", "Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": ["*"] },
                { "Sid": "Resource", "Effect": "Allow", "Action": ["iam:ListRoles"], "Resource": ["*"] },
            ] }),
        ),
        (
            "pass-role-without-passed-to-service",
            Identity,
            allow(
                json!({ "Sid": "Condition", "Action": ["iam:PassRole"], "Resource": ["arn:aws:iam::111122223333:role/web"] }),
            ),
        ),
    ]
}

/// What the rule finds: where, and what is written there where that is one value.
fn found(rule: &str, path: &str, kind: Option<DocumentKind>, text: &str) -> BTreeSet<(String, String)> {
    let rules = RuleSet::choose(Level::Pedantic, &[rule.to_string()], &[]).unwrap();
    let report = check_text(text, path, kind, &rules);
    report
        .findings
        .iter()
        .map(|finding| {
            let under = text[finding.span.as_usize()].trim_matches(['"', '\\']).replace("$${", "${");
            // Names and containers are spelt differently; values are not.
            let is_value = under
                .chars()
                .all(|char| !matches!(char, '{' | '}' | '\n' | '[' | ']' | '=') || under.contains("${"));
            let pointer = report.pointer(finding);
            let is_name = pointer.to_lowercase().ends_with(&under.to_lowercase())
                || under.contains(['_'])
                || under.ends_with('s');
            (pointer, if is_value && !is_name { under } else { String::new() })
        })
        .collect()
}

/// The words of a text, without what a syntax adds to them.
fn words(text: &str) -> Vec<String> {
    let text = text.replace("\\n", " ").replace("$${", "${");
    let is_of_word = |char: char| char.is_alphanumeric() || "_/.*$+%@#<>-".contains(char);
    let words = text.split(|char| !is_of_word(char)).filter(|word| !word.trim_matches('-').is_empty());
    words.map(str::to_string).collect()
}

#[test]
fn a_fix_is_the_same_in_every_host() {
    let mut wrong = String::new();
    let mut fixed_rows = 0;
    for (rule, kind, document) in &defects() {
        let rules = RuleSet::choose(Level::Pedantic, &[rule.to_string()], &[]).unwrap();
        let known = kind_of(*kind);
        let plain = format!("{document:#}\n");
        let facts = FileFacts::of_path("x.json");
        let expected = fix_text(&plain, &facts, Some(known), &rules, WantedFixes::Unsafe);
        fixed_rows += usize::from(expected.count > 0);
        for (host, path, write) in HOSTS {
            let Some(text) = write(*kind, document) else { continue };
            let given = given(host, *kind);
            let fixed = fix_text(&text, &FileFacts::of_path(path), given, &rules, WantedFixes::Unsafe);
            let all = RuleSet::choose(Level::Pedantic, &["syntax-error".to_string()], &[]).unwrap();
            let broken = check_text(&fixed.text, path, given, &all).findings;
            let left = found(rule, path, given, &fixed.text).len();
            let left_in_json = found(rule, "x.json", Some(known), &expected.text).len();
            // Blocks cannot be exchanged for other ones.
            let is_out_of_reach = host == "policy document" && fixed.count == 0;
            // What comes out is what the fixed document looks like there, names spelt as the host does.
            let repaired: Value = serde_json::from_str(&expected.text).unwrap();
            let wanted = write(*kind, &repaired).unwrap();
            let is_other = words(&wanted) != words(&fixed.text);
            if is_other && !is_out_of_reach {
                writeln!(wrong, "{rule} in {host} gives\n{}\nand not\n{wanted}", fixed.text).unwrap();
            }
            if !broken.is_empty()
                || !is_out_of_reach && (fixed.count != expected.count || left != left_in_json)
            {
                writeln!(
                    wrong,
                    "{rule} in {host}: {} fixes, not {}; {left} left, not {left_in_json}; {broken:?}\n{}",
                    fixed.count, expected.count, fixed.text
                )
                .unwrap();
            }
        }
    }
    assert!(fixed_rows >= 15, "{fixed_rows}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_defect_is_the_same_in_every_host() {
    let rows = defects();
    assert!(rows.len() >= 40);
    let mut wrong = String::new();
    for (rule, kind, document) in &rows {
        let name = match kind {
            Task => "task-definition.json",
            Trust => "trust.json",
            _ => "policy.json",
        };
        let plain = format!("{document:#}\n");
        let known = kind_of(*kind);
        let expected = found(rule, name, Some(known), &plain);
        if expected.is_empty() {
            writeln!(wrong, "{rule}: not found in\n{plain}").unwrap();
        }
        for (host, path, write) in HOSTS {
            let Some(text) = write(*kind, document) else { continue };
            let found = found(rule, path, given(host, *kind), &text);
            let pointers = |found: &BTreeSet<(String, String)>| -> BTreeSet<String> {
                // A name that is unknown is spelt as the host spells names.
                found.iter().map(|(pointer, _)| pointer.to_lowercase()).collect()
            };
            let values = |found: &BTreeSet<(String, String)>| -> BTreeSet<String> {
                found.iter().map(|(_, value)| value.clone()).filter(|value| !value.is_empty()).collect()
            };
            // What is missing has no value of its own to compare.
            let has_values = !values(&expected).is_empty() && !values(&found).is_empty();
            if pointers(&found) != pointers(&expected) || has_values && values(&found) != values(&expected) {
                writeln!(wrong, "{rule} in {host}: {found:?}, not {expected:?}\n{text}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn only_names_are_spelt_as_the_host_does() {
    let words = |path: &str, text: &str| {
        let report = check_text(text, path, None, &RuleSet::default());
        let mut words = String::new();
        for finding in &report.findings {
            writeln!(words, "{}\n{}", finding.message, finding.note).unwrap();
            finding.related.iter().for_each(|related| writeln!(words, "{}", related.message).unwrap());
            finding.fix.iter().for_each(|fix| writeln!(words, "{}", fix.title).unwrap());
        }
        words
    };
    let template = "Resources:\n  It:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Family: web\n      NetworkMode: HOST\n      ContainerDefinitions:\n        - Name: user\n          Image: nginx:1\n          Memory: 128\n          DependsOn:\n            - ContainerName: usr\n              Condition: START\n          PortMapping: []\n        - Name: host\n          Image: nginx:1\n";
    let found = words("template.yaml", template);
    for part in [
        "`NetworkMode` does not take `HOST`",
        "`host`",
        "`user`",
        "`PortMappings`",
        "no `Memory` or `MemoryReservation`",
    ] {
        assert!(found.contains(part), "{part} in\n{found}");
    }
    for part in ["`Host`", "`User`", "`networkMode`"] {
        assert!(!found.contains(part), "{part} in\n{found}");
    }
    let module = "data \"aws_iam_policy_document\" \"it\" {\n  statement {\n    sid = \"Resource\"\n    actions = []\n    resources = [\"*\"]\n  }\n  statement {\n    sid = \"Resource\"\n    actions = [\"s3:ListAllMyBuckets\"]\n    resources = [\"*\"]\n  }\n}\n";
    let found = words("main.tf", module);
    for part in ["`Resource`", "`actions` is an empty list"] {
        assert!(found.contains(part), "{part} in\n{found}");
    }
    assert!(!found.contains("`resources`"), "{found}");
    let task = "resource \"aws_ecs_task_definition\" \"it\" {\n  family = \"web\"\n  requires_compatibilities = [\"FARGATE\"]\n  container_definitions = jsonencode([{ name = \"host\", image = \"nginx:1\", essential = false }])\n}\n";
    let found = words("main.tf", task);
    for part in ["`network_mode`", "`essential`"] {
        assert!(found.contains(part), "{part} in\n{found}");
    }
}

/// Forms of which a part is not known, or that hold a statement in fields of their own: the file, its text, and
/// the rules with what stands under their findings. `«…»` marks what is told; nothing else may be.
const FORMS: &[(&str, &str, &[&str])] = &[
    (
        "main.tf",
        "data \"aws_iam_policy_document\" \"it\" {\n  dynamic \"statement\" {\n    for_each = var.tables\n    content {\n      effect    = \"Allow\"\n      actions   = [\"«dynamodb:GetItm»\"]\n      resources = [statement.value]\n      dynamic \"condition\" {\n        for_each = var.on ? [1] : []\n        content {\n          test     = \"«StringEqual»\"\n          variable = \"aws:PrincipalOrgID\"\n          values   = [\"o-1\"]\n        }\n      }\n    }\n  }\n  statement {\n    actions   = [\"«s3:GetObjekt»\"]\n    resources = [\"*\"]\n  }\n}\n",
        &["unknown-action", "invalid-condition-operator", "unknown-action"],
    ),
    (
        "main.tf",
        "data \"aws_iam_policy_document\" \"it\" {\n  dynamic \"statement\" {\n    for_each = var.statements\n    content {\n      sid           = try(statement.value.sid, null)\n      actions       = try(statement.value.actions, null)\n      not_actions   = try(statement.value.not_actions, null)\n      resources     = try(statement.value.resources, null)\n      not_resources = try(statement.value.not_resources, null)\n      dynamic \"principals\" {\n        for_each = statement.value.principals\n        content {\n          type        = principals.value.type\n          identifiers = principals.value.identifiers\n        }\n      }\n    }\n  }\n}\nresource \"aws_iam_policy\" \"it\" {\n  policy = data.aws_iam_policy_document.it.json\n}\n",
        &[],
    ),
    (
        "main.tf",
        "resource \"aws_iam_role_policy\" \"it\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = concat([\n      { Effect = \"Allow\", Action = concat([\"«s3:GetObjekt»\"], var.more), Resource = \"*\" },\n      { Effect = \"Allow\", Action = compact([var.on ? \"«s3:PutObjekt»\" : null, \"sqs:SendMessage\"]), Resource = \"*\" },\n    ], var.more)\n  })\n}\n",
        &["unknown-action", "unknown-action"],
    ),
    (
        "main.tf",
        "resource \"aws_iam_role_policy\" \"it\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [for b in var.buckets : {\n      Effect = \"Allow\", Action = [\"«s3:GetObjekt»\"], Resource = \"arn:aws:s3:::${b}/*\"\n    }]\n  })\n}\n",
        &["unknown-action"],
    ),
    (
        "main.tf",
        "resource \"aws_iam_role_policy\" \"it\" {\n  policy = var.x ? jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"«Alow»\", Action = \"s3:ListAllMyBuckets\", Resource = \"*\" }] }) : null\n}\n",
        &["invalid-effect"],
    ),
    (
        "main.tf",
        "data \"aws_iam_policy_document\" \"it\" {\n  statement {\n    actions   = var.w ? [\"s3:PutObject\", \"s3:GetObject\"] : [\"s3:PutObject\", \"«s3:ListBuckt»\"]\n    resources = flatten([[\"*\"], [for b in var.b : [b, \"${b}/*\"]]])\n  }\n}\n",
        &["unknown-action"],
    ),
    (
        "main.tf",
        "module \"fn\" {\n  source = \"terraform-aws-modules/lambda/aws\"\n  policy_statements = {\n    dynamodb = {\n      effect    = \"Allow\"\n      actions   = [\"«dynamodb:GetItm»\"]\n      resources = [\"arn:aws:dynamodb:eu-west-1:111122223333:table/t\"]\n    }\n  }\n  assume_role_policy_statements = {\n    a = {\n      effect     = \"Allow\"\n      actions    = [\"«sts:AssumRole»\"]\n      principals = { a = { type = \"Service\", identifiers = [\"«ec2.amazonws.com»\"] } }\n    }\n  }\n}\n",
        &["unknown-action", "unknown-action", "unknown-service-principal"],
    ),
    (
        "main.tf",
        "resource \"aws_lambda_permission\" \"it\" {\n  action        = \"«lambda:InvokFunction»\"\n  function_name = \"f\"\n  principal     = \"«s3.amazonws.com»\"\n  source_arn    = aws_s3_bucket.b.arn\n}\n",
        &["unknown-action", "unknown-service-principal"],
    ),
    (
        "template.yaml",
        "Resources:\n  Permission:\n    Type: AWS::Lambda::Permission\n    Properties:\n      Action: «lambda:InvokFunction»\n      FunctionName: f\n      Principal: «s3.amazonws.com»\n      SourceArn: !GetAtt B.Arn\n  Bus:\n    Type: AWS::Events::EventBusPolicy\n    Properties:\n      StatementId: a\n      Statement:\n        Effect: Allow\n        Principal: { AWS: \"111122223333\" }\n        Action: «events:PutEvent»\n        Resource: arn:aws:events:eu-west-1:111122223333:event-bus/a\n",
        &["unknown-action", "unknown-service-principal", "unknown-action"],
    ),
    (
        "template.yaml",
        "Resources:\n  It:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          - Effect: Allow\n            Action:\n              !If\n                - Sign\n                - - «kms:Sgn»\n                  - kms:Verify\n                - - «kms:Verfy»\n            Resource: \"*\"\n          - Effect: Allow\n            Action: !If [Sign, «s3:GetObjekt», «s3:PutObjekt»]\n            Resource: [!If [Sign, \"*\", !Ref AWS::NoValue]]\n",
        &["unknown-action", "unknown-action", "unknown-action", "unknown-action"],
    ),
    (
        "main.tf",
        "resource \"aws_ecs_task_definition\" \"it\" {\n  family                   = \"web\"\n  network_mode             = \"awsvpc\"\n  requires_compatibilities = [\"FARGATE\"]\n  cpu                      = 256\n  memory                   = 512\n  container_definitions    = jsonencode([local.web, merge(local.base, { name = \"side\", portMappings = [{ containerPort = 81, hostPort = «82» }] })])\n}\nlocals {\n  base = { image = \"nginx:1.27\", essential = true }\n  web = {\n    name         = \"web\"\n    image        = \"nginx:1.27\"\n    essential    = \"«yes please»\"\n    portMappings = [{ containerPort = 80, hostPort = «8080» }]\n  }\n}\n",
        &["host-port-mismatch", "wrong-task-field-type", "host-port-mismatch"],
    ),
    (
        "main.tf",
        "resource \"aws_ecs_task_definition\" \"it\" {\n  family                   = \"web\"\n  network_mode             = \"awsvpc\"\n  requires_compatibilities = [\"FARGATE\"]\n  cpu                      = 256\n  memory                   = 512\n  container_definitions    = var.on ? jsonencode(concat([{ name = \"web\", image = \"nginx:1.27\", portMappings = [{ containerPort = 80, hostPort = «81» }] }], var.more)) : local.other\n}\n",
        &["host-port-mismatch"],
    ),
    (
        "main.tf",
        "module \"web\" {\n  source = \"terraform-aws-modules/ecs/aws//modules/service\"\n  container_definitions = {\n    web = {\n      create    = true\n      image     = \"nginx:1.27\"\n      essential = true\n      port_mappings = [{ containerPort = 80, «protocl» = \"tcp\" }]\n    }\n  }\n}\nmodule \"container\" {\n  source          = \"cloudposse/ecs-container-definition/aws\"\n  container_name  = \"web\"\n  container_image = \"nginx:1.27\"\n  port_mappings   = [{ containerPort = 80, hostPort = 80, protocol = \"«tpc»\" }]\n  container_depends_on = [{ containerName = \"other\", condition = \"START\" }]\n}\n",
        &["unknown-task-field", "unknown-task-field-value"],
    ),
    (
        "main.tf",
        "resource \"aws_ecs_task_definition\" \"it\" {\n  family                   = \"web\"\n  requires_compatibilities = var.fargate ? [\"FARGATE\"] : [\"EC2\"]\n  container_definitions    = jsonencode([{ name = \"web\", image = \"nginx:1.27\", memory = 128, linuxParameters = { maxSwap = 1, swappiness = 1 } }])\n}\nresource \"aws_ecs_service\" \"it\" {\n  name             = \"web\"\n  launch_type      = \"EC2\"\n  task_definition  = \"web\"\n  platform_version = var.fargate ? \"1.4.0\" : null\n}\n",
        &[],
    ),
    (
        "a.tf.json",
        "{\"resource\":{\"aws_iam_role_policy\":{\"p\":{\"role\":\"r\",\"policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"«s3:GetObjekt»\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}}},\"data\":{\"aws_iam_policy_document\":{\"d\":{\"statement\":[{\"actions\":[\"«s3:PutObjekt»\"],\"resources\":[\"*\"]}]}}}}\n",
        &["unknown-action", "unknown-action"],
    ),
    (
        "plan.json",
        "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\",\"planned_values\":{\"root_module\":{\"resources\":[{\"address\":\"aws_iam_policy.p\",\"type\":\"aws_iam_policy\",\"values\":{\"policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"«s3:GetObjekt»\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}}]}}}\n",
        &["unknown-action"],
    ),
    (
        "terragrunt.hcl",
        "include \"root\" {\n  path = find_in_parent_folders()\n}\ninputs = {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"«s3:GetObjekt»\", Resource = \"*\" }] })\n}\n",
        &["unknown-action"],
    ),
    (
        "prod.tfvars",
        "statements = [{ effect = \"Allow\", actions = [\"«s3:GetObjekt»\"], resources = [\"*\"] }]\n",
        &["unknown-action"],
    ),
    (
        "role.tpl",
        "{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"«s3:GetObjekt»\", \"Resource\": \"*\" }] }\n",
        &["unknown-action"],
    ),
    (
        "helpers.tpl",
        "{{- define \"policy\" -}}\n{ \"Statement\": [{ \"Effect\": \"Alow\" }] }\n{{- end -}}\n",
        &[],
    ),
    ("task.jsonnet", "{ \"Statement\": [{ \"Effect\": \"Alow\", Action: 's3:GetObject' }] + std.x }\n", &[]),
    (
        "serverless.yml",
        "service: notes\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action:\n            - «dynamodb:PutItm»\n          Resource: \"arn:aws:dynamodb:${aws:region}:*:table/${self:custom.t-${opt:stage}}\"\n        - ${self:custom.more}\nfunctions:\n  hello:\n    handler: a.b\n    iamRoleStatements:\n      - Effect: Allow\n        Action: «s3:GetObjekt»\n        Resource: arn:aws:s3:::b/*\nresources:\n  Resources:\n    Role:\n      Type: AWS::IAM::Role\n      Properties:\n        AssumeRolePolicyDocument:\n          Version: \"2012-10-17\"\n          Statement:\n            - Effect: Allow\n              Principal: { Service: [«lambda.amazonws.com»] }\n              Action: sts:AssumeRole\n",
        &["unknown-action", "unknown-action", "unknown-service-principal"],
    ),
    (
        "policy.json.tftpl",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    %{ if var.on }\n    { \"Effect\": \"Allow\", \"Action\": \"«s3:GetObjekt»\", \"Resource\": \"*\" },\n    %{ else }\n    { \"Effect\": \"Allow\", \"Action\": [\"«s3:PutObjekt»\"%{ for a in var.more }, \"${a}\"%{ endfor }], \"Resource\": \"*\" },\n    %{ endif ~}\n    %{ for bucket in buckets ~}\n    { \"Effect\": \"Allow\", \"Action\": [\"«s3:ListBuckt»\"], \"Resource\": \"arn:aws:s3:::${bucket}\" },\n    %{ endfor ~}\n    { \"Effect\": \"Allow\", \"Action\": [\"«sqs:SendMesage»\"], \"Resource\": \"*\" }\n  ]\n}\n",
        &["unknown-action", "unknown-action", "unknown-action", "unknown-action"],
    ),
    (
        "main.tf",
        "resource \"aws_iam_role_policy\" \"it\" {\n  policy = <<EOF\n{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    %{ if var.on }\n    { \"Effect\": \"Allow\", \"Action\": \"«s3:GetObjekt»\", \"Resource\": \"*\" },\n    %{ else }\n    { \"Effect\": \"Allow\", \"Action\": [\"«s3:PutObjekt»\"%{ for a in var.more }, \"${a}\"%{ endfor }], \"Resource\": \"*\" },\n    %{ endif ~}\n    %{ for bucket in buckets ~}\n    { \"Effect\": \"Allow\", \"Action\": [\"«s3:ListBuckt»\"], \"Resource\": \"arn:aws:s3:::${bucket}\" },\n    %{ endfor ~}\n    { \"Effect\": \"Allow\", \"Action\": [\"«sqs:SendMesage»\"], \"Resource\": \"*\" }\n  ]\n}\nEOF\n}\n",
        &["unknown-action", "unknown-action", "unknown-action", "unknown-action"],
    ),
    (
        "main.tf",
        "resource \"aws_ecs_task_definition\" \"it\" {\n  family                = \"web\"\n  container_definitions = <<EOF\n[\n  %{ if var.side }\n  { \"name\": \"side\", \"image\": \"nginx:1.27\", \"memory\": 64, \"dependsOn\": [{ \"containerName\": \"web\", \"condition\": \"«STARTED»\" }] },\n  %{ endif }\n  { \"name\": \"web\", \"image\": \"nginx:1.27\", \"memory\": 128, \"portMappings\": [%{ for p in var.ports }{ \"containerPort\": ${p} },%{ endfor }{ \"containerPort\": «70000» }] }\n]\nEOF\n}\n",
        &["unknown-task-field-value", "task-field-out-of-range"],
    ),
    (
        "template.yaml",
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Roles:\n    - Name\n    - [a, b]\n    - \"Role${Name}\":\n        Type: AWS::IAM::Role\n        Properties:\n          RoleName: !Sub \"${Name}-role\"\n  It:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          - Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/a.yaml } }\n          - Effect: Allow\n            Action: «s3:GetObjekt»\n            Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/b.yaml } }\n",
        &["unknown-action"],
    ),
    (
        "template.json",
        "{\"Resources\": {\"Fn::ForEach::Roles\": [\"Name\", [\"a\", \"b\"], {\"Role${Name}\": {\"Type\": \"AWS::IAM::Role\", \"Properties\": {}}}], \"It\": {\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {\"PolicyDocument\": {\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": {\"Fn::If\": [\"A\", \"«s3:GetObjekt»\", \"«s3:PutObjekt»\"]}, \"Fn::Transform\": {\"Name\": \"AWS::Include\"}}]}}}}}\n",
        &["unknown-action", "unknown-action"],
    ),
    (
        "ecs-task-def.json",
        "{\n  \"family\": \"{{ must_env `FAMILY` }}\",\n  \"networkMode\": \"«vpc»\",\n  \"executionRoleArn\": \"{{ tfstate `aws_iam_role.execution.arn` }}\",\n  \"cpu\": \"{{ env `CPU` `256` }}\",\n  \"memory\": \"512\",\n  \"containerDefinitions\": [\n    {\n      \"name\": \"web\",\n      \"image\": \"{{ must_env `IMAGE` }}:{{ must_env `TAG` }}\",\n      \"logConfiguration\": { \"logDriver\": \"awslogs\", \"options\": { \"awslogs-group\": \"{{ tfstate `aws_cloudwatch_log_group.web.name` }}\", \"awslogs-region\": \"eu-west-1\", \"awslogs-stream-prefix\": \"web\" } },\n      \"portMappings\": [{ \"containerPort\": «70000» }]\n    }\n  ]\n}\n",
        &["unknown-task-field-value", "task-field-out-of-range"],
    ),
    (
        "ecs-task-def.jsonnet",
        "{\n  \"family\": \"web\",\n  \"networkMode\": \"«vpc»\",\n  \"containerDefinitions\": [{ \"name\": \"web\", \"image\": \"nginx:1.27\", \"memory\": 128 }]\n}\n",
        &["unknown-task-field-value"],
    ),
    (
        "ecspresso.yml",
        "region: eu-west-1\ncluster: main\nservice: web\nservice_definition: ecs-service-def.json\ntask_definition: ecs-task-def.json\ntimeout: \"10m0s\"\nplugins:\n  - name: tfstate\n    config: { url: s3://b/terraform.tfstate }\n",
        &[],
    ),
    (
        "copilot/web/addons/queue.yml",
        "Parameters:\n  App: { Type: String }\n  Env: { Type: String }\n  Name: { Type: String }\nResources:\n  AccessPolicy:\n    Metadata:\n      aws:copilot:description: \"An IAM ManagedPolicy for your service\"\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          - Effect: Allow\n            Action: «sqs:SendMesage»\n            Resource: !Sub arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${App}-${Env}-${Name}\n",
        &["unknown-action"],
    ),
    (
        "copilot/web/overrides/cfn.patches.yml",
        "- op: add\n  path: /Resources/TaskRole/Properties/Policies/-\n  value:\n    PolicyName: more\n    PolicyDocument:\n      Version: \"2012-10-17\"\n      Statement:\n        - Effect: Allow\n          Action: «s3:GetObjekt»\n          Resource: \"*\"\n",
        &["unknown-action"],
    ),
    (
        "Pulumi.yaml",
        "name: it\nruntime: yaml\nresources:\n  role:\n    type: aws:iam:Role\n    properties:\n      assumeRolePolicy:\n        fn::toJSON:\n          Version: \"2012-10-17\"\n          Statement:\n            - Effect: Allow\n              Principal: { Service: «lambda.amazonws.com» }\n              Action: sts:AssumeRole\n",
        &["unknown-service-principal"],
    ),
    (
        "composition.yaml",
        "apiVersion: iam.aws.upbound.io/v1beta1\nkind: Policy\nmetadata:\n  name: it\nspec:\n  forProvider:\n    policy: |\n      {\n        \"Version\": \"2012-10-17\",\n        \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"«s3:GetObjekt»\", \"Resource\": \"*\" }]\n      }\n",
        &["unknown-action"],
    ),
    (
        "manifest.yaml",
        "apiVersion: iam.aws.upbound.io/v1beta1\nkind: Role\nmetadata:\n  name: größe\nspec:\n  forProvider:\n    assumeRolePolicy: |-\n      ${jsonencode({\n          Version = \"2012-10-17\"\n          Statement = [\n            {\n              Action    = \"sts:AssumeRole\"\n              Effect    = \"Allow\"\n              Principal = { Service = \"«lambda.amazonws.com»\" }\n              Condition = { StringEquals = { \"aws:SourceAccount\" = data.aws_caller_identity.current.account_id } }\n            },\n          ]\n        })}\n",
        &["unknown-service-principal"],
    ),
    (
        "composition.yaml",
        "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nspec:\n  resources:\n    - name: permission\n      base:\n        apiVersion: lambda.aws.upbound.io/v1beta1\n        kind: Permission\n        spec:\n          forProvider:\n            action: «lambda:InvokeFunktion»\n            principal: apigateway.amazonaws.com\n            statementId: Gateway\n",
        &["unknown-action"],
    ),
    (
        "bucket.yaml",
        "apiVersion: s3.aws.crossplane.io/v1alpha3\nkind: BucketPolicy\nspec:\n  forProvider:\n    policy:\n      version: '2012-10-17'\n      statements:\n        - action:\n            - «s3:ListBukket»\n          effect: Allow\n          principal:\n            awsPrincipals:\n              - iamUserArnSelector: { matchLabels: { example: \"true\" } }\n          resource:\n            - arn:aws:s3:::größe\n          condition:\n            - operatorKey: «StringEqual»\n              conditions:\n                - key: aws:PrincipalOrgID\n                  stringValue: o-1\n",
        &["unknown-action", "invalid-condition-operator"],
    ),
    (
        "stack.yaml",
        "apiVersion: cloudformation.aws.upbound.io/v1beta1\nkind: StackSet\nspec:\n  forProvider:\n    templateBody: |\n      { \"Resources\": { \"It\": { \"Type\": \"AWS::EC2::VPC\" } } }\n---\napiVersion: iam.aws.upbound.io/v1beta1\nkind: Role\nspec:\n  forProvider:\n    assumeRolePolicy: |\n      { \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": { \"Service\": \"«lambda.amazonws.com»\" } }] }\n",
        &["unknown-service-principal"],
    ),
    (
        "policy.json.j2",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {% for bucket in buckets %}\n    { \"Effect\": \"Allow\", \"Action\": [\"«s3:GetObjekt»\"], \"Resource\": \"arn:aws:s3:::{{ bucket }}/*\" }{% if not loop.last %},{% endif %}\n    {% endfor %}\n  ]\n}\n",
        &["unknown-action"],
    ),
    (
        "README.md",
        "# Größe\n\n```json\n{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"«s3:GetObjekt»\", \"Resource\": \"*\" }] }\n```\n\n* with `more`:\n\n  ```yaml\n  Resources:\n    It:\n      Type: AWS::IAM::ManagedPolicy\n      Properties:\n        PolicyDocument:\n          Version: \"2012-10-17\"\n          Statement: [{ Effect: Allow, Action: «s3:PutObjekt», Resource: \"*\" }]\n  ```\n\n```json\n{ \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", ... ] }\n```\n\n```text\n{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Alow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"*\" }] }\n```\n",
        &["unknown-action", "unknown-action"],
    ),
];

#[test]
fn what_is_known_of_a_form_is_judged_and_the_rest_is_left_open() {
    let mut wrong = String::new();
    for (path, marked, rules) in FORMS {
        let text = marked.replace(['«', '»'], "");
        // An action that is not known is told at its name alone.
        let told = |rest: &str| {
            let whole = rest.split('»').next().unwrap();
            whole.rsplit_once(':').map_or(whole, |(_, name)| name).to_string()
        };
        let mut wanted: Vec<(String, &str)> =
            marked.split('«').skip(1).map(told).zip(rules.iter().copied()).collect();
        let report = check_text(&text, path, None, &RuleSet::default());
        let mut found: Vec<(String, &str)> = report
            .findings
            .iter()
            .filter(|finding| {
                finding.severity != passrole::diagnostic::Severity::Hint
                    || wanted.iter().any(|(_, rule)| *rule == finding.rule.id)
            })
            .map(|finding| (text[finding.span.as_usize()].trim_matches('"').to_string(), finding.rule.id))
            .collect();
        wanted.sort();
        found.sort();
        if wanted.len() != rules.len() || wanted != found {
            writeln!(wrong, "{found:?}, not {wanted:?}\n{text}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Every text that the rows give, with its path.
fn texts() -> Vec<(&'static str, String)> {
    defects()
        .iter()
        .flat_map(|(_, kind, document)| {
            HOSTS.iter().filter_map(move |(_, path, write)| Some((*path, write(*kind, document)?)))
        })
        .chain(FORMS.iter().map(|(path, text, _)| (*path, text.replace(['«', '»'], ""))))
        .collect()
}

#[test]
fn edits_give_what_a_fresh_look_gives() {
    const TYPED: [&str; 14] =
        ["a", "\"", "\n", "  ", ":", "-", "{", "}", "[", "ß", "!Ref X", "${var.x}", "#", "\n    x: y\n"];
    let rules = RuleSet::default();
    let mut random = Random(7);
    for (path, text) in texts() {
        let facts = FileFacts::of_path(path);
        let mut text = text;
        let mut report = check_text(&text, path, None, &rules);
        for _ in 0..20 {
            let boundary = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let start = boundary(random.below(text.len() + 1));
            let end = boundary((start + random.below(3)).min(text.len())).max(start);
            let typed = TYPED[random.below(TYPED.len())];
            let mut after = text.clone();
            after.replace_range(start..end, typed);
            let old = Span::new(start as u32, end as u32);
            let edited = report.edited(after.as_str(), old, typed.len() as u32, &facts, None, &rules);
            let fresh = check_text(&after, path, None, &rules);
            assert_eq!(edited.findings, fresh.findings, "{path}\n{after}");
            for finding in &fresh.findings {
                assert!(after.get(finding.span.as_usize()).is_some(), "{path} {:?}\n{after}", finding.span);
            }
            (text, report) = (after, edited);
        }
    }
}

/// What was found in a part is kept for the context that it was found in, and for no other.
#[test]
fn a_part_that_stays_is_judged_anew_where_its_context_changes() {
    const ROLE_AND_TASK: &str = r#"Resources:
  Web:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { Service: ec2.amazonaws.com }
            Action: sts:AssumeRole
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: web
      TaskRoleArn: !GetAtt Oth.Arn
      ContainerDefinitions:
        - Name: web
          Image: web:1
"#;
    let rules = RuleSet::default();
    // What is edited, and the rule that says otherwise then of what stays.
    for (path, text, from, to, rule) in [
        (
            "policy.json",
            r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }, { "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*" }] }"#,
            r#""s3:PutObject", "Resource""#,
            r#""s3:PutObject", "Principal""#,
            "missing-principal",
        ),
        (
            "policy.json",
            r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/${aws:usernam}" }] }"#,
            "2012-10-17",
            "2008-10-17",
            "invalid-policy-variable",
        ),
        (
            "task.json",
            r#"{ "family": "web", "requiresCompatibilities": ["EC2"], "networkMode": "awsvpc", "cpu": "256", "memory": "512", "containerDefinitions": [{ "name": "web", "image": "web:1", "privileged": true }] }"#,
            "EC2",
            "FARGATE",
            "unsupported-task-field",
        ),
        (
            "task.json",
            r#"{ "family": "web", "networkMode": "bridge", "memory": "512", "containerDefinitions": [{ "name": "web", "image": "web:1", "links": ["db"] }, { "name": "db", "image": "db:1" }] }"#,
            "bridge",
            "awsvpc",
            "field-not-with-awsvpc",
        ),
        ("template.yaml", ROLE_AND_TASK, "Oth", "Web", "wrong-service-principal"),
    ] {
        let before = check_text(text, path, None, &rules);
        let at = text.find(from).unwrap() as u32;
        let after = text.replacen(from, to, 1);
        let old = Span::new(at, at + from.len() as u32);
        let facts = FileFacts::of_path(path);
        let edited = before.edited(after.as_str(), old, to.len() as u32, &facts, None, &rules);
        let fresh = check_text(&after, path, None, &rules);
        let count = |findings: &[Finding]| findings.iter().filter(|it| it.rule.id == rule).count();
        assert_ne!(count(&before.findings), count(&fresh.findings), "{rule}: nothing hangs on the context");
        assert_eq!(edited.findings, fresh.findings, "{rule}");
    }
}

#[test]
fn no_text_is_too_broken() {
    let rules = RuleSet::default();
    let mut random = Random(11);
    for (path, text) in texts() {
        for _ in 0..10 {
            let cut = (0..=random.below(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let report = check_text(&text[..cut], path, None, &rules);
            let rope = Text::from(&text[..cut]);
            let file = File { text: &rope, report: &report };
            ide::hover::hover(&file, cut as u32);
            ide::completion::complete(&file, cut as u32, Options::default());
            ide::symbols::symbols(&file);
        }
    }
    let deep =
        format!("Resources:\n  A:\n    Type: AWS::IAM::Policy\n    Properties: {}\n", "[".repeat(50_000));
    check_text(&deep, "deep.yaml", None, &rules);
    let deep = format!("resource \"aws_iam_policy\" \"a\" {{\n policy = {}\n}}\n", "[".repeat(50_000));
    check_text(&deep, "deep.tf", None, &rules);
    // The parser stops within a character.
    for text in
        ["e\"\"\"\"{y=é", "resource \"aws_iam_policy\" \"p\" {\n  policy = é", "a {\n  b = [c\n  ? é", "é"]
    {
        check_text(text, "main.tf", None, &rules);
    }
}

#[test]
fn an_item_keeps_its_place_where_its_first_line_cannot_be_read() {
    let statement = "Effect: Allow\n    Action: ecs:ListClusters\n    Resource: '*'\n";
    let text = format!(
        "Version: '2012-10-17'\nStatement:\n  - {statement}  - <<: *unknown\n    {statement}  - {statement}"
    );
    let report = check_text(&text, "policy.yaml", None, &RuleSet::default());
    assert_eq!(report.documents[0].units.len(), 3);
    let found: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
    assert!(!found.contains(&"duplicate-key"), "{found:?}");
    // A line that nothing hangs on goes whole.
    let text = format!("Version: '2012-10-17'\nStatement:\n  - {statement}  - [Effect\n");
    let report = check_text(&text, "policy.yaml", None, &RuleSet::default());
    assert_eq!(report.documents[0].units.len(), 1);
}
