//! Documents are judged by the others that they belong with, in whatever file those stand.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use passrole::analysis::{FileFacts, Report, RuleSet, check_file};
use passrole::diagnostic::{Level, Severity};
use passrole::graph::Graph;
use passrole::host::{Module, Parsed};
use std::sync::Arc;

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
    let mut graph = Graph::default();
    graph.replace(report(task_path, TASK, &FileFacts::of_path(task_path)).summary);
    graph.replace(report(path, &text, &FileFacts::of_path(path)).summary);
    let facts = FileFacts { graph: Arc::new(graph), ..FileFacts::of_path(path) };
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
        // A file's name may mislead.
        let [(Severity::Warning, message)] = &findings[..] else { panic!("{path}: {findings:?}") };
        assert!(message.starts_with("a task role is assumed by `ecs-tasks.amazonaws.com`"), "{message}");
        assert!(message.contains("`taskRoleArn` of `task-definition.json`"), "{message}");
    }
}

#[test]
fn another_role_or_the_right_service_is_left_alone() {
    for (task, path, service) in [
        ("infra/task-definition.json", "infra/web-writer-trust.json", "ecs.amazonaws.com"),
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
    let mut graph = Graph::default();
    for (path, text) in tasks {
        graph.replace(check(path, text, &FileFacts::of_path(path)).summary);
    }
    let path = "infra/service.json";
    let facts = FileFacts { graph: Arc::new(graph), ..FileFacts::of_path(path) };
    check(path, text, &facts).findings.iter().map(|it| format!("{} {}", it.message, it.note)).collect()
}

#[test]
fn a_service_is_compared_with_the_task_definition_beside_it() {
    let service = r#"{
      "serviceName": "web", "taskDefinition": "web:7", "launchType": "EC2",
      "loadBalancers": [{ "containerName": "wed", "containerPort": 80 }, { "containerName": "web", "containerPort": 8080 }],
      "serviceConnectConfiguration": { "enabled": true, "services": [{ "portName": "grpc", "clientAliases": [{ "port": 80 }] }] },
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
fn another_family_or_one_of_several_is_left_alone() {
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

/// The findings of `rule` over a project: file, severity, message and note.
fn project(rule: &str, files: &[(&str, &str)]) -> Vec<(String, Severity, String)> {
    let rules = RuleSet::choose(Level::Default, &[rule.to_string()], &[]).unwrap();
    let facts = |path: &str, graph: &Arc<Graph>| {
        let folder =
            |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_string());
        let mut module = Module::default();
        let siblings = files
            .iter()
            .filter(|(other, _)| *other != path && other.ends_with(".tf") && folder(other) == folder(path));
        siblings.for_each(|(_, text)| module.extend(&Module::of(text)));
        FileFacts { graph: graph.clone(), module: Arc::new(module), ..FileFacts::of_path(path) }
    };
    let mut graph = Graph::default();
    for (path, text) in files {
        graph.replace(check_file(text, &facts(path, &Arc::default()), None, &rules).summary);
    }
    let graph = Arc::new(graph);
    files
        .iter()
        .flat_map(|(path, text)| {
            let report = check_file(text, &facts(path, &graph), None, &rules);
            report
                .findings
                .into_iter()
                .map(move |it| (path.to_string(), it.severity, format!("{} {}", it.message, it.note)))
        })
        .collect()
}

/// The one finding of a project, which must be in that file, of that severity, with those words.
fn assert_one(files: &[(&str, &str)], at: &str, severity: Severity, words: &str) {
    let found = project("wrong-service-principal", files);
    let [(path, own, message)] = &found[..] else { panic!("{files:#?}\n{found:#?}") };
    assert_eq!((path.as_str(), *own), (at, severity), "{message}");
    assert!(message.contains(words), "{message}");
}

fn role_tf(name: &str, service: &str) -> String {
    format!(
        r#"resource "aws_iam_role" "runner" {{
  name               = "{name}"
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Principal = {{ Service = "{service}" }}, Action = "sts:AssumeRole" }}]
  }})
}}
"#
    )
}

