use super::{elements, whole_types};
use crate::catalog::{self, AccessLevel, Action, Service};
use crate::declare_rule;
use crate::diagnostic::{Confidence, Finding, Findings, Fix, Severity};
use crate::host::value::{StringValue, Value};
use crate::host::{Edit, OfUnit, Placed};
use crate::model::{ActionPattern, Arn, Policy, PolicyContext, Statement};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds actions that work on `"Resource": "*"` only, in a statement that lists ARNs.
    ///
    /// Many actions, most of the `List…` kind, name no resource in their requests. IAM then compares the
    /// statement's resources with `*`, and no ARN, however wide, is `*`. The statement does not reach the
    /// action.
    ///
    /// ```text
    /// "Action": "ecr:GetAuthorizationToken", "Resource": "arn:aws:ecr:…:repository/web"    grants nothing
    /// "Action": "ecr:GetAuthorizationToken", "Resource": "*"                               right
    /// ```
    ///
    /// Give such actions a statement of their own with `"Resource": "*"`.
    ///
    /// Where another statement of the policy allows the action on `*`, the entry is merely redundant: a hint.
    ///
    /// See the service's table of actions in the Service Authorization Reference: their column of resource
    /// types is empty.
    pub ActionNeedsAllResources {
        id: "action-needs-all-resources",
        group: Policy,
        reads: [Policy],
        on: [Identity, Session, Boundary],
        cases: ["alone", "redundant"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "an action that takes only * stands in a statement with ARNs",
        sources: ["parliament/RESOURCE_MISMATCH", "iam-policy-validator/resource_mismatch", "cfn-lint/I3510"],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for ActionNeedsAllResources {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let is_one = |placed: &&Placed| placed.unit.known::<NeedsAll>().0;
        let mut concerned = policy.units().iter().filter(is_one).peekable();
        if concerned.peek().is_none() {
            return;
        }
        let everywhere: Vec<ActionPattern<'_>> = policy
            .statements()
            .filter(|(_, it)| it.allows() && it.object.get("Condition").is_none())
            .filter(|(_, it)| it.listed_resources().any(|resource| &*resource.text == "*"))
            .flat_map(|(_, it)| it.listed_actions())
            .collect();
        for placed in concerned {
            if let Some(object) = placed.unit.value.as_object() {
                check(placed.base, Statement { object }, &everywhere, acc);
            }
        }
    }
}

/// Whether a statement lists ARNs, and an action that takes none.
struct NeedsAll(bool);

impl OfUnit for NeedsAll {
    fn of(value: &Value) -> NeedsAll {
        let statement = value.as_object().map(|object| Statement { object });
        NeedsAll(statement.is_some_and(|it| needing(it).next().is_some()))
    }
}

/// The actions of a statement with ARNs that take none.
fn needing(statement: Statement<'_>) -> impl Iterator<Item = (ActionPattern<'_>, Action)> {
    let has_resources = statement.object.has("Resource") && statement.listed_resources().next().is_some();
    // A placeholder may stand for the star.
    let is_star = |resource: &StringValue| !resource.text.starts_with("arn:") || resource.is_wholly_unknown();
    let lists_arns = has_resources && !statement.listed_resources().any(is_star);
    let actions = lists_arns.then(|| statement.listed_actions()).into_iter().flatten();
    actions
        .filter(|action| !action.has_wildcard() && !action.string.has_unknown())
        .filter_map(|action| Some((action, catalog::action(action.text())?)))
        .filter(|(_, known)| known.takes_all_resources_only())
        // Most services check some such actions against an ARN without a name (`…:role/`), which a pattern
        // for the whole service or a whole type matches.
        .filter(move |(_, known)| {
            catalog::takes_only_all_resources(known.service().prefix())
                || !statement.listed_resources().any(|it| is_whole_type(&it.text, known.service()))
        })
}

/// `everywhere`: what the policy allows on everything.
fn check(base: u32, statement: Statement<'_>, everywhere: &[ActionPattern<'_>], acc: &mut Findings) {
    let Some(first) = statement.listed_resources().next() else { return };
    let is_allowed_anyway = |name: &str| everywhere.iter().any(|pattern| pattern.covers(name));
    let (redundant, needing): (Vec<_>, Vec<_>) =
        needing(statement).partition(|(action, _)| statement.allows() && is_allowed_anyway(action.text()));
    if !redundant.is_empty() {
        report(base, statement, first, &redundant, acc)
            .severity(Severity::Hint)
            .case("redundant")
            .note("Another statement of the policy allows it on `*`. The entry here changes nothing.");
    }
    // What lists and reads is surely so in the reference. Of the rest, some come with ARNs that the
    // reference does not show.
    let (sure, unsure): (Vec<_>, Vec<_>) = needing
        .into_iter()
        .partition(|(_, it)| matches!(it.access_level(), AccessLevel::List | AccessLevel::Read));
    let all: Vec<_> = sure.iter().chain(&unsure).copied().collect();
    let fix = (!all.is_empty()).then(|| fix(statement, &all)).flatten().map(|mut fix| {
        fix.shift(base);
        fix
    });
    for (actions, is_sure) in [(sure, true), (unsure, false)] {
        if actions.is_empty() {
            continue;
        }
        let finding = report(base, statement, first, &actions, acc);
        finding
            .case("alone")
            .note(match actions.len() {
                1 => "Give it a statement of its own with `\"Resource\": \"*\"`.",
                _ => "Give them a statement of their own with `\"Resource\": \"*\"`.",
            })
            .maybe_fix(fix.clone());
        if !is_sure {
            finding.severity(Severity::Info).confidence(Confidence::Medium);
        }
        let has = |name: &str| statement.listed_actions().any(|it| it.text().eq_ignore_ascii_case(name));
        if statement.allows() && actions.iter().all(|(_, it)| catalog::is_generated(&it.to_string(), has)) {
            finding.severity(Severity::Hint);
        }
        // AWS's own samples deny it beside a bucket's ARNs.
        if !statement.allows() && actions.iter().all(|(_, it)| catalog::is_of_samples(&it.to_string())) {
            finding.severity(Severity::Hint);
        }
    }
}

