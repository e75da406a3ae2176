//! Whether a request would be allowed: `passrole can`.

use super::{NoAnswer, PolicyFile, ProjectView, place};
use crate::access::{Caller, Deciding, Decision, Policies, Reason, Request, RequestContext, Truth, decide};
use crate::catalog::{self, Arn, is_account_id};
use crate::graph::roles::KnownIdentity;
use crate::host::DocumentKind;
use crate::model::{Effect, Policy, PolicyVariable};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A request, and the policies that were given for it.
#[derive(Debug, Default)]
pub struct Question {
    pub principal: String,
    pub action: String,
    pub resource: String,
    /// Keys with their values; a key that stands twice has several.
    pub context: Vec<(String, String)>,
    pub closed: bool,
    /// By what they are to the request. Of some kinds there may be one alone.
    pub files: Vec<(DocumentKind, PolicyFile)>,
    /// Why the principal may have further policies than these, where it may.
    pub more: Option<String>,
    /// What else to tell with the answer.
    pub notes: Vec<String>,
}

/// What came out.
#[derive(Debug)]
pub struct CanAnswer {
    pub allowed: Truth,
    pub explicit: bool,
    pub because: Vec<Because>,
    /// Condition keys that nobody gave and that matter, as policies spell them.
    pub missing: Vec<String>,
    /// What else is not known, in sentences.
    pub open: Vec<String>,
    /// Kinds of policy that nobody gave.
    pub not_seen: Vec<DocumentKind>,
    pub notes: Vec<String>,
    question: (String, String, String),
}

/// A statement that decides.
#[derive(Debug)]
pub struct Because {
    pub file: String,
    /// Which statement of its policy, from 0.
    pub statement: usize,
    pub effect: Effect,
    pub kind: DocumentKind,
    pub sid: Option<String>,
    pub holds: Truth,
    pub line: u32,
    /// Its lines in the file, numbered.
    pub lines: Vec<(u32, String)>,
}

/// The longest statement that is shown in full, in lines.
const SHOWN: usize = 24;

/// The kinds of policy that may have a say, in the order in which they are told.
const KINDS: [(DocumentKind, &str); 7] = [
    (DocumentKind::Identity, "identity"),
    (DocumentKind::Boundary, "boundary"),
    (DocumentKind::Session, "session"),
    (DocumentKind::Scp, "scp"),
    (DocumentKind::Rcp, "rcp"),
    (DocumentKind::Resource, "resource"),
    (DocumentKind::Trust, "trust"),
];

/// `service:Name`, without wildcards.
pub fn check_action(action: &str) -> Result<(), NoAnswer> {
    let wrong = |what: &str| Err(NoAnswer(format!("`{action}` {what}")));
    if catalog::is_wildcard(action) {
        return wrong("has a wildcard: a request has one action");
    }
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    match action.split_once(':') {
        Some((service, name)) if is_word(service) && is_word(name) => Ok(()),
        _ => wrong("is not an action: write it as in `s3:GetObject`"),
    }
}

/// An ARN, or `*` for actions that take no resource.
pub fn check_resource(resource: &str) -> Result<(), NoAnswer> {
    if resource == "*" {
        return Ok(());
    }
    let wrong = |what: &str| Err(NoAnswer(format!("`{resource}` {what}")));
    let Ok(arn) = Arn::parse(resource) else {
        return wrong("is not an ARN: it has six parts between colons, such as `arn:aws:s3:::bucket/key`");
    };
    if arn.partition.is_empty() || arn.service.is_empty() || arn.resource.is_empty() {
        return wrong("is not an ARN: its partition, its service or its resource is empty");
    }
    // Keys of objects may hold the characters; a log group's ARN ends in a star.
    let head = match arn.service {
        "s3" => arn.resource.split('/').next().unwrap_or_default(),
        "logs" => arn.resource.strip_suffix(":*").unwrap_or(arn.resource),
        _ => arn.resource,
    };
    let before = &resource[..resource.len() - arn.resource.len()];
    if catalog::is_wildcard(head) || catalog::is_wildcard(before) {
        return wrong("has a wildcard: a request names one resource");
    }
    Ok(())
}

