//! What a keystroke costs: parsing the whole text, editing the tree, and all the way to findings, at
//! 6 KB, 64 KB and 1 MB. Beside it, in the same run, what serde_json and jsonc-parser take for the text.
//! Then the same in templates and modules of 100 KB, beside a policy in JSON of that size.
//!
//! `cargo bench --bench keystroke`. Medians; read the ratios, not the times.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

use passrole::analysis::{FileFacts, Report, RuleSet};
use passrole::host::Parsed;
use passrole::syntax::Tree;
use passrole::text::{Source, Span, Text};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    println!(
        "{:>9} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}",
        "bytes", "parse", "serde_json", "jsonc-parser", "check", "edit tree", "to findings"
    );
    for size in [6 * 1024, 64 * 1024, 1024 * 1024] {
        let text = policy(size);
        let runs = (20_000_000 / size).clamp(30, 2000);
        let rules = RuleSet::default();
        let facts = FileFacts::of_path("policy.json");
        let parse = median(runs, || {
            black_box(Tree::parse(black_box(&text)));
        });
        let serde = median(runs, || {
            black_box(serde_json::from_str::<serde_json::Value>(black_box(&text)).unwrap());
        });
        let jsonc = median(runs, || {
            black_box(
                jsonc_parser::parse_to_ast(black_box(&text), &Default::default(), &Default::default())
                    .unwrap(),
            );
        });
        let check = median(runs.min(200), || {
            let parsed = Parsed::parse(black_box(&text), facts.surroundings());
            black_box(Report::of(text.as_str(), parsed, &facts, None, &rules, None));
        });
        // A letter typed into an action in the middle, and taken back.
        let at = text[text.len() / 2..].find("s3:Get").unwrap() + text.len() / 2 + 6;
        let at = at as u32;
        let mut rope = Text::from(text.as_str());
        let mut tree = Tree::parse(&text);
        let mut typed = false;
        let edit = median(runs.max(500), || {
            let (old, new) = next(at, &mut typed);
            rope.replace(old, new);
            tree = tree.edited(&rope, old, new.len() as u32).0;
        });
        let mut rope = Text::from(text.as_str());
        let mut report =
            Report::of(&rope, Parsed::parse(&text, facts.surroundings()), &facts, None, &rules, None);
        let mut typed = false;
        let findings = median(runs.max(500), || {
            let (old, new) = next(at, &mut typed);
            rope.replace(old, new);
            report = report.edited(&rope, old, new.len() as u32, &facts, None, &rules);
        });
        assert_eq!(Source::len(&rope) as usize, text.len() + usize::from(typed));
        println!(
            "{:>9} {:>12.1?} {:>12.1?} {:>12.1?} {:>12.1?} {:>12.1?} {:>12.1?}",
            text.len(),
            parse,
            serde,
            jsonc,
            check,
            edit,
            findings
        );
    }
    hosts();
}

/// A keystroke in a resource of a file of 100 KB, in each syntax, beside the same policies in JSON.
fn hosts() {
    println!("\n{:>24} {:>9} {:>12} {:>12}", "100 KB of", "bytes", "check", "to findings");
    let size = 100 * 1024;
    for (what, path, text) in [
        ("policy in JSON", "policy.json", policy(size)),
        (
            "template in JSON",
            "template.json",
            repeated(size, "{\n\"Resources\": {\n", json_resource, ",\n", "\n}\n}\n"),
        ),
        ("template in YAML", "template.yaml", repeated(size, "Resources:\n", yaml_resource, "", "")),
        ("module of Terraform", "main.tf", repeated(size, "", terraform_resource, "\n", "")),
    ] {
        let rules = RuleSet::default();
        let facts = FileFacts::of_path(path);
        let check = median(50, || {
            let parsed = Parsed::parse(black_box(&text), facts.surroundings());
            black_box(Report::of(text.as_str(), parsed, &facts, None, &rules, None));
        });
        let at = text[text.len() / 2..].find("s3:Get").unwrap() + text.len() / 2 + 6;
        let mut rope = Text::from(text.as_str());
        let parsed = Parsed::parse(&text, facts.surroundings());
        let mut report = Report::of(&rope, parsed, &facts, None, &rules, None);
        let mut typed = false;
        let findings = median(200, || {
            let (old, new) = next(at as u32, &mut typed);
            rope.replace(old, new);
            report = report.edited(&rope, old, new.len() as u32, &facts, None, &rules);
        });
        println!("{what:>24} {:>9} {check:>12.1?} {findings:>12.1?}", text.len());
    }
}

/// Items until that many bytes are reached, numbered.
fn repeated(size: usize, before: &str, item: fn(usize) -> String, between: &str, after: &str) -> String {
    let mut text = before.to_string();
    for number in 0.. {
        text += &item(number);
        if text.len() >= size {
            break;
        }
        text += between;
    }
    text + after
}

fn json_resource(number: usize) -> String {
    format!(
        "    \"Role{number}\": {{\n      \"Type\": \"AWS::IAM::RolePolicy\",\n      \"Properties\": {{\n        \"RoleName\": \"web\",\n        \"PolicyDocument\": {{\n          \"Version\": \"2012-10-17\",\n          \"Statement\": [\n            {{\n              \"Effect\": \"Allow\",\n              \"Action\": [\"s3:GetObject\", \"s3:GetObjectVersion\"],\n              \"Resource\": {{ \"Fn::Sub\": \"arn:${{AWS::Partition}}:s3:::bucket-{number}/*\" }}\n            }}\n          ]\n        }}\n      }}\n    }}"
    )
}

fn yaml_resource(number: usize) -> String {
    format!(
        "  Role{number}:\n    Type: AWS::IAM::RolePolicy\n    Properties:\n      RoleName: web\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action:\n              - s3:GetObject\n              - s3:GetObjectVersion\n            Resource: !Sub arn:${{AWS::Partition}}:s3:::bucket-{number}/*\n"
    )
}

fn terraform_resource(number: usize) -> String {
    format!(
        "resource \"aws_iam_role_policy\" \"role{number}\" {{\n  role = aws_iam_role.web.id\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{\n      Effect   = \"Allow\"\n      Action   = [\"s3:GetObject\", \"s3:GetObjectVersion\"]\n      Resource = \"arn:${{var.partition}}:s3:::bucket-{number}/*\"\n    }}]\n  }})\n}}\n"
    )
}

fn next(at: u32, typed: &mut bool) -> (Span, &'static str) {
    *typed = !*typed;
    if *typed { (Span::new(at, at), "x") } else { (Span::new(at, at + 1), "") }
}

fn median(runs: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// A policy of about that many bytes, two spaces a level.
fn policy(size: usize) -> String {
    let mut text = String::from("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n");
    let mut number = 0;
    while text.len() < size {
        text.push_str(&format!(
            "    {{\n      \"Sid\": \"Read{number}\",\n      \"Effect\": \"Allow\",\n      \"Action\": [\"s3:GetObject\", \"s3:GetObjectVersion\"],\n      \"Resource\": \"arn:aws:s3:::bucket-{number}/*\",\n      \"Condition\": {{ \"StringEquals\": {{ \"aws:PrincipalOrgID\": \"o-1234567890\" }} }}\n    }},\n"
        ));
        number += 1;
    }
    text.truncate(text.len() - 2);
    text.push_str("\n  ]\n}\n");
    text
}
