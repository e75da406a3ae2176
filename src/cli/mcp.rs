//! `passrole mcp`: the questions of the command line for assistants, over the Model Context Protocol. Alone names its types.
//!
//! Nothing is written, nothing is asked of a network, and only files below the roots are read on a request's word.

use super::args::{Arguments, Command, McpArguments};
use super::gather::{Gathered, gather};
use super::panics::guarded;
use super::{Outcome, can, diff, expand, explain, roles, terminal};
use crate::diagnostic::Safety;
use crate::output::{self, Format};
use crate::query::{NoAnswer, shrink};
use crate::workspace::{disk, lock, paths};
use clap::Parser as _;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{Peer, RequestContext};
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt as _};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What assistants are told of all tools.
const INSTRUCTIONS: &str = "passrole checks IAM policies, role trust policies and Amazon ECS task definitions: JSON, YAML, \
CloudFormation, SAM, Terraform. It works offline, from AWS's own reference, writes no file, and reads only below its roots. \
Findings of severity `error` are refused by AWS or cannot work. A fix whose safety is `grants`, and a change with `grants: true`, \
adds access: the denial may be intended, so have a person decide.";

/// A tool: what it is called, what it does, and the schema of its arguments.
struct Offer {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    properties: fn() -> Value,
    required: &'static [&'static str],
}

const OFFERS: [Offer; 6] = [
    Offer {
        name: "check",
        title: "Check policies and task definitions",
        description: "Finds defects in files and folders, or in a text. `diff` also gives the repairs that keep the author's \
                      meaning, as a difference; nothing is written.",
        properties: || {
            json!({
                "paths": texts("Files and folders below the roots; without them, and without `text`, the first root."),
                "text": text("A text to check in place of files."),
                "filename": text("The name that the text is checked under; its ending tells the syntax. Default: policy.json."),
                "kind": text("Take every document for that kind: identity, resource, trust, scp, rcp, boundary, session, task-definition, container-definitions, service."),
                "level": { "enum": ["default", "pedantic"], "description": "`pedantic` adds rules that most would find noisy." },
                "select": texts("Only these rules, groups or cases."),
                "ignore": texts("Leave these rules, groups or cases out."),
                "diff": { "type": "boolean", "description": "Also give the repairs as a difference." },
            })
        },
        required: &[],
    },
    Offer {
        name: "explain",
        title: "Explain an error message of AWS",
        description: "Says what denied a request or why AWS refused a document, and what to change in the project for it. Changes with \
                      `grants: true` add access.",
        properties: || json!({ "message": text("The message, or a log with several.") }),
        required: &["message"],
    },
    Offer {
        name: "roles",
        title: "Say which roles a task needs",
        description: "The execution, task and deployer roles of a task definition, or the roles of a Kubernetes service account: trust \
                      policies and what they have to allow.",
        properties: || {
            json!({
                "file": text("The file below the roots; with several task definitions FILE#FAMILY, FILE#LOGICAL-ID or FILE#ADDRESS."),
                "account": text("The account that the task runs in, twelve digits."),
                "region": text("The Region that it runs in."),
                "oidcIssuer": text("The OIDC issuer of the EKS cluster, for a service account."),
                "role": { "enum": ["execution", "task", "deployer", "all"], "description": "Only that role." },
            })
        },
        required: &["file"],
    },
    Offer {
        name: "can",
        title: "Say whether a request would be allowed",
        description: "Evaluates policies as IAM does. Without policy files, those of the project's role or user of that ARN or name.",
        properties: || {
            json!({
                "principal": text("Who asks: an ARN, a service's name, `*`, or the name of a role of the project."),
                "action": text("`service:Name`, without wildcards."),
                "resource": text("An ARN, or `*` where the action takes no resource."),
                "context": {
                    "type": "object",
                    "additionalProperties": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
                    "description": "Condition keys of the request, with one value or several.",
                },
                "closed": { "type": "boolean", "description": "The request has these keys and no others." },
                "identity": texts("Files of the principal's policies."),
                "boundary": text("The file of its permissions boundary."),
                "scp": texts("Files of service control policies, one for each level."),
                "rcp": texts("Files of resource control policies."),
                "resourcePolicy": text("The file of the resource's policy."),
                "session": text("The file of the session's policy."),
                "trust": text("The file of the trust policy of the role that is to be assumed."),
            })
        },
        required: &["principal", "action", "resource"],
    },
    Offer {
        name: "diff",
        title: "Say what access a change gives and takes",
        description: "Compares two policies, or every policy of the project with what it was in a revision of git.",
        properties: || {
            json!({
                "old": text("The file of the old policy."),
                "new": text("The file of the new one."),
                "since": text("A revision of git, in place of the two files."),
                "paths": texts("With `since`: files and folders of the project; otherwise the first root."),
            })
        },
        required: &[],
    },
    Offer {
        name: "expand",
        title: "List the actions that wildcards stand for",
        description: "The actions of patterns, or the shortest patterns for a list of actions.",
        properties: || {
            json!({
                "patterns": texts("Actions with wildcards: ecs:Describe*, *:Get*."),
                "shrink": { "type": "boolean", "description": "The other way round: short patterns for these actions and no others." },
            })
        },
        required: &["patterns"],
    },
];

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn tools() -> Vec<Tool> {
    let tool = |offer: &Offer| {
        let schema = json!({
            "type": "object",
            "properties": (offer.properties)(),
            "required": offer.required,
            "additionalProperties": false,
        });
        let schema = schema.as_object().cloned().unwrap_or_default();
        let annotations =
            ToolAnnotations::with_title(offer.title).read_only(true).idempotent(true).open_world(false);
        Tool::new(offer.name, offer.description, schema).with_title(offer.title).with_annotations(annotations)
    };
    OFFERS.iter().map(tool).collect()
}

