//! Documents written down in every host, for tests that hold them against each other.

use passrole::host::DocumentKind;
use serde_json::{Value, json};
use std::fmt::Write as _;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Identity,
    Resource,
    Trust,
    Task,
}

use Kind::{Identity, Resource, Task, Trust};

/// A way to write a document down, with the file's name and text.
pub type Host = (&'static str, &'static str, fn(Kind, &Value) -> Option<String>);

pub const HOSTS: [Host; 14] = [
    (HCL_IN_YAML, "manifest.yaml", |kind, document| {
        if kind == Task {
            return None;
        }
        let policy = hcl(document, 10).replace('\n', "\n      ");
        Some(format!(
            "apiVersion: iam.aws.upbound.io/v1beta1\nkind: Role\nspec:\n  forProvider:\n    policy: |-\n      ${{jsonencode({policy})}}\n"
        ))
    }),
    (PLAIN_YAML, "document.yaml", |_, document| Some(format!("{}\n", yaml(document, 0).trim_start()))),
    ("template in YAML", "template.yaml", |kind, document| {
        Some(format!("Resources:\n  It:{}", yaml(&template(kind, document, document.clone()), 4)))
    }),
    ("template in JSON", "template.json", |kind, document| {
        let it = template(kind, document, document.clone());
        Some(format!("{:#}\n", json!({ "Resources": { "It": it } })))
    }),
    ("service of the Serverless Framework", "serverless.yml", |kind, document| {
        // What looks like a variable of IAM is one of the framework there.
        if document.to_string().contains("${") {
            return None;
        }
        let it = yaml(&template(kind, document, document.clone()), 6);
        Some(format!("service: it\nprovider:\n  name: aws\nresources:\n  Resources:\n    It:{it}"))
    }),
    ("text in YAML", "template.yml", |kind, document| {
        if kind == Task {
            return None;
        }
        let it = template(kind, document, json!("@@"));
        let text = format!("{document:#}").replace('\n', "\n            ");
        let body = yaml(&it, 4).replace("\"@@\"", &format!("|\n            {text}"));
        Some(format!("Resources:\n  It:{body}"))
    }),
    ("quoted text in YAML", "template.yaml", |kind, document| {
        if kind == Task {
            return None;
        }
        let it = template(kind, document, json!("@@"));
        let text = Value::String(document.to_string()).to_string();
        Some(format!("Resources:\n  It:{}", yaml(&it, 4).replace("\"@@\"", &text)))
    }),
    ("jsonencode", "main.tf", |kind, document| {
        let (resource, argument) = terraform(kind);
        let body = if kind == Task {
            task_arguments(document, &format!("jsonencode({})", hcl(&document["containerDefinitions"], 2)))
        } else {
            format!("  {argument} = jsonencode({})\n", hcl(document, 2))
        };
        Some(format!("resource \"{resource}\" \"it\" {{\n{body}}}\n"))
    }),
    ("condition", "main.tf", |kind, document| {
        let (resource, argument) = terraform(kind);
        if kind == Task {
            return None;
        }
        let policy = hcl(document, 2);
        Some(format!(
            "resource \"{resource}\" \"it\" {{\n  {argument} = var.on ? jsonencode({policy}) : null\n}}\n"
        ))
    }),
    ("heredoc", "main.tofu", |kind, document| {
        let (resource, argument) = terraform(kind);
        let heredoc = |document: &Value| {
            let text = format!("{document:#}").replace("${", "$${").replace('\n', "\n    ");
            format!("<<-EOF\n    {text}\n  EOF")
        };
        let body = if kind == Task {
            task_arguments(document, &heredoc(&document["containerDefinitions"]))
        } else {
            format!("  {argument} = {}\n", heredoc(document))
        };
        Some(format!("resource \"{resource}\" \"it\" {{\n{body}}}\n"))
    }),
    (JSON_IN_MARKDOWN, "README.md", |_, document| {
        let text = format!("{document:#}").replace('\n', "\n   ");
        Some(format!("# Größe\n\n1. So:\n\n   ```json\n   {text}\n   ```\n\n```sh\nls\n```\n"))
    }),
    (YAML_IN_MARKDOWN, "README.md", |_, document| {
        Some(format!("# Größe\n\n~~~yaml title=\"a.yaml\"\n{}\n~~~\n", yaml(document, 0).trim_start()))
    }),
    ("HCL in Markdown", "README.md", |kind, document| {
        let (resource, argument) = terraform(kind);
        if kind == Task {
            return None;
        }
        let policy = hcl(document, 2);
        Some(format!(
            "Größe\n```hcl\nresource \"{resource}\" \"it\" {{\n  {argument} = jsonencode({policy})\n}}\n```\n"
        ))
    }),
    ("policy document", "main.tf", |kind, document| {
        let (resource, argument) = match kind {
            Task => return None,
            kind => terraform(kind),
        };
        let uses = format!(
            "resource \"{resource}\" \"it\" {{\n  {argument} = data.aws_iam_policy_document.it.json\n}}\n"
        );
        Some(format!("{uses}\ndata \"aws_iam_policy_document\" \"it\" {{\n{}}}\n", blocks(document)))
    }),
];

