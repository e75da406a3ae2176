//! Requests and policies with their answers: `tests/access/*.jsonl`, made up for this, and properties that hold for
//! all of them.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use passrole::access::{
    Caller, Decision, Gain, Given, Policies, Reason, Request, RequestContext, Truth, decide, gains,
};
use passrole::analysis::{RuleSet, check_text};
use passrole::diagnostic::{Level, Severity};
use passrole::host::{Document, DocumentKind, Module, Parsed, Surroundings};
use passrole::model::Policy;
use passrole::query::{AccountName, Roles, Where, Which, select_task};
use serde_json::Value;
use support::markdown;
use support::random::Random;

fn cases(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/access/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn document(policy: &Value, kind: DocumentKind) -> Document {
    let text = policy.to_string();
    let around = Surroundings { path: "policy.json", module: &Module::default() };
    Parsed::parse(&text, around).documents(text.as_str(), around.path, Some(kind), &[]).swap_remove(0)
}

/// The policies of a case, read.
struct Read {
    identity: Vec<Document>,
    boundary: Option<Document>,
    session: Option<Document>,
    scps: Vec<Document>,
    rcps: Vec<Document>,
    resource: Option<Document>,
    trust: Option<Document>,
}

impl Read {
    fn of(case: &Value) -> Read {
        let one = |name: &str, kind| case.get(name).map(|policy| document(policy, kind));
        let many = |name: &str, kind| -> Vec<Document> {
            let list = case.get(name).and_then(Value::as_array).into_iter().flatten();
            list.map(|policy| document(policy, kind)).collect()
        };
        Read {
            identity: many("identity", DocumentKind::Identity),
            boundary: one("boundary", DocumentKind::Boundary),
            session: one("session", DocumentKind::Session),
            scps: many("scp", DocumentKind::Scp),
            rcps: many("rcp", DocumentKind::Rcp),
            resource: one("resource_policy", DocumentKind::Resource),
            trust: one("trust", DocumentKind::Trust),
        }
    }

    fn policies(&self) -> Policies<'_> {
        fn many(documents: &[Document]) -> Vec<Policy<'_>> {
            documents.iter().map(|it| Policy::of(it).unwrap()).collect()
        }
        Policies {
            identity: many(&self.identity),
            boundary: self.boundary.as_ref().map(|it| Policy::of(it).unwrap()),
            session: self.session.as_ref().map(|it| Policy::of(it).unwrap()),
            scps: many(&self.scps),
            rcps: many(&self.rcps),
            resource: self.resource.as_ref().map(|it| Policy::of(it).unwrap()),
            trust: self.trust.as_ref().map(|it| Policy::of(it).unwrap()),
            ..Policies::default()
        }
    }
}

fn request(case: &Value) -> Request {
    let caller = Caller::parse(case["principal"].as_str().unwrap()).unwrap();
    let mut context = if case["closed"] == true { RequestContext::closed() } else { RequestContext::open() };
    for (key, values) in case["context"].as_object().into_iter().flatten() {
        for value in values.as_array().unwrap() {
            context.add(key, &value.as_str().map_or_else(|| value.to_string(), str::to_string));
        }
    }
    Request::of(caller, case["action"].as_str().unwrap(), case["resource"].as_str().unwrap(), context)
}

fn word(truth: &Truth) -> &'static str {
    match truth {
        Truth::Yes => "allowed",
        Truth::No => "denied",
        Truth::Unknown(_) => "unknown",
    }
}

