//! What the busiest ways through the program cost: how many instructions, as a multiple of what parsing a policy of
//! 9 KB costs in the same program. `tests/instructions.tsv` has the multiples, and none may double. No
//! clock is looked at, and compilers and their settings change both alike, so nothing but the program's own way counts.
//!
//! Counting takes minutes and is asked for by `PASSROLE_INSTRUCTIONS=count`, as CI does; `=write` writes the multiples as
//! they are now. Where valgrind is missing, the test says so and passes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "support/callgrind.rs"]
mod callgrind;
#[path = "support/naive.rs"]
mod naive;

use passrole::access::{Caller, Policies, Request, RequestContext, decide};
use passrole::analysis::{FileFacts, Report, RuleSet, check_text};
use passrole::ide::completion::{Options, complete};
use passrole::ide::{File, hover};
use passrole::model::Policy;
use passrole::syntax::Tree;
use passrole::text::{Span, Text};
use std::fmt::Write as _;
use std::hint::black_box;

/// Each may cost that many times what it did: how code is optimised makes a difference, too.
const MARGIN: f64 = 2.0;

/// In the process that is counted.
const COUNTED: &str = "PASSROLE_INSTRUCTIONS_COUNTED";

/// Its name is what callgrind is told to count around.
#[inline(never)]
fn measured(run: &mut dyn FnMut()) {
    run();
}