/// The resource that holds a document; `value` is what is written in its place.
fn template(kind: Kind, document: &Value, value: Value) -> Value {
    match kind {
        Identity => json!({ "Type": "AWS::IAM::ManagedPolicy", "Properties": { "PolicyDocument": value } }),
        Resource => json!({ "Type": "AWS::S3::BucketPolicy", "Properties": { "PolicyDocument": value } }),
        Trust => json!({ "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": value } }),
        Task => json!({ "Type": "AWS::ECS::TaskDefinition", "Properties": capitals(document) }),
    }
}

fn terraform(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Identity => ("aws_iam_policy", "policy"),
        Resource => ("aws_s3_bucket_policy", "policy"),
        Trust => ("aws_iam_role", "assume_role_policy"),
        Task => ("aws_ecs_task_definition", "container_definitions"),
    }
}

pub fn kind_of(kind: Kind) -> DocumentKind {
    match kind {
        Identity => DocumentKind::Identity,
        Resource => DocumentKind::Resource,
        Trust => DocumentKind::Trust,
        Task => DocumentKind::TaskDefinition,
    }
}

/// Names as CloudFormation has them, but for the options of a log driver.
fn capitals(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let value = if name == "options" { value.clone() } else { capitals(value) };
                (name[..1].to_uppercase() + &name[1..], value)
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(capitals).collect(),
        other => other.clone(),
    }
}

/// A value behind a colon, in blocks.
fn yaml(value: &Value, indent: usize) -> String {
    let space = " ".repeat(indent);
    match value {
        Value::Object(members) if !members.is_empty() => {
            let mut out = String::from("\n");
            for (name, value) in members {
                let name = if name.contains(':') { format!("{name:?}") } else { name.clone() };
                write!(out, "{space}{name}:{}", yaml(value, indent + 2)).unwrap();
            }
            out
        }
        Value::Array(items) if !items.is_empty() => {
            let mut out = String::from("\n");
            for item in items {
                write!(out, "{space}- {}", yaml(item, indent + 2).trim_start()).unwrap();
            }
            out
        }
        other => format!(" {other}\n"),
    }
}

fn hcl(value: &Value, indent: usize) -> String {
    let space = " ".repeat(indent);
    match value {
        Value::Object(members) => {
            let mut out = String::from("{\n");
            for (name, value) in members {
                let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
                let name = if is_word { name.clone() } else { format!("{name:?}") };
                writeln!(out, "{space}  {name} = {}", hcl(value, indent + 2)).unwrap();
            }
            out + &space + "}"
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| hcl(item, indent)).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string().replace("${", "$${"),
    }
}

fn task_arguments(task: &Value, containers: &str) -> String {
    let mut out = String::new();
    for (name, value) in task.as_object().unwrap() {
        match name.as_str() {
            "containerDefinitions" => writeln!(out, "  container_definitions = {containers}").unwrap(),
            "volumes" => {
                for volume in value.as_array().unwrap() {
                    writeln!(out, "  volume {{\n    name = {}\n  }}", volume["name"]).unwrap();
                }
            }
            name => {
                let snake: String = name
                    .chars()
                    .flat_map(|char| {
                        char.is_uppercase().then_some('_').into_iter().chain(char.to_lowercase())
                    })
                    .collect();
                writeln!(out, "  {snake} = {}", hcl(value, 2)).unwrap();
            }
        }
    }
    out
}

/// Statements as blocks of the provider's own.
fn blocks(policy: &Value) -> String {
    let mut out = String::new();
    for statement in policy["Statement"].as_array().unwrap() {
        out += "  statement {\n";
        for (name, value) in statement.as_object().unwrap() {
            match name.as_str() {
                "Principal" => {
                    for (kind, names) in value.as_object().unwrap() {
                        writeln!(
                            out,
                            "    principals {{\n      type = {kind:?}\n      identifiers = {}\n    }}",
                            hcl(names, 6)
                        )
                        .unwrap();
                    }
                }
                "Condition" => {
                    for (test, keys) in value.as_object().unwrap() {
                        for (variable, values) in keys.as_object().unwrap() {
                            writeln!(out, "    condition {{\n      test = {test:?}\n      variable = {variable:?}\n      values = {}\n    }}", hcl(values, 6)).unwrap();
                        }
                    }
                }
                name => {
                    let argument = match name {
                        "Sid" => "sid",
                        "Effect" => "effect",
                        "Action" => "actions",
                        "NotAction" => "not_actions",
                        "Resource" => "resources",
                        _ => "not_resources",
                    };
                    writeln!(out, "    {argument} = {}", hcl(value, 4)).unwrap();
                }
            }
        }
        out += "  }\n";
    }
    out
}

/// The host where the content alone tells the kind.
pub const PLAIN_YAML: &str = "YAML by itself";
const HCL_IN_YAML: &str = "HCL in YAML";
const JSON_IN_MARKDOWN: &str = "JSON in Markdown";
const YAML_IN_MARKDOWN: &str = "YAML in Markdown";

/// The kind to be given to a host: the others tell it by the place.
pub fn given(host: &str, kind: Kind) -> Option<DocumentKind> {
    [PLAIN_YAML, HCL_IN_YAML, JSON_IN_MARKDOWN, YAML_IN_MARKDOWN].contains(&host).then(|| kind_of(kind))
}