fn task_tf(role: &str) -> String {
    format!(
        r#"resource "aws_ecs_task_definition" "web" {{
  family                = "web"
  task_role_arn         = {role}
  container_definitions = jsonencode([{{ name = "web", image = "web", memory = 128 }}])
}}
"#
    )
}

const DOCUMENT_TF: &str = r#"data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}
"#;

#[test]
fn the_files_of_a_module_are_one() {
    let role = role_tf("runner", "ecs.amazonaws.com");
    let task = task_tf("aws_iam_role.runner.arn");
    let words = "`task_role_arn` of `aws_ecs_task_definition.web` in `ecs.tf`";
    assert_one(&[("m/iam.tf", &role), ("m/ecs.tf", &task)], "m/iam.tf", Severity::Error, words);
    // The document is a block of its own, in a third file.
    let role = r#"resource "aws_iam_role" "runner" { assume_role_policy = data.aws_iam_policy_document.trust.json }"#;
    assert_one(
        &[("iam.tf", role), ("documents.tf", DOCUMENT_TF), ("ecs.tf", &task)],
        "documents.tf",
        Severity::Error,
        words,
    );
    // Other folders are other modules.
    let role = role_tf("runner", "ecs.amazonaws.com");
    assert_eq!(project("wrong-service-principal", &[("a/iam.tf", &role), ("b/ecs.tf", &task)]), []);
    let right = role_tf("runner", "ecs-tasks.amazonaws.com");
    assert_eq!(project("wrong-service-principal", &[("m/iam.tf", &right), ("m/ecs.tf", &task)]), []);
}

#[test]
fn modules_hand_roles_on_by_inputs_and_outputs() {
    let role = role_tf("runner", "ecs.amazonaws.com");
    let task = task_tf("var.role_arn");
    let call = r#"module "task" {
  source   = "./modules/task"
  role_arn = aws_iam_role.runner.arn
}"#;
    let words = "`task_role_arn` of `aws_ecs_task_definition.web` in `modules/task/main.tf`";
    let files = [("iam.tf", &*role), ("main.tf", call), ("modules/task/main.tf", &*task)];
    assert_one(&files, "iam.tf", Severity::Error, words);
    // Into the folder beside, and with the role made by a module of its own.
    let output = r#"output "runner" { value = aws_iam_role.runner.arn }"#;
    let calls = r#"module "roles" { source = "../modules/roles" }
module "task" {
  source   = "../modules/task"
  role_arn = module.roles.runner
}"#;
    let files = [
        ("modules/roles/main.tf", &*role),
        ("modules/roles/outputs.tf", output),
        ("live/main.tf", calls),
        ("modules/task/main.tf", &*task),
    ];
    assert_one(&files, "modules/roles/main.tf", Severity::Error, words);
    // Another variable, another output.
    for (from, to) in [("role_arn = module", "name = module"), ("module.roles.runner", "module.roles.other")]
    {
        let calls = calls.replace(from, to);
        let files = [
            ("modules/roles/main.tf", &*role),
            ("modules/roles/outputs.tf", output),
            ("live/main.tf", &*calls),
            ("modules/task/main.tf", &*task),
        ];
        assert_eq!(project("wrong-service-principal", &files), [], "{calls}");
    }
    // A module that calls itself ends the search.
    let circle = r#"module "task" {
  source   = "./"
  role_arn = var.role_arn
}"#;
    assert_eq!(project("wrong-service-principal", &[("main.tf", circle), ("task.tf", &task)]), []);
}

fn role_yaml(more: &str) -> String {
    format!(
        r#"Resources:
  Runner:
    Type: AWS::IAM::Role
    Properties:{more}
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{ Service: ecs.amazonaws.com }}
            Action: sts:AssumeRole
Outputs:
  Runner:
    Value: !GetAtt Runner.Arn
    Export: {{ Name: runner-arn }}
"#
    )
}

