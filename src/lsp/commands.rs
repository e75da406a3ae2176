//! `workspace/executeCommand`: questions, answered as on the command line. The answer is a document to be opened.

use super::capabilities::{CAN, CONVERT, EXPAND, EXPLAIN, ROLES};
use super::document::path;
use super::session::Session;
use crate::analysis::Stop;
use crate::host::DocumentKind;
use crate::ide::File;
use crate::query::{
    NoAnswer, PolicyFile, PolicyForm, ProjectView, Question, Roles, Where, Which, converted, expand, explain,
    select_account, select_task,
};
use crate::text::{Source, Span};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, Uri};

fn refused(message: impl std::fmt::Display) -> Error {
    Error { code: ErrorCode::InvalidParams, message: message.to_string().into(), data: None }
}

/// A document for the editor to open.
fn answer(title: String, language: &str, text: String) -> Value {
    json!({ "title": title, "language": language, "text": text })
}

pub async fn run(session: &Arc<Session>, params: ExecuteCommandParams) -> Result<Value> {
    let arguments = params.arguments;
    match &*params.command {
        EXPLAIN => explained(session, &arguments).await,
        CONVERT => convert(session, arguments.first().cloned().unwrap_or_default()).await,
        ROLES => roles(session, arguments.first().cloned().unwrap_or_default()).await,
        CAN => can(session, arguments.first().cloned().unwrap_or_default()).await,
        EXPAND => {
            let patterns: Vec<String> =
                arguments.iter().filter_map(Value::as_str).map(String::from).collect();
            if patterns.is_empty() {
                return Err(refused("name a pattern of actions, such as `ecs:Describe*`"));
            }
            let found = expand(&patterns).map_err(refused)?;
            Ok(answer(patterns.join(" "), "plaintext", found.text(false)))
        }
        other => Err(refused(format!("there is no command `{other}`"))),
    }
}

async fn explained(session: &Arc<Session>, arguments: &[Value]) -> Result<Value> {
    let first = arguments.first().cloned().unwrap_or_default();
    let message = first.as_str().or(first["message"].as_str()).map(String::from);
    let message = message.ok_or_else(|| refused("give the message that is to be explained"))?;
    let uri: Option<Uri> = first["uri"].as_str().and_then(|it| it.parse().ok());
    let asked = session.clone();
    // The project may not have been read yet.
    let work = move || {
        let mut explanation = explain(&message);
        let workspace = asked.workspace();
        let beside = uri.and_then(|uri| PathBuf::from(path(&uri)).parent().map(PathBuf::from));
        let folder = beside.or_else(|| workspace.roots().folders().first().cloned());
        if let Some(folder) = folder.filter(|it| it.is_absolute() && explanation.asks_for_the_project()) {
            explanation.look_around(&ProjectView::around(workspace, &folder));
        }
        explanation.text()
    };
    let text = session.background.run(Stop::default(), work).await?;
    Ok(answer("explain".to_string(), "plaintext", text))
}

async fn convert(session: &Arc<Session>, asked: Value) -> Result<Value> {
    let uri: Option<Uri> = asked["uri"].as_str().and_then(|it| it.parse().ok());
    let uri = uri.ok_or_else(|| refused("name the document: its `uri`"))?;
    let (form, language) = match asked["to"].as_str() {
        Some("terraform") => (PolicyForm::Blocks, "terraform"),
        Some("jsonencode") => (PolicyForm::Jsonencode, "terraform"),
        Some("json") => (PolicyForm::Json, "json"),
        _ => return Err(refused("say what the policy is written as: `to` is terraform, jsonencode or json")),
    };
    let line = asked["line"].as_u64().unwrap_or_default();
    let document = session.snapshot(&uri)?;
    let make = move |file: &File<'_>, _: &super::document::Document| -> std::result::Result<Value, String> {
        let last = file.text.line_of(Source::len(file.text));
        let span = file.text.line_span(u32::try_from(line).unwrap_or(u32::MAX).min(last));
        let policies = file.report.documents.iter().filter(|it| it.kind.is_policy() && !it.is_variant);
        let around = policies.clone().filter(|it| it.span.start <= span.end && span.start <= it.span.end);
        let policy = around.min_by_key(|it| it.span.len()).or_else(|| policies.clone().next());
        let policy = policy.ok_or("there is no policy in this document")?;
        let owner = policy.owner.as_ref().and_then(|owner| owner.name.rsplit('.').next());
        let text = file.text.slice(Span::new(0, Source::len(file.text)));
        let written = converted(policy, &text, form, owner.unwrap_or("policy")).map_err(|why| why.0)?;
        Ok(answer("policy".to_string(), language, written))
    };
    session.with(document, make).await?.map_err(refused)
}

