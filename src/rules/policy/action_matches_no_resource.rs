use super::elements::{self, listing};
use super::{arn_types, invalid_arn};
use crate::access;
use crate::catalog::{self, Action};
use crate::declare_rule;
use crate::diagnostic::{Confidence, Finding, Findings, Fix, Severity};
use crate::host::value::{StringValue, Value};
use crate::host::{DocumentKind, Edit};
use crate::model::{ActionPattern, Arn, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::quoted;
use serde_json::json;
use std::collections::HashSet;

declare_rule! {
    /// Finds actions that can act on none of the resources their statement lists.
    ///
    /// The commonest case is a bucket's ARN where objects are meant, or the other way round. IAM accepts the
    /// policy; the request is denied.
    ///
    /// ```text
    /// "Action": "s3:GetObject", "Resource": "arn:aws:s3:::web-bucket"      grants nothing
    /// "Action": "s3:GetObject", "Resource": "arn:aws:s3:::web-bucket/*"    right
    /// ```
    ///
    /// Every ARN format of every resource type of the action counts, with wildcards on both sides. Names of buckets,
    /// queues, topics, tables and functions hold no `/`: `s3:ListBucket` acts on `arn:aws:s3:::web-bucket`, not on
    /// `arn:aws:s3:::web-bucket/*`. Where the action acts on what another service has, it is a hint: the reference does
    /// not name all of those.
    ///
    /// See the service's table of actions in the Service Authorization Reference.
    pub ActionMatchesNoResource {
        id: "action-matches-no-resource",
        group: Policy,
        reads: [Statement],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "an action can act on none of the resources listed",
        sources: ["parliament/RESOURCE_MISMATCH", "iam-policy-validator/resource_mismatch", "cfn-lint/I3510"],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["Action does not apply to any resource(s) in statement"],
    }
}

/// What a statement lists as resources, where all of that is ARNs.
struct Listed<'a> {
    resources: Vec<&'a StringValue>,
    arns: Vec<Arn<'a>>,
}

impl<'a> Listed<'a> {
    fn of(statement: Statement<'a>, policy: &PolicyContext) -> Option<Listed<'a>> {
        let judged = matches!(
            policy.kind,
            DocumentKind::Identity | DocumentKind::Session | DocumentKind::Boundary | DocumentKind::Resource
        );
        if !judged || !statement.object.has("Resource") {
            return None;
        }
        let resources: Vec<&StringValue> = statement.listed_resources().collect();
        if resources.is_empty()
            || resources.iter().any(|it| !it.text.starts_with("arn:") || it.is_wholly_unknown())
        {
            return None;
        }
        // What is no whole ARN is another rule's, and may match anything.
        let arns = resources.iter().map(|it| Arn::parse(&it.text)).collect::<Result<Vec<_>, _>>().ok()?;
        Some(Listed { resources, arns })
    }
}

/// Whether this rule has something to say of an action of that service: then the ARN it stands with is not told as well.
pub(super) fn tells_of(statement: Statement<'_>, policy: &PolicyContext, service: &str) -> bool {
    Listed::of(statement, policy).is_some_and(|listed| {
        unmatched(statement, policy, &listed)
            .iter()
            .any(|it| it.is_sure && it.action.service.eq_ignore_ascii_case(service))
    })
}

/// The actions for which none of the resources is meant.
fn unmatched<'a>(
    statement: Statement<'a>,
    policy: &PolicyContext,
    listed: &Listed<'a>,
) -> Vec<Unmatched<'a>> {
    let Listed { resources, arns } = listed;
    // A misspelt ARN, or one whose service is a pattern, is a mistake of its own: what it stands for is not known.
    let is_mistaken = |arn: &Arn<'_>, it: &StringValue| {
        arn.service.contains(['*', '?'])
            || arn_types::is_misspelt(it, *arn, policy)
            || policy.kind.is_attached() && invalid_arn::is_of_no_iam_type(it, *arn)
    };
    let mistaken: HashSet<&str> = arns
        .iter()
        .zip(resources)
        .filter(|(arn, it)| is_mistaken(arn, it))
        .map(|(arn, _)| arn.service)
        .collect();
    if mistaken.iter().any(|service| service.contains(['*', '?'])) {
        return Vec::new();
    }
    let written = arns.iter().zip(resources).map(|(arn, it)| (*arn, it.open_parts()));
    let mut by_service = access::ArnsByService::of(written);
    statement
        .listed_actions()
        .filter(|action| !action.has_wildcard() && !action.string.has_unknown())
        .filter(|action| !mistaken.contains(action.service.to_ascii_lowercase().as_str()))
        .filter_map(|action| {
            let known = catalog::action(action.text()).filter(|known| !known.takes_all_resources_only())?;
            let formats = formats(known);
            // A Region or an account too many, or too few, is another rule's: the resource is the right one.
            let fits =
                formats.iter().any(|format| by_service.any_fits(format) || by_service.any_of_type(format));
            // Of what other services have, the reference does not name all.
            let is_sure = formats.iter().any(|format| by_service.has_service_of(format))
                || formats.iter().all(|format| has_service(format, known.service().prefix()));
            (!fits).then_some(Unmatched { action, known, formats, is_sure })
        })
        .collect()
}