/// One finding for all of these actions.
fn report<'f>(
    base: u32,
    statement: Statement<'_>,
    resource: &StringValue,
    actions: &[(ActionPattern<'_>, Action)],
    acc: &'f mut Findings,
) -> &'f mut Finding {
    let verb = if statement.allows() { "allows" } else { "denies" };
    let names = elements::listing(actions.iter().map(|(_, known)| *known));
    let (take, them) = if actions.len() == 1 { ("takes", "it") } else { ("take", "them") };
    let finding = acc.report(
        actions[0].0.string.content_span().shifted(base),
        format!("{names} {take} only `\"Resource\": \"*\"`, so this statement never {verb} {them}"),
    );
    for (action, _) in actions.iter().skip(1).take(8) {
        finding.related(action.string.span.shifted(base), "this neither");
    }
    finding.related(resource.span.shifted(base), "the statement lists ARNs");
    finding
}

/// A statement of their own for all of them; where there are no others, `*` for the ARNs.
fn fix(statement: Statement<'_>, needing: &[(ActionPattern<'_>, Action)]) -> Option<Fix> {
    if statement.listed_actions().count() == needing.len() {
        let resources = statement.object.get("Resource")?.span();
        return Some(elements::widening(
            statement,
            "Replace the resources with `*`, every resource",
            vec![Edit::ReplaceValue { span: resources, value: json!("*") }],
        ));
    }
    let names: Vec<&str> = needing.iter().map(|(action, _)| action.text()).collect();
    let mut value = json!({ "Effect": &*statement.object.string("Effect")?.text });
    value["Action"] = match names.as_slice() {
        [only] => json!(only),
        many => json!(many),
    };
    value["Resource"] = json!("*");
    if let Some(condition) = statement.object.get("Condition") {
        value["Condition"] = condition.to_new()?;
    }
    let mut edits: Vec<Edit> =
        needing.iter().map(|(action, _)| Edit::RemoveItem { span: action.string.span }).collect();
    edits.push(Edit::InsertSibling { item: statement.object.span, value });
    let what = match names.as_slice() {
        [only] => format!("`{only}` to a statement of its own"),
        many => format!("{} actions to a statement of their own", many.len()),
    };
    Some(elements::widening(statement, format!("Move {what} with `*`, every resource"), edits))
}

/// `arn:aws:iam::*:role/*`, `arn:aws:logs:*:*:log-group::log-stream:*`: a pattern that names nothing but
/// types.
fn is_whole_type(resource: &str, service: Service) -> bool {
    Arn::parse(resource).is_ok_and(|arn| {
        (arn.service == service.prefix() || arn.service.contains('*'))
            && whole_types::is_whole_type(&arn, service)
    })
}