/// Serves until the client goes.
pub(super) fn run(arguments: &McpArguments) -> Outcome {
    for folder in &arguments.folders {
        if !folder.is_dir() {
            terminal::error(format!("{}: not a folder", folder.display()));
            return Outcome::Failed;
        }
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(reason) => {
            terminal::error(reason);
            return Outcome::Failed;
        }
    };
    terminal::listen();
    let server = Server { folders: arguments.folders.clone(), one_at_a_time: Mutex::default() };
    let served = runtime.block_on(async {
        let running =
            server.serve((tokio::io::stdin(), tokio::io::stdout())).await.map_err(|it| it.to_string())?;
        running.waiting().await.map_err(|it| it.to_string())
    });
    // A thread that still waits for input keeps nobody.
    runtime.shutdown_background();
    match served {
        // A client that goes before it has said anything has nothing to be told.
        Ok(_) | Err(_) => Outcome::Clean,
    }
}

struct Server {
    /// Those that were named.
    folders: Vec<PathBuf>,
    /// What is said while a tool works belongs to its answer.
    one_at_a_time: Mutex<()>,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("passrole", output::about::version()))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(offer) = OFFERS.iter().find(|offer| offer.name == request.name) else {
            return Err(ErrorData::invalid_params(format!("there is no tool `{}`", request.name), None));
        };
        let given = request.arguments.unwrap_or_default();
        let roots = self.roots(&context.peer).await;
        let _alone = lock(&self.one_at_a_time);
        let answer = roots.and_then(|roots| {
            disk::confine(&roots.followed);
            let asked = Asked::of(offer, &given, &roots)?;
            guarded(|| asked.answer()).unwrap_or_else(|| {
                Err("a defect of passrole: please report it with what was asked".to_string())
            })
        });
        let heard = terminal::heard();
        Ok(result(answer, heard).into())
    }
}

/// An answer in sentences and as JSON; whether it could not be given as a whole.
struct Answer {
    words: String,
    json: Value,
    is_partial: bool,
}

fn result(answer: Result<Answer, String>, heard: Vec<String>) -> CallToolResult {
    match answer {
        Ok(Answer { words, mut json, is_partial }) => {
            let words: Vec<&str> = heard.iter().map(String::as_str).chain([&*words]).collect();
            let words = ContentBlock::text(words.join("\n"));
            if !heard.is_empty() {
                json["notices"] = heard.clone().into();
            }
            let mut result = CallToolResult::structured(json);
            result.content = vec![words];
            result.is_error = Some(is_partial);
            result
        }
        Err(why) => {
            let words: Vec<String> = heard.into_iter().chain([why]).collect();
            CallToolResult::error(vec![ContentBlock::text(words.join("\n"))])
        }
    }
}

impl Server {
    /// The folders that may be read: those that were named, or those of the client, or the current one.
    async fn roots(&self, peer: &Peer<RoleServer>) -> Result<Roots, String> {
        if !self.folders.is_empty() {
            return Roots::of(&self.folders);
        }
        let has_roots = peer.peer_info().is_some_and(|client| client.capabilities.roots.is_some());
        if has_roots {
            let folders = folders_of(peer).await;
            if !folders.is_empty() {
                return Roots::of(&folders);
            }
        }
        Roots::of(&[PathBuf::from(".")])
    }
}