fn task_yaml(role: &str) -> String {
    format!(
        r#"Resources:
  Web:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: web
      TaskRoleArn: {role}
      ContainerDefinitions:
        - {{ Name: web, Image: web, Memory: 128 }}
"#
    )
}

#[test]
fn templates_know_each_other_by_exports_and_names() {
    let words = "`TaskRoleArn` of `Web` in `task.yaml`";
    let task = task_yaml("!ImportValue runner-arn");
    assert_one(&[("roles.yaml", &role_yaml("")), ("task.yaml", &task)], "roles.yaml", Severity::Error, words);
    let named = role_yaml("\n      RoleName: web-runner");
    for role in [
        "arn:aws:iam::111122223333:role/web-runner",
        "!Sub arn:aws:iam::${AWS::AccountId}:role/service/web-runner",
    ] {
        let files = [("roles.yaml", &*named), ("task.yaml", &task_yaml(role))];
        assert_one(&files, "roles.yaml", Severity::Error, words);
    }
    // In one template; and a resource of another template is none of this one's.
    let one = format!(
        "{}{}",
        role_yaml("").split("Outputs").next().unwrap(),
        task_yaml("!GetAtt Runner.Arn").replace("Resources:\n", "")
    );
    assert_one(&[("one.yaml", &one)], "one.yaml", Severity::Error, "`TaskRoleArn` of `Web` names this role");
    let task = task_yaml("!GetAtt Runner.Arn");
    assert_eq!(
        project("wrong-service-principal", &[("roles.yaml", &role_yaml("")), ("task.yaml", &task)]),
        []
    );
}

#[test]
fn names_lead_from_folder_to_folder_and_the_nearer_is_meant() {
    let role = role_tf("webReader", "ecs.amazonaws.com");
    let files = [("ecs/task-definition.json", TASK), ("infra/iam.tf", &*role)];
    assert_one(&files, "infra/iam.tf", Severity::Error, "`taskRoleArn` of `ecs/task-definition.json`");
    // By a file's name alone, and by that of its folder: a hint of no more than a warning.
    let trust = trust("ecs.amazonaws.com");
    for path in ["iam/web-reader-trust.json", "roles/web-reader/trust-policy.json"] {
        assert_one(
            &[("ecs/task-definition.json", TASK), (path, &trust)],
            path,
            Severity::Warning,
            "`taskRoleArn`",
        );
    }
    // Of two, the nearer; of two that are as near, none.
    let near = [
        ("prod/task.json", TASK),
        ("prod/iam/web-reader-trust.json", &*trust),
        ("staging/iam/web-reader-trust.json", &*trust),
    ];
    assert_one(&near, "prod/iam/web-reader-trust.json", Severity::Warning, "`taskRoleArn`");
    let both =
        [("task.json", TASK), ("a/web-reader-trust.json", &*trust), ("b/web-reader-trust.json", &*trust)];
    assert_eq!(project("wrong-service-principal", &both), []);
    // A role that bears the name goes before a file that is called so.
    let named = [("task.json", TASK), ("web-reader-trust.json", &*trust), ("iam/main.tf", &*role)];
    assert_one(&named, "iam/main.tf", Severity::Error, "`taskRoleArn`");
}

