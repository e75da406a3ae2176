use crate::access;
use crate::catalog::{self, AccessLevel, ResourceType};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::host::value::StringValue;
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::listed;
use std::collections::{HashMap, HashSet};

declare_rule! {
    /// Finds ARNs that no action of their statement acts on, beside others that some act on.
    ///
    /// They change nothing, or an action is missing: the ARN of a bucket is for `s3:ListBucket`, that of its
    /// objects for `s3:GetObject`.
    ///
    /// ```text
    /// "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::web-bucket", "arn:aws:s3:::web-bucket/*"]
    /// ```
    ///
    /// Remove the ARN, or add the action that it is there for. Where no ARN fits any action, the actions are
    /// reported: `action-matches-no-resource`.
    ///
    /// See the service's tables in the Service Authorization Reference.
    pub ResourceMatchesNoAction {
        id: "resource-matches-no-action",
        group: Policy,
        reads: [Statement],
        severity: Hint,
        confidence: Medium,
        level: Default,
        summary: "no action of the statement acts on a resource listed",
        sources: ["parliament/RESOURCE_MISMATCH", "iam-policy-validator/resource_mismatch"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ResourceMatchesNoAction {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let is_judged = matches!(
            policy.kind,
            DocumentKind::Identity | DocumentKind::Session | DocumentKind::Boundary | DocumentKind::Resource
        );
        if !is_judged || statement.listed_resources().nth(1).is_none() {
            return;
        }
        let resources: Vec<&StringValue> = statement.listed_resources().collect();
        if resources.iter().any(|it| !it.text.starts_with("arn:") || it.is_wholly_unknown()) {
            return;
        }
        let Some(types) = types(statement) else { return };
        let Ok(arns) = resources.iter().map(|it| Arn::parse(&it.text)).collect::<Result<Vec<_>, _>>() else {
            return;
        };
        let formats: HashSet<&'static str> = types.iter().flat_map(|of| of.arn_formats()).collect();
        let mut shown: Vec<String> = formats.iter().map(|format| format!("`{format}`")).collect();
        shown.sort_unstable();
        let more = if shown.len() > 3 { format!(" and {} more", shown.len() - 3) } else { String::new() };
        shown.truncate(3);
        let is_used = |(arn, it): (&Arn<'_>, &&StringValue)| {
            formats.iter().any(|format| access::arn_fits(arn, format, it.open_parts()))
        };
        let mut formats_of: HashMap<&str, Vec<&'static str>> = HashMap::new();
        let used: Vec<bool> = arns.iter().zip(&resources).map(is_used).collect();
        if !used.contains(&true) {
            return;
        }
        for ((resource, arn), _) in resources.iter().zip(&arns).zip(&used).filter(|(_, used)| !**used) {
            // What is not a resource at all is another rule's.
            let all = formats_of
                .entry(arn.service)
                .or_insert_with(|| access::arn_formats_of(arn.service).collect());
            let is_one = all.iter().any(|it| access::arn_fits(arn, it, resource.open_parts()));
            if !is_one {
                continue;
            }
            acc.report(
                resource.content_span(),
                format!("no action of this statement acts on `{}`", resource.text),
            )
            .note(format!(
                "They act on {}{more}. Remove the entry, or add the action that it is there for.",
                listed(&shown)
            ));
        }
    }
}

/// The resource types that the statement's actions act on; `None` where not all actions are known.
fn types(statement: Statement<'_>) -> Option<HashSet<ResourceType>> {
    let mut types = HashSet::new();
    for pattern in statement.listed_actions() {
        let service = catalog::service(pattern.service)?;
        if pattern.string.has_unknown() || pattern.name.is_none() {
            return None;
        }
        if pattern.name == Some("*") {
            types.extend(service.resource_types());
        } else if pattern.has_wildcard() {
            let before = types.len();
            let mut actions = catalog::expand(pattern.text()).peekable();
            actions.peek()?;
            types.extend(
                actions
                    .flat_map(|action| action.resource_types().collect::<Vec<_>>())
                    .map(|on| on.resource_type),
            );
            // Actions that take `*` alone may come with ARNs that the reference does not show.
            if types.len() == before {
                return None;
            }
        } else {
            let action = catalog::action(pattern.text())?;
            // Operations that tag are missing some of their types in the reference.
            if action.takes_all_resources_only() || action.access_level() == AccessLevel::Tagging {
                return None;
            }
            types.extend(action.resource_types().map(|on| on.resource_type));
        }
    }
    (!types.is_empty()).then_some(types)
}