/// The roots of a client. Newer versions of the protocol have none: there, folders are named in the arguments.
#[expect(deprecated, reason = "clients of earlier versions have roots")]
async fn folders_of(peer: &Peer<RoleServer>) -> Vec<PathBuf> {
    let listed = peer.list_roots().await.map(|it| it.roots).unwrap_or_default();
    listed.iter().filter_map(|root| path_of_uri(&root.uri)).collect()
}

/// The path of a `file:` URI of this machine.
fn path_of_uri(uri: &str) -> Option<PathBuf> {
    let path = uri.strip_prefix("file://")?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).filter(|_| *first == b'%').and_then(|it| std::str::from_utf8(it).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    let path = String::from_utf8(bytes).ok().filter(|path| path.starts_with('/'))?;
    // A drive's letter stands behind a slash.
    let is_drive = path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if is_drive { &path[1..] } else { &path }))
}

/// The folders that may be read.
struct Roots {
    /// As they were named, absolute.
    folders: Vec<PathBuf>,
    /// With every link followed.
    followed: Vec<PathBuf>,
}

impl Roots {
    fn of(folders: &[PathBuf]) -> Result<Roots, String> {
        let folders: Vec<PathBuf> = folders.iter().filter_map(|folder| paths::absolute(folder)).collect();
        let followed: Vec<PathBuf> = folders.iter().filter_map(|folder| disk::followed(folder)).collect();
        match followed.is_empty() {
            true => Err("none of the roots is there".to_string()),
            false => Ok(Roots { folders, followed }),
        }
    }

    fn first(&self) -> &Path {
        self.folders.first().map_or(Path::new("."), PathBuf::as_path)
    }

    /// A path that was asked for, from the first root where it is relative: as it is shown.
    fn allow(&self, asked: &str) -> Result<PathBuf, String> {
        let path = paths::absolute(&self.first().join(asked)).ok_or_else(|| format!("{asked}: no path"))?;
        let real = disk::followed(&path).ok_or_else(|| format!("{asked}: not there"))?;
        if !self.followed.iter().any(|root| real.starts_with(root)) {
            return Err(self.refusal(asked));
        }
        Ok(shown(path))
    }

    /// The same of a name for a text, which need not be there.
    fn allow_name(&self, asked: &str) -> Result<PathBuf, String> {
        let path = paths::absolute(&self.first().join(asked)).ok_or_else(|| format!("{asked}: no path"))?;
        match self.folders.iter().any(|root| path.starts_with(root)) {
            true => Ok(shown(path)),
            false => Err(self.refusal(asked)),
        }
    }

    fn refusal(&self, asked: &str) -> String {
        let folders: Vec<String> = self.folders.iter().map(|it| it.display().to_string()).collect();
        format!("{asked} is not below {}: it is not read", folders.join(" or "))
    }
}

/// From the current folder, where it is below.
fn shown(path: PathBuf) -> PathBuf {
    let here = std::path::absolute(".").ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    below.map_or(path, |it| if it.as_os_str().is_empty() { PathBuf::from(".") } else { it })
}

/// A call of a tool.
struct Asked<'a> {
    tool: &'static str,
    given: &'a Map<String, Value>,
    roots: &'a Roots,
}