#[test]
fn a_service_finds_its_task_definition_in_another_folder_or_file() {
    let service = r#"{
      "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
      "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
      "loadBalancers": [{ "containerName": "wed", "containerPort": 80 }]
    }"#;
    let found = project(
        "unknown-service-container",
        &[("deploy/service.json", service), ("ecs/task.json", SERVICE_TASK)],
    );
    assert!(
        matches!(&found[..], [(_, _, words)] if words.contains("It is in `ecs/task.json`.")),
        "{found:#?}"
    );
    let service = r#"resource "aws_ecs_service" "web" {
  name            = "web"
  task_definition = module.task.arn
  load_balancer {
    container_name = "wed"
    container_port = 80
  }
}
module "task" { source = "./task" }
"#;
    let output = r#"output "arn" { value = aws_ecs_task_definition.web.arn }"#;
    let task = task_tf("null");
    let files = [("main.tf", service), ("task/outputs.tf", output), ("task/main.tf", &*task)];
    let found = project("unknown-service-container", &files);
    assert!(matches!(&found[..], [(_, _, words)] if words.contains("has no container `wed`")), "{found:#?}");
}

#[test]
fn only_what_is_new_to_others_moves_the_revision() {
    let summary = |text: &str| report("task.json", text, &FileFacts::of_path("task.json")).summary;
    let mut graph = Graph::default();
    assert!(graph.replace(summary(TASK)));
    let before = graph.revision();
    assert!(!graph.replace(summary(&TASK.replace("\"image\": \"web\"", "\"image\": \"other\", \"cpu\": 1"))));
    assert_eq!(graph.revision(), before);
    assert!(graph.replace(summary(&TASK.replace("webReader", "webWriter"))));
    assert!(graph.revision() > before);
    assert!(graph.replace(summary("{}")) && graph.is_empty());
    assert!(!graph.remove("./task.json"));
}

#[test]
fn containers_in_a_file_of_their_own_are_judged_with_their_task() {
    let task = r#"resource "aws_ecs_task_definition" "web" {
      family                   = "web"
      network_mode             = "awsvpc"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 256
      memory                   = 512
      container_definitions    = CONTAINERS
    }"#;
    let containers = r#"[{ "name": "größe", "image": "${image}", "cpu": ${cpu}, "portMappings": [{ "containerPort": 80, "hostPort": 8080 }] }]"#;
    let rules = RuleSet::choose(Level::Default, &["host-port-mismatch".to_string()], &[]).unwrap();
    let check = |path: &str, text: &str, facts: &FileFacts| {
        let facts = FileFacts { path: path.into(), ..facts.clone() };
        Report::of(text, Parsed::parse(text, facts.surroundings()), &facts, None, &rules, None)
    };
    for (written, count) in [
        (r#"templatefile("${path.module}/tasks/web.json.tpl", { cpu = 256 })"#, 1),
        (r#"file("./tasks/web.json.tpl")"#, 1),
        (r#"templatefile("${path.module}/tasks/other.json.tpl", {})"#, 0),
        (r#"templatefile("${var.folder}/web.json.tpl", {})"#, 0),
    ] {
        let mut graph = Graph::default();
        let module = task.replace("CONTAINERS", written);
        graph.replace(check("infra/main.tf", &module, &FileFacts::of_path("infra/main.tf")).summary);
        let path = "infra/tasks/web.json.tpl";
        let facts = FileFacts { graph: Arc::new(graph), ..FileFacts::of_path(path) };
        assert_eq!(check(path, containers, &facts).findings.len(), count, "{written}");
    }
}

#[test]
fn of_two_task_definitions_of_one_family_the_nearer_is_meant() {
    let service = r#"{ "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
      "loadBalancers": [{ "targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef", "containerName": "proxy", "containerPort": 80 }] }"#;
    let task =
        |container: &str| SERVICE_TASK.replace("\"name\": \"web\"", &format!("\"name\": \"{container}\""));
    let (near, far) = (task("web"), task("proxy"));
    let found = of_service(service, &[("infra/task.json", &near), ("old/copy/task.json", &far)]);
    assert!(found.iter().any(|it| it.contains("has no container `proxy`")), "{found:#?}");
    let found = of_service(service, &[("infra/task.json", &far), ("old/copy/task.json", &near)]);
    assert!(!found.iter().any(|it| it.contains("has no container")), "{found:#?}");
}
