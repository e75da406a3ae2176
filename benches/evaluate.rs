//! What an answer costs: a request against a policy of ten statements, beside naive matching of the same strings in
//! the same run; and all the requests of `tests/access`, and the comparison of two policies.
//!
//! `cargo bench --bench evaluate`. Medians; read the ratios, not the times.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

#[path = "../tests/support/naive.rs"]
mod naive;

use passrole::access::{Caller, Policies, Request, RequestContext, decide, gains};
use passrole::host::{Document, DocumentKind, Module, Parsed, Surroundings};
use passrole::model::Policy;
use serde_json::Value;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let policy = naive::ten_statements();
    let document = document(&policy);
    let view = Policy::of(&document).unwrap();
    let caller = Caller::parse("arn:aws:iam::111122223333:role/web").unwrap();
    let mut context = RequestContext::closed();
    context.add("aws:SourceVpce", "vpce-0a1b2c3d");
    let request = Request::of(caller, naive::ACTION, naive::RESOURCE, context);
    let policies = Policies { identity: vec![view], ..Policies::default() };
    const TIMES: u32 = 1000;
    let evaluated = median(200, || {
        for _ in 0..TIMES {
            let _ = black_box(decide(black_box(&request), &policies));
        }
    });
    let strings = naive::strings(&policy);
    let plain = median(200, || {
        for _ in 0..TIMES {
            black_box(naive::matched(black_box(&strings)));
        }
    });
    let ratio = evaluated.as_secs_f64() / plain.as_secs_f64();
    println!(
        "ten statements: {:?} a request, naive matching {:?}, {ratio:.1} times",
        evaluated / TIMES,
        plain / TIMES
    );
    let cases: Vec<Value> = include_str!("../tests/access/evaluate.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let read: Vec<(Vec<Document>, Request)> = cases.iter().map(read).collect();
    let all = median(50, || {
        for (documents, request) in &read {
            let identity = documents.iter().filter_map(Policy::of).collect();
            let _ = black_box(decide(request, &Policies { identity, ..Policies::default() }));
        }
    });
    println!("{} requests of the exam: {:.0} a second", read.len(), read.len() as f64 / all.as_secs_f64());
    let other = self::document(&policy.replace("orders-*", "orders-1*"));
    let other = Policy::of(&other).unwrap();
    let compared = median(20, || {
        black_box(gains(&[view], &[other]));
    });
    println!("comparison of ten statements with ten: {compared:?}");
}

fn document(text: &str) -> Document {
    let around = Surroundings { path: "policy.json", module: &Module::default() };
    Parsed::parse(text, around).documents(text, around.path, Some(DocumentKind::Identity), &[]).swap_remove(0)
}

fn read(case: &Value) -> (Vec<Document>, Request) {
    let documents =
        case["identity"].as_array().into_iter().flatten().map(|it| document(&it.to_string())).collect();
    let mut context = RequestContext::closed();
    for (key, values) in case["context"].as_object().into_iter().flatten() {
        values.as_array().unwrap().iter().for_each(|it| context.add(key, it.as_str().unwrap_or_default()));
    }
    let caller = Caller::parse(case["principal"].as_str().unwrap()).unwrap();
    (
        documents,
        Request::of(caller, case["action"].as_str().unwrap(), case["resource"].as_str().unwrap(), context),
    )
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}