impl Rule for ActionMatchesNoResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let Some(all) = Listed::of(statement, policy) else { return };
        let unmatched = unmatched(statement, policy, &all);
        let Listed { resources, arns } = all;
        let is_too_long = resources.len() > REPAIRED && arns.iter().any(|arn| arn.service == "s3");
        let listed = statement.listed_actions().count();
        let (sure, unsure): (Vec<_>, Vec<_>) = unmatched.into_iter().partition(|it| it.is_sure);
        for (actions, is_sure) in [(sure, true), (unsure, false)] {
            let Some(first) = actions.first() else { continue };
            let finding = report(statement, &actions, listed, &resources, acc);
            if actions.iter().all(|it| it.formats == first.formats) {
                finding.maybe_fix(fix_for_buckets(statement, first.known, &first.formats, &arns, &resources));
            }
            let formats = listed_formats(&actions);
            let bucket = if formats.iter().any(|format| format.ends_with(":s3:::${BucketName}"))
                && arns
                    .iter()
                    .all(|arn| arn.service == "s3" && arn.region.is_empty() && arn.resource.contains('/'))
            {
                if actions.len() == 1 {
                    "It acts on the bucket, not on what is in it. "
                } else {
                    "They act on the bucket, not on what is in it. "
                }
            } else {
                ""
            };
            let shown = quoted(formats.iter().take(3));
            let more =
                if formats.len() > 3 { format!(" and {} more", formats.len() - 3) } else { String::new() };
            let act = if actions.len() == 1 { "It acts on" } else { "They act on" };
            finding
                .note(format!("{bucket}{act} {shown}{more}."))
                .also(is_too_long.then_some("A list of more than 100 resources is not put right by a fix."));
            if !is_sure {
                finding.severity(Severity::Hint).confidence(Confidence::Low).note(format!(
                    "The reference names {shown}{more}; it may be behind for resources of other services."
                ));
            } else if listed > LONG {
                // In lists of many services, one action without a resource is often left over on purpose.
                finding.severity(Severity::Info);
            }
        }
    }
}

/// One finding for all of these actions. A resource that is wrong for all that the statement lists is one mistake, and it
/// is the resource's.
fn report<'f>(
    statement: Statement<'_>,
    actions: &[Unmatched<'_>],
    listed: usize,
    resources: &[&StringValue],
    acc: &'f mut Findings,
) -> &'f mut Finding {
    let is_resource = actions.len() > 1 && actions.len() == listed;
    let span = match actions {
        [first, ..] if !is_resource => first.action.string.content_span(),
        _ => resources[0].content_span(),
    };
    let which = if resources.len() == 1 { "the resource listed" } else { "any of the resources listed" };
    let verb = if statement.allows() { "allows" } else { "denies" };
    let (does, them) = if actions.len() == 1 { ("does", "it") } else { ("do", "them") };
    let is_sure = actions.iter().all(|it| it.is_sure);
    let never = if is_sure { format!(", so this statement never {verb} {them}") } else { String::new() };
    let names = listing(actions.iter().map(|it| it.known));
    let finding = acc.report(span, format!("{names} {does} not act on {which}{never}"));
    if !is_resource {
        for other in actions.iter().skip(1).take(RELATED) {
            finding.related(other.action.string.span, "this neither");
        }
    }
    for resource in resources.iter().skip(usize::from(is_resource)).take(3) {
        finding.related(resource.span, "listed here");
    }
    finding
}