fn missing(decision: &Decision<'_>) -> Vec<String> {
    let reasons = decision.allowed.why().into_iter().flat_map(|why| why.reasons());
    reasons
        .map(|reason| match reason {
            Reason::KeyNotGiven(key) => key.to_string(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn every_request_is_answered_as_iam_does() {
    let mut wrong = Vec::new();
    // Those made up, and those of IAM's documentation.
    let all = [cases("evaluate.jsonl"), cases("documented.jsonl")].concat();
    for case in &all {
        let read = Read::of(case);
        let decision = decide(&request(case), &read.policies());
        let id = case["id"].as_str().unwrap();
        let answer = word(&decision.allowed);
        if answer != case["answer"] {
            wrong.push(format!("{id}: says {answer}, is {}", case["answer"]));
            continue;
        }
        if let (true, Some(explicit)) = (answer == "denied", case["explicit"].as_bool())
            && explicit != decision.denied.is_yes()
        {
            wrong.push(format!("{id}: explicit is {explicit}"));
        }
        if answer == "unknown" {
            let named = missing(&decision);
            let list = |name: &str| -> Vec<String> {
                let list = case[name].as_array().into_iter().flatten();
                list.map(|key| key.as_str().unwrap().to_ascii_lowercase()).collect()
            };
            let (must, may) = (list("missing"), list("missing_may"));
            let lacks: Vec<_> = must.iter().filter(|key| !named.contains(key)).collect();
            let excess: Vec<_> =
                named.iter().filter(|key| !must.contains(key) && !may.contains(key)).collect();
            if !lacks.is_empty() || !excess.is_empty() {
                wrong.push(format!("{id}: lacks {lacks:?}, and names {excess:?}, which does not matter"));
            }
        }
        let decides = answer == "unknown" || answer == "allowed" || decision.denied.is_yes();
        if decides && decision.because.is_empty() && !case["principal"].as_str().unwrap().ends_with(":root") {
            wrong.push(format!("{id}: names no statement"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn a_closed_request_is_never_unknown() {
    for case in cases("evaluate.jsonl") {
        let mut case = case;
        case["closed"] = true.into();
        let read = Read::of(&case);
        let decision = decide(&request(&case), &read.policies());
        assert!(decision.allowed.why().is_none() && decision.denied.why().is_none(), "{}", case["id"]);
    }
}

#[test]
fn more_knowledge_never_turns_a_definite_answer() {
    for case in cases("evaluate.jsonl") {
        let read = Read::of(&case);
        let mut open = case.clone();
        open["closed"] = false.into();
        let (less, more) = (request(&open), request(&case));
        let full = decide(&more, &read.policies());
        // Each key by itself, and all of them.
        let keys: Vec<String> = more.context.given().into_iter().map(|(key, _)| key.to_string()).collect();
        for taken in keys.iter().map(std::slice::from_ref).chain([&keys[..], &[]]) {
            let mut request = less.clone();
            for key in taken {
                request.context.set(key, Given::Unknown(Reason::KeyNotGiven((&**key).into())));
            }
            let before = decide(&request, &read.policies());
            if case["closed"] == true || taken.is_empty() {
                let kept = before.allowed.why().is_some() || before.allowed == full.allowed;
                assert!(kept, "{}: {} without {taken:?}", case["id"], word(&before.allowed));
                assert!(before.denied.why().is_some() || before.denied == full.denied, "{}", case["id"]);
            }
        }
    }
}

#[test]
fn a_deny_never_allows_and_order_never_matters() {
    let deny = serde_json::json!({ "Effect": "Deny", "Action": "*", "Resource": "*" });
    for case in cases("evaluate.jsonl") {
        let read = Read::of(&case);
        let request = request(&case);
        let before = decide(&request, &read.policies());
        let mut turned = case.clone();
        let mut denied = case.clone();
        for name in ["identity", "boundary", "session", "scp", "resource_policy", "trust"] {
            let policies: Vec<&mut Value> = match turned.get_mut(name) {
                Some(Value::Array(list)) if name != "scp" => {
                    list.reverse();
                    list.iter_mut().collect()
                }
                Some(Value::Array(list)) => list.iter_mut().collect(),
                other => other.into_iter().collect(),
            };
            for policy in policies {
                if let Some(statements) = policy["Statement"].as_array_mut() {
                    statements.reverse();
                    for list in statements.iter_mut().flat_map(|it| it.as_object_mut().unwrap().values_mut())
                    {
                        if let Some(list) = list.as_array_mut() {
                            list.reverse();
                        }
                    }
                }
            }
        }
        if let Some(Value::Array(list)) = denied.get_mut("identity") {
            list.push(serde_json::json!({ "Version": "2012-10-17", "Statement": [deny] }));
            let read = Read::of(&denied);
            assert!(decide(&request, &read.policies()).allowed.is_no(), "{}", case["id"]);
        }
        let read = Read::of(&turned);
        let after = decide(&request, &read.policies());
        assert_eq!((before.allowed, before.denied), (after.allowed, after.denied), "{}", case["id"]);
    }
}

#[test]
fn a_wildcard_says_the_same_as_the_actions_that_it_stands_for() {
    let mut expanded = 0;
    for case in cases("evaluate.jsonl") {
        let mut written = case.clone();
        let service = case["action"].as_str().unwrap().split(':').next().unwrap().to_ascii_lowercase();
        let known = passrole::catalog::expand(&format!("{service}:*"))
            .any(|action| action.to_string().eq_ignore_ascii_case(case["action"].as_str().unwrap()));
        for statement in written["identity"].as_array_mut().into_iter().flatten().flat_map(|policy| {
            match &mut policy["Statement"] {
                Value::Array(list) => list.iter_mut().collect::<Vec<_>>(),
                other => vec![other],
            }
        }) {
            let Some(Value::String(pattern)) = statement.get("Action") else { continue };
            if known
                && pattern.contains('*')
                && pattern.to_ascii_lowercase().starts_with(&format!("{service}:"))
            {
                let all: Vec<Value> =
                    passrole::catalog::expand(pattern).map(|action| action.to_string().into()).collect();
                if !all.is_empty() {
                    statement["Action"] = all.into();
                    expanded += 1;
                }
            }
        }
        let (before, after) = (Read::of(&case), Read::of(&written));
        let request = request(&case);
        let (before, after) = (decide(&request, &before.policies()), decide(&request, &after.policies()));
        assert_eq!((before.allowed, before.denied), (after.allowed, after.denied), "{}", case["id"]);
    }
    assert!(expanded > 50, "{expanded}");
}

#[test]
fn what_a_change_gives_and_takes_is_found_with_a_request_for_it() {
    let mut wrong = Vec::new();
    for case in cases("diff.jsonl") {
        let says_who = case["new"].to_string().contains("Principal\"");
        let kind = if says_who { DocumentKind::Resource } else { DocumentKind::Identity };
        let (old, new) = (document(&case["old"], kind), document(&case["new"], kind));
        let (old, new) = (Policy::of(&old).unwrap(), Policy::of(&new).unwrap());
        for (more, less, name) in [(new, old, "gained"), (old, new, "lost")] {
            let (found, undecided) = gains(&[more], &[less]);
            if found.is_empty() == case[name].as_bool().unwrap() || !undecided.is_empty() {
                wrong.push(format!("{}: {name} {found:?}, {undecided:?}", case["id"]));
            }
            // A key's own policy has to take part, and that of another account's resource.
            let is_plain = |gain: &&Gain<'_>| {
                let account = gain.witness.resource.split(':').nth(4).unwrap_or_default();
                let is_own = account.is_empty() || account == "111122223333";
                !says_who && is_own && !gain.witness.action.starts_with("kms:")
            };
            for gain in found.iter().filter(is_plain) {
                let mut context = RequestContext::closed();
                for (key, values) in &gain.witness.context {
                    values.iter().for_each(|value| context.add(key, value));
                }
                let caller = Caller::parse(&gain.witness.principal).unwrap();
                let request = Request::of(caller, &gain.witness.action, &gain.witness.resource, context);
                let allows = |policy| {
                    let policies = Policies { identity: vec![policy], ..Policies::default() };
                    decide(&request, &policies).allowed
                };
                assert!(allows(more).is_yes() && allows(less).is_no(), "{}: {:?}", case["id"], gain.witness);
            }
        }
        let (found, undecided) = gains(&[new], &[new]);
        assert!(found.is_empty() && undecided.is_empty(), "{}", case["id"]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Policies out of a few words, so that they meet often.
fn some_policy(random: &mut Random) -> Value {
    let statements: Vec<Value> = (0..1 + random.below(3))
        .map(|_| {
            let some = |random: &mut Random, from: &[&str]| -> Value {
                (0..1 + random.below(2)).map(|_| random.pick(from).to_string()).collect::<Vec<String>>().into()
            };
            let effect = random.pick(&["Allow", "Allow", "Deny"]);
            let mut statement = serde_json::json!({ "Effect": effect });
            let action = if random.below(8) == 0 { "NotAction" } else { "Action" };
            statement[action] = some(random, &ACTION_PATTERNS);
            let resource = random.pick(&["Resource", "Resource", "Resource", "NotResource"]);
            statement[resource] = some(random, &RESOURCE_PATTERNS);
            if random.below(3) == 0 {
                let operator = random.pick(&["StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"]);
                statement["Condition"] =
                    serde_json::json!({ operator: { "aws:PrincipalTag/team": some(random, &["a", "b", "a*"]) } });
            }
            statement
        })
        .collect();
    serde_json::json!({ "Version": "2012-10-17", "Statement": statements })
}

const ACTION_PATTERNS: [&str; 6] =
    ["sqs:*", "sqs:Send*", "sqs:SendMessage", "sqs:*Message", "sqs:ReceiveMessage", "sns:Publish"];
const RESOURCE_PATTERNS: [&str; 5] = [
    "*",
    "arn:aws:sqs:*:*:*",
    "arn:aws:sqs:eu-west-1:111122223333:orders",
    "arn:aws:sqs:eu-west-1:111122223333:o*",
    "arn:aws:sns:eu-west-1:111122223333:news",
];

/// Requests that tell these policies apart.
fn some_requests() -> Vec<Request> {
    let mut found = Vec::new();
    for (action, resource) in [
        ("sqs:SendMessage", "orders"),
        ("sqs:SendMessage", "other"),
        ("sqs:SendMessage", "queue"),
        ("sqs:ReceiveMessage", "orders"),
        ("sqs:ReceiveMessage", "queue"),
        ("sqs:PurgeQueue", "orders"),
        ("sns:Publish", "news"),
        ("sns:Publish", "other"),
    ] {
        let service = action.split(':').next().unwrap();
        for team in [None, Some("a"), Some("ab"), Some("b"), Some("c")] {
            let caller = Caller::parse("arn:aws:iam::111122223333:role/web").unwrap();
            let mut context = RequestContext::closed();
            team.iter().for_each(|team| context.add("aws:PrincipalTag/team", team));
            let resource = format!("arn:aws:{service}:eu-west-1:111122223333:{resource}");
            found.push(Request::of(caller, action, &resource, context));
        }
    }
    found
}

#[test]
fn random_changes_are_compared_as_requests_tell_them_apart() {
    let mut random = Random(0x5eed_0007);
    let requests = some_requests();
    for round in 0..30 {
        let (old, new) = (some_policy(&mut random), some_policy(&mut random));
        let (before, after) =
            (document(&old, DocumentKind::Identity), document(&new, DocumentKind::Identity));
        let (before, after) = (Policy::of(&before).unwrap(), Policy::of(&after).unwrap());
        let allows = |policy: Policy<'_>, request: &Request| {
            decide(request, &Policies { identity: vec![policy], ..Policies::default() }).allowed.is_yes()
        };
        let (found, undecided) = gains(&[after], &[before]);
        for gain in &found {
            let witness = &gain.witness;
            let mut context = RequestContext::closed();
            for (key, values) in &witness.context {
                values.iter().for_each(|value| context.add(key, value));
            }
            let request = Request::of(
                Caller::parse(&witness.principal).unwrap(),
                &witness.action,
                &witness.resource,
                context,
            );
            assert!(
                allows(after, &request) && !allows(before, &request),
                "{round}: {witness} is no gain of\n{new:#}\nbeside\n{old:#}"
            );
        }
        if found.is_empty() && undecided.is_empty() {
            for request in &requests {
                assert!(
                    !allows(after, request) || allows(before, request),
                    "{round}: {} on {:?} is gained by\n{new:#}\nbeside\n{old:#}",
                    request.action,
                    request.context.given()
                );
            }
        }
    }
}

#[test]
fn random_policies_answer_alike_however_they_are_written() {
    let mut random = Random(0x5eed_0011);
    let requests = some_requests();
    for _ in 0..10 {
        let policy = some_policy(&mut random);
        let mut written = policy.clone();
        let statements = written["Statement"].as_array_mut().unwrap();
        statements.reverse();
        for statement in statements {
            for name in ["Action", "NotAction"] {
                let Some(patterns) = statement[name].as_array().cloned() else { continue };
                let mut all: Vec<Value> = Vec::new();
                for pattern in patterns.iter().map(|it| it.as_str().unwrap()) {
                    all.extend(passrole::catalog::expand(pattern).map(|it| it.to_string().into()));
                }
                statement[name] = all.into();
            }
        }
        let (one, other) =
            (document(&policy, DocumentKind::Identity), document(&written, DocumentKind::Identity));
        let (one, other) = (Policy::of(&one).unwrap(), Policy::of(&other).unwrap());
        for request in &requests {
            let answer =
                |policy| decide(request, &Policies { identity: vec![policy], ..Policies::default() }).allowed;
            assert_eq!(answer(one), answer(other), "{} of\n{policy:#}", request.action);
        }
        let (gained, undecided) = gains(&[one], &[other]);
        assert!(gained.is_empty() && undecided.is_empty(), "{policy:#} {gained:?} {undecided:?}");
    }
}

/// Every way to write a policy otherwise that is offered somewhere in a text, made, and compared with it.
fn rewritten(text: &str, name: &str) -> usize {
    use passrole::ide::{File, conversions::conversions, refactorings::refactorings};
    use passrole::text::{Span, Text, edit};
    let report = check_text(text, name, None, &RuleSet::default());
    let rope = Text::from(text);
    let file = File { text: &rope, report: &report };
    let mut seen = std::collections::HashSet::new();
    for (at, _) in text.match_indices(['"', '*']) {
        let here = Span::new(at as u32, at as u32);
        for found in refactorings(&file, here).into_iter().chain(conversions(&file, here)) {
            let after = edit::apply(text, &found.edits);
            if !seen.insert(after.clone()) {
                continue;
            }
            let again = check_text(&after, name, None, &RuleSet::default());
            let broken = again.findings.iter().find(|it| it.rule.group.name() == "syntax");
            assert!(broken.is_none(), "{}: {broken:?}\n{after}", found.title);
            let policies = |documents: &'_ [Document]| documents.iter().filter_map(Policy::of).count();
            assert_eq!(policies(&report.documents), policies(&again.documents), "{}\n{after}", found.title);
            let all = |documents: &[Document]| -> Vec<Document> { documents.to_vec() };
            let (before, now) = (all(&report.documents), all(&again.documents));
            let before: Vec<Policy<'_>> = before.iter().filter_map(Policy::of).collect();
            let now: Vec<Policy<'_>> = now.iter().filter_map(Policy::of).collect();
            for (more, less) in [(&now, &before), (&before, &now)] {
                let (found_gains, undecided) = gains(more, less);
                assert!(
                    found_gains.is_empty() && undecided.is_empty(),
                    "{}: {found_gains:?} {undecided:?}\n{text}\n{after}",
                    found.title
                );
            }
        }
    }
    seen.len()
}

#[test]
fn what_is_written_otherwise_says_the_same() {
    let mut random = Random(0x5eed_0023);
    let mut made = 0;
    for _ in 0..3 {
        let policy = some_policy(&mut random);
        made += rewritten(&format!("{policy:#}\n"), "policy.json");
        let module = format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({policy:#})\n}}\n");
        made += rewritten(&module, "main.tf");
    }
    let blocks = r#"data "aws_iam_policy_document" "p" {
  statement {
    sid       = "Send"
    actions   = ["sqs:SendMessage", "sns:Publish", "sqs:ReceiveMessage"]
    resources = ["*"]
  }

  statement {
    actions   = ["sqs:Delete*"]
    resources = ["*"]
  }
}
"#;
    made += rewritten(blocks, "main.tf");
    let template = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:\n          - Effect: Allow\n            Action:\n              - \"sqs:Send*\"\n              - \"sns:Publish\"\n            Resource: \"*\"\n          - Effect: Allow\n            Action: \"sqs:*\"\n            Resource: \"*\"\n";
    made += rewritten(template, "template.yaml");
    assert!(made > 15, "{made}");
}

/// Every way to allow less that is offered somewhere in a text, made: nothing is allowed that was not before.
fn narrowed(text: &str, name: &str) -> usize {
    use passrole::ide::{File, narrowing::narrowings};
    use passrole::text::{Span, Text, edit};
    let report = check_text(text, name, None, &RuleSet::default());
    let rope = Text::from(text);
    let file = File { text: &rope, report: &report };
    let mut seen = std::collections::HashSet::new();
    for (at, _) in text.match_indices(['"', '*']) {
        for found in narrowings(&file, Span::new(at as u32, at as u32)) {
            let after = edit::apply(text, &found.edits);
            if !seen.insert(after.clone()) {
                continue;
            }
            let again = check_text(&after, name, None, &RuleSet::default());
            let broken = again.findings.iter().find(|it| it.rule.group.name() == "syntax");
            assert!(broken.is_none(), "{}: {broken:?}\n{after}", found.title);
            let before: Vec<Policy<'_>> = report.documents.iter().filter_map(Policy::of).collect();
            let now: Vec<Policy<'_>> = again.documents.iter().filter_map(Policy::of).collect();
            assert_eq!(before.len(), now.len(), "{}\n{after}", found.title);
            let (gained, _) = gains(&now, &before);
            assert!(gained.is_empty(), "{}: {gained:?}\n{text}\n{after}", found.title);
        }
    }
    seen.len()
}

#[test]
fn what_is_narrowed_allows_no_more() {
    let mut random = Random(0x5eed_0031);
    let mut made = 0;
    for _ in 0..6 {
        let mut policy = some_policy(&mut random);
        for statement in policy["Statement"].as_array_mut().unwrap() {
            statement["Resource"] = "*".into();
            statement.as_object_mut().unwrap().remove("NotResource");
        }
        made += narrowed(&format!("{policy:#}\n"), "policy.json");
    }
    let passing = serde_json::json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": ["iam:PassRole"], "Resource": "*" },
        { "Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": ["*"], "Condition": { "Bool": { "aws:SecureTransport": "true" } } },
        { "Effect": "Allow", "Action": ["s3:Get*", "s3:ListBucket"], "Resource": "*" },
    ] });
    made += narrowed(&format!("{passing:#}\n"), "policy.json");
    assert!(made > 4, "{made}");
}

fn here() -> Where {
    Where {
        account: Some("111122223333".to_string()),
        region: Some("eu-west-1".to_string()),
        issuer: Some(
            "https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9".to_string(),
        ),
    }
}

/// What passrole itself says of what it prints, at the strictest.
fn complaints(title: &str, roles: &Roles, wrong: &mut Vec<String>) {
    let printed = roles.json(Which::All);
    let mut texts: Vec<(String, &str, Option<DocumentKind>)> = Vec::new();
    for (_, role) in printed.as_object().unwrap().iter().filter(|(_, role)| role.is_object()) {
        let policies = role["policies"].as_array().unwrap();
        texts.extend(policies.iter().map(|it| (it.to_string(), "policy.json", Some(DocumentKind::Identity))));
        if !role["trust"].is_null() {
            texts.push((role["trust"].to_string(), "trust.json", Some(DocumentKind::Trust)));
        }
    }
    texts.push((roles.cloudformation(Which::All), "template.json", None));
    texts.push((roles.terraform(Which::All), "main.tf", None));
    for (text, name, kind) in texts {
        let report = check_text(&text, name, kind, &RuleSet::at(Level::Pedantic));
        assert!(!report.documents.is_empty(), "{title}: {name} holds nothing of ours:\n{text}");
        for finding in report.findings.iter().filter(|it| it.severity >= Severity::Warning) {
            wrong.push(format!("{title}: {name}: {}: {}\n{text}", finding.rule.id, finding.message));
        }
    }
}

#[test]
fn what_roles_prints_passes_the_strictest_check() {
    let mut wrong = Vec::new();
    let mut texts: Vec<(String, String)> = cases("needs.jsonl")
        .iter()
        .enumerate()
        .map(|(number, case)| (format!("needs {number}"), case["task_definition"].to_string()))
        .collect();
    // Every whole task definition among the cases of the rules.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/task");
    for path in markdown::files(&folder) {
        let text = std::fs::read_to_string(&path).unwrap();
        let sound =
            markdown::blocks(&text).filter(|it| it.syntax() == "json" && it.words().any(|it| it == "clean"));
        texts.extend(sound.map(|block| (path.display().to_string(), block.lines.join("\n"))));
    }
    let mut asked = 0;
    for (title, text) in &texts {
        let around = Surroundings { path: "task-definition.json", module: &Module::default() };
        let documents = Parsed::parse(text, around).documents(text.as_str(), around.path, None, &[]);
        let Ok(task) = select_task(around.path, &documents, None) else { continue };
        complaints(title, &Roles::of(task, &here()), &mut wrong);
        asked += 1;
    }
    assert!(asked > 100, "{asked} task definitions were found");
    for (namespace, role) in [(Some("shop"), None), (None, Some("arn:aws:iam::111122223333:role/pods/cart"))]
    {
        let account = AccountName {
            name: "cart".to_string(),
            namespace: namespace.map(String::from),
            role_arn: role.map(String::from),
        };
        complaints("service account", &Roles::of_account(&account, &here()), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_service_account_s_role_admits_that_account_alone() {
    let account =
        AccountName { name: "cart".to_string(), namespace: Some("shop".to_string()), role_arn: None };
    let printed = Roles::of_account(&account, &here()).json(Which::All);
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9";
    let trust = document(&printed["irsa"]["trust"], DocumentKind::Trust);
    let admits = |subject: &str| {
        let caller = Caller::parse(&format!("arn:aws:iam::111122223333:oidc-provider/{issuer}")).unwrap();
        let mut context = RequestContext::closed();
        context.add(&format!("{issuer}:sub"), subject);
        context.add(&format!("{issuer}:aud"), "sts.amazonaws.com");
        let request = Request::of(
            caller,
            "sts:AssumeRoleWithWebIdentity",
            "arn:aws:iam::111122223333:role/shop-cart",
            context,
        );
        let policies = Policies { trust: Policy::of(&trust), ..Policies::default() };
        decide(&request, &policies).allowed
    };
    assert!(admits("system:serviceaccount:shop:cart").is_yes());
    assert!(admits("system:serviceaccount:shop:cart2").is_no());
    assert!(admits("system:serviceaccount:default:cart").is_no());
    let deployer = document(&printed["deployer"]["policies"][0], DocumentKind::Identity);
    let may = |action: &str, resource: &str, service: &str| {
        let caller = Caller::parse("arn:aws:iam::111122223333:user/ann").unwrap();
        let mut context = RequestContext::closed();
        context.add("iam:PassedToService", service);
        let request = Request::of(caller, action, resource, context);
        let policies =
            Policies { identity: Policy::of(&deployer).into_iter().collect(), ..Policies::default() };
        decide(&request, &policies).allowed.is_yes()
    };
    let role = "arn:aws:iam::111122223333:role/shop-cart";
    assert!(may("iam:PassRole", role, "pods.eks.amazonaws.com"));
    assert!(!may("iam:PassRole", role, "lambda.amazonaws.com"));
    assert!(!may("iam:PassRole", "arn:aws:iam::111122223333:role/other", "pods.eks.amazonaws.com"));
    let cluster = "arn:aws:eks:eu-west-1:111122223333:cluster/web";
    assert!(may("eks:CreatePodIdentityAssociation", cluster, ""));
}

/// What `passrole roles` prints, asked by the evaluator: each need, and nothing that is not one.
#[test]
fn the_roles_of_a_task_definition_allow_what_it_needs_and_no_more() {
    let mut wrong = Vec::new();
    for case in cases("needs.jsonl") {
        let text = case["task_definition"].to_string();
        let around = Surroundings { path: "task-definition.json", module: &Module::default() };
        let documents = Parsed::parse(&text, around).documents(text.as_str(), around.path, None, &[]);
        let task = select_task(around.path, &documents, None).unwrap();
        let place = here();
        let printed = Roles::of(task, &place).json(Which::All);
        for name in ["execution", "task", "deployer"] {
            let policies = printed[name]["policies"].as_array().unwrap();
            let documents: Vec<Document> =
                policies.iter().map(|policy| document(policy, DocumentKind::Identity)).collect();
            let allows = |what: &Value| {
                let others = what["or_resource"].as_array().into_iter().flatten();
                std::iter::once(&what["resource"]).chain(others).any(|resource| {
                    let mut context = RequestContext::closed();
                    for (key, values) in what["context"].as_object().into_iter().flatten() {
                        values
                            .as_array()
                            .unwrap()
                            .iter()
                            .for_each(|it| context.add(key, it.as_str().unwrap()));
                    }
                    // The other side of a repository in another account is its own policy's.
                    context.add("aws:ResourceAccount", "111122223333");
                    let account = resource.as_str().unwrap().split(':').nth(4).filter(|it| it.len() == 12);
                    let caller = format!("arn:aws:iam::{}:role/printed", account.unwrap_or("111122223333"));
                    let caller = Caller::parse(&caller).unwrap();
                    let action = what["action"].as_str().unwrap();
                    let request = Request::of(caller, action, resource.as_str().unwrap(), context);
                    let identity = documents.iter().map(|it| Policy::of(it).unwrap()).collect();
                    decide(&request, &Policies { identity, ..Policies::default() }).allowed.is_yes()
                })
            };
            let list = |field: &str| case[name][field].as_array().cloned().unwrap_or_default();
            let needed = case[name]["needed"] != false;
            wrong.extend(
                list("must_allow")
                    .iter()
                    .filter(|it| needed && !allows(it))
                    .map(|it| format!("{name} lacks {it}")),
            );
            wrong.extend(
                list("must_not_allow").iter().filter(|it| allows(it)).map(|it| format!("{name} allows {it}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