impl<'a> Asked<'a> {
    fn of(offer: &Offer, given: &'a Map<String, Value>, roots: &'a Roots) -> Result<Asked<'a>, String> {
        let known = (offer.properties)();
        if let Some(name) = given.keys().find(|name| known.get(name).is_none()) {
            return Err(format!("the tool `{}` has no argument `{name}`", offer.name));
        }
        if let Some(name) = offer.required.iter().find(|name| !given.contains_key(**name)) {
            return Err(format!("the tool `{}` needs the argument `{name}`", offer.name));
        }
        Ok(Asked { tool: offer.name, given, roots })
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, String> {
        match self.given.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("`{name}` is a text")),
        }
    }

    fn texts(&self, name: &str) -> Result<Vec<&'a str>, String> {
        let wrong = || format!("`{name}` is a list of texts");
        match self.given.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|it| it.as_str().ok_or_else(wrong)).collect(),
            Some(_) => Err(wrong()),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, String> {
        match self.given.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(it)) => Ok(*it),
            Some(_) => Err(format!("`{name}` is true or false")),
        }
    }

    fn answer(&self) -> Result<Answer, String> {
        match self.tool {
            "check" => self.check(),
            "explain" => {
                let explanation =
                    explain::answer(self.text("message")?.unwrap_or_default(), self.roots.first());
                Ok(whole(explanation.text(), explanation.json()))
            }
            "roles" => self.roles(),
            "can" => self.can(),
            "diff" => self.diff(),
            _ => self.expand(),
        }
    }

    fn check(&self) -> Result<Answer, String> {
        let mut words = Words::of("check");
        words.options("kind", self.text("kind")?);
        words.options("level", self.text("level")?);
        words.options("select", self.texts("select")?);
        words.options("ignore", self.texts("ignore")?);
        let named = self.texts("paths")?;
        let text = self.text("text")?;
        match text {
            Some(_) if !named.is_empty() => return Err("give `paths` or a `text`, not both".to_string()),
            Some(_) => {
                let name = self.roots.allow_name(self.text("filename")?.unwrap_or("policy.json"))?;
                words.options("stdin-filename", [name.display().to_string()]);
                words.rest(["-".to_string()]);
            }
            None => words.rest(self.paths(&named)?),
        }
        let Command::Check(mut arguments) = words.parsed()? else { return Err(NOT_ITSELF.to_string()) };
        arguments.text = text.map(str::to_string);
        let gathered = gather(&arguments, &arguments.paths)?;
        let render = |format| output::render(format, &gathered.results(&arguments, false));
        let mut json: Value = serde_json::from_str(&render(Format::Json)).map_err(|it| it.to_string())?;
        let mut words = render(Format::Concise);
        let outcome = gathered.outcome(&arguments);
        if self.flag("diff")? {
            // Findings are those of the files as they are.
            let _ = terminal::heard();
            arguments.diff = true;
            let difference = gather(&arguments, &arguments.paths)?.taken.unwrap_or_default();
            words.push_str(&difference);
            json["diff"] = difference.into();
        }
        if let Some(note) = grants(&gathered) {
            words.push_str(&note);
            json["note"] = note.into();
        }
        let is_partial = outcome == Outcome::Failed;
        Ok(Answer { words, json, is_partial })
    }

    fn roles(&self) -> Result<Answer, String> {
        let mut words = Words::of("roles");
        for (option, name) in
            [("account", "account"), ("region", "region"), ("oidc-issuer", "oidcIssuer"), ("role", "role")]
        {
            words.options(option, self.text(name)?);
        }
        let file = self.text("file")?.unwrap_or_default();
        let (name, fragment) = file.split_once('#').map_or((file, None), |(name, of)| (name, Some(of)));
        let path = self.roots.allow(name)?.display().to_string();
        words.rest([fragment.map_or_else(|| path.clone(), |fragment| format!("{path}#{fragment}"))]);
        let Command::Roles(arguments) = words.parsed()? else { return Err(NOT_ITSELF.to_string()) };
        let (roles, which) = roles::answer(&arguments).map_err(why)?;
        Ok(whole(roles.text(which), roles.json(which)))
    }

    fn can(&self) -> Result<Answer, String> {
        let mut words = Words::of("can");
        for name in ["principal", "action", "resource"] {
            words.options(name, self.text(name)?);
        }
        if let Some(context) = self.given.get("context") {
            let context = context.as_object().ok_or("`context` is an object of condition keys")?;
            for (key, value) in context {
                let values = match value {
                    Value::Array(values) => values.as_slice(),
                    one => std::slice::from_ref(one),
                };
                for value in values {
                    let value = match value {
                        Value::String(text) => text.clone(),
                        Value::Bool(_) | Value::Number(_) => value.to_string(),
                        _ => return Err(format!("the value of `{key}` is a text, or a list of texts")),
                    };
                    words.options("context", [format!("{key}={value}")]);
                }
            }
        }
        if self.flag("closed")? {
            words.flag("closed");
        }
        for name in ["identity", "scp", "rcp"] {
            words.options(name, self.shown(&self.texts(name)?)?);
        }
        for (option, name) in [
            ("boundary", "boundary"),
            ("resource-policy", "resourcePolicy"),
            ("session", "session"),
            ("trust", "trust"),
        ] {
            words.options(option, self.shown(self.text(name)?.as_slice())?);
        }
        let Command::Can(arguments) = words.parsed()? else { return Err(NOT_ITSELF.to_string()) };
        let answer = can::answer(&arguments, self.roots.first()).map_err(why)?;
        Ok(whole(answer.text(), answer.json()))
    }

    fn diff(&self) -> Result<Answer, String> {
        let mut words = Words::of("diff");
        match (self.text("old")?, self.text("new")?, self.text("since")?) {
            (Some(old), Some(new), None) => words.rest(self.shown(&[old, new])?),
            (None, None, Some(revision)) => {
                words.options("since", [revision]);
                words.rest(self.paths(&self.texts("paths")?)?);
            }
            _ => return Err("give `old` and `new`, or `since`".to_string()),
        }
        let Command::Diff(arguments) = words.parsed()? else { return Err(NOT_ITSELF.to_string()) };
        let difference = diff::compare(&arguments).map_err(why)?;
        Ok(whole(difference.text(), difference.json()))
    }

    fn expand(&self) -> Result<Answer, String> {
        let mut words = Words::of("expand");
        words.rest(self.texts("patterns")?.into_iter().map(str::to_string));
        let Command::Expand(arguments) = words.parsed()? else { return Err(NOT_ITSELF.to_string()) };
        let found = crate::query::expand(&arguments.patterns).map_err(why)?;
        found.notes.iter().for_each(terminal::note);
        if self.flag("shrink")? {
            let short = shrink(&found.actions);
            return Ok(whole(short.join("\n"), expand::shrunk(&short)));
        }
        Ok(whole(found.text(false), found.json()))
    }

    fn shown(&self, asked: &[&str]) -> Result<Vec<String>, String> {
        asked.iter().map(|path| Ok(self.roots.allow(path)?.display().to_string())).collect()
    }

    /// The same; the first root where none is named.
    fn paths(&self, asked: &[&str]) -> Result<Vec<String>, String> {
        self.shown(if asked.is_empty() { &["."] } else { asked })
    }
}

