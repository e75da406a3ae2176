//! Whole small repositories, right and with one mistake each: `tests/scenarios/scenarios.json`.
//!
//! `files` by path; in `bad` the mistakes, each as edits of those files and what a finding then has to mention.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "support/scenarios.rs"]
mod small_repositories;

use passrole::access::gains;
use passrole::analysis::{self, FileFacts, WantedFixes, elsewhere};
use passrole::diagnostic::{Finding, Safety, Severity};
use passrole::host::{Document, DocumentKind, Parsed};
use passrole::model::Policy;
use passrole::workspace::Workspace;
use serde_json::json;
use small_repositories::{Files, ROOT, scenarios, workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn place(file: &str) -> PathBuf {
    Path::new(ROOT).join(file)
}

fn findings_of(workspace: &Workspace, file: &str, text: &str) -> Vec<Finding> {
    let (settings, _) = workspace.settings(&place(file));
    let facts = workspace.facts(&place(file));
    analysis::check_file(text, &facts, settings.kind, &settings.rules).findings
}

/// All of the repository, with their files.
fn findings(files: &Files) -> Vec<(String, Finding)> {
    let workspace = workspace(files);
    let of = |(file, text): (&String, &String)| {
        findings_of(&workspace, file, text).into_iter().map(|it| (file.clone(), it)).collect::<Vec<_>>()
    };
    files.iter().flat_map(of).collect()
}

#[test]
fn what_is_right_is_left_alone_and_each_mistake_is_found() {
    let mut failures = Vec::new();
    for scenario in scenarios() {
        let right = findings(&scenario.files);
        for (file, it) in right.iter().filter(|(_, it)| it.severity >= Severity::Warning) {
            failures.push(format!("{}: {file}: {} {}", scenario.name, it.rule.id, it.message));
        }
        let known: BTreeSet<(&str, &str)> = right.iter().map(|(_, it)| (it.rule.id, &*it.message)).collect();
        for (mistake, files, mentions) in &scenario.bad {
            let found = findings(files);
            let is_it = |it: &Finding| {
                let said = format!("{} {}", it.message, it.note).to_lowercase();
                it.severity >= Severity::Warning
                    && !known.contains(&(it.rule.id, &*it.message))
                    && mentions.iter().any(|mention| said.contains(&mention.to_lowercase()))
            };
            if !found.iter().any(|(_, it)| is_it(it)) {
                failures.push(format!("{}: {mistake}: nothing says {mentions:?}", scenario.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The text with the repair of a finding, and its file.
fn repaired(workspace: &Workspace, files: &Files, file: &str, finding: &Finding) -> Option<(String, String)> {
    if finding.fix_file.is_some() {
        let repair = elsewhere::repair(workspace, &place(file), &files[file], finding).ok()?;
        let path = repair.path.strip_prefix(ROOT).unwrap().to_string_lossy().replace('\\', "/");
        return Some((path, repair.after));
    }
    let (settings, _) = workspace.settings(&place(file));
    let wanted = WantedFixes::Grants { rule: finding.rule.id, at: Some(finding.span) };
    let facts = workspace.facts(&place(file));
    let fixed = analysis::fix_text(&files[file], &facts, settings.kind, &settings.rules, wanted);
    (fixed.text != files[file]).then(|| (file.to_string(), fixed.text))
}

fn policies(path: &str, text: &str) -> Vec<Document> {
    let facts = FileFacts::of_path(path);
    let documents = Parsed::parse(text, facts.surroundings()).documents(text, path, None, &[]);
    documents.into_iter().filter(|it| it.kind == DocumentKind::Identity).collect()
}

fn read(documents: &[Document]) -> Vec<Policy<'_>> {
    documents.iter().map(|it| Policy::of(it).unwrap()).collect()
}

/// Repairs that add access mend what they are for, bring nothing, and give what the finding names and no more.
#[test]
fn a_repair_grants_what_is_lacking_and_nothing_more() {
    let mut failures = Vec::new();
    let mut repairs: BTreeMap<&str, usize> = BTreeMap::new();
    for scenario in scenarios() {
        for (mistake, files, _) in &scenario.bad {
            let workspace = workspace(files);
            let mut seen = BTreeSet::new();
            for (file, finding) in findings(files) {
                let is_grant = finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Grants);
                if !is_grant || finding.rule.group.name() != "role" {
                    continue;
                }
                // A policy in a text that is no template's is not edited; what one place lacks twice is mended
                // one after the other.
                let is_first = seen.insert((file.clone(), finding.span, finding.rule.id));
                if scenario.name == "j-create-role" || !is_first {
                    continue;
                }
                let at = format!("{}: {mistake}: {}", scenario.name, finding.message);
                let Some((path, text)) = repaired(&workspace, files, &file, &finding) else {
                    failures.push(format!("{at}: the repair is refused: {:?}", finding.fix));
                    continue;
                };
                let syntax = path.rsplit('.').next().map(|it| match it {
                    "json" => "json",
                    "tf" => "tf",
                    _ => "yaml",
                });
                *repairs.entry(syntax.unwrap()).or_default() += 1;
                let mut after = files.clone();
                let before = after.insert(path.clone(), text.clone()).unwrap();
                let left = findings(&after);
                let is_it = |it: &Finding| it.rule == finding.rule && it.message == finding.message;
                if left.iter().any(|(_, it)| is_it(it)) {
                    failures.push(format!("{at}: it stays\n{text}"));
                }
                let (old, new) = (policies(&path, &before), policies(&path, &text));
                let named = |action: &str| finding.message.to_lowercase().contains(&action.to_lowercase());
                // What stands in a template's text with references is not compared.
                let (old, new) = (read(&old), read(&new));
                let (gained, _) = gains(&new, &old);
                for gain in &gained {
                    if !named(&gain.witness.action) {
                        failures.push(format!("{at}: it gives {} as well\n{text}", gain.witness.action));
                    }
                }
                let (lost, _) = gains(&old, &new);
                if !lost.is_empty() {
                    failures.push(format!("{at}: it takes something\n{text}"));
                }
                if syntax == Some("json") && !text.contains("Fn::") && gained.is_empty() {
                    failures.push(format!("{at}: it gives nothing\n{text}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(
        ["json", "yaml", "tf"].iter().all(|it| repairs.get(it).is_some_and(|count| *count > 3)),
        "{repairs:?}"
    );
}

const ROLE: &str = r#"resource "aws_iam_role" "execution" {
  name = "shop-execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "execution" {
  role = aws_iam_role.execution.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "logs:*", Resource = "*" }]
  })
}
"#;

fn task() -> String {
    json!({
        "family": "shop", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "executionRoleArn": "arn:aws:iam::111122223333:role/shop-execution",
        "containerDefinitions": [{ "name": "shop", "image": "public.ecr.aws/nginx/nginx:1.27",
            "secrets": [{ "name": "K", "valueFrom": "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/k" }] }]
    })
    .to_string()
}

fn said(files: &[(&str, String)]) -> (Vec<Finding>, Vec<String>) {
    let files: Files = files.iter().map(|(path, text)| ((*path).to_string(), text.clone())).collect();
    let workspace = workspace(&files);
    let found = findings_of(&workspace, "task.json", &files["task.json"]);
    let of_role = found.into_iter().filter(|it| it.rule.group.name() == "role").collect();
    (of_role, workspace.take_notices().into_iter().map(|it| it.words).collect())
}

#[test]
fn roles_of_another_repository_are_known_by_its_export() {
    let infra: Files = [("iam/roles.tf".to_string(), ROLE.to_string())].into();
    let told = workspace(&infra).export(Path::new(ROOT), Some("infra")).to_string();
    let config = r#"{ "context": ["context/infra.json"] }"#.to_string();
    let files = [("task.json", task()), (".passrole.jsonc", config), ("context/infra.json", told)];
    let (found, notices) = said(&files);
    assert_eq!(notices, Vec::<String>::new());
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("lacks `ssm:GetParameters`"), "{found:#?}");
    assert!(found[0].note.contains("`infra:/iam/roles.tf`"), "{found:#?}");
    // Nobody mends another repository from here.
    assert!(found[0].fix.is_none());
    assert!(said(&files[..1]).0.is_empty());
}

#[test]
fn roles_of_an_account_are_known_by_what_the_command_answers() {
    let policy = |action: &str| json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] });
    let account = |action: &str| {
        json!({
            "UserDetailList": [], "GroupDetailList": [],
            "RoleDetailList": [{
                "Path": "/", "RoleName": "shop-execution", "Arn": "arn:aws:iam::111122223333:role/shop-execution",
                "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [] },
                "RolePolicyList": [],
                "AttachedManagedPolicies": [{ "PolicyName": "own", "PolicyArn": "arn:aws:iam::111122223333:policy/own" }]
            }],
            "Policies": [{
                "PolicyName": "own", "Arn": "arn:aws:iam::111122223333:policy/own",
                "PolicyVersionList": [
                    { "Document": policy("s3:*"), "VersionId": "v1", "IsDefaultVersion": false },
                    { "Document": policy(action), "VersionId": "v2", "IsDefaultVersion": true }
                ]
            }]
        })
        .to_string()
    };
    let config = r#"{ "context": "account.json" }"#.to_string();
    let found = |action: &str| {
        said(&[("task.json", task()), (".passrole.jsonc", config.clone()), ("account.json", account(action))])
            .0
    };
    assert_eq!(found("ssm:GetParameters"), []);
    let lacks = found("ssm:GetParameter");
    assert_eq!(lacks.len(), 1, "{lacks:#?}");
    assert!(lacks[0].note.contains("account"), "{lacks:#?}");
}

#[test]
fn context_that_cannot_be_read_is_told_with_its_place() {
    let config = "{\n  \"context\": [\"a.json\", \"b.json\", \"c.json\"]\n}".to_string();
    let (found, notices) = said(&[
        ("task.json", task()),
        (".passrole.jsonc", config),
        ("b.json", "{\n  \"passrole\": 1,\n  \"files\"".to_string()),
        ("c.json", "{}".to_string()),
    ]);
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(notices.len(), 3, "{notices:#?}");
    for (notice, words) in notices.iter().zip([
        "a.json: no such file",
        "b.json: line 3: this is not JSON",
        "c.json: this is neither",
    ]) {
        assert!(notice.starts_with("/scenario/.passrole.jsonc:2: ") && notice.contains(words), "{notice}");
    }
}

#[test]
fn the_configuration_states_the_files_of_roles() {
    let policy = |action: &str| json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] });
    let config = |attached: &str| {
        format!(
            r#"{{ "roles": {{ "shop-execution": {{ "policies": "iam/x.json", "attached": [{attached}] }} }} }}"#
        )
    };
    let found = |action: &str, attached: &str| {
        said(&[
            ("task.json", task()),
            (".passrole.jsonc", config(attached)),
            ("iam/x.json", policy(action).to_string()),
        ])
    };
    let (lacks, _) = found("s3:GetObject", "");
    assert_eq!(lacks.len(), 1, "{lacks:#?}");
    assert_eq!(lacks[0].severity, Severity::Error);
    assert!(found("ssm:Get*", "").0.is_empty());
    assert!(found("s3:GetObject", r#""arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess""#).0.is_empty());
    let (_, notices) = said(&[("task.json", task()), (".passrole.jsonc", config(""))]);
    assert!(notices[0].ends_with("/iam/x.json: there is no such file"), "{notices:?}");
}

/// Neighbours that are broken, gone, go in circles or are many cost their findings and no wrong ones.
#[test]
fn bad_neighbours_make_no_wrong_findings() {
    let module = |source: &str| {
        format!(
            "module \"m\" {{\n  source = \"{source}\"\n  role = module.m.role\n}}\noutput \"role\" {{\n  value = module.m.role\n}}\nvariable \"role\" {{}}\n"
        )
    };
    let circle = [
        ("task.json", task()),
        ("a/main.tf", module("../b")),
        ("b/main.tf", module("../a")),
        ("c/main.tf", module("../c")),
        ("s/one.yaml", "Resources:\n  Two:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: two.yaml\n      Parameters:\n        R: !GetAtt Two.Outputs.R\nOutputs:\n  R:\n    Value: !GetAtt Two.Outputs.R\n".to_string()),
        ("s/two.yaml", "Parameters:\n  R:\n    Type: String\nResources:\n  One:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: one.yaml\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ExecutionRoleArn: !GetAtt One.Outputs.R\nOutputs:\n  R:\n    Value: !GetAtt One.Outputs.R\n".to_string()),
    ];
    assert_eq!(said(&circle).0, []);
    for file in ["a/main.tf", "b/main.tf", "c/main.tf", "s/one.yaml", "s/two.yaml"] {
        let files: Files = circle.iter().map(|(path, text)| ((*path).to_string(), text.clone())).collect();
        let found = findings_of(&workspace(&files), file, &files[file]);
        assert!(found.iter().all(|it| it.rule.group.name() != "role"), "{found:#?}");
    }
    // Broken in the middle of the policy: what it grants is not known.
    for end in [20, 120, 260] {
        assert_eq!(said(&[("task.json", task()), ("iam.tf", ROLE[..end].to_string())]).0, [], "{end}");
    }
    // A thousand roles of one name: none is meant.
    let many: Vec<(String, String)> =
        (0..1000).map(|number| (format!("r{number}/iam.tf"), ROLE.to_string())).collect();
    let mut files: Vec<(&str, String)> = many.iter().map(|(path, text)| (&**path, text.clone())).collect();
    files.push(("task.json", task()));
    assert_eq!(said(&files).0, []);
}

/// What was told of a file that is gone is not told any more, also where it was the last one looked at.
#[test]
fn a_file_that_vanishes_takes_its_findings_along() {
    let files: Files = [("task.json".to_string(), task()), ("iam.tf".to_string(), ROLE.to_string())].into();
    assert_eq!(findings(&files).iter().filter(|(_, it)| it.rule.group.name() == "role").count(), 1);
    let gone: Files = files.into_iter().filter(|(path, _)| path != "iam.tf").collect();
    assert_eq!(findings(&gone).iter().filter(|(_, it)| it.rule.group.name() == "role").count(), 0);
}
