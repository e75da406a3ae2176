//! What a project costs as a whole: read for the first time, and after one edit. `cargo bench --bench project`
//!
//! A service has a task definition and two roles, each with its trust policy and its permissions: five files. The
//! times belong to the machine; read how they grow.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use passrole::analysis::check_file;
use passrole::workspace::{Configurations, Memory, Roots, Wishes, Workspace};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const ROOT: &str = "/project";

fn main() {
    println!("{:>8} {:>10} {:>12} {:>12} {:>10}", "files", "cold", "a file", "after edit", "findings");
    for files in [100, 1_000, 10_000] {
        measure(files);
    }
}

fn measure(files: usize) {
    let mut memory = Memory::default();
    memory.put(format!("{ROOT}/.git/HEAD"), "");
    let all: Vec<(String, String)> = (0..files / 5).flat_map(service).collect();
    all.iter().for_each(|(path, text)| memory.put(format!("{ROOT}/{path}"), text.as_str()));
    let memory = Arc::new(memory);
    let configurations = Configurations::new(memory.clone(), Wishes::default(), None).unwrap();
    let workspace = Workspace::new(memory, configurations, Roots::open([PathBuf::from(ROOT)]));
    let check = |path: &str, text: &str| {
        let place = Path::new(ROOT).join(path);
        let (settings, _) = workspace.settings(&place);
        let facts = workspace.facts(&place);
        check_file(text, &facts, settings.kind, &settings.rules)
    };
    let begun = Instant::now();
    let found: usize = all.iter().map(|(path, text)| check(path, text).findings.len()).sum();
    let cold = begun.elapsed();
    // The execution role of the first service trusts somebody else now.
    let (path, text) = &all[1];
    let edited = text.replace("ecs-tasks", "ecs");
    let begun = Instant::now();
    let report = check(path, &edited);
    workspace.put(&Path::new(ROOT).join(path), || edited.clone(), &report.parsed, &report.summary);
    let after = check(&all[0].0, &all[0].1).findings.len() + report.findings.len();
    let edit = begun.elapsed();
    println!(
        "{files:>8} {:>8.1?} {:>10.1?} {:>10.1?} {:>6} {:>3}",
        cold,
        cold / u32::try_from(files).unwrap(),
        edit,
        found,
        after
    );
}

/// The files of a service, the execution role's trust policy second. Every tenth lacks a permission.
fn service(number: usize) -> Vec<(String, String)> {
    let (name, account) = (format!("service{number}"), "111122223333");
    let arn = |role: &str| format!("arn:aws:iam::{account}:role/{name}-{role}");
    let trust = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }
    ] });
    let policy = |statements: serde_json::Value| json!({ "Version": "2012-10-17", "Statement": statements });
    let logs = if number.is_multiple_of(10) { "logs:CreateLogStream" } else { "logs:*" };
    let group = format!("arn:aws:logs:eu-west-1:{account}:log-group:/ecs/{name}:*");
    let pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    let repository = format!("arn:aws:ecr:eu-west-1:{account}:repository/{name}");
    let execution = policy(json!([
        { "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*" },
        { "Effect": "Allow", "Action": pull, "Resource": repository },
        { "Effect": "Allow", "Action": logs, "Resource": group }
    ]));
    let own = policy(json!([
        { "Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::{name}/*") }
    ]));
    let task = json!({
        "family": name, "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "executionRoleArn": arn("execution"), "taskRoleArn": arn("task"),
        "containerDefinitions": [{
            "name": name, "image": format!("{account}.dkr.ecr.eu-west-1.amazonaws.com/{name}:1"),
            "logConfiguration": { "logDriver": "awslogs", "options": {
                "awslogs-group": format!("/ecs/{name}"), "awslogs-region": "eu-west-1", "awslogs-stream-prefix": name
            } }
        }]
    });
    let files = [
        ("task-definition.json".to_string(), task),
        (format!("{name}-execution-trust.json"), trust.clone()),
        (format!("{name}-execution-policy.json"), execution),
        (format!("{name}-task-trust.json"), trust),
        (format!("{name}-task-policy.json"), own),
    ];
    files.into_iter().map(|(file, document)| (format!("{name}/{file}"), format!("{document:#}\n"))).collect()
}
