//! What would have to change for a refused request to be allowed: an edit of one policy of the project.

use super::{IdentityPolicies, NoAnswer, PolicyFile, ProjectView, place};
use crate::access::{Caller, Decision, Policies, Request, RequestContext, decide, gains};
use crate::analysis::Report;
use crate::graph::roles::{KnownIdentity, PolicyAt};
use crate::host::{Document, DocumentKind, Edit, Naming};
use crate::model::{Effect, Policy};
use crate::text::{edit, unified_difference};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One file of the project, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As the graph names it.
    pub path: String,
    /// As tools that apply a difference read it.
    pub difference: String,
    /// Whether it adds access.
    pub grants: bool,
}

impl Change {
    pub fn json(&self) -> Value {
        json!({ "path": self.path, "diff": self.difference, "grants": self.grants })
    }
}

/// A request that was refused, and the statement that would allow it.
pub struct RefusedRequest<'r> {
    pub principal: &'r str,
    pub action: &'r str,
    pub resource: &'r str,
    pub context: &'r [(&'r str, &'r str)],
    pub statement: &'r Value,
    /// The kind of policy that does not allow it.
    pub by: DocumentKind,
}

/// What came of looking for an edit.
#[derive(Debug)]
pub enum Mended {
    Changed(Change),
    /// Why there is none, in a sentence.
    Not(String),
    /// The project has nobody of that name.
    Unknown,
}

/// Findings that a change must not bring: what somebody said must never be granted, and ways to gain everything.
const MUST_NOT_COME: [&str; 3] = ["forbidden-access", "privilege-escalation", "borrowed-role"];

/// Looks for the policy of the project to which the statement belongs, and adds it there.
pub fn mend(view: &ProjectView<'_>, refused: &RefusedRequest<'_>) -> Result<Mended, NoAnswer> {
    let identity = match view.identity(refused.principal) {
        Ok(Some(identity)) => identity,
        Ok(None) => return Ok(Mended::Unknown),
        Err(several) => return Ok(Mended::Not(several.0)),
    };
    let before = view.policies(&identity)?;
    let kind = if identity.is_user { "user" } else { "role" };
    let at = place(&identity);
    let decision = answer(refused, &before)?;
    if decision.allowed.is_yes() {
        return Ok(Mended::Not(format!(
            "the policies of the {kind} in the project ({at}) allow it already: what is deployed may be older, or another \
             kind of policy refuses it"
        )));
    }
    if decision.denied.is_yes() {
        return Ok(Mended::Not(format!(
            "a statement of the project ({at}) denies it: no further Allow helps"
        )));
    }
    let mut why = format!("no policy of the {kind} in the project ({at}) can be added to");
    for place in candidates(&identity, refused, view)? {
        match added(view, refused, &identity, &place)? {
            Ok(change) => return Ok(Mended::Changed(change)),
            Err(Some(objection)) => why = objection,
            Err(None) => {}
        }
    }
    Ok(Mended::Not(why))
}

fn answer<'p>(
    refused: &RefusedRequest<'_>,
    policies: &'p IdentityPolicies,
) -> Result<Decision<'p>, NoAnswer> {
    let mut context = RequestContext::open();
    refused.context.iter().for_each(|(key, value)| context.add(key, value));
    let of = |kind: DocumentKind| {
        let files = policies.files.iter().filter(move |(own, _)| *own == kind);
        files.flat_map(|(_, file)| file.policies()).collect::<Vec<Policy<'p>>>()
    };
    // Of a name alone the account is not known, and does not matter.
    let caller = Caller::parse(refused.principal)
        .or_else(|_| Caller::parse(&format!("arn:aws:iam::000000000000:role/{}", refused.principal)))
        .map_err(|problem| NoAnswer(format!("`{}` {problem}", refused.principal)))?;
    let request = Request::of(caller, refused.action, refused.resource, context);
    let boundary = of(DocumentKind::Boundary).first().copied();
    let policies = Policies { identity: of(DocumentKind::Identity), boundary, ..Policies::default() };
    Ok(decide(&request, &policies))
}

/// The places of policies that may be added to, those first that speak of the service already.
fn candidates(
    identity: &KnownIdentity,
    refused: &RefusedRequest<'_>,
    view: &ProjectView<'_>,
) -> Result<Vec<PolicyAt>, NoAnswer> {
    let places = match refused.by {
        DocumentKind::Boundary => identity.boundary.as_slice(),
        _ => &identity.policies[..],
    };
    let service = refused.action.split(':').next().unwrap_or_default();
    let mut found: Vec<(bool, PolicyAt)> = Vec::new();
    for place in places.iter().filter(|it| matches!(it, PolicyAt::File(..))) {
        let Some((_, file)) = view.policy(place)? else { continue };
        let speaks = file.policies().flat_map(|policy| policy.statements()).any(|(_, statement)| {
            statement.effect() == Some(Effect::Allow)
                && statement.listed_actions().any(|action| action.service.eq_ignore_ascii_case(service))
        });
        found.push((!speaks, place.clone()));
    }
    found.sort_by_key(|(is_other, _)| *is_other);
    Ok(found.into_iter().map(|(_, place)| place).collect())
}

