use super::elements::{self, listing};
use crate::access;
use crate::catalog::{self, Action};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{StringValue, Value};
use crate::host::{DocumentKind, Edit};
use crate::model::{ActionPattern, Arn, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::quoted;
use serde_json::json;

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
    /// Every ARN format of every resource type of the action counts, with wildcards on both sides.
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

impl Rule for ActionMatchesNoResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let judged = matches!(
            policy.kind,
            DocumentKind::Identity | DocumentKind::Session | DocumentKind::Boundary | DocumentKind::Resource
        );
        if !judged || !statement.object.has("Resource") {
            return;
        }
        let resources: Vec<&StringValue> = statement.listed_resources().collect();
        if resources.is_empty()
            || resources.iter().any(|it| !it.text.starts_with("arn:") || it.is_wholly_unknown())
        {
            return;
        }
        // What is no whole ARN is another rule's, and may match anything.
        let Ok(arns) = resources.iter().map(|it| Arn::parse(&it.text)).collect::<Result<Vec<_>, _>>() else {
            return;
        };
        let written = arns.iter().zip(&resources).map(|(arn, it)| (*arn, &*it.unknown));
        let mut by_service = access::ArnsByService::of(written);
        let listed = statement.listed_actions().count();
        let unmatched: Vec<Unmatched<'_>> = statement
            .listed_actions()
            .filter(|action| !action.has_wildcard() && !action.string.has_unknown())
            .filter_map(|action| {
                let known =
                    catalog::action(action.text()).filter(|known| !known.takes_all_resources_only())?;
                let formats = formats(known);
                let fits = formats.iter().any(|format| by_service.any_fits(format));
                (!fits).then_some(Unmatched { action, known, formats })
            })
            .collect();
        let Some(first) = unmatched.first() else { return };
        let verb = if statement.allows() { "allows" } else { "denies" };
        let which = if resources.len() == 1 { "the resource listed" } else { "any of the resources listed" };
        // A resource that is wrong for all of the actions is one mistake, and it is the resource's.
        let is_resource = unmatched.len() > 1 && unmatched.len() == listed;
        let span = if is_resource { resources[0].content_span() } else { first.action.string.content_span() };
        let names = listing(unmatched.iter().map(|it| it.known));
        let message = match unmatched.len() {
            1 => format!("{names} does not act on {which}, so this statement never {verb} it"),
            _ => format!("{names} do not act on {which}, so this statement never {verb} them"),
        };
        let mut formats: Vec<&str> = unmatched.iter().flat_map(|it| it.formats.iter().copied()).collect();
        formats.sort_unstable_by_key(|it| unmatched.iter().position(|other| other.formats.contains(it)));
        formats.dedup();
        let shown = quoted(formats.iter().take(3));
        let more = if formats.len() > 3 { format!(" and {} more", formats.len() - 3) } else { String::new() };
        let finding = acc.report(span, message);
        finding.note(match unmatched.len() {
            1 => format!("It acts on {shown}{more}."),
            _ => format!("They act on {shown}{more}."),
        });
        if unmatched.iter().all(|it| it.formats == first.formats) {
            finding.maybe_fix(fix_for_buckets(statement, first.known, &first.formats, &arns, &resources));
        }
        if !is_resource {
            for other in unmatched.iter().skip(1).take(RELATED) {
                finding.related(other.action.string.span, "this neither");
            }
        }
        for resource in resources.iter().skip(usize::from(is_resource)).take(3) {
            finding.related(resource.span, "listed here");
        }
        // In lists of many services, one action without a resource is often left over on purpose.
        if listed > LONG {
            finding.severity(Severity::Info);
        }
        if unmatched.iter().all(|it| catalog::acts_on_further_resources(it.known.service().prefix())) {
            finding.severity(Severity::Hint);
        }
    }
}

/// An action for which none of the resources is meant.
struct Unmatched<'a> {
    action: ActionPattern<'a>,
    known: Action,
    formats: Vec<&'static str>,
}

/// How many further actions are pointed at.
const RELATED: usize = 8;

/// A longer list of actions is one of many services.
const LONG: usize = 20;

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
    let takes = |resource: &str| formats.contains(&format!("arn:${{Partition}}:s3:::{resource}").as_str());
    let missing = |arn: &Arn<'_>| -> Option<String> {
        if arn.service != "s3" || !arn.region.is_empty() {
            return None;
        }
        match arn.resource.strip_suffix("/*") {
            None if takes("${BucketName}/${ObjectName}") && !arn.resource.contains(['/', '*']) => {
                Some(format!("{}/*", arn.text))
            }
            Some(bucket) if takes("${BucketName}") && !bucket.contains('/') => {
                arn.text.strip_suffix("/*").map(str::to_string)
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
