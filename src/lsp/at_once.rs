//! Completion, written straight to the client.
//!
//! The framework turns every answer into a generic JSON value first. For the thousand items of a large
//! service that takes longer than finding them; so lists that can be made at once go out from here.
//! Everything else (documents that take long, requests out of turn, bad parameters) is left to the
//! framework, which answers the same.

use super::session::Session;
use super::to_proto;
use crate::ide::{self, File};
use serde::Serialize;
use serde_json::value::RawValue;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tower_lsp::jsonrpc::Id;
use tower_lsp::ls_types::{CompletionParams, CompletionResponse};

#[derive(Serialize)]
struct Answer<'a> {
    jsonrpc: &'static str,
    id: &'a Id,
    result: Option<CompletionResponse>,
}

/// Answers a request; `false` leaves it to the framework.
pub fn answer(method: &str, id: &Id, params: &RawValue, session: &Arc<Session>) -> bool {
    if method != "textDocument/completion" || !session.is_serving() {
        return false;
    }
    let Ok(params) = serde_json::from_str::<CompletionParams>(params.get()) else { return false };
    let Ok((document, offset)) = session.place(&params.text_document_position) else { return false };
    if session.is_heavy(&document) {
        return false;
    }
    let profile = session.profile();
    let make = || {
        let document = session.settled(document);
        let report = document.report();
        let file = File { text: &document.text, report: &report };
        let options = ide::completion::Options { snippets: profile.snippets };
        let list = ide::completion::complete(&file, offset, options)?;
        Some(to_proto::completion(list, &document.text, profile))
    };
    // A panic is met again, and reported, where the framework's answer is made.
    let Ok(result) = catch_unwind(AssertUnwindSafe(make)) else { return false };
    session.outgoing.send(&Answer { jsonrpc: "2.0", id, result });
    true
}