/// The ARN formats of these actions, those of the first one first.
fn listed_formats(actions: &[Unmatched<'_>]) -> Vec<&'static str> {
    let mut seen = HashSet::new();
    actions.iter().flat_map(|it| it.formats.iter().copied()).filter(|it| seen.insert(*it)).collect()
}

/// An action for which none of the resources is meant.
struct Unmatched<'a> {
    action: ActionPattern<'a>,
    known: Action,
    formats: Vec<&'static str>,
    /// Whether the reference is to be trusted here.
    is_sure: bool,
}

/// How many further actions are pointed at.
const RELATED: usize = 8;

/// A longer list of actions is one of many services.
const LONG: usize = 20;

/// Whether the ARNs of a format are of that service.
fn has_service(format: &str, service: &str) -> bool {
    format.split(':').nth(2) == Some(service)
}

/// In how long a list buckets and objects are put right.
const REPAIRED: usize = 100;

/// The commonest slip has a plain repair: objects where the bucket is listed, the bucket where objects are.
fn fix_for_buckets(
    statement: Statement<'_>,
    action: Action,
    formats: &[&'static str],
    arns: &[Arn<'_>],
    resources: &[&StringValue],
) -> Option<Fix> {
    // A longer list is not repaired by one edit.
    if resources.len() > REPAIRED
        || action.service().prefix() != "s3"
        || resources.iter().any(|it| it.has_unknown())
    {
        return None;
    }
    // What is not written there, or not all of it, is not put right.
    let takes = |resource: &str| formats.contains(&format!("arn:${{Partition}}:s3:::{resource}").as_str());
    let missing = |arn: &Arn<'_>| -> Option<String> {
        if arn.service != "s3" || !arn.region.is_empty() {
            return None;
        }
        match arn.resource.strip_suffix("/*") {
            None if takes("${BucketName}/${ObjectName}") && !arn.resource.contains(['/', '*']) => {
                Some(format!("{}/*", arn.text))
            }
            // Whatever stands behind the bucket's name.
            _ if takes("${BucketName}") => {
                let bucket = &arn.resource[..arn.resource.find('/')?];
                let end = arn.text.len() - arn.resource.len() + bucket.len();
                (!bucket.is_empty() && !bucket.contains('*')).then(|| arn.text[..end].to_string())
            }
            _ => None,
        }
    };
    let added: Vec<String> = arns.iter().map(missing).collect::<Option<_>>()?;
    let shown = quoted(added.iter());
    let is_alone = statement.listed_actions().nth(1).is_none();
    let value = statement.object.get("Resource")?;
    let (verb, edits) = match value {
        _ if is_alone => {
            let edits = resources.iter().zip(&added).map(|(resource, arn)| Edit::ReplaceText {
                span: resource.content_span(),
                text: arn.as_str().into(),
            });
            ("Replace with", edits.collect())
        }
        Value::Array(array) => {
            let edits = added.iter().map(|arn| Edit::InsertItem { array: array.span, value: json!(arn) });
            ("Add", edits.collect())
        }
        single => {
            let all: Vec<&str> =
                arns.iter().map(|arn| arn.text).chain(added.iter().map(String::as_str)).collect();
            ("Add", vec![Edit::ReplaceValue { span: single.span(), value: json!(all) }])
        }
    };
    // Several insertions at one place would come in any order.
    (added.len() == 1 || is_alone).then(|| elements::widening(statement, format!("{verb} {shown}"), edits))
}

fn formats(action: Action) -> Vec<&'static str> {
    let mut formats: Vec<&'static str> =
        action.resource_types().flat_map(|on| on.resource_type.arn_formats().collect::<Vec<_>>()).collect();
    formats.dedup();
    formats
}
