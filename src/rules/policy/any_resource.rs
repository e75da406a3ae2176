use super::whole_types;
use crate::catalog::{self, AccessLevel, Action};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::host::value::StringValue;
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds statements that allow actions on `"Resource": "*"` although the actions can be held to ARNs.
    ///
    /// ```text
    /// "Action": "s3:DeleteObject", "Resource": "*"                           every object of the account
    /// "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::web-uploads/*"  those of one bucket
    /// ```
    ///
    /// Actions that take `*` alone are not counted, nor statements with a condition on the resource, such as its
    /// tags or account. Where every entry is all of a type in every account, as `arn:aws:s3:::*` and `arn:aws:iam::*:role/*` are, it counts as `*`.
    ///
    /// Write the ARNs that are meant, and give actions that take `*` alone a statement of their own.
    ///
    /// See the service's table of actions in the Service Authorization Reference.
    pub AnyResource {
        id: "any-resource",
        group: Policy,
        reads: [Statement],
        cases: ["read", "write"],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "actions that could be held to ARNs are allowed on everything",
        sources: [
            "parliament/RESOURCE_STAR",
            "parliament/RESOURCE_EFFECTIVELY_STAR",
            "iam-policy-validator/overly_permissive",
            "checkov/CKV_AWS_111",
            "checkov/CKV_AWS_290",
            "checkov/CKV_AWS_355",
            "checkov/CKV_AWS_356",
            "cfn_nag/W11",
            "cfn_nag/W12",
            "cfn_nag/W13",
            "cdk-nag/IAM5",
            "cloudsplaining/InfrastructureModification",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for AnyResource {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let is_judged = matches!(policy.kind, DocumentKind::Identity | DocumentKind::Session);
        if !is_judged || !statement.allows() || statement.condition_keys().any(|it| narrows(&it.key.text)) {
            return;
        }
        let Some(all) = statement.listed_resources().find(|resource| &*resource.text == "*") else {
            wide(statement, acc);
            return;
        };
        report(statement, all, acc);
    }
}

/// Whether a condition on that key says which resources are meant.
fn narrows(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains(":resource") || key.contains("resourcetag/") || key.contains("existingobjecttag/")
}

/// Lists of ARNs all of which name everything of their service.
fn wide(statement: Statement<'_>, acc: &mut Findings) {
    let mut resources = statement.listed_resources().peekable();
    let Some(first) = resources.peek().copied() else { return };
    let is_wide = |resource: &StringValue| {
        !resource.has_unknown()
            && Arn::parse(&resource.text).is_ok_and(|arn| {
                catalog::service(arn.service).is_some_and(|it| whole_types::is_whole_type(&arn, it))
                    && [arn.region, arn.account].iter().all(|part| part.is_empty() || *part == "*")
            })
    };
    if resources.all(is_wide) {
        report(statement, first, acc);
    }
}

fn report(statement: Statement<'_>, all: &StringValue, acc: &mut Findings) {
    let narrowed = |action: &Action| !action.takes_all_resources_only();
    let mut named: Vec<Action> = Vec::new();
    let mut first = None;
    for pattern in statement.listed_actions() {
        // What is wider than a service is another rule's.
        if pattern.string.has_unknown() || pattern.is_everything() || pattern.service.contains(['*', '?']) {
            continue;
        }
        let before = named.len();
        if pattern.has_wildcard() {
            named.extend(catalog::expand(pattern.text()).filter(narrowed));
        } else {
            named.extend(catalog::action(pattern.text()).filter(narrowed));
        }
        if named.len() > before && first.is_none() {
            first = Some(pattern);
        }
    }
    // What changes something weighs more than what reads.
    let reads = |action: &&Action| matches!(action.access_level(), AccessLevel::List | AccessLevel::Read);
    let writing = named.iter().find(|action| !reads(action));
    let (Some(pattern), Some(action)) = (first, writing.or(named.first())) else { return };
    let format = action.resource_types().find_map(|on| on.resource_type.arn_formats().next());
    let more = match named.len() {
        1 => String::new(),
        2 => " and one more action".to_string(),
        many => format!(" and {} more actions", many - 1),
    };
    let is = if named.len() == 1 { "is" } else { "are" };
    acc.report(all.content_span(), format!("`{action}`{more} could be held to ARNs, and {is} allowed on everything"))
        .case(if writing.is_some() { "write" } else { "read" })
        .related(pattern.string.span, "allowed here")
        .note(format!(
            "Write the ARNs that are meant: `{action}` acts on `{}`. Actions that take `*` alone need a statement of their own.",
            format.unwrap_or_default()
        ));
}