impl Question {
    /// Asks it of a role or user of a project, with the policies that it has there beside those that were given.
    pub fn ask_of(&mut self, view: &ProjectView<'_>, identity: &KnownIdentity) -> Result<(), NoAnswer> {
        let found = view.policies(identity)?;
        self.files.extend(found.files);
        self.more = found.open;
        let kind = if identity.is_user { "user" } else { "role" };
        self.notes.push(format!("the {kind} is that of {}", place(identity)));
        if identity.is_by_file_name {
            self.notes.push("the files are taken for this role's by their names".to_string());
        }
        if identity.has_choices {
            self.notes.push(
                "some of its policies are there under a condition of the template: they were taken as there"
                    .to_string(),
            );
        }
        if !self.principal.starts_with("arn:") {
            let parts = |arn: &str| -> Option<(String, String)> {
                let arn = Arn::parse(arn).ok()?;
                Some((arn.partition.to_string(), arn.account.to_string()))
            };
            let (partition, account) = parts(&self.resource).unwrap_or_default();
            let partition = if partition.is_empty() { "aws" } else { &partition };
            let account = if is_account_id(&account) { account } else { "000000000000".to_string() };
            self.notes.push(format!("its account is taken for {account}: give the ARN to say otherwise"));
            self.principal = format!("arn:{partition}:iam::{account}:{kind}/{}", identity.title);
        }
        Ok(())
    }

    /// Answers it; an error says what is wrong with the question.
    pub fn answer(&self) -> Result<CanAnswer, NoAnswer> {
        let caller = Caller::parse(&self.principal)
            .map_err(|problem| NoAnswer(format!("`{}` {problem}", self.principal)))?;
        check_action(&self.action)?;
        check_resource(&self.resource)?;
        let mut context = if self.closed { RequestContext::closed() } else { RequestContext::open() };
        for (key, value) in &self.context {
            context.add(key, value);
        }
        let request = Request::of(caller, &self.action, &self.resource, context);
        let of = |kind| {
            let files = self.files.iter().filter(move |(own, _)| *own == kind);
            files.flat_map(|(_, file)| file.policies().map(move |policy| (file, policy)))
        };
        let all = |kind| of(kind).map(|(_, policy)| policy).collect::<Vec<Policy<'_>>>();
        let one = |kind| match all(kind)[..] {
            [] => Ok(None),
            [only] => Ok(Some(only)),
            [..] => {
                let kind = DocumentKind::title(kind);
                Err(NoAnswer(format!("more than one {kind} is given: a request has one")))
            }
        };
        let policies = Policies {
            identity: all(DocumentKind::Identity),
            boundary: one(DocumentKind::Boundary)?,
            session: one(DocumentKind::Session)?,
            scps: all(DocumentKind::Scp),
            rcps: all(DocumentKind::Rcp),
            resource: one(DocumentKind::Resource)?,
            trust: one(DocumentKind::Trust)?,
            more_identity: self.more.as_deref().map(|why| Reason::NotSeen(why.into())),
            more_boundary: None,
        };
        let decision = decide(&request, &policies);
        let because = decision
            .because
            .iter()
            .filter_map(|it| {
                let (file, _) = of(it.kind).nth(it.number)?;
                Some(because(file, it))
            })
            .collect();
        let assumes = self.action.to_ascii_lowercase().starts_with("sts:assume");
        let not_seen = KINDS
            .into_iter()
            .map(|(kind, _)| kind)
            .filter(|kind| !self.files.iter().any(|(own, _)| own == kind))
            .filter(|kind| match kind {
                DocumentKind::Trust => assumes,
                DocumentKind::Resource => !assumes,
                DocumentKind::Rcp => true,
                _ => request.caller.is_signed(),
            })
            .collect();
        let mut notes = self.notes.clone();
        if catalog::action(&self.action).is_none() {
            notes.push(format!(
                "`{}` is no action that passrole knows; patterns were compared with it all the same",
                self.action
            ));
        }
        for (_, file) in &self.files {
            notes.extend(file.refused.iter().map(|what| format!("AWS would refuse what is written: {what}")));
        }
        Ok(CanAnswer {
            explicit: decision.denied.is_yes(),
            missing: self.missing(&decision),
            open: open(&decision),
            because,
            not_seen,
            notes,
            question: (self.principal.clone(), self.action.clone(), self.resource.clone()),
            allowed: decision.allowed,
        })
    }

    fn missing(&self, decision: &Decision<'_>) -> Vec<String> {
        let reasons = decision.allowed.why().into_iter().flat_map(|why| why.reasons());
        reasons
            .filter_map(|reason| match reason {
                Reason::KeyNotGiven(key) => Some(self.spelt(key)),
                _ => None,
            })
            .collect()
    }

