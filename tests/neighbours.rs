//! A trust policy is judged by the task definition beside it.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use passrole::analysis::{FileFacts, Report, RuleSet};
use passrole::diagnostic::{Level, Severity};
use passrole::host::Parsed;
use passrole::workspace::NamedRoles;

const TASK: &str = r#"{
  "family": "web",
  "taskRoleArn": "arn:aws:iam::111122223333:role/shop/webReader",
  "executionRoleArn": "<EXECUTION_ROLE>",
  "containerDefinitions": [{ "name": "web", "image": "web" }]
}"#;

fn trust(service: &str) -> String {
    format!(
        r#"{{ "Statement": [{{ "Effect": "Allow", "Principal": {{ "Service": "{service}" }}, "Action": "sts:AssumeRole" }}] }}"#
    )
}

fn report(path: &str, text: &str, facts: &FileFacts) -> Report {
    let rules = RuleSet::choose(Level::Default, &["wrong-service-principal".to_string()], &[]).unwrap();
    let facts = FileFacts { path: path.into(), ..facts.clone() };
    Report::of(text, Parsed::parse(text, facts.surroundings()), &facts, None, &rules, None)
}

/// The findings of a trust policy with `TASK` beside it: severity and message.
fn found(task_path: &str, path: &str, service: &str) -> Vec<(Severity, String)> {
    let text = trust(service);
    let mut facts = FileFacts::of_path(path);
    let mut roles = NamedRoles::default();
    roles.add(task_path, &report(task_path, TASK, &FileFacts::of_path(task_path)).documents);
    roles.add(path, &report(path, &text, &facts).documents);
    assert_eq!(roles.role_use(task_path), None);
    facts.role_use = roles.role_use(path);
    let findings = report(path, &text, &facts).findings;
    findings
        .iter()
        .map(|finding| (finding.severity, format!("{} {}", finding.message, finding.note)))
        .collect()
}

#[test]
fn the_task_definition_beside_it_tells_the_role() {
    for path in
        ["infra/web-reader-trust-policy.json", "infra/webReader.json", "infra/WebReader-assume-role.json"]
    {
        let findings = found("infra/task-definition.json", path, "ecs.amazonaws.com");
        let [(Severity::Error, message)] = &findings[..] else { panic!("{path}: {findings:?}") };
        assert!(message.starts_with("a task role is assumed by `ecs-tasks.amazonaws.com`"), "{message}");
        assert!(message.contains("`taskRoleArn` of `task-definition.json`"), "{message}");
    }
}

#[test]
fn another_role_another_folder_or_the_right_service_is_left_alone() {
    for (task, path, service) in [
        ("infra/task-definition.json", "infra/web-writer-trust.json", "ecs.amazonaws.com"),
        ("other/task-definition.json", "infra/web-reader-trust.json", "ecs.amazonaws.com"),
        ("infra/task-definition.json", "infra/web-reader-trust.json", "ecs-tasks.amazonaws.com"),
    ] {
        assert_eq!(found(task, path, service), [], "{task} {path} {service}");
    }
}
