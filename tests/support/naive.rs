//! A policy of ten statements, and matching its strings in the shortest way: what an answer's cost is compared with.

#![allow(dead_code, reason = "each user takes a part of it")]

use serde_json::Value;

/// What is asked of it: some statements have the action, some the resource, and one both.
pub const ACTION: &str = "dynamodb:Query";
pub const RESOURCE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-9";

pub fn ten_statements() -> String {
    let actions = ["dynamodb:Query", "dynamodb:Get*", "s3:GetObject", "sqs:SendMessage", "logs:*"];
    let statements: Vec<Value> = (0..10)
        .map(|number| {
            serde_json::json!({
                "Effect": if number == 4 { "Deny" } else { "Allow" },
                "Action": [actions[number % 5], actions[(number + 1) % 5]],
                "Resource": [format!("arn:aws:dynamodb:*:111122223333:table/orders-*{number}"), format!("arn:aws:s3:::tide-{number}/*")],
                "Condition": { "StringLike": { "aws:SourceVpce": format!("vpce-{number}*") } },
            })
        })
        .collect();
    serde_json::json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

/// The actions and resources of each statement.
pub type Strings = Vec<(Vec<String>, Vec<String>)>;

pub fn strings(policy: &str) -> Strings {
    let value: Value = serde_json::from_str(policy).unwrap();
    let list = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_string()).collect()
    };
    let statements = value["Statement"].as_array().unwrap();
    statements.iter().map(|it| (list(&it["Action"]), list(&it["Resource"]))).collect()
}

/// How many statements have the action and the resource.
pub fn matched(strings: &Strings) -> usize {
    let hits = strings.iter().filter(|(actions, resources)| {
        actions.iter().any(|it| matches(it.as_bytes(), ACTION.as_bytes()))
            && resources.iter().any(|it| matches(it.as_bytes(), RESOURCE.as_bytes()))
    });
    hits.count()
}

/// The shortest way to match a pattern.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        (Some((b'?', rest)), Some((_, left))) => matches(rest, left),
        (Some((wanted, rest)), Some((letter, left))) => {
            wanted.eq_ignore_ascii_case(letter) && matches(rest, left)
        }
        _ => false,
    }
}