    /// A key in the spelling of the policies.
    fn spelt(&self, key: &str) -> String {
        for policy in self.files.iter().flat_map(|(_, file)| file.policies()) {
            for (_, statement) in policy.statements() {
                let mut names = statement.condition_keys().map(|it| &*it.key.text);
                if let Some(name) = names.find(|name| name.eq_ignore_ascii_case(key)) {
                    return name.to_string();
                }
                let values =
                    statement.condition_keys().flat_map(|it| it.values()).filter_map(|it| it.as_string());
                for string in statement.resources().chain(values) {
                    for variable in PolicyVariable::all(string, false) {
                        let name = variable.inside.split(',').next().unwrap_or_default().trim();
                        if name.eq_ignore_ascii_case(key) {
                            return name.to_string();
                        }
                    }
                }
            }
        }
        key.to_string()
    }
}

fn because(file: &PolicyFile, deciding: &Deciding<'_>) -> Because {
    let policy = deciding.policy;
    let placed = &policy.units()[deciding.statement];
    let (line, lines) = file.excerpt(placed.span());
    let object = placed.unit.value.as_object();
    Because {
        file: file.name.clone(),
        statement: deciding.statement,
        effect: deciding.effect,
        kind: deciding.kind,
        sid: object.and_then(|it| it.string("Sid")).map(|sid| sid.text.to_string()),
        holds: deciding.holds.clone(),
        line,
        lines: lines.into_iter().map(|(at, line)| (at, line.to_string())).collect(),
    }
}

/// What is not known beside keys.
fn open(decision: &Decision<'_>) -> Vec<String> {
    let reasons = decision.allowed.why().into_iter().flat_map(|why| why.reasons());
    reasons.filter(|it| !matches!(it, Reason::KeyNotGiven(_))).map(ToString::to_string).collect()
}

fn short(kind: DocumentKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name)
}

impl CanAnswer {
    /// `allowed`, `denied` or `unknown`.
    pub fn word(&self) -> &'static str {
        match self.allowed {
            Truth::Yes => "allowed",
            Truth::No => "denied",
            Truth::Unknown(_) => "unknown",
        }
    }

    pub fn json(&self) -> Value {
        let because: Vec<Value> = self
            .because
            .iter()
            .map(|it| json!({ "file": it.file, "statement": it.statement, "effect": effect(it.effect) }))
            .collect();
        json!({
            "schema": 1,
            "answer": self.word(),
            "explicit": self.explicit,
            "because": because,
            "missing": self.missing,
            "open": self.open,
            "notSeen": self.not_seen.iter().map(|kind| short(*kind)).collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }

    /// In sentences.
    pub fn text(&self) -> String {
        let (principal, action, resource) = &self.question;
        let mut out = String::new();
        let _ = match (&self.allowed, self.explicit) {
            (Truth::Yes, _) => {
                writeln!(out, "Allowed by what was seen: {principal} may {action} on {resource}.")
            }
            (Truth::No, true) => {
                writeln!(out, "Denied: a statement denies {action} on {resource} to {principal}.")
            }
            (Truth::No, false) => {
                writeln!(out, "Denied: nothing that was seen allows {action} on {resource} to {principal}.")
            }
            (Truth::Unknown(_), _) => {
                writeln!(
                    out,
                    "Unknown: whether {principal} may {action} on {resource} hangs on what nobody gave."
                )
            }
        };
        for it in &self.because {
            let name = it.sid.as_deref().map_or(String::new(), |sid| format!(" ({sid})"));
            let verb = match (it.effect, it.holds.is_yes()) {
                (Effect::Allow, true) => "allows it",
                (Effect::Deny, true) => "denies it",
                (Effect::Allow, false) => "may allow it",
                (Effect::Deny, false) => "may deny it",
            };
            let kind = it.kind.title();
            let _ = writeln!(
                out,
                "\n{}:{}: statement {}{name} of the {kind} {verb}",
                it.file, it.line, it.statement
            );
            for (at, line) in it.lines.iter().take(SHOWN) {
                let _ = writeln!(out, "{at:>5} | {line}");
            }
            if it.lines.len() > SHOWN {
                let _ = writeln!(out, "      | … {} more lines", it.lines.len() - SHOWN);
            }
        }
        if !self.missing.is_empty() || !self.open.is_empty() {
            let _ = writeln!(out, "\nIt would have to be known:");
            for key in &self.missing {
                let _ = writeln!(
                    out,
                    "  {key}: whether the request has it, and its value (`--context {key}=…`, or `--closed` where it has none)"
                );
            }
            for what in &self.open {
                let _ = writeln!(out, "  {what}");
            }
        }
        if !self.not_seen.is_empty() {
            let kinds: Vec<&str> = self.not_seen.iter().map(|kind| kind.title()).collect();
            let _ =
                writeln!(out, "\nNobody gave: {}. What they say could change the answer.", kinds.join(", "));
        }
        for note in &self.notes {
            let _ = writeln!(out, "\nNote: {note}");
        }
        out
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    }
}