/// What a command is not told by.
const NOT_ITSELF: &str = "the command is another one";

/// The words of a command line: what a request says is never taken for an option.
struct Words {
    options: Vec<String>,
    rest: Vec<String>,
}

impl Words {
    fn of(command: &str) -> Words {
        Words { options: vec!["passrole".to_string(), command.to_string()], rest: Vec::new() }
    }

    fn options(&mut self, name: &str, values: impl IntoIterator<Item = impl AsRef<str>>) {
        self.options.extend(values.into_iter().map(|value| format!("--{name}={}", value.as_ref())));
    }

    fn flag(&mut self, name: &str) {
        self.options.push(format!("--{name}"));
    }

    fn rest(&mut self, values: impl IntoIterator<Item = String>) {
        self.rest.extend(values);
    }

    fn parsed(self) -> Result<Command, String> {
        let words = self.options.into_iter().chain(["--".to_string()]).chain(self.rest);
        Arguments::try_parse_from(words).map(|it| it.command).map_err(|error| {
            let words = error.to_string();
            words.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string()
        })
    }
}

fn why(answer: NoAnswer) -> String {
    answer.0
}

fn whole(words: String, json: Value) -> Answer {
    Answer { words, json, is_partial: false }
}

/// What there is to say of fixes that add access.
fn grants(gathered: &Gathered) -> Option<String> {
    let is_grant =
        |record: &&output::Record| record.fix.as_ref().is_some_and(|it| it.safety == Safety::Grants);
    let count = gathered.records.iter().filter(is_grant).count();
    (count > 0).then(|| {
        let what = if count == 1 { "1 finding has a fix that adds" } else { &format!("{count} findings have fixes that add") };
        format!("{what} access (`grants`): the denial may be intended. They are in no difference; have a person decide, with `passrole check --fix --grant RULE:LINE FILE`.\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_paths_of_this_machine() {
        let path = |uri: &str| path_of_uri(uri).map(|it| it.display().to_string());
        assert_eq!(path("file:///a%20b/%C3%A4").as_deref(), Some("/a b/ä"));
        assert_eq!(path("file://localhost/a").as_deref(), Some("/a"));
        assert_eq!(path("file:///c:/a").as_deref(), Some("c:/a"));
        assert_eq!(path("file:///100%").as_deref(), Some("/100%"));
        for other in ["https://example.com/a", "file://host/a", "a", "file:///%FF"] {
            assert_eq!(path(other), None, "{other}");
        }
    }

    #[test]
    fn every_tool_says_what_it_takes() {
        for offer in &OFFERS {
            let properties = (offer.properties)();
            let all = properties.as_object().unwrap();
            assert!(all.values().all(|it| it["description"].is_string()), "{}", offer.name);
            assert!(offer.required.iter().all(|name| all.contains_key(*name)), "{}", offer.name);
        }
    }
}
