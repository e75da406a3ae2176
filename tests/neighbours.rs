//! A trust policy, and a service, are judged by the task definition beside it.

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

const SERVICE_TASK: &str = r#"{
  "family": "web",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "volumes": [{ "name": "data", "configuredAtLaunch": true }],
  "containerDefinitions": [
    { "name": "web", "image": "web", "portMappings": [{ "containerPort": 80, "name": "http" }] }
  ]
}"#;

/// The messages about a service, or a task to run, in the file `service.json`, with task definitions beside it.
fn of_service(text: &str, tasks: &[(&str, &str)]) -> Vec<String> {
    let rules = RuleSet::choose(Level::Default, &["service".to_string()], &[]).unwrap();
    let check = |path: &str, text: &str, facts: &FileFacts| {
        let facts = FileFacts { path: path.into(), ..facts.clone() };
        Report::of(text, Parsed::parse(text, facts.surroundings()), &facts, None, &rules, None)
    };
    let mut roles = NamedRoles::default();
    for (path, text) in tasks {
        roles.add(path, &check(path, text, &FileFacts::of_path(path)).documents);
    }
    let path = "infra/service.json";
    let facts = FileFacts { around: roles.around(path), ..FileFacts::of_path(path) };
    check(path, text, &facts).findings.iter().map(|it| format!("{} {}", it.message, it.note)).collect()
}

#[test]
fn a_service_is_compared_with_the_task_definition_beside_it() {
    let service = r#"{
      "serviceName": "web", "taskDefinition": "web:7", "launchType": "EC2",
      "loadBalancers": [{ "containerName": "wed", "containerPort": 80 }, { "containerName": "web", "containerPort": 8080 }],
      "serviceConnectConfiguration": { "enabled": true, "services": [{ "portName": "grpc" }] },
      "volumeConfigurations": [{ "name": "cache" }]
    }"#;
    let found = of_service(service, &[("infra/task.json", SERVICE_TASK)]);
    for words in [
        "the task definition `web` has no container `wed`",
        "the container `web` does not map the port 8080",
        "has no port with the name `grpc`",
        "leaves no volume `cache` to be configured",
        "is not made for `EC2`",
        "the service has no `networkConfiguration`",
    ] {
        assert!(
            found.iter().any(|it| it.contains(words) && it.contains("`task.json`")),
            "{words}: {found:#?}"
        );
    }
    assert_eq!(found.len(), 6, "{found:#?}");
    let run = r#"{
      "cluster": "main", "taskDefinition": "arn:aws:ecs:eu-west-1:111122223333:task-definition/web",
      "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
      "overrides": { "containerOverrides": [{ "name": "job" }] }
    }"#;
    let found = of_service(run, &[("infra/task.json", SERVICE_TASK)]);
    assert!(matches!(&found[..], [one] if one.contains("has no container `job`")), "{found:#?}");
}

#[test]
fn another_family_another_folder_or_one_of_several_is_left_alone() {
    let service = r#"{
      "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
      "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
      "loadBalancers": [{ "containerName": "api", "containerPort": 80 }]
    }"#;
    let other = SERVICE_TASK.replace("\"web\"", "\"api\"");
    let variant = SERVICE_TASK.replace("\"name\": \"web\"", "\"name\": \"api\"");
    let unknown = SERVICE_TASK.replace("\"name\": \"web\"", "\"name\": \"${NAME}\"");
    for tasks in [
        &[("infra/task.json", &*other)][..],
        &[("other/task.json", SERVICE_TASK)],
        &[("infra/task.json", SERVICE_TASK), ("infra/variant.json", &variant)],
        &[("infra/task.json", &unknown)],
    ] {
        assert_eq!(of_service(service, tasks), Vec::<String>::new(), "{tasks:?}");
    }
}

#[test]
fn a_service_without_a_task_definition_means_the_only_one_of_the_folder() {
    let service = r#"{
      "desiredCount": 1, "launchType": "FARGATE",
      "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
      "loadBalancers": [{ "containerName": "api", "containerPort": 80 }]
    }"#;
    assert_eq!(of_service(service, &[("infra/task.json", SERVICE_TASK)]).len(), 1);
    let tasks = [("infra/task.json", SERVICE_TASK), ("infra/b.json", SERVICE_TASK)];
    assert_eq!(of_service(service, &tasks), Vec::<String>::new());
}