type Objected = Option<String>;

/// The change that adds the statement to one policy, judged; an error says why it is not offered.
fn added(
    view: &ProjectView<'_>,
    refused: &RefusedRequest<'_>,
    identity: &KnownIdentity,
    place: &PolicyAt,
) -> Result<Result<Change, Objected>, NoAnswer> {
    let (PolicyAt::File(path, _), Some((report, file))) = (place, view.policy(place)?) else {
        return Ok(Err(None));
    };
    let Some(document) = file.documents.first() else { return Ok(Err(None)) };
    let Some(after) = with_statement(&report, &file.text, document, refused.statement) else {
        return Ok(Err(None));
    };
    let again = report.alike(&after);
    // Everything else stays as it was: each finding that came is one of the change.
    let count = |report: &Report, id: &str| report.findings.iter().filter(|it| it.rule.id == id).count();
    if let Some(id) = MUST_NOT_COME.into_iter().find(|id| count(&again, id) > count(&report, id)) {
        let message = again.findings.iter().rev().find(|it| it.rule.id == id).map_or("", |it| &it.message);
        return Ok(Err(Some(format!("no change is offered: it would bring `{id}` ({message})"))));
    }
    let is_error =
        |report: &Report| report.findings.iter().filter(|it| it.rule.group.name() == "syntax").count();
    if is_error(&again) > is_error(&report) {
        return Ok(Err(None));
    }
    // The same document of the text as it would be, and what it gives beside what was there.
    let index = report.documents.iter().position(|it| it.span == document.span);
    let Some(new) = index.and_then(|index| again.documents.get(index)).cloned() else { return Ok(Err(None)) };
    let new = PolicyFile::of(path, after.clone(), &again, vec![new])?;
    let (more, less): (Vec<Policy<'_>>, Vec<Policy<'_>>) =
        (new.policies().collect(), file.policies().collect());
    let (gained, _) = gains(&more, &less);
    let asked: BTreeSet<String> = actions_of(refused.statement);
    let is_asked = |action: &String| asked.iter().any(|it| it.eq_ignore_ascii_case(action));
    if !gained.iter().flat_map(|gain| &gain.actions).all(is_asked) {
        return Ok(Err(None));
    }
    let mut policies = view.policies(identity)?;
    let kind = if refused.by == DocumentKind::Boundary { refused.by } else { DocumentKind::Identity };
    policies.files.push((kind, new));
    if refused.by == DocumentKind::Boundary {
        // One boundary alone has its say.
        let last = policies.files.pop();
        policies.files.retain(|(kind, _)| *kind != DocumentKind::Boundary);
        policies.files.extend(last);
    }
    if answer(refused, &policies)?.allowed.is_no() {
        return Ok(Err(Some(
            "no change is offered: with the statement it would still be denied, by a boundary or a Deny"
                .to_string(),
        )));
    }
    let difference = unified_difference(path, &file.text, &after);
    Ok(Ok(Change { path: path.to_string(), difference, grants: true }))
}

fn actions_of(statement: &Value) -> BTreeSet<String> {
    let action = &statement["Action"];
    let all = action.as_array().map_or(std::slice::from_ref(action), Vec::as_slice);
    all.iter().filter_map(Value::as_str).map(String::from).collect()
}

/// The text with a further statement in a policy; `None` where the file's syntax takes none there.
pub fn with_statement(report: &Report, text: &str, document: &Document, statement: &Value) -> Option<String> {
    let is_of_blocks = document.naming == Naming::TerraformPolicy;
    let insert = match (document.units.last(), document.units_span) {
        // One statement that stands for a list of one.
        (Some(last), Some(list)) if list == last.span() && !is_of_blocks => {
            let both = vec![last.unit.value.to_new()?, statement.clone()];
            Edit::ReplaceValue { span: list, value: Value::Array(both) }
        }
        (Some(last), _) => Edit::InsertSibling { item: last.span(), value: statement.clone() },
        (None, list) => Edit::InsertItem { array: list?, value: statement.clone() },
    };
    let edits = report.parsed.text_edits(text, &report.documents, &[insert])?;
    Some(edit::apply(text, &edits))
}