/// A policy of about that many bytes.
fn policy(bytes: usize) -> String {
    let mut text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [".to_string();
    for number in 0.. {
        write!(
            text,
            "\n    {{\n      \"Sid\": \"Read{number}\",\n      \"Effect\": \"Allow\",\n      \"Action\": [\"s3:GetObject\", \
             \"s3:PutObject\"],\n      \"Resource\": \"arn:aws:s3:::bucket-{number}/*\",\n      \"Condition\": {{ \
             \"StringEquals\": {{ \"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\" }} }}\n    }}"
        )
        .unwrap();
        if text.len() >= bytes {
            break;
        }
        text.push(',');
    }
    text + "\n  ]\n}\n"
}

/// The same as resources of a template or blocks of a module.
fn resources(bytes: usize, resource: fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0.. {
        text += &resource(number);
        if text.len() >= bytes {
            break;
        }
    }
    text
}

fn yaml(number: usize) -> String {
    format!(
        "  Role{number}:\n    Type: AWS::IAM::RolePolicy\n    Properties:\n      RoleName: web\n      PolicyDocument:\n        \
         Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            \
         Resource: !Sub arn:${{AWS::Partition}}:s3:::bucket-{number}/*\n"
    )
}

fn terraform(number: usize) -> String {
    format!(
        "resource \"aws_iam_role_policy\" \"role{number}\" {{\n  role = aws_iam_role.web.id\n  policy = jsonencode({{\n    \
         Version = \"2012-10-17\"\n    Statement = [{{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \
         \"arn:${{var.partition}}:s3:::bucket-{number}/*\" }}]\n  }})\n}}\n"
    )
}

/// A task definition with its containers.
fn task(bytes: usize) -> String {
    let mut text = "{ \"family\": \"web\", \"networkMode\": \"awsvpc\", \"requiresCompatibilities\": [\"FARGATE\"], \"cpu\": \
                    \"4096\", \"memory\": \"16384\",\n  \"containerDefinitions\": ["
        .to_string();
    for number in 0.. {
        write!(
            text,
            "\n    {{ \"name\": \"web-{number}\", \"image\": \"web:{number}\", \"essential\": true,\n      \"environment\": [{{ \
             \"name\": \"PORT\", \"value\": \"{number}\" }}],\n      \"logConfiguration\": {{ \"logDriver\": \"awslogs\", \
             \"options\": {{ \"awslogs-group\": \"/ecs/web\", \"awslogs-region\": \"eu-central-1\" }} }} }}"
        )
        .unwrap();
        if text.len() >= bytes {
            break;
        }
        text.push(',');
    }
    text + "\n  ]\n}\n"
}

/// A letter typed in the middle, behind the last of those words, and what is found then.
fn keystroke(path: &str, text: &str, word: &str, rules: &RuleSet) {
    let at = (text[..text.len() / 2].rfind(word).unwrap() + word.len() - 2) as u32;
    let facts = FileFacts::of_path(path);
    let mut rope = Text::from(text);
    let before = check_text(text, path, None, rules);
    // Once before: what is made once, is.
    rope.replace(Span::new(at, at), "x");
    let before = before.edited(&rope, Span::new(at, at), 1, &facts, None, rules);
    let mut after: Option<Report> = None;
    measured(&mut || {
        rope.replace(Span::new(at, at + 1), "");
        after = Some(before.edited(&rope, Span::new(at, at + 1), 0, &facts, None, rules));
    });
    assert_eq!(after.unwrap().findings, check_text(text, path, None, rules).findings);
}

/// Prepares what is measured, and measures it.
type Way = Box<dyn Fn(&RuleSet)>;

/// The ways, each with its name.
fn ways() -> Vec<(&'static str, Way)> {
    let nine = || policy(9 << 10);
    vec![
        (
            "parse a policy of 9 KB",
            Box::new(move |_| {
                let text = nine();
                measured(&mut || drop(black_box(Tree::parse(&text))));
            }),
        ),
        (
            "check a policy of 9 KB",
            Box::new(move |rules| {
                let text = nine();
                drop(check_text(&text, "policy.json", None, rules));
                measured(&mut || drop(black_box(check_text(&text, "policy.json", None, rules))));
            }),
        ),
        (
            "keystroke in a policy of 9 KB",
            Box::new(move |rules| {
                keystroke("policy.json", &nine(), "s3:PutObject", rules);
            }),
        ),
        (
            "keystroke in a policy of 64 KB",
            Box::new(|rules| {
                keystroke("policy.json", &policy(64 << 10), "s3:PutObject", rules);
            }),
        ),
        (
            "keystroke in a task definition of 64 KB",
            Box::new(|rules| {
                keystroke("task-definition.json", &task(64 << 10), "awslogs-group", rules);
            }),
        ),
        (
            "keystroke in a template of 100 KB",
            Box::new(|rules| {
                let text = format!("Resources:\n{}", resources(100 << 10, yaml));
                keystroke("template.yaml", &text, "s3:GetObject", rules);
            }),
        ),
        (
            "keystroke in a module of 100 KB",
            Box::new(|rules| {
                keystroke("main.tf", &resources(100 << 10, terraform), "s3:GetObject", rules);
            }),
        ),
        (
            "completion of an action",
            Box::new(move |rules| {
                let text = nine();
                let at = text.find("s3:Get").unwrap() as u32 + 6;
                let (rope, report) =
                    (Text::from(text.as_str()), check_text(&text, "policy.json", None, rules));
                let file = File { text: &rope, report: &report };
                let list = || complete(&file, at, Options::default()).unwrap();
                assert!(list().items.len() > 50);
                measured(&mut || drop(black_box(list())));
            }),
        ),
        (
            "hover over an action",
            Box::new(move |rules| {
                let text = nine();
                let at = text.find("s3:Get").unwrap() as u32 + 6;
                let (rope, report) =
                    (Text::from(text.as_str()), check_text(&text, "policy.json", None, rules));
                let file = File { text: &rope, report: &report };
                assert!(hover::hover(&file, at).is_some());
                measured(&mut || drop(black_box(hover::hover(&file, at))));
            }),
        ),
        (
            "whether a policy of 9 KB allows a request",
            Box::new(move |rules| {
                let report = check_text(&nine(), "policy.json", None, rules);
                let policies = Policies {
                    identity: vec![Policy::of(&report.documents[0]).unwrap()],
                    ..Policies::default()
                };
                let caller = Caller::parse("arn:aws:iam::111122223333:user/anna").unwrap();
                let context = RequestContext::open().with("aws:PrincipalOrgID", "o-a1b2c3d4e5");
                let request = Request::of(caller, "s3:GetObject", "arn:aws:s3:::bucket-30/a", context);
                measured(&mut || drop(black_box(decide(&request, &policies))));
            }),
        ),
    ]
}

#[test]
fn nothing_costs_much_more_than_before() {
    let rules = RuleSet::default();
    if std::env::var(COUNTED).is_ok() {
        return ways().iter().for_each(|(_, way)| way(&rules));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/instructions.tsv");
    let table = std::fs::read_to_string(&path).unwrap();
    let known: Vec<(&str, f64)> = table
        .lines()
        .skip(1)
        .map(|line| line.split_once('\t').unwrap())
        .map(|(name, multiple)| (name, multiple.parse().unwrap()))
        .collect();
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ways().iter().map(|(name, _)| *name).collect::<Vec<_>>(), "the table has other rows");
    let wanted = std::env::var("PASSROLE_INSTRUCTIONS").unwrap_or_default();
    if wanted.is_empty() || !callgrind::is_here("the cost of each way") {
        return;
    }
    let test = "nothing_costs_much_more_than_before";
    let found = callgrind::count("instructions::measured", test, COUNTED, "all");
    assert_eq!(found.len(), names.len());
    let mut written = table.lines().next().unwrap().to_string() + "\n";
    let mut wrong = Vec::new();
    for ((name, before), count) in known.iter().zip(&found) {
        let multiple = count / found[0];
        writeln!(written, "{name}\t{multiple:.3}").unwrap();
        println!("{name:<45} {count:>12} {before:>9.3} {multiple:>9.3}");
        if multiple > before * MARGIN {
            wrong.push(format!("{name}: {multiple:.3} times a parse, {before:.3} before"));
        }
    }
    if wanted == "write" {
        std::fs::write(path, written).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "more than twice:\n{}", wrong.join("\n"));
}

/// An answer out of a policy of ten statements with conditions costs at most ten times what matching its actions and
/// resources costs in the shortest way.
#[test]
fn an_answer_costs_little_more_than_matching_strings() {
    const TEST: &str = "an_answer_costs_little_more_than_matching_strings";
    const HERE: &str = "PASSROLE_ANSWER_COUNTED";
    let policy = naive::ten_statements();
    if std::env::var(HERE).is_ok() {
        let report = check_text(&policy, "policy.json", None, &RuleSet::none());
        let policies =
            Policies { identity: vec![Policy::of(&report.documents[0]).unwrap()], ..Policies::default() };
        let caller = Caller::parse("arn:aws:iam::111122223333:role/web").unwrap();
        let mut context = RequestContext::closed();
        context.add("aws:SourceVpce", "vpce-9a1b2c3d");
        let request = Request::of(caller, naive::ACTION, naive::RESOURCE, context);
        let strings = naive::strings(&policy);
        measured(&mut || drop(black_box(decide(black_box(&request), &policies))));
        measured(&mut || {
            black_box(naive::matched(black_box(&strings)));
        });
        return;
    }
    let wanted = std::env::var("PASSROLE_INSTRUCTIONS").unwrap_or_default();
    if wanted.is_empty() || !callgrind::is_here("the cost of an answer") {
        return;
    }
    let figures = callgrind::count("instructions::measured", TEST, HERE, "1");
    let [answer, matching] = figures[..] else { panic!("{figures:?}") };
    println!("an answer: {answer} instructions, matching alone: {matching}, {:.1} times", answer / matching);
    assert!(answer <= matching * 10.0, "{answer} of {matching}");
}