async fn roles(session: &Arc<Session>, asked: Value) -> Result<Value> {
    let text = |name: &str| asked[name].as_str().map(String::from);
    let uri: Option<Uri> = asked["uri"].as_str().and_then(|it| it.parse().ok());
    let uri = uri.ok_or_else(|| refused("name the document: its `uri`"))?;
    let document = session.snapshot(&uri)?;
    let place = Where { account: text("account"), region: text("region"), issuer: text("issuer") };
    let (fragment, format) = (text("fragment"), text("format").unwrap_or_else(|| "text".to_string()));
    let language = match &*format {
        "text" => "plaintext",
        "json" | "cloudformation" => "json",
        "terraform" => "terraform",
        _ => return Err(refused("the formats are text, json, cloudformation and terraform")),
    };
    let make = move |file: &File<'_>, _: &super::document::Document| -> std::result::Result<Value, String> {
        let path = file.report.path();
        let name = path.rsplit('/').next().unwrap_or(path).to_string();
        let fragment = fragment.as_deref();
        let has_task = file.report.documents.iter().any(|document| document.kind.is_task());
        let account = match has_task {
            true => None,
            false => select_account(&name, &file.report.summary.resources, fragment).map_err(|it| it.0)?,
        };
        let roles = match account {
            Some(account) => Roles::of_account(&account, &place),
            None => {
                let task = select_task(&name, &file.report.documents, fragment).map_err(|it| it.0)?;
                Roles::of(task, &place)
            }
        };
        let text = match &*format {
            "json" => format!("{:#}\n", roles.json(Which::All)),
            "cloudformation" => roles.cloudformation(Which::All),
            "terraform" => roles.terraform(Which::All),
            _ => roles.text(Which::All),
        };
        Ok(answer(format!("roles of {}", roles.family), language, text))
    };
    session.with(document, make).await?.map_err(refused)
}

async fn can(session: &Arc<Session>, asked: Value) -> Result<Value> {
    let text = |name: &str| {
        asked[name]
            .as_str()
            .map(String::from)
            .ok_or_else(|| refused(format!("give the `{name}` of the request")))
    };
    let mut question = Question {
        principal: text("principal")?,
        action: text("action")?,
        resource: text("resource")?,
        context: context(&asked["context"])?,
        closed: asked["closed"].as_bool().unwrap_or_default(),
        ..Question::default()
    };
    for uri in asked["identity"].as_array().into_iter().flatten() {
        let uri: Option<Uri> = uri.as_str().and_then(|it| it.parse().ok());
        let document =
            session.snapshot(&uri.ok_or_else(|| refused("`identity` are the addresses of documents"))?)?;
        let read = |file: &File<'_>, _: &super::document::Document| {
            PolicyFile::read(file.report.path(), file.text.to_string(), Some(DocumentKind::Identity))
        };
        let policies = session.with(document, read).await?.map_err(refused)?;
        question.files.push((DocumentKind::Identity, policies));
    }
    let uri: Option<Uri> = asked["uri"].as_str().and_then(|it| it.parse().ok());
    let asked_in = session.clone();
    let work = move || {
        if question.files.is_empty() {
            let workspace = asked_in.workspace();
            let beside = uri.and_then(|uri| PathBuf::from(path(&uri)).parent().map(PathBuf::from));
            let folder = beside.or_else(|| workspace.roots().folders().first().cloned());
            let folder = folder.filter(|it| it.is_absolute());
            let folder = folder.ok_or_else(|| NoAnswer("no folder is open".to_string()))?;
            let view = ProjectView::around(workspace, &folder);
            let identity = view.identity(&question.principal)?.ok_or_else(|| {
                NoAnswer(format!("the project has no role and no user called `{}`", question.principal))
            })?;
            question.ask_of(&view, &identity)?;
        }
        question.answer().map(|answer| answer.text())
    };
    let text = session.background.run(Stop::default(), work).await?.map_err(refused)?;
    Ok(answer("can".to_string(), "plaintext", text))
}

/// Condition keys with their values: one each, or a list.
fn context(given: &Value) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (key, value) in given.as_object().into_iter().flatten() {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            let text = value.as_str().ok_or_else(|| refused(format!("the value of `{key}` is a text")))?;
            found.push((key.clone(), text.to_string()));
        }
    }
    Ok(found)
}
